import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** What the hub still has to do about days that are over, and what is still on its way. */
const WAITING = `
  SELECT
    (SELECT count(*) FROM cycles WHERE state <> 'final' AND ends_at < hub_clock()
       AND kind <> 'settlement')::integer AS "cycles to be made final",
    (SELECT count(*) FROM cycles c LEFT JOIN settlement_runs r ON r.cycle_id = c.id
     WHERE c.state = 'final' AND c.kind <> 'settlement' AND r.state IS DISTINCT FROM 'netted')::integer
      AS "cycles to be netted",
    (SELECT count(*) FROM cycles c LEFT JOIN fx_runs r ON r.cycle_id = c.id
     WHERE c.state = 'final' AND c.kind <> 'settlement' AND r.state IS DISTINCT FROM 'done')::integer
      AS "positions to be valued",
    (SELECT count(*) FROM obligations WHERE state IN ('due', 'partly', 'failed')
       AND due_on < hub_clock()::date)::integer AS "obligations to be settled",
    (SELECT count(*) FROM staged_entries)::integer AS "entries to be posted",
    (SELECT count(*) FROM journal_unsealed)::integer AS "postings to be sealed"`;

const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 15_000;
const STUCK_AFTER_MS = 15 * 60_000;

/**
 * Waits until the hub has closed, numbered, netted and settled all days that are over.
 *
 * @returns seconds it took
 * @throws when nothing changes for a quarter of an hour
 */
export async function untilSettled(
  dataSource: DataSource,
  tell: (line: string) => void,
): Promise<number> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  let changedAt = startedAt;
  let last = '';
  for (;;) {
    const [row] = await dataSource.query<Record<string, number>[]>(WAITING);
    const waiting = Object.entries(row ?? {}).filter(([, n]) => n > 0);
    if (waiting.length === 0) return (performance.now() - startedAt) / 1_000;
    const text = waiting.map(([what, n]) => `${String(n)} ${what}`).join(', ');
    const nowMs = performance.now();
    if (text !== last) changedAt = nowMs;
    last = text;
    if (nowMs - changedAt > STUCK_AFTER_MS) throw new Error(`the hub does not get on: ${text}`);
    if (nowMs - toldAt > TELL_EVERY_MS) {
      toldAt = nowMs;
      tell(text);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
