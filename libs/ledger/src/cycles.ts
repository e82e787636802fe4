import { clearingDayNumber, clearingDayStartMs } from '#domain/clearing-day';
import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { EntityManager } from 'typeorm';

const DAY_MS = 86_400_000;

/** Advisory lock of cycle membership: shared by every finalising transaction, exclusive to a closer. */
const MEMBERSHIP_LOCK = '7521, 1';

export interface CycleWindow {
  readonly id: CycleId;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** The daily cycle an instant falls into by the calendar alone. */
export function dailyCycleAt(atMs: number): CycleWindow {
  const day = clearingDayNumber(atMs);
  const startsAtMs = clearingDayStartMs(day);
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return { id: `cyc_${date}`, startsAtMs, endsAtMs: startsAtMs + DAY_MS };
}

/**
 * Makes sure that daily cycles exist, from the one around `fromMs` on. Run at start and every
 * hour or so with a few days to spare: a payment that finds no open cycle is a fault.
 */
export async function ensureCycles(tx: EntityManager, fromMs: number, days: number): Promise<void> {
  const windows = Array.from({ length: days }, (_, day) => dailyCycleAt(fromMs + day * DAY_MS));
  await tx.query(
    `INSERT INTO cycles (id, starts_at, ends_at)
     SELECT id, to_timestamp(starts_ms / 1000.0), to_timestamp(ends_ms / 1000.0)
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS c(id, starts_ms, ends_ms)
     ORDER BY id
     ON CONFLICT DO NOTHING`,
    [
      windows.map((window) => window.id),
      windows.map((window) => window.startsAtMs),
      windows.map((window) => window.endsAtMs),
    ],
  );
}

const CURRENT_CYCLE = `
  WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS at)
  SELECT (SELECT id FROM cycles WHERE kind = 'daily' AND state = 'open' AND ends_at > clock.at
          ORDER BY ends_at LIMIT 1) AS id,
         floor(extract(epoch FROM clock.at) * 1000)::bigint AS at_ms,
         current_setting('transaction_isolation') AS isolation
  FROM clock`;

export interface CycleAssignment {
  readonly cycleId: CycleId;
  /** Database time, UTC milliseconds. */
  readonly completedAtMs: number;
}

/**
 * Decides which cycle the payments finalised by this transaction belong to. The clock is the
 * database's, read *after* the shared lock is held, by a statement of its own: then no closer can
 * have closed the cycle that is returned before this transaction ends.
 *
 * Call it as the last lock of a READ COMMITTED transaction, once for all payments of the
 * transaction, store what it returns, and commit soon: a closer waits meanwhile.
 *
 * @throws Error if no open cycle ends later than now (nobody ran `ensureCycles`)
 */
export async function assignCycle(tx: EntityManager): Promise<CycleAssignment> {
  // Sent together, yet two statements: the second one's snapshot is taken when the first is done.
  const [, [row]] = await Promise.all([
    tx.query(`SELECT pg_advisory_xact_lock_shared(${MEMBERSHIP_LOCK})`),
    tx.query<{ id: CycleId | null; at_ms: string; isolation: string }[]>(CURRENT_CYCLE),
  ]);
  invariant(
    row?.isolation === 'read committed',
    `a cycle is assigned under read committed, not ${row?.isolation ?? 'nothing'}`,
  );
  if (row.id === null) throw new Error('no open clearing cycle: ensureCycles has not run');
  return { cycleId: row.id, completedAtMs: Number(row.at_ms) };
}

export type CloseResult = 'closed' | 'alreadyClosed' | 'notEnded' | 'unknown';

/**
 * Fixes the membership of a cycle that has ended. Waits for every finalising transaction in
 * flight, and later ones find the next cycle. Give it a transaction of its own that holds nothing
 * else, and commit at once.
 */
export async function closeCycle(tx: EntityManager, id: CycleId): Promise<CloseResult> {
  await tx.query(`SELECT pg_advisory_xact_lock(${MEMBERSHIP_LOCK})`);
  const [row] = await tx.query<{ state: string | null; closed: boolean }[]>(
    `WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS at),
          closing AS (UPDATE cycles SET state = 'closed', closed_at = clock.at FROM clock
                      WHERE cycles.id = $1 AND state = 'open' AND ends_at <= clock.at
                      RETURNING cycles.id)
     SELECT (SELECT state FROM cycles WHERE id = $1) AS state,
            EXISTS (SELECT FROM closing) AS closed`,
    [id],
  );
  if (row?.closed === true) return 'closed';
  if (row === undefined || row.state === null) return 'unknown';
  return row.state === 'open' ? 'notEnded' : 'alreadyClosed';
}

/** Open cycles that have ended, oldest first. */
export async function listDueCycles(tx: EntityManager): Promise<CycleId[]> {
  const rows = await tx.query<{ id: CycleId }[]>(
    `SELECT id FROM cycles WHERE state = 'open' AND ends_at <= clock_timestamp() ORDER BY ends_at`,
  );
  return rows.map((row) => row.id);
}
