import type { EntityManager } from 'typeorm';
import type { FxTier, MidRate } from '#domain/fx';
import { invariant } from '#domain/invariant';
import type { Quality } from '#domain/network';
import { parseRatio } from '#domain/rates/ratio';

export type RateSeries = 'shipped' | 'ecb-import';

/** A figure as it is stored; `rate` is the published decimal, digit for digit. */
export interface RateFigure {
  readonly base: string;
  readonly counter: string;
  readonly asOf: string;
  readonly rate: string;
  readonly source: string;
  readonly quality: Quality;
}

export interface StoredTier extends FxTier {
  readonly what: string;
  readonly quality: string;
}

/** What a load changed; figures that were there with the same rate count in neither. */
export interface RateChange {
  readonly added: number;
  readonly corrected: number;
}

interface RateRow {
  readonly series: RateSeries;
  readonly base: string;
  readonly counter: string;
  readonly as_of: string;
  readonly rate: string;
  readonly source: string;
  readonly quality: Quality;
}

const CHUNK = 20_000;

const STORE = `
  WITH written AS (
    INSERT INTO fx_rates AS known (series, base, counter, as_of, rate, source, quality, imported_at)
    SELECT $1, f.base, f.counter, f.as_of, f.rate, f.source, f.quality, to_timestamp($2::bigint / 1000.0)
    FROM unnest($3::text[], $4::text[], $5::date[], $6::numeric[], $7::text[], $8::text[])
         AS f(base, counter, as_of, rate, source, quality)
    WHERE NOT EXISTS (
      SELECT FROM fx_rates same
      WHERE same.base = f.base AND same.counter = f.counter AND same.series = $1
        AND same.as_of = f.as_of AND same.rate = f.rate)
    ORDER BY f.base, f.counter, f.as_of
    ON CONFLICT (base, counter, series, as_of) DO UPDATE
      SET rate = excluded.rate, source = excluded.source, quality = excluded.quality,
          imported_at = excluded.imported_at
      WHERE known.rate <> excluded.rate
    RETURNING (xmax = 0) AS added
  )
  SELECT count(*) FILTER (WHERE added)::int AS added,
         count(*) FILTER (WHERE NOT added)::int AS corrected
  FROM written`;

/**
 * Stores figures of a series; a day that is there already is corrected when its rate differs, so
 * that the same load twice changes nothing. A load that changed something is recorded, which is
 * how other processes notice.
 */
export async function commitRates(
  tx: EntityManager,
  series: RateSeries,
  figures: readonly RateFigure[],
  nowMs: number,
): Promise<RateChange> {
  let added = 0;
  let corrected = 0;
  for (let start = 0; start < figures.length; start += CHUNK) {
    const chunk = figures.slice(start, start + CHUNK);
    const [change] = await tx.query<RateChange[]>(STORE, [
      series,
      nowMs,
      chunk.map((f) => f.base),
      chunk.map((f) => f.counter),
      chunk.map((f) => f.asOf),
      chunk.map((f) => f.rate),
      chunk.map((f) => f.source),
      chunk.map((f) => f.quality),
    ]);
    added += change?.added ?? 0;
    corrected += change?.corrected ?? 0;
  }
  if (added + corrected > 0) {
    const newest = figures.reduce((day, f) => (f.asOf > day ? f.asOf : day), '');
    await tx.query(
      `INSERT INTO fx_loads (series, added, corrected, newest, loaded_at)
       VALUES ($1, $2, $3, $4, to_timestamp($5::bigint / 1000.0))`,
      [series, added, corrected, newest, nowMs],
    );
  }
  return { added, corrected };
}

/** Drops all figures of a series, and records that as a load, so that every process notices. */
export async function removeRates(
  tx: EntityManager,
  series: RateSeries,
  nowMs: number,
): Promise<number> {
  const [load] = await tx.query<{ removed: number }[]>(
    `WITH dropped AS (DELETE FROM fx_rates WHERE series = $1 RETURNING 1)
     INSERT INTO fx_loads (series, added, corrected, removed, loaded_at)
     SELECT $1, 0, 0, count(*), to_timestamp($2::bigint / 1000.0) FROM dropped
     HAVING count(*) > 0
     RETURNING removed`,
    [series, nowMs],
  );
  return load?.removed ?? 0;
}

/** The newest figure of every pair, by series. */
export async function findNewestRates(
  tx: EntityManager,
): Promise<Readonly<Record<RateSeries, readonly MidRate[]>>> {
  const rows = await tx.query<RateRow[]>(
    `SELECT DISTINCT ON (base, counter, series)
            series, base, counter, as_of::text AS as_of, rate::text AS rate, source, quality
     FROM fx_rates
     ORDER BY base, counter, series, as_of DESC`,
  );
  const bySeries: Record<RateSeries, MidRate[]> = { shipped: [], 'ecb-import': [] };
  for (const row of rows) bySeries[row.series].push(midRateOf(row));
  return bySeries;
}

function midRateOf(row: RateRow): MidRate {
  const ratio = parseRatio(row.rate);
  invariant(ratio !== undefined, `fx_rates holds ${row.rate} for ${row.base}/${row.counter}`);
  const { base, counter, source, quality } = row;
  return { base, counter, ratio, asOf: row.as_of, source, quality };
}

/** Number of the last load that changed rates; '0' before the first. */
export async function findLastLoad(tx: EntityManager): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>(
    `SELECT coalesce(max(id), 0)::text AS id FROM fx_loads`,
  );
  return row?.id ?? '0';
}

/** Adds tiers that are not there; a changed mark-up of a known tier stays as the operator set it. */
export async function commitTiers(
  tx: EntityManager,
  tiers: readonly StoredTier[],
): Promise<number> {
  const rows = await tx.query<{ id: string }[]>(
    `INSERT INTO fx_tiers (id, markup_bps, what, quality)
     SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[])
     ON CONFLICT (id) DO NOTHING
     RETURNING id`,
    [
      tiers.map((tier) => tier.id),
      tiers.map((tier) => tier.markupBps),
      tiers.map((tier) => tier.what),
      tiers.map((tier) => tier.quality),
    ],
  );
  return rows.length;
}

export async function listTiers(tx: EntityManager): Promise<StoredTier[]> {
  return tx.query<StoredTier[]>(
    `SELECT id, markup_bps AS "markupBps", what, quality FROM fx_tiers ORDER BY markup_bps, id`,
  );
}
