import type { NettingProofFile } from '#contracts/netting-proof';
import type { CycleId } from '#domain/ids';
import type { Clock } from '#platform/clock';
import type { IdSource } from '#platform/id-source';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource, EntityManager } from 'typeorm';
import { netCycle, type NettedCycle } from './net-cycle.js';
import { NEXT_TRY } from './next-try.js';
import { traceNetting } from './settlement-spans.js';

/** Gives every final clearing cycle its run, once. */
export async function startRuns(tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO settlement_runs (cycle_id, due_at)
     SELECT id, clock_timestamp() FROM cycles c
     WHERE c.state = 'final' AND c.kind <> 'settlement'
       AND NOT EXISTS (SELECT FROM settlement_runs r WHERE r.cycle_id = c.id)
     ORDER BY ends_at
     ON CONFLICT DO NOTHING`,
  );
}

/** Nets final cycles, oldest first. Any number of processes may do it: a run is locked while it works. */
export class SettlementRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ids: IdSource,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** @returns what was netted; a cycle that cannot be is told, kept with its fault and tried again */
  async runDue(): Promise<NettedCycle[]> {
    await startRuns(this.dataSource.manager);
    const netted: NettedCycle[] = [];
    for (;;) {
      const done = await this.runNext();
      if (done === null) return netted;
      if (done !== 'failed') netted.push(done);
    }
  }

  private async runNext(): Promise<NettedCycle | 'failed' | null> {
    let claimed: CycleId | undefined;
    const startMs = Date.now();
    try {
      const done = await this.dataSource.transaction(async (tx) => {
        const [row] = await tx.query<{ cycle_id: CycleId }[]>(
          `SELECT r.cycle_id FROM settlement_runs r JOIN cycles c ON c.id = r.cycle_id
           WHERE r.state = 'due' AND r.due_at <= clock_timestamp()
           ORDER BY c.ends_at, c.id LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED`,
        );
        if (row === undefined) return null;
        claimed = row.cycle_id;
        const netted = await netCycle(tx, row.cycle_id, this.ids, this.clock.nowMs());
        this.log.info(netted, `cycle ${row.cycle_id} netted`);
        return netted;
      });
      if (done !== null) traceNetting(done.cycleId, done.obligations, startMs);
      return done;
    } catch (error) {
      if (claimed === undefined) throw error;
      const fault = error instanceof Error ? error.message : String(error);
      this.log.error({ cycle: claimed, error }, `cycle ${claimed} cannot be netted`);
      await this.dataSource.query(
        `UPDATE settlement_runs SET attempts = attempts + 1, fault = $2,
                due_at = ${NEXT_TRY}
         WHERE cycle_id = $1 AND state = 'due'`,
        [claimed, fault],
      );
      return 'failed';
    }
  }
}

export interface SettlementRun {
  readonly cycleId: CycleId;
  readonly state: 'due' | 'netted';
  readonly fault: string | null;
  readonly proof: NettingProofFile | null;
}

/** A cycle's run, undefined before the cycle is final. */
export async function findRun(
  tx: EntityManager,
  cycleId: string,
): Promise<SettlementRun | undefined> {
  const [row] = await tx.query<
    {
      cycle_id: CycleId;
      state: 'due' | 'netted';
      fault: string | null;
      proof: NettingProofFile | null;
    }[]
  >(`SELECT cycle_id, state, fault, proof FROM settlement_runs WHERE cycle_id = $1`, [cycleId]);
  return row === undefined
    ? undefined
    : { cycleId: row.cycle_id, state: row.state, fault: row.fault, proof: row.proof };
}
