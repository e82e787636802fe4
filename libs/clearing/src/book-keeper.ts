import { closeCycle, ensureCycles, foldAccountTotals, listDueCycles } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { Loop } from './loop.js';

/** Spare cycles: a hub whose keepers are all down for days still finds one to complete into. */
const DAYS_AHEAD = 8;
const CYCLES_EVERY_MS = 1_000;
const FOLD_EVERY_MS = 5_000;
const RETRY_MS = 2_000;

/**
 * Opens cycles ahead of time, closes those that have ended, and folds totals. Any number may run;
 * each step is safe to do twice.
 */
export class BookKeeper {
  private readonly loops: readonly Loop[];
  private openedInHour = -1;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    const loop = (name: string, intervalMs: number, run: () => Promise<unknown>) =>
      new Loop({ name, intervalMs, retryMs: RETRY_MS, run, log });
    this.loops = [
      loop('cycles', CYCLES_EVERY_MS, () => this.turnCycles()),
      loop('fold', FOLD_EVERY_MS, () => foldAccountTotals(dataSource.manager)),
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
    const nowMs = this.clock.nowMs();
    const hour = Math.floor(nowMs / 3_600_000);
    if (hour !== this.openedInHour) {
      await ensureCycles(this.dataSource.manager, nowMs, DAYS_AHEAD);
      this.openedInHour = hour;
    }
    for (const id of await listDueCycles(this.dataSource.manager)) {
      const result = await this.dataSource.transaction((tx) => closeCycle(tx, id));
      if (result === 'closed') this.log.info({ cycle: id }, `cycle ${id} closed`);
    }
  }
}
