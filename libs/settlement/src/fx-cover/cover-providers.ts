import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { CurrencyCode } from '#domain/currency';
import { findCurrency } from '#domain/currency';
import type { CoverProvider } from '#domain/fx-books/cover-quote';
import { nameOfSource, readLines, sourcesOf } from '../calendars/calendar-files.js';

const cents = z.string().regex(/^\d{1,15}$/, 'must be integer US cents as text');

/** The shape of data/settlement/cover-providers.jsonl, described in data/README.md. */
const providerLine = z.strictObject({
  id: z.string().regex(/^prv_[a-z]+$/, 'must be like prv_meridian'),
  name: z.string().min(1),
  seed: z.string(),
  availability: z.int().min(0).max(10_000),
  terms: z
    .array(
      z.strictObject({
        currency: z
          .string()
          .refine((code) => findCurrency(code) !== undefined, 'is not a currency of ISO 4217'),
        spreadBps: z.int().min(0).max(5_000),
        jitterBps: z.int().min(0).max(5_000),
        minUsd: cents,
        maxUsd: cents,
      }),
    )
    .min(1),
  fictional: z.literal(true),
  source: z.string(),
});

type ProviderLine = z.infer<typeof providerLine>;

/** Payload of the action `coverProviders.set`: lines of such a file. */
export const coverProviderOrder = z.object({ providers: z.array(providerLine).min(1).max(100) });
export type CoverProviderOrder = z.infer<typeof coverProviderOrder>;

interface ProviderRow {
  readonly provider_id: string;
  readonly name: string;
  readonly seed: string;
  readonly availability: number;
  readonly terms: readonly {
    currency: CurrencyCode;
    spreadBps: number;
    jitterBps: number;
    minUsd: string;
    maxUsd: string;
  }[];
}

/** Providers in force, in the order of their ids. */
export async function findCoverProviders(tx: EntityManager): Promise<CoverProvider[]> {
  const rows = await tx.query<ProviderRow[]>(
    `SELECT DISTINCT ON (provider_id) provider_id, name, seed, availability, terms
     FROM fx_cover_providers ORDER BY provider_id, id DESC`,
  );
  return rows.map((row) => ({
    id: row.provider_id,
    name: row.name,
    seed: row.seed,
    availability: row.availability,
    terms: row.terms.map(({ minUsd, maxUsd, ...terms }) => ({
      ...terms,
      minUsd: BigInt(minUsd),
      maxUsd: BigInt(maxUsd),
    })),
  }));
}

/** Sets a provider's terms, from now on; what was traded keeps the quotes it was made with. */
export async function setCoverProvider(
  tx: EntityManager,
  provider: CoverProvider,
  provenance: { readonly quality: string; readonly source: string },
  nowMs: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO fx_cover_providers
       (provider_id, name, seed, availability, terms, quality, source, set_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::bigint / 1000.0))`,
    [
      provider.id,
      provider.name,
      provider.seed,
      provider.availability,
      JSON.stringify(
        provider.terms.map(({ minUsd, maxUsd, ...terms }) => ({
          ...terms,
          minUsd: minUsd.toString(),
          maxUsd: maxUsd.toString(),
        })),
      ),
      provenance.quality,
      provenance.source,
      nowMs,
    ],
  );
}

/** Adds the shipped providers that are not there; a second call changes nothing. */
export async function seedCoverProviders(
  tx: EntityManager,
  dataDir: string,
  nowMs: number,
): Promise<number> {
  const folder = join(dataDir, 'settlement');
  const sources = sourcesOf(join(folder, 'sources.jsonl'));
  const known = new Set((await findCoverProviders(tx)).map(({ id }) => id));
  let added = 0;
  for (const { value, at } of readLines(join(folder, 'cover-providers.jsonl'), providerLine)) {
    if (known.has(value.id)) continue;
    const source = nameOfSource(sources, value.source, at);
    const { quality } = sources.get(value.source) ?? { quality: 'fictional' };
    await setCoverProvider(tx, providerOf(value), { quality, source }, nowMs);
    added += 1;
  }
  return added;
}

/**
 * Reads a file in the layout of the shipped one.
 *
 * @throws ExplainedError naming line and field of what does not fit
 */
export function readCoverProviders(file: string): CoverProviderOrder {
  return { providers: readLines(file, providerLine).map(({ value }) => value) };
}

/** Sets the providers of an order; others stay as they are. */
export async function setCoverProviders(
  tx: EntityManager,
  { providers }: CoverProviderOrder,
  nowMs: number,
): Promise<void> {
  for (const line of providers) {
    const provenance = { quality: 'fictional', source: line.source };
    await setCoverProvider(tx, providerOf(line), provenance, nowMs);
  }
}

function providerOf({ id, name, seed, availability, terms }: ProviderLine): CoverProvider {
  return {
    id,
    name,
    seed,
    availability,
    terms: terms.map(({ minUsd, maxUsd, ...rest }) => ({
      ...rest,
      minUsd: BigInt(minUsd),
      maxUsd: BigInt(maxUsd),
    })),
  };
}
