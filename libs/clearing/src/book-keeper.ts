import type { CycleId } from '#domain/ids';
import { ensureCycles, foldAccountTotals, readHubClock } from '#ledger';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { closeDueCycles, finaliseDueCycles, numberClosedCycles } from './cut-off.js';
import { Loop } from './loop.js';
import { collectDeadLetters } from './operations/dead-letters.js';

/** Spare cycles: a hub whose keepers are all down for days still finds one to complete into. */
const DAYS_AHEAD = 8;
const CYCLES_EVERY_MS = 1_000;
const FOLD_EVERY_MS = 5_000;
const COLLECT_EVERY_MS = 5_000;
const RETRY_MS = 2_000;
/**
 * How long payments are held up by a close at first and at most. Everything that is finalised
 * meanwhile waits behind it, so it gives way, and comes back a second later with more patience.
 */
const FIRST_PATIENCE_MS = 100;
const MOST_PATIENCE_MS = 3_200;

/**
 * Opens cycles ahead of time, closes those that have ended, numbers their members, makes them final
 * when their cancel window is over, folds totals, and lists what has failed. Any number may run;
 * each step is safe to do late and twice.
 */
export class BookKeeper {
  private readonly loops: readonly Loop[];
  private openedInHour = -1;
  private patienceMs = FIRST_PATIENCE_MS;
  private waiting: ReadonlyMap<CycleId, string> = new Map();

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
  ) {
    const loop = (name: string, intervalMs: number, run: () => Promise<unknown>) =>
      new Loop({ name, intervalMs, retryMs: RETRY_MS, run, log });
    this.loops = [
      loop('cut-off', CYCLES_EVERY_MS, () => this.turnCycles()),
      loop('finality', CYCLES_EVERY_MS, () => this.finishCycles()),
      loop('fold', FOLD_EVERY_MS, () => foldAccountTotals(dataSource.manager)),
      loop('dead letters', COLLECT_EVERY_MS, () => collectDeadLetters(dataSource.manager)),
    ];
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Also called once before the front door opens, so that the first payment finds a cycle. */
  async turnCycles(): Promise<void> {
    const nowMs = await readHubClock(this.dataSource.manager);
    const hour = Math.floor(nowMs / 3_600_000);
    if (hour !== this.openedInHour) {
      await ensureCycles(this.dataSource.manager, nowMs, DAYS_AHEAD);
      this.openedInHour = hour;
    }
    const { closed, gaveWay } = await closeDueCycles(this.dataSource, this.patienceMs);
    for (const id of closed) this.log.info({ cycle: id }, `cycle ${id} closed`);
    this.patienceMs = gaveWay ? Math.min(2 * this.patienceMs, MOST_PATIENCE_MS) : FIRST_PATIENCE_MS;
    if (gaveWay) this.log.warn('a close gave way to payments that take long; it is tried again');
  }

  /** What follows a close, in a loop of its own: numbering a large day must not delay the next close. */
  async finishCycles(): Promise<void> {
    for (const { id, members } of await numberClosedCycles(this.dataSource)) {
      this.log.info({ cycle: id, members }, `cycle ${id} has ${String(members)} members`);
    }
    const { final, waiting } = await finaliseDueCycles(this.dataSource);
    for (const id of final) this.log.info({ cycle: id }, `cycle ${id} is final`);
    for (const [id, why] of waiting) {
      if (this.waiting.get(id) === why) continue;
      this.log.info({ cycle: id }, `cycle ${id} can not be final yet: ${why}`);
    }
    this.waiting = waiting;
  }
}
