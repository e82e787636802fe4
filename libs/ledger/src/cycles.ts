import {
  clearingWindowAt,
  type ClearingKind,
  type CycleState,
  type CycleWindow,
} from '#domain/clearing-cycles';
import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import { prepared } from '#platform/prepared-statements';
import type { EntityManager } from 'typeorm';

const DAY_MS = 86_400_000;

/** Advisory lock of cycle membership: shared by every finalising transaction, exclusive to a closer. */
const MEMBERSHIP_LOCK = '7521, 1';

/** The daily cycle an instant falls into by the calendar alone. */
export function dailyCycleAt(atMs: number): CycleWindow {
  return clearingWindowAt('daily', atMs);
}

/**
 * Makes sure that daily cycles exist, from the one around `fromMs` on: they are filed even when
 * they are empty. Run at start and every hour or so with a few days to spare. Shorter cycles are
 * opened by the first payment that falls into them.
 */
export async function ensureCycles(tx: EntityManager, fromMs: number, days: number): Promise<void> {
  await openCycles(
    tx,
    Array.from({ length: days }, (_, day) => dailyCycleAt(fromMs + day * DAY_MS)),
  );
}

async function openCycles(tx: EntityManager, windows: readonly CycleWindow[]): Promise<void> {
  await tx.query(
    `INSERT INTO cycles (id, kind, starts_at, ends_at)
     SELECT id, kind, to_timestamp(starts_ms / 1000.0), to_timestamp(ends_ms / 1000.0)
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
       AS c(id, kind, starts_ms, ends_ms)
     ORDER BY id
     ON CONFLICT DO NOTHING`,
    [
      windows.map((window) => window.id),
      windows.map((window) => window.kind),
      windows.map((window) => window.startsAtMs),
      windows.map((window) => window.endsAtMs),
    ],
  );
}

const CURRENT_CYCLES = prepared(`
  WITH clock AS MATERIALIZED (SELECT hub_clock() AS at)
  SELECT k.kind,
         (SELECT id FROM cycles c
          WHERE c.kind = k.kind AND c.state = 'open' AND c.ends_at > clock.at
          ORDER BY c.ends_at LIMIT 1) AS id,
         floor(extract(epoch FROM clock.at) * 1000)::bigint AS at_ms,
         current_setting('transaction_isolation') AS isolation
  FROM clock, unnest($1::text[]) AS k(kind)`);

// Where a cycle begins if there is none: now, or where the last closed one ended, when the clock
// has stepped back behind that.
const NEXT_START = `
  SELECT floor(extract(epoch FROM greatest(hub_clock(), max(ends_at))) * 1000)::bigint AS from_ms
  FROM cycles WHERE kind = $1 AND state <> 'open'`;

export interface CycleAssignment {
  /** Of each kind that was asked for. */
  readonly cycleIds: ReadonlyMap<ClearingKind, CycleId>;
  /** Database time, UTC milliseconds. */
  readonly completedAtMs: number;
}

/** The cycle of one kind; a kind that was not asked for is the caller's mistake. */
export function cycleOf(assignment: CycleAssignment, kind: ClearingKind): CycleId {
  const cycleId = assignment.cycleIds.get(kind);
  invariant(cycleId !== undefined, `no ${kind} cycle was asked for`);
  return cycleId;
}

/**
 * Decides which cycles the payments and refunds finalised by this transaction belong to. The clock
 * is the database's, read *after* the shared lock is held, by a statement of its own: then no
 * closer can have closed the cycle that is returned before this transaction ends.
 *
 * Call it as the last lock of a READ COMMITTED transaction, once for all that it finalises, with
 * every kind of cycle among them; store what it returns, and commit soon: a closer waits meanwhile.
 *
 * @param kinds of the payments' corridors
 */
export async function assignCycle(
  tx: EntityManager,
  kinds: ReadonlySet<ClearingKind> = DAILY_ONLY,
): Promise<CycleAssignment> {
  interface CycleRow {
    readonly kind: ClearingKind;
    readonly id: CycleId | null;
    readonly at_ms: string;
    readonly isolation: string;
  }
  const current = () => tx.query<CycleRow[]>(CURRENT_CYCLES, [[...kinds]]);
  // Sent together, yet two statements: the second one's snapshot is taken when the first is done.
  let [, rows] = await Promise.all([
    tx.query(`SELECT pg_advisory_xact_lock_shared(${MEMBERSHIP_LOCK})`),
    current(),
  ]);
  const isolation = rows[0]?.isolation ?? 'nothing';
  invariant(
    isolation === 'read committed',
    `a cycle is assigned under read committed, not ${isolation}`,
  );
  for (let round = 0; rows.some((row) => row.id === null); round++) {
    invariant(round < 3, 'cycles end faster than they can be opened');
    for (const { kind } of rows.filter((row) => row.id === null)) await openNextCycle(tx, kind);
    rows = await current();
  }
  return {
    completedAtMs: Number(rows[0]?.at_ms),
    cycleIds: new Map(rows.map((row) => [row.kind, row.id as CycleId])),
  };
}

const DAILY_ONLY: ReadonlySet<ClearingKind> = new Set(['daily']);

async function openNextCycle(tx: EntityManager, kind: ClearingKind): Promise<void> {
  const [row] = await tx.query<{ from_ms: string }[]>(NEXT_START, [kind]);
  await openCycles(tx, [clearingWindowAt(kind, Number(row?.from_ms))]);
}

export type CloseResult = 'closed' | 'alreadyClosed' | 'notEnded' | 'unknown';

/**
 * Fixes the membership of a cycle that has ended. Waits for every finalising transaction in
 * flight, and later ones find the next cycle. Give it a transaction of its own that holds nothing
 * else, and commit at once.
 *
 * @param patienceMs how long it waits; everybody who comes after it waits too, so a transaction
 *   that hangs must not be waited for
 * @throws QueryFailedError (SQLSTATE 55P03) when its patience ends: try again later
 */
export async function closeCycle(
  tx: EntityManager,
  id: CycleId,
  patienceMs = 5_000,
): Promise<CloseResult> {
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [String(patienceMs)]);
  await tx.query(`SELECT pg_advisory_xact_lock(${MEMBERSHIP_LOCK})`);
  const [row] = await tx.query<{ state: string | null; closed: boolean }[]>(
    `WITH clock AS MATERIALIZED (SELECT hub_clock() AS at),
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

/** Open cycles that have ended, oldest first. A settlement phase has no end by the clock. */
export async function listDueCycles(tx: EntityManager): Promise<CycleId[]> {
  const rows = await tx.query<{ id: CycleId }[]>(
    `SELECT id FROM cycles WHERE state = 'open' AND ends_at <= (SELECT hub_clock()) ORDER BY ends_at, id`,
  );
  return rows.map((row) => row.id);
}

/** What a cancel of a payment must know of its cycle, see `gatherCycles`. */
export interface HeldCycle {
  readonly kind: ClearingKind;
  readonly state: CycleState;
  readonly endsAtMs: number;
  /** Database time, UTC milliseconds. */
  readonly atMs: number;
}

/**
 * Reads cycles and holds them until the transaction ends, so that none becomes final meanwhile.
 * Call it after `assignCycle`, where both are called: a closer takes the lock of membership first.
 */
export async function gatherCycles(
  tx: EntityManager,
  ids: readonly CycleId[],
): Promise<ReadonlyMap<CycleId, HeldCycle>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<
    { id: CycleId; kind: ClearingKind; state: CycleState; ends_at: Date; at: Date }[]
  >(
    `SELECT id, kind, state, ends_at, hub_clock() AS at FROM cycles
     WHERE id = ANY($1) ORDER BY id FOR SHARE`,
    [ids],
  );
  return new Map(
    rows.map(({ id, kind, state, ends_at, at }) => [
      id,
      { kind, state, endsAtMs: ends_at.getTime(), atMs: at.getTime() },
    ]),
  );
}
