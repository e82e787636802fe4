import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakSystem } from './system.js';

/** A cancel may come half an hour after the day's end; then the day is final. */
const FINAL_AFTER = '31 minutes';

/**
 * Brings the cut-offs' clock to a moment before the end of the day, lets the day end by itself, and
 * goes on to when it can be final.
 *
 * @param lastMs what is left of the day, for payments to fall on both sides of its end
 * @returns the id of the cycle that ended
 */
export async function turnDay(system: SoakSystem, lastMs: number): Promise<string> {
  const [cycle] = await system.read<{ id: string }>(
    `SELECT id FROM cycles
     WHERE kind = 'daily' AND state = 'open' AND ends_at > hub_clock() ORDER BY ends_at LIMIT 1`,
  );
  if (cycle === undefined) throw new Error('no clearing day is open');
  await setClock(system, cycle.id, `ends_at - ${String(lastMs)} * interval '1 millisecond'`);
  await sleep(lastMs + 1_000);
  await setClock(system, cycle.id, `ends_at + interval '${FINAL_AFTER}'`);
  return cycle.id;
}

async function setClock(system: SoakSystem, cycleId: string, at: string): Promise<void> {
  await system.read(
    `UPDATE clock_shift SET shift = (SELECT ${at} FROM cycles WHERE id = $1) - clock_timestamp()`,
    [cycleId],
  );
}
