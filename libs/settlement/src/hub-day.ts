import { clearingDayNumber } from '#domain/clearing-day';
import { readHubClock } from '#ledger';
import type { EntityManager } from 'typeorm';

/** Settlement goes by the clock that cut-offs go by, the database's. */
export interface HubTime {
  /** UTC milliseconds. */
  readonly nowMs: number;
  /** Days since 1970-01-01 at UTC+8. */
  readonly day: number;
}

export async function readHubTime(tx: EntityManager): Promise<HubTime> {
  const nowMs = await readHubClock(tx);
  return { nowMs, day: clearingDayNumber(nowMs) };
}
