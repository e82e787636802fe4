import type { DeadLetterKind, DeadLetterView } from '#contracts/operator/dead-letters';
import type { EntityManager } from 'typeorm';
import { DEAD_LETTER_SOURCES } from './dead-letter-sources.js';

interface DeadLetterRow {
  readonly no: string;
  readonly id: string;
  readonly kind: DeadLetterKind;
  readonly subject: string;
  readonly reason: string;
  readonly attempts: number;
  readonly first_failed_at: Date;
  readonly last_failed_at: Date;
  readonly replays: number;
  readonly replayed_at: Date | null;
  readonly ended_at: Date | null;
}

/** A dead letter and its place in the list. */
export interface DeadLetter extends DeadLetterView {
  readonly no: string;
}

export interface DeadLetterFilter {
  readonly kind?: DeadLetterKind | undefined;
  readonly state: 'open' | 'ended' | 'all';
  /** The `no` of the last one shown. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const SOURCES = Object.entries(DEAD_LETTER_SOURCES)
  .map(([kind, { found }]) => `SELECT '${kind}' AS kind, s.* FROM (${found}) s`)
  .join('\n UNION ALL ');

// A replayed entry keeps its fault until it is posted; that is no failure of its own. When a
// failure began is not known where its source keeps no time of it: then it is the first look.
const COLLECT = `
  WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(7521, 30) AS mine),
       found AS MATERIALIZED (
         SELECT kind || ':' || key AS id, kind, subject, left(reason, 2000) AS reason, attempts,
                coalesce(mark, '') AS mark,
                least(failed_at, clock_timestamp()) AS failed_at
         FROM (${SOURCES}) s WHERE (SELECT mine FROM turn)),
       kept AS (
         INSERT INTO dead_letters AS d
           (id, kind, subject, reason, attempts, mark, first_failed_at, last_failed_at)
         SELECT id, kind, subject, reason, attempts, mark, clock_timestamp(), clock_timestamp()
         FROM found WHERE mark <> '-infinity' OR EXISTS (SELECT FROM dead_letters k WHERE k.id = found.id)
         ON CONFLICT (id) DO UPDATE SET
           reason = excluded.reason, mark = excluded.mark, ended_at = NULL,
           attempts = CASE
             WHEN d.ended_at IS NOT NULL THEN excluded.attempts
             WHEN excluded.mark = '-infinity' THEN d.attempts
             ELSE greatest(excluded.attempts, d.attempts + 1) END,
           first_failed_at = CASE WHEN d.ended_at IS NULL THEN d.first_failed_at
                                  ELSE excluded.first_failed_at END,
           last_failed_at = CASE WHEN excluded.mark = '-infinity' THEN d.last_failed_at
                                 ELSE excluded.last_failed_at END
         WHERE d.mark <> excluded.mark OR d.ended_at IS NOT NULL
         RETURNING id),
       ended AS (
         UPDATE dead_letters d SET ended_at = clock_timestamp()
         WHERE d.ended_at IS NULL AND (SELECT mine FROM turn)
           AND NOT EXISTS (SELECT FROM found WHERE found.id = d.id)
         RETURNING id)
  SELECT (SELECT count(*) FROM kept)::integer AS changed,
         (SELECT count(*) FROM ended)::integer AS ended`;

/**
 * Looks where work waits, and brings the list up to date: what failed is added or counted on, what
 * was done since is ended. Safe at any time and by several at once.
 */
export async function collectDeadLetters(
  tx: EntityManager,
): Promise<{ changed: number; ended: number }> {
  const [row] = await tx.query<{ changed: number; ended: number }[]>(COLLECT);
  return row ?? { changed: 0, ended: 0 };
}

/** Newest first. */
export async function listDeadLetters(
  tx: EntityManager,
  { kind, state, after, limit }: DeadLetterFilter,
): Promise<DeadLetter[]> {
  const rows = await tx.query<DeadLetterRow[]>(
    `SELECT * FROM dead_letters
     WHERE ($1::text IS NULL OR kind = $1) AND ($2::bigint IS NULL OR no < $2)
       AND CASE $3 WHEN 'open' THEN ended_at IS NULL WHEN 'ended' THEN ended_at IS NOT NULL
                   ELSE true END
     ORDER BY no DESC LIMIT $4`,
    [kind ?? null, after !== undefined && /^\d{1,18}$/.test(after) ? after : null, state, limit],
  );
  return rows.map(letterOf);
}

export async function findDeadLetter(
  tx: EntityManager,
  id: string,
): Promise<DeadLetter | undefined> {
  const rows = await tx.query<DeadLetterRow[]>('SELECT * FROM dead_letters WHERE id = $1', [id]);
  return rows.map(letterOf)[0];
}

/** How many are open, by kind; kinds without any are there with 0. */
export async function countDeadLetters(tx: EntityManager): Promise<Map<DeadLetterKind, number>> {
  const rows = await tx.query<{ kind: DeadLetterKind; n: number }[]>(
    `SELECT kind, count(*)::integer AS n FROM dead_letters WHERE ended_at IS NULL GROUP BY kind`,
  );
  const kinds = Object.keys(DEAD_LETTER_SOURCES) as DeadLetterKind[];
  const counts = new Map(kinds.map((kind) => [kind, 0]));
  for (const { kind, n } of rows) counts.set(kind, n);
  return counts;
}

/**
 * Makes the work of an open dead letter due now, whoever it was that failed at it.
 *
 * @returns false if there is nothing left to be done
 */
export async function replayDeadLetter(tx: EntityManager, letter: DeadLetter): Promise<boolean> {
  const key = letter.id.slice(letter.kind.length + 1);
  const [, changed] = await tx.query<[unknown[], number]>(DEAD_LETTER_SOURCES[letter.kind].replay, [
    key,
  ]);
  if (changed === 0) return false;
  await tx.query(
    `UPDATE dead_letters SET replays = replays + 1, replayed_at = clock_timestamp()
     WHERE id = $1 AND ended_at IS NULL`,
    [letter.id],
  );
  return true;
}

function letterOf(row: DeadLetterRow): DeadLetter {
  return {
    no: row.no,
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    reason: row.reason,
    attempts: row.attempts,
    firstFailedAt: row.first_failed_at.toISOString(),
    lastFailedAt: row.last_failed_at.toISOString(),
    replays: row.replays,
    replayedAt: row.replayed_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

/** As the operator API shows it. */
export function deadLetterViewOf({ no: _place, ...view }: DeadLetter): DeadLetterView {
  return view;
}
