import { countStaged, measureOverdue } from '#ledger';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { countHoldingCancels } from './cut-off.js';
import type { PostingWorker } from './posting-worker.js';

const LAG_BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Publishes how much was posted, how late, and what waits. */
export function measureClearing(
  registry: Registry,
  dataSource: DataSource,
  worker: PostingWorker,
): void {
  const registers = [registry];
  const posted = new Counter({
    name: 'wayfare_clearing_entries_posted_total',
    help: 'Journal entries moved from the outbox into the books.',
    registers,
  });
  const duplicates = new Counter({
    name: 'wayfare_clearing_duplicates_total',
    help: 'Entries dropped because their event was in the books already.',
    registers,
  });
  const lag = new Histogram({
    name: 'wayfare_clearing_lag_seconds',
    help: "From staging to posting of a batch's oldest entry.",
    buckets: LAG_BUCKETS_SECONDS,
    registers,
  });
  worker.onPosted((batch) => {
    posted.inc(batch.posted);
    duplicates.inc(batch.duplicates);
    if (batch.posted > 0) lag.observe(batch.maxLagMs / 1_000);
  });
  new Gauge({
    name: 'wayfare_clearing_outbox_entries',
    help: 'Entries in the outbox, by whether they wait or were set aside.',
    labelNames: ['state'],
    registers,
    async collect() {
      const staged = await countStaged(dataSource.manager);
      this.set({ state: 'waiting' }, staged.waiting);
      this.set({ state: 'aside' }, staged.aside);
    },
  });
  new Gauge({
    name: 'wayfare_cycle_overdue_seconds',
    help: 'How late the oldest cycle is to be closed, numbered or made final; 0 when none is.',
    labelNames: ['step'],
    registers,
    async collect() {
      const overdue = await measureOverdue(dataSource.manager);
      this.set({ step: 'close' }, overdue.close);
      this.set({ step: 'number' }, overdue.number);
      this.set({ step: 'final' }, overdue.final);
    },
  });
  new Gauge({
    name: 'wayfare_cycle_holding_cancels',
    help: 'Cancels that their wallets do not confirm and that keep a cycle from being final.',
    registers,
    async collect() {
      this.set(await countHoldingCancels(dataSource.manager));
    },
  });
}
