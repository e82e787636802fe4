import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findCurrency, type CurrencyCode } from '#domain/currency';
import { ExplainedError } from '#platform/explained-error';

/** What the hub sets aside against defaults, by currency, minor units. */
export type HubCapital = ReadonlyMap<CurrencyCode, bigint>;

const line = z.strictObject({
  currency: z.string().refine((code) => findCurrency(code) !== undefined, 'is not a currency'),
  minor: z.string().regex(/^\d{1,15}$/, 'must be integer minor units as text'),
  source: z.string(),
});

/**
 * Reads `data/settlement/hub-capital.jsonl`.
 *
 * @param dataDir the project's `data` folder
 * @throws ExplainedError naming file and line of what does not fit
 */
export function readHubCapital(dataDir: string): HubCapital {
  const file = join(dataDir, 'settlement', 'hub-capital.jsonl');
  const capital = new Map<CurrencyCode, bigint>();
  for (const [index, text] of readFileSync(file, 'utf8').trim().split('\n').entries()) {
    const parsed = line.safeParse(JSON.parse(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = issue?.path.map(String).join('.') ?? '';
      throw new ExplainedError(
        `${file}, line ${String(index + 1)}, ${field}: ${issue?.message ?? 'is not readable'}`,
      );
    }
    capital.set(parsed.data.currency, BigInt(parsed.data.minor));
  }
  return capital;
}

/** Nothing is set aside for a currency that is not listed. */
export function capitalOf(capital: HubCapital, currency: CurrencyCode): bigint {
  return capital.get(currency) ?? 0n;
}
