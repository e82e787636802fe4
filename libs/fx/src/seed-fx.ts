import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findCurrency } from '#domain/currency';
import { dayNumber } from '#domain/rates/calendar-day';
import { parseRatio } from '#domain/rates/ratio';
import { commitRates, commitTiers, type RateFigure, type StoredTier } from './rates.repository.js';

const QUALITIES = [
  'measured',
  'company_stated',
  'secondary',
  'derived',
  'estimated',
  'rule',
] as const;
const currency = z.string().refine((code) => findCurrency(code) !== undefined, 'no ISO 4217 code');

const sourceRecord = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  quality: z.enum(QUALITIES),
});

const rateRecord = z
  .object({
    base: currency,
    counter: currency,
    rate: z.string().refine((text) => parseRatio(text) !== undefined, 'not a positive decimal'),
    asOf: z.string().refine((day) => dayNumber(day) !== undefined, 'not an ISO date'),
    source: z.string(),
  })
  .refine((record) => record.base !== record.counter, 'base and counter are the same');

const tierRecord = z.object({
  id: z.string().min(1),
  markupBps: z.int().min(0).max(9_999),
  what: z.string(),
  quality: z.enum(QUALITIES),
});

/** The figures the product ships (`data/fx`), each with its source named in full. */
export interface ShippedFx {
  readonly figures: readonly RateFigure[];
  readonly tiers: readonly StoredTier[];
}

/**
 * Reads the shipped rates and tiers.
 *
 * @param dataDir the project's `data` folder
 * @throws Error that names file, line and field: shipped data is ours, so a fault in it is a bug
 */
export async function readShippedFx(dataDir: string): Promise<ShippedFx> {
  const folder = join(dataDir, 'fx');
  const sources = await readLines(join(folder, 'sources.jsonl'), sourceRecord);
  const byId = new Map(sources.map(({ record }) => [record.id, record]));
  const ratesFile = join(folder, 'rates.jsonl');
  const figures = (await readLines(ratesFile, rateRecord)).map(({ record, line }): RateFigure => {
    const source = byId.get(record.source);
    if (source === undefined) {
      throw new Error(
        `${ratesFile}:${String(line)} source: ${record.source} is not in sources.jsonl`,
      );
    }
    return { ...record, source: source.name, quality: source.quality };
  });
  const tiers = await readLines(join(folder, 'tiers.jsonl'), tierRecord);
  return { figures, tiers: tiers.map(({ record }) => record) };
}

/** Puts the shipped rates and tiers into the database; a second call changes nothing. */
export async function seedFx(
  tx: EntityManager,
  dataDir: string,
  nowMs: number = Date.now(),
): Promise<{ readonly rates: number; readonly tiers: number }> {
  const { figures, tiers } = await readShippedFx(dataDir);
  const change = await commitRates(tx, 'shipped', figures, nowMs);
  return { rates: change.added + change.corrected, tiers: await commitTiers(tx, tiers) };
}

async function readLines<T extends z.ZodType>(
  file: string,
  schema: T,
): Promise<{ readonly record: z.infer<T>; readonly line: number }[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((text, index) => {
    if (text.trim() === '') return [];
    const line = index + 1;
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return [{ record: parsed.data, line }];
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    throw new Error(`${file}:${String(line)} ${field}: ${issue?.message ?? 'not readable'}`);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
