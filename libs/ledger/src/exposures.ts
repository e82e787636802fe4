import type { CurrencyCode } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

export interface ExposureKey {
  readonly participantId: string;
  readonly currency: CurrencyCode;
}

/** Minor units of `currency`. `reserved + outstanding` may not grow beyond `cap + prefund`. */
export interface Exposure extends ExposureKey {
  readonly cap: bigint;
  readonly prefund: bigint;
  /** Held for payments whose outcome is not known yet. */
  readonly reserved: bigint;
  /** Successful, and not finally settled. */
  readonly outstanding: bigint;
}

/** What a decision changes; negative to release. */
export interface ExposureDelta extends ExposureKey {
  readonly reserved: bigint;
  readonly outstanding: bigint;
}

export interface ExposureTerms extends ExposureKey {
  readonly cap: bigint;
  readonly prefund: bigint;
}

interface ExposureRow {
  readonly participant_id: string;
  readonly currency: string;
  readonly cap: string;
  readonly prefund: string;
  readonly reserved: string;
  readonly outstanding: string;
}

export function exposureKeyOf(key: ExposureKey): string {
  return `${key.participantId}/${key.currency}`;
}

const GATHER = prepared(`SELECT participant_id, currency, cap, prefund, reserved, outstanding
  FROM exposures
  WHERE (participant_id, currency) IN (SELECT * FROM unnest($1::text[], $2::text[]))
  ORDER BY participant_id, currency
  FOR NO KEY UPDATE`);

const ADD = prepared(`UPDATE exposures e
  SET reserved = e.reserved + d.reserved, outstanding = e.outstanding + d.outstanding,
      updated_at = clock_timestamp()
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
    AS d(participant_id, currency, reserved, outstanding)
  WHERE e.participant_id = d.participant_id AND e.currency = d.currency`);

/**
 * Locks exposures until the end of the transaction and reads them. Rows are locked in one order
 * whatever order is asked, so two transactions never wait for each other. A participant without
 * terms in that currency is absent from the result.
 *
 * @returns by `exposureKeyOf`
 */
export async function gatherExposures(
  tx: EntityManager,
  keys: readonly ExposureKey[],
): Promise<Map<string, Exposure>> {
  const rows = await tx.query<ExposureRow[]>(GATHER, [
    keys.map((key) => key.participantId),
    keys.map((key) => key.currency),
  ]);
  return new Map(
    rows.map((row) => {
      const exposure: Exposure = {
        participantId: row.participant_id,
        currency: row.currency,
        cap: BigInt(row.cap),
        prefund: BigInt(row.prefund),
        reserved: BigInt(row.reserved),
        outstanding: BigInt(row.outstanding),
      };
      return [exposureKeyOf(exposure), exposure];
    }),
  );
}

/**
 * Writes what was decided, in one statement; several deltas of one key add up. The rows must be
 * held by `gatherExposures` of the same transaction.
 *
 * @throws QueryFailedError (`exposures_within_cap`) if a decision forgot the cap, which undoes
 *   the transaction: the database has the last word
 */
export async function commitExposures(
  tx: EntityManager,
  deltas: readonly ExposureDelta[],
): Promise<void> {
  const sums = new Map<string, ExposureDelta>();
  for (const delta of deltas) {
    const sum = sums.get(exposureKeyOf(delta));
    sums.set(exposureKeyOf(delta), {
      participantId: delta.participantId,
      currency: delta.currency,
      reserved: delta.reserved + (sum?.reserved ?? 0n),
      outstanding: delta.outstanding + (sum?.outstanding ?? 0n),
    });
  }
  const changed = [...sums.values()].filter((d) => d.reserved !== 0n || d.outstanding !== 0n);
  if (changed.length === 0) return;
  const [, count] = await tx.query<[unknown[], number]>(ADD, [
    changed.map((d) => d.participantId),
    changed.map((d) => d.currency),
    changed.map((d) => d.reserved.toString()),
    changed.map((d) => d.outstanding.toString()),
  ]);
  invariant(count === changed.length, 'an exposure that was decided on does not exist');
}

/**
 * Brings caps and prefunds in line with the participants' terms. Safe to repeat; amounts in use
 * stay, and a cap lowered below them only stops growth.
 */
export async function openExposures(
  tx: EntityManager,
  terms: readonly ExposureTerms[],
): Promise<void> {
  await tx.query(
    `INSERT INTO exposures AS e (participant_id, currency, cap, prefund)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) ORDER BY 1, 2
     ON CONFLICT (participant_id, currency) DO UPDATE
       SET cap = excluded.cap, prefund = excluded.prefund, updated_at = clock_timestamp()
       WHERE (e.cap, e.prefund) IS DISTINCT FROM (excluded.cap, excluded.prefund)`,
    [
      terms.map((t) => t.participantId),
      terms.map((t) => t.currency),
      terms.map((t) => t.cap.toString()),
      terms.map((t) => t.prefund.toString()),
    ],
  );
}

/**
 * Gives a cap and a prefund to participants that have none yet; what is there stays, for an
 * operator or a deposit may have changed it since.
 */
export async function openMissingExposures(
  tx: EntityManager,
  terms: readonly ExposureTerms[],
): Promise<void> {
  await tx.query(
    `INSERT INTO exposures (participant_id, currency, cap, prefund)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) ORDER BY 1, 2
     ON CONFLICT DO NOTHING`,
    [
      terms.map((t) => t.participantId),
      terms.map((t) => t.currency),
      terms.map((t) => t.cap.toString()),
      terms.map((t) => t.prefund.toString()),
    ],
  );
}

/** A cap that is replaced, and cover that came in or went out. */
export interface ExposureTermsChange extends ExposureKey {
  readonly cap?: bigint;
  /** Minor units; negative for cover that was taken away. */
  readonly prefundChange?: bigint;
}

/**
 * Changes what an exposure may come to. Amounts in use stay; a limit below them stops growth. The
 * row must be held by `gatherExposures` of the same transaction.
 */
export async function changeExposureTerms(
  tx: EntityManager,
  change: ExposureTermsChange,
): Promise<void> {
  const [, count] = await tx.query<[unknown[], number]>(
    `UPDATE exposures
     SET cap = coalesce($3::bigint, cap), prefund = prefund + $4::bigint,
         updated_at = clock_timestamp()
     WHERE participant_id = $1 AND currency = $2`,
    [
      change.participantId,
      change.currency,
      change.cap?.toString() ?? null,
      (change.prefundChange ?? 0n).toString(),
    ],
  );
  invariant(count === 1, 'terms of an exposure that does not exist were changed');
}
