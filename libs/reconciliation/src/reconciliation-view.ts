import type { ReconciliationView } from '#contracts/operator/reconciliation';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import type { EntityManager } from 'typeorm';
import { countLiveBreaks } from './match-cycle.js';

interface FileRow {
  name: string;
  participant_id: string;
  side: 'wallet' | 'acquirer';
  line_count: number;
  seq: number;
  part_count: number;
  loaded_at: Date;
}

interface RunRow {
  at: Date;
  cause: 'file' | 'asked' | 'deadline';
  participant_id: string | null;
  legs: number;
  suspects: number;
  opened: number;
  cleared: number;
}

/** Which files of a cycle have landed, and what is still wrong. Rejection: NOT_FOUND. */
export async function viewReconciliation(
  tx: EntityManager,
  cycleId: string,
): Promise<Outcome<ReconciliationView>> {
  const cycles = await tx.query<unknown[]>('SELECT FROM cycles WHERE id = $1', [cycleId]);
  if (cycles.length === 0) {
    return rejected('NOT_FOUND', `There is no clearing cycle ${cycleId.slice(0, 80)}.`);
  }
  const files = await tx.query<FileRow[]>(
    `SELECT name, participant_id, side, line_count, seq, part_count, loaded_at
     FROM recon_files WHERE cycle_id = $1 AND superseded_at IS NULL ORDER BY name`,
    [cycleId],
  );
  const [run] = await tx.query<RunRow[]>(
    `SELECT at, cause, participant_id, legs, suspects, opened, cleared
     FROM recon_runs WHERE cycle_id = $1 ORDER BY no DESC LIMIT 1`,
    [cycleId],
  );
  const live = await countLiveBreaks(tx, cycleId);
  return accepted({
    cycle: cycleId,
    files: files.map((file) => ({
      name: file.name,
      participant: file.participant_id,
      side: file.side,
      lines: file.line_count,
      part: file.seq,
      parts: file.part_count,
      loadedAt: file.loaded_at.toISOString(),
    })),
    liveBreaks: [...live].map(([type, count]) => ({ type, count })),
    lastRun:
      run === undefined
        ? null
        : {
            at: run.at.toISOString(),
            cause: run.cause,
            participant: run.participant_id,
            legs: run.legs,
            suspects: run.suspects,
            opened: run.opened,
            cleared: run.cleared,
          },
  });
}
