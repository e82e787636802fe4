import type { SimulationJob } from '#contracts/operator/simulations';
import type { SimulationRun } from '#scenarios';
import type { Fidelity, Scenario } from '#simulation/scenario';
import type { EntityManager } from 'typeorm';

export type SimulationId = `sim_${string}`;

/** What a run was asked for; with the shipped figures it decides every number. */
export interface AskedSimulation {
  readonly id: SimulationId;
  readonly scenario: Scenario;
  readonly scenarioHash: string;
  readonly seed: number;
  readonly fidelity: Fidelity;
  readonly replications: number;
  readonly assumptionDraws: number;
  readonly askedBy: string;
  readonly mark: RequestMark | null;
}

/** What a request is known again by, if its caller gave it a key. */
export interface RequestMark {
  readonly key: string;
  /** SHA-256 of the body: a key belongs to one. */
  readonly bodyHash: string;
}

/**
 * Stores a run and its parts: one for each replication, and the summary last.
 *
 * @returns false, and nothing is stored, where the same person's key already has its run; one that
 *   another process is just storing is waited for
 */
export async function insertRun(tx: EntityManager, asked: AskedSimulation): Promise<boolean> {
  const stored = await tx.query<unknown[]>(
    `INSERT INTO simulation_runs (id, scenario_name, scenario, scenario_hash, seed, fidelity,
                                  replications, assumption_draws, asked_by,
                                  idempotency_key, request_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (asked_by, idempotency_key) DO NOTHING
     RETURNING id`,
    [
      asked.id,
      asked.scenario.name,
      JSON.stringify(asked.scenario),
      asked.scenarioHash,
      asked.seed,
      asked.fidelity,
      asked.replications,
      asked.assumptionDraws,
      asked.askedBy,
      asked.mark?.key ?? null,
      asked.mark?.bodyHash ?? null,
    ],
  );
  if (stored.length === 0) return false;
  await tx.query(
    `INSERT INTO simulation_parts (run_id, part, kind)
     SELECT $1, n, CASE WHEN n = $2 THEN 'summary' ELSE 'replication' END
     FROM generate_series(0, $2::integer) AS n`,
    [asked.id, asked.replications],
  );
  return true;
}

/** The run that a person's key stands for. */
export async function findMarked(
  tx: EntityManager,
  askedBy: string,
  key: string,
): Promise<{ readonly id: SimulationId; readonly bodyHash: string } | undefined> {
  const [row] = await tx.query<{ id: SimulationId; request_hash: string }[]>(
    `SELECT id, request_hash FROM simulation_runs WHERE asked_by = $1 AND idempotency_key = $2`,
    [askedBy, key],
  );
  return row && { id: row.id, bodyHash: row.request_hash };
}

interface RunRow {
  readonly id: SimulationId;
  readonly scenario_name: string;
  readonly scenario_hash: string;
  readonly seed: string;
  readonly fidelity: Fidelity;
  readonly replications: number;
  readonly state: SimulationJob['state'];
  readonly fault: string | null;
  readonly result_hash: string | null;
  readonly asked_by: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly whole: number;
  readonly workers: string[] | null;
  readonly elapsed_seconds: number | null;
}

const VIEW = `
  SELECT r.id, r.scenario_name, r.scenario_hash, r.seed, r.fidelity, r.replications, r.state,
         r.fault, r.result_hash, r.asked_by, r.created_at, r.started_at, r.ended_at,
         p.whole, p.workers,
         extract(epoch FROM clock_timestamp() - r.started_at)::float8 AS elapsed_seconds
  FROM simulation_runs r
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE totals IS NOT NULL)::integer AS whole,
           array_agg(DISTINCT worker) FILTER (WHERE claimed_until > clock_timestamp()) AS workers
    FROM simulation_parts WHERE run_id = r.id) p`;

/** Newest first. */
export async function listRuns(
  tx: EntityManager,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<SimulationJob[]> {
  const rows = await tx.query<RunRow[]>(
    `${VIEW} WHERE $1::text IS NULL OR r.id < $1 ORDER BY r.id DESC LIMIT $2`,
    [page.after ?? null, page.limit],
  );
  return rows.map(jobOf);
}

export async function findRun(tx: EntityManager, id: string): Promise<SimulationJob | undefined> {
  const rows = await tx.query<RunRow[]>(`${VIEW} WHERE r.id = $1`, [id]);
  return rows.map(jobOf)[0];
}

/** The result of a run that is done. */
export async function findResult(
  tx: EntityManager,
  id: string,
): Promise<SimulationRun | undefined> {
  const [row] = await tx.query<{ result: SimulationRun | null }[]>(
    `SELECT result FROM simulation_runs WHERE id = $1`,
    [id],
  );
  return row?.result ?? undefined;
}

/** @returns whether it was still to be stopped */
export async function cancelRun(tx: EntityManager, id: string): Promise<boolean> {
  const [, ended] = await tx.query<[unknown[], number]>(
    `UPDATE simulation_runs SET state = 'cancelled', ended_at = clock_timestamp()
     WHERE id = $1 AND state IN ('queued', 'running')`,
    [id],
  );
  if (ended > 0) await tx.query(`DELETE FROM simulation_parts WHERE run_id = $1`, [id]);
  return ended > 0;
}

function jobOf(row: RunRow): SimulationJob {
  const done = row.state === 'done' ? row.replications : row.whole;
  // The summary counts as one more replication: it takes about as long.
  const share = row.state === 'done' ? 1 : done / (row.replications + 1);
  const known = row.state === 'running' && done > 0 && row.elapsed_seconds !== null;
  return {
    id: row.id,
    scenario: { name: row.scenario_name, hash: row.scenario_hash },
    seed: Number(row.seed),
    fidelity: row.fidelity,
    state: row.state,
    replications: row.replications,
    replicationsDone: done,
    share,
    etaSeconds: known ? Math.ceil((row.elapsed_seconds * (1 - share)) / share) : null,
    workers: row.workers ?? [],
    resultHash: row.result_hash,
    fault: row.fault,
    askedBy: row.asked_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
