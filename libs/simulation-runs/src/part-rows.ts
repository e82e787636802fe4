import type { Fidelity, Scenario } from '#simulation/scenario';
import type { EntityManager } from 'typeorm';
import type { SimulationId } from './simulation-rows.js';

/** What a job names: a part of a run. Everything else is in the rows. */
export interface PartJob {
  readonly runId: SimulationId;
  readonly part: number;
}

/** A job under an id that no queue has seen. */
export interface NumberedPart extends PartJob {
  readonly kind: 'replication' | 'summary';
  readonly enqueued: number;
}

/** Part of a run that this process may play until its claim runs out. */
export interface ClaimedPart extends PartJob {
  readonly kind: 'replication' | 'summary';
  readonly claim: number;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly fidelity: Fidelity;
  readonly replications: number;
  readonly assumptionDraws: number;
}

/** A claim that nobody keeps ahead is over this soon: its process was killed. */
export const CLAIM_MS = 10_000;
/** A part that was handed to the queue is left alone for so long, whatever the queue says. */
const SETTLE_MS = 3_000;
const MOST_ATTEMPTS = 3;
const PARTS_AT_ONCE = 200;

/** Takes the oldest run that waits, and returns the jobs it is made of, the summary last. */
export async function beginNextRun(tx: EntityManager): Promise<NumberedPart[]> {
  const [rows] = await tx.query<[{ id: SimulationId }[], number]>(
    `UPDATE simulation_runs SET state = 'running', started_at = clock_timestamp()
     WHERE id = (SELECT id FROM simulation_runs WHERE state = 'queued'
                 ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id`,
  );
  const run = rows[0];
  if (run === undefined) return [];
  return enqueue(tx, 'p.run_id = $1', [run.id]);
}

/** Parts whose job was lost: open, nobody's, and not in a queue that has nothing left. */
export async function takeLostParts(tx: EntityManager): Promise<NumberedPart[]> {
  return enqueue(
    tx,
    `(p.run_id, p.part) IN (
       SELECT o.run_id, o.part FROM simulation_parts o JOIN simulation_runs r ON r.id = o.run_id
       WHERE r.state = 'running' AND o.totals IS NULL
         AND coalesce(o.claimed_until, '-infinity') <= clock_timestamp()
         AND o.enqueued_at <= clock_timestamp() - $1 * interval '1 millisecond'
         AND (o.kind = 'replication' OR NOT EXISTS (
           SELECT FROM simulation_parts w
           WHERE w.run_id = o.run_id AND w.kind = 'replication' AND w.totals IS NULL))
       ORDER BY o.run_id, o.part LIMIT ${String(PARTS_AT_ONCE)} FOR UPDATE OF o SKIP LOCKED)`,
    [SETTLE_MS],
  );
}

async function enqueue(
  tx: EntityManager,
  which: string,
  values: readonly unknown[],
): Promise<NumberedPart[]> {
  const [rows] = await tx.query<
    [
      {
        run_id: SimulationId;
        part: number;
        kind: 'replication' | 'summary';
        enqueued: number;
      }[],
      number,
    ]
  >(
    `UPDATE simulation_parts p SET enqueued = enqueued + 1, enqueued_at = clock_timestamp()
     WHERE ${which} RETURNING p.run_id, p.part, p.kind, p.enqueued`,
    [...values],
  );
  return rows
    .map((row) => ({
      runId: row.run_id,
      part: row.part,
      kind: row.kind,
      enqueued: row.enqueued,
    }))
    .sort((a, b) => a.part - b.part);
}

/** Takes a part to play, or nothing: it is whole, somebody plays it, or the run is over. */
export async function claimPart(
  tx: EntityManager,
  { runId, part }: PartJob,
  worker: string,
): Promise<ClaimedPart | undefined> {
  const [rows] = await tx.query<
    [
      {
        kind: 'replication' | 'summary';
        claim: number;
        scenario: Scenario;
        seed: string;
        fidelity: Fidelity;
        replications: number;
        assumption_draws: number;
      }[],
      number,
    ]
  >(
    `UPDATE simulation_parts p
     SET claim = claim + 1, worker = $3,
         claimed_until = clock_timestamp() + $4 * interval '1 millisecond'
     FROM simulation_runs r
     WHERE r.id = p.run_id AND r.state = 'running' AND p.run_id = $1 AND p.part = $2
       AND p.totals IS NULL AND coalesce(p.claimed_until, '-infinity') <= clock_timestamp()
       AND (p.kind = 'replication' OR NOT EXISTS (
         SELECT FROM simulation_parts w
         WHERE w.run_id = p.run_id AND w.kind = 'replication' AND w.totals IS NULL))
     RETURNING p.kind, p.claim, r.scenario, r.seed, r.fidelity, r.replications, r.assumption_draws`,
    [runId, part, worker, CLAIM_MS],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    ...{ runId, part, kind: row.kind, claim: row.claim, scenario: row.scenario },
    ...{ seed: Number(row.seed), fidelity: row.fidelity, replications: row.replications },
    assumptionDraws: row.assumption_draws,
  };
}

/** @returns false once the claim is another's or the run is over: then there is no use in going on */
export async function keepClaim(tx: EntityManager, part: ClaimedPart): Promise<boolean> {
  return changeOwn(tx, part, `claimed_until = clock_timestamp() + $4 * interval '1 millisecond'`, [
    CLAIM_MS,
  ]);
}

export async function storeTotals(
  tx: EntityManager,
  part: ClaimedPart,
  totals: Uint8Array,
): Promise<boolean> {
  return changeOwn(tx, part, 'totals = $4, claimed_until = NULL', [Buffer.from(totals)]);
}

/** Gives a part back; a run whose part faults again and again has failed. */
export async function returnPart(
  tx: EntityManager,
  part: ClaimedPart,
  fault: string | null,
): Promise<void> {
  await lockRun(tx, part.runId);
  const worse = fault === null ? 0 : 1;
  const own = await changeOwn(tx, part, 'attempts = attempts + $4, claimed_until = NULL', [worse]);
  if (!own || fault === null) return;
  const [, failed] = await tx.query<[unknown[], number]>(
    `UPDATE simulation_runs r SET state = 'failed', fault = $3, ended_at = clock_timestamp()
     WHERE id = $1 AND state = 'running' AND EXISTS (
       SELECT FROM simulation_parts p
       WHERE p.run_id = r.id AND p.part = $2 AND p.attempts >= ${String(MOST_ATTEMPTS)})`,
    [part.runId, part.part, fault.slice(0, 500)],
  );
  if (failed > 0) await tx.query('DELETE FROM simulation_parts WHERE run_id = $1', [part.runId]);
}

/** A part's totals as they were stored. */
export async function findTotals(
  tx: EntityManager,
  runId: string,
  part: number,
): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ totals: Buffer | null }[]>(
    'SELECT totals FROM simulation_parts WHERE run_id = $1 AND part = $2',
    [runId, part],
  );
  return row?.totals ?? undefined;
}

/** The run is done; what it was put together from is not needed any more. */
export async function completeRun(
  tx: EntityManager,
  part: ClaimedPart,
  result: { readonly json: string; readonly hash: string },
): Promise<boolean> {
  await lockRun(tx, part.runId);
  if (!(await keepClaim(tx, part))) return false;
  const [, done] = await tx.query<[unknown[], number]>(
    `UPDATE simulation_runs SET state = 'done', result = $2, result_hash = $3,
            ended_at = clock_timestamp()
     WHERE id = $1 AND state = 'running'`,
    [part.runId, result.json, result.hash],
  );
  await tx.query('DELETE FROM simulation_parts WHERE run_id = $1', [part.runId]);
  return done > 0;
}

/** The run before its parts, as whoever cancels takes them: else two could wait for each other. */
async function lockRun(tx: EntityManager, runId: string): Promise<void> {
  await tx.query('SELECT FROM simulation_runs WHERE id = $1 FOR UPDATE', [runId]);
}

async function changeOwn(
  tx: EntityManager,
  { runId, part, claim }: ClaimedPart,
  change: string,
  values: readonly unknown[],
): Promise<boolean> {
  const [, changed] = await tx.query<[unknown[], number]>(
    `UPDATE simulation_parts SET ${change} WHERE run_id = $1 AND part = $2 AND claim = $3`,
    [runId, part, claim, ...values],
  );
  return changed > 0;
}
