import type { QueueStageView, StageVerb } from '#contracts/operator/queues';
import {
  QUEUE_STAGES,
  takesWork,
  type QueueStage,
  type StageState,
  type StageStates,
} from '#domain/queues/queue-stages';
import { invariant } from '#domain/invariant';
import type { EntityManager } from 'typeorm';

/** What a process tells of itself. */
export interface Heartbeat {
  readonly name: string;
  readonly backend: 'postgres' | 'redis';
  /** Batches it can post at once. */
  readonly slots: number;
  readonly relay: boolean;
  readonly posting: boolean;
  readonly inHand: number;
  readonly posted: number;
  readonly busyMs: number;
}

/** A process is alive that was heard of so lately. */
export const ALIVE_SECONDS = 5;

const NEXT_STATE: Readonly<Record<StageVerb, StageState>> = {
  pause: 'paused',
  drain: 'draining',
  resume: 'running',
};

interface StageRow {
  readonly stage: QueueStage;
  readonly state: StageState;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly reason: string;
  readonly obeyed: boolean;
}

export interface StageChange {
  readonly stages: readonly QueueStage[];
  readonly verb: StageVerb;
  readonly by: string;
  readonly reason: string;
}

/**
 * Changes what the stages do. Every process does so within a second; what a worker has in its hands
 * it finishes.
 *
 * @returns the states before
 */
export async function changeStages(
  tx: EntityManager,
  { stages, verb, by, reason }: StageChange,
): Promise<StageStates> {
  const before = await tx.query<{ stage: QueueStage; state: StageState }[]>(
    'SELECT stage, state FROM queue_stages ORDER BY stage FOR UPDATE',
  );
  await tx.query(
    `UPDATE queue_stages SET state = $2, changed_at = clock_timestamp(), changed_by = $3, reason = $4
     WHERE stage = ANY($1) AND NOT (state = 'paused' AND $2 = 'draining')`,
    [stages, NEXT_STATE[verb], by, reason],
  );
  return statesOf(before);
}

const SETTLE = `
  UPDATE queue_stages s SET state = 'paused'
  WHERE s.state = 'draining' AND CASE s.stage
    WHEN 'relay' THEN NOT EXISTS (
      SELECT FROM staged_entries e WHERE e.fault IS NULL AND e.staged_at <= s.changed_at)
    ELSE NOT EXISTS (SELECT FROM queue_stages r WHERE r.stage = 'relay' AND r.state = 'draining')
     AND NOT EXISTS (
      SELECT FROM posting_batches b
      WHERE b.posted_at IS NULL AND b.leased_until > statement_timestamp()) END`;

/** Ends what is drained; cheap while nothing is. */
export async function readStages(tx: EntityManager): Promise<StageStates> {
  const read = (): Promise<{ stage: QueueStage; state: StageState }[]> =>
    tx.query('SELECT stage, state FROM queue_stages');
  const rows = await read();
  if (!rows.some(({ state }) => state === 'draining')) return statesOf(rows);
  await tx.query(SETTLE);
  return statesOf(await read());
}

function statesOf(
  rows: readonly { readonly stage: QueueStage; readonly state: StageState }[],
): StageStates {
  const states = new Map(rows.map(({ stage, state }) => [stage, state]));
  const [relay, posting] = QUEUE_STAGES.map((stage) => states.get(stage));
  invariant(relay !== undefined && posting !== undefined, 'both stages have a row');
  return { relay, posting };
}

/** Tells that a process lives and what it does, and notes how far the outbox has come. */
export async function recordHeartbeat(tx: EntityManager, beat: Heartbeat): Promise<void> {
  await tx.query(
    `WITH sample AS (
       INSERT INTO outbox_samples (at, last_seq)
       SELECT date_bin('5 s', clock_timestamp(), '2000-01-01Z'), last_value
       FROM staged_entries_seq_seq
       ON CONFLICT DO NOTHING RETURNING at),
     old_samples AS (
       DELETE FROM outbox_samples WHERE at < (SELECT at FROM sample) - interval '5 min'),
     old AS (DELETE FROM clearing_processes
             WHERE seen_at < clock_timestamp() - interval '1 h' AND name <> $1)
     INSERT INTO clearing_processes AS p
       (name, backend, slots, relay, posting, in_hand, posted, busy_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (name) DO UPDATE SET
       backend = excluded.backend, slots = excluded.slots, seen_at = clock_timestamp(),
       relay = excluded.relay, posting = excluded.posting, in_hand = excluded.in_hand,
       posted = excluded.posted, busy_ms = excluded.busy_ms,
       started_at = CASE WHEN excluded.posted < p.posted THEN clock_timestamp() ELSE p.started_at END`,
    [
      beat.name,
      beat.backend,
      beat.slots,
      beat.relay,
      beat.posting,
      beat.inHand,
      beat.posted,
      Math.round(beat.busyMs),
    ],
  );
}

/** A process that stops in order is not missed. */
export async function forgetProcess(tx: EntityManager, name: string): Promise<void> {
  await tx.query('DELETE FROM clearing_processes WHERE name = $1', [name]);
}

export async function listStages(tx: EntityManager): Promise<QueueStageView[]> {
  const states = await readStages(tx);
  const rows = await tx.query<StageRow[]>(
    `SELECT s.*, NOT EXISTS (
       SELECT FROM clearing_processes p
       WHERE p.seen_at > clock_timestamp() - $1 * interval '1 s'
         AND (p.seen_at < s.changed_at
              OR CASE s.stage WHEN 'relay' THEN p.relay <> $2
                 ELSE p.posting <> $3 OR (NOT $3 AND p.in_hand > 0) END)) AS obeyed
     FROM queue_stages s ORDER BY s.stage DESC`,
    [ALIVE_SECONDS, takesWork('relay', states), takesWork('posting', states)],
  );
  return rows.map((row) => ({
    stage: row.stage,
    state: row.state,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    reason: row.reason,
    obeyed: row.obeyed,
  }));
}
