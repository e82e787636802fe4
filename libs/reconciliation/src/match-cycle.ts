import type { CycleId } from '#domain/ids';
import type { BreakType, Side } from '#domain/reconciliation/break-types';
import { decideBreakChanges, isLive, type BreakChanges } from '#domain/reconciliation/break-life';
import { decideBreaks, missingFileBreak } from '#domain/reconciliation/decide-breaks';
import type { FoundBreak } from '#domain/reconciliation/decide-breaks';
import type { IdSource } from '#platform/id-source';
import type { EntityManager } from 'typeorm';
import { commitBreaks, lockKnownBreaks, type BreakCause } from './break-repository.js';
import { gatherCases } from './case-repository.js';
import { layOutLegs } from './hub-records.js';
import { findLostLines } from './lost-lines.js';

export interface MatchTerms {
  readonly cycleId: CycleId;
  /** Null for all participants, which then also have to have sent their files. */
  readonly participantId: string | null;
  readonly cause: 'file' | 'asked' | 'deadline';
  /** Subjects to look at besides: those of lines that a corrected file took away. */
  readonly touched: readonly string[];
  readonly by: BreakCause;
}

export interface MatchReport {
  /** Sides of payments and refunds that the files have to show. */
  readonly legs: number;
  /** Subjects that did not agree at first sight and were looked at one by one. */
  readonly suspects: number;
  readonly opened: number;
  readonly cleared: number;
}

/** Cases are gathered and decided this many at a time, so a file of rubbish fills no memory. */
const CASES_AT_ONCE = 1_000;

/** Two matchings of one cycle wait for each other; those of different cycles do not. */
const MATCH_LOCK = 7_522;

/**
 * Compares a cycle's files with the hub's books and keeps the list of breaks true: new ones are
 * opened, those that a later file took away are cleared. It may be repeated at any time, and after
 * the last file the breaks are the same whatever order the files came in.
 *
 * Lines that agree in every field never leave the database; what is left is decided by the domain.
 */
export async function matchCycle(
  tx: EntityManager,
  terms: MatchTerms,
  ids: IdSource,
): Promise<MatchReport> {
  const { cycleId, participantId, by } = terms;
  await lockMatching(tx, cycleId);
  const legs = await layOutLegs(tx, cycleId, participantId);
  await findLostLines(tx, cycleId, participantId);
  const suspects = await listSuspects(tx, terms);
  let opened = 0;
  let cleared = 0;
  const commit = async (changes: BreakChanges): Promise<void> => {
    opened += changes.opened.length + changes.reopened.length;
    cleared += changes.cleared.length;
    await commitBreaks(tx, changes, by, ids);
  };
  let after = '';
  for (;;) {
    const subjectIds = await nextSuspects(tx, after);
    const last = subjectIds.at(-1);
    if (last === undefined) break;
    const cases = await gatherCases(tx, subjectIds);
    const known = await lockKnownBreaks(tx, subjectIds);
    await commit(decideBreakChanges(known, cases.flatMap(decideBreaks)));
    after = last;
  }
  await commit(await decideFiles(tx, terms));
  await tx.query(
    `INSERT INTO recon_runs (cycle_id, participant_id, cause, at, legs, suspects, opened, cleared)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      cycleId,
      participantId,
      terms.cause,
      new Date(by.atMs).toISOString(),
      legs,
      suspects,
      opened,
      cleared,
    ],
  );
  return { legs, suspects, opened, cleared };
}

/** Held to the end of the transaction; taking it again costs nothing. */
export async function lockMatching(tx: EntityManager, cycleId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [MATCH_LOCK, cycleId]);
}

/** Any difference at all makes a suspect; whether it is a break is for the domain to say. */
const DIFFERS = `
  r.matched_by <> 'id' OR r.result <> 'SUCCESS'
  OR (r.cycle_id, r.kind, r.transaction_minor, r.transaction_currency, r.settlement_minor,
      r.settlement_currency, r.interchange_minor, r.service_fee_minor)
     IS DISTINCT FROM (l.cycle_id, l.kind, l.transaction_minor, l.transaction_currency,
      l.settlement_minor, l.settlement_currency, l.interchange_minor, l.service_fee_minor)
  OR (r.original_id <> '' AND r.original_id <> l.original_id)
  OR (r.quote_price IS NOT NULL
      AND ((r.quote_base, r.quote_counter) IS DISTINCT FROM (l.base, l.counter)
           OR r.quote_price::numeric <> l.price))`;

async function listSuspects(tx: EntityManager, terms: MatchTerms): Promise<number> {
  await tx.query(`
    DROP TABLE IF EXISTS recon_suspects;
    CREATE TEMP TABLE recon_suspects (subject_id text COLLATE "C" PRIMARY KEY) ON COMMIT DROP`);
  const [row] = await tx.query<{ count: number }[]>(
    `WITH added AS (
       INSERT INTO recon_suspects
       SELECT l.subject_id
       FROM recon_legs l
       LEFT JOIN recon_lines r
         ON r.subject_id = l.subject_id AND r.participant_id = l.participant_id
       WHERE CASE WHEN r.file_id IS NULL THEN l.is_set_complete ELSE ${DIFFERS} END
       UNION
       SELECT l.subject_id
       FROM recon_legs l
       JOIN recon_lines r ON r.subject_id = l.subject_id AND r.participant_id = l.participant_id
       GROUP BY l.subject_id, l.participant_id HAVING count(*) > 1
       UNION
       SELECT r.subject_id FROM recon_lines r
       WHERE r.cycle_id = $1 AND ($2::text IS NULL OR r.participant_id = $2)
         AND NOT EXISTS (SELECT FROM recon_legs l WHERE l.subject_id = r.subject_id
                                                    AND l.participant_id = r.participant_id)
       UNION
       SELECT b.subject_id FROM recon_breaks b
       WHERE b.cycle_id = $1 AND b.ended_at IS NULL AND b.type <> 'fileMissing'
         AND ($2::text IS NULL OR b.participant_id = $2
              OR EXISTS (SELECT FROM recon_legs l WHERE l.subject_id = b.subject_id)
              OR EXISTS (SELECT FROM recon_lines r WHERE r.subject_id = b.subject_id
                                                     AND r.participant_id = $2))
       UNION
       SELECT unnest($3::text[])
       RETURNING 1)
     SELECT count(*)::integer AS count FROM added`,
    [terms.cycleId, terms.participantId, terms.touched],
  );
  return row?.count ?? 0;
}

async function nextSuspects(tx: EntityManager, after: string): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }[]>(
    'SELECT subject_id FROM recon_suspects WHERE subject_id > $1 ORDER BY subject_id LIMIT $2',
    [after, CASES_AT_ONCE],
  );
  return rows.map((row) => row.subject_id);
}

interface SetRow {
  participant_id: string;
  side: Side;
  currency: string;
  landed: number;
  parts: number | null;
  is_complete: boolean;
}

/**
 * A file that never came is one break. It is opened only when all participants are matched, after
 * the time to send it; a file that lands clears it.
 */
async function decideFiles(tx: EntityManager, terms: MatchTerms): Promise<BreakChanges> {
  const { cycleId, participantId } = terms;
  const sets = await tx.query<SetRow[]>(
    `WITH expected AS (
       SELECT participant_id, side, settlement_currency AS currency FROM recon_legs
       UNION
       SELECT participant_id, side, currency FROM recon_files
       WHERE cycle_id = $1 AND ($2::text IS NULL OR participant_id = $2))
     SELECT e.participant_id, e.side, e.currency, count(f.id)::integer AS landed,
            max(f.part_count)::integer AS parts,
            count(f.id) = coalesce(max(f.part_count), -1) AS is_complete
     FROM expected e
     LEFT JOIN recon_files f ON f.cycle_id = $1 AND f.participant_id = e.participant_id
       AND f.currency = e.currency AND f.superseded_at IS NULL
     GROUP BY e.participant_id, e.side, e.currency
     ORDER BY e.participant_id, e.currency`,
    [cycleId, participantId],
  );
  const breakOf = (set: SetRow): FoundBreak =>
    missingFileBreak({
      cycleId,
      participantId: set.participant_id,
      side: set.side,
      currency: set.currency,
      landedParts: set.landed,
      expectedParts: set.parts,
    });
  const known = await lockKnownBreaks(
    tx,
    sets.map((set) => breakOf(set).subjectId),
  );
  const live = new Set(known.filter(({ state }) => isLive(state)).map((item) => item.subjectId));
  const found = sets
    .filter((set) => !set.is_complete)
    .map(breakOf)
    .filter((item) => participantId === null || live.has(item.subjectId));
  return decideBreakChanges(known, found);
}

/** Live breaks of a cycle by type, for reports. */
export async function countLiveBreaks(
  tx: EntityManager,
  cycleId: string,
): Promise<ReadonlyMap<BreakType, number>> {
  const rows = await tx.query<{ type: BreakType; count: string }[]>(
    `SELECT type, count(*) AS count FROM recon_breaks
     WHERE cycle_id = $1 AND ended_at IS NULL GROUP BY type ORDER BY type`,
    [cycleId],
  );
  return new Map(rows.map((row) => [row.type, Number(row.count)]));
}
