import type { CycleId } from '#domain/ids';
import type { IdSource } from '#platform/id-source';
import type { DataSource } from 'typeorm';
import { matchCycle } from './match-cycle.js';

/** Partners have a day after a cycle is final to send their files; then it is matched without. */
const FILE_DEADLINE_MS = 24 * 3_600_000;
const MOST_AT_ONCE = 10;

/**
 * Matches final cycles whose deadline is over and that no run over all participants has looked at
 * since, each in a transaction of its own. What is done is told by the rows of `recon_runs`, so
 * any process may die in between and any number of them may look.
 */
export async function matchOverdueCycles(
  dataSource: DataSource,
  nowMs: number,
  ids: IdSource,
): Promise<number> {
  const due = await dataSource.query<{ id: CycleId }[]>(
    `SELECT c.id FROM cycles c
     WHERE c.state = 'final' AND c.kind <> 'settlement' AND c.final_at <= $1
       AND NOT EXISTS (SELECT FROM recon_runs r
                       WHERE r.cycle_id = c.id AND r.participant_id IS NULL AND r.at >= c.final_at)
     ORDER BY c.ends_at LIMIT $2`,
    [new Date(nowMs - FILE_DEADLINE_MS).toISOString(), MOST_AT_ONCE],
  );
  for (const { id: cycleId } of due) {
    const by = { actor: 'hub', reason: 'the day to send files is over', atMs: nowMs };
    await dataSource.transaction((tx) =>
      matchCycle(tx, { cycleId, participantId: null, cause: 'deadline', touched: [], by }, ids),
    );
  }
  return due.length;
}
