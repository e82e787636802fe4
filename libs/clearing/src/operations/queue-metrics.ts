import { QUEUE_STAGES } from '#domain/queues/queue-stages';
import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { collectDeadLetters, countDeadLetters } from './dead-letters.js';
import { listStages } from './queue-control.js';
import { readScaling } from './queue-views.js';

/**
 * Publishes what the database says of the queues. The hub tells it, with or without workers of its
 * own, so that alarms work when no worker does.
 */
export function measureQueues(registry: Registry, dataSource: DataSource): void {
  const registers = [registry];
  const { manager } = dataSource;
  new Gauge({
    name: 'wayfare_dead_letters',
    help: 'What could not be done and is not done since, by where it waits.',
    labelNames: ['kind'],
    registers,
    async collect() {
      await collectDeadLetters(manager);
      for (const [kind, count] of await countDeadLetters(manager)) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: 'wayfare_queue_stopped',
    help: '1 while a stage is paused or drains, by an operator’s wish; else 0.',
    labelNames: ['stage'],
    registers,
    async collect() {
      const stages = await listStages(manager);
      for (const stage of QUEUE_STAGES) {
        const state = stages.find((found) => found.stage === stage)?.state;
        this.set({ stage }, state === 'running' ? 0 : 1);
      }
    },
  });
  new Gauge({
    name: 'wayfare_workers_alive',
    help: 'Processes that clear and were heard of in the last five seconds.',
    registers,
    async collect() {
      this.set((await readScaling(manager)).workersAlive);
    },
  });
  new Gauge({
    name: 'wayfare_workers_wanted',
    help: 'Processes that backlog and arrivals ask for.',
    registers,
    async collect() {
      this.set((await readScaling(manager)).workersWanted);
    },
  });
}
