import { Loop } from '#clearing';
import { addFlow, type JobQueue, type QueueConnection } from '#platform/queues/index';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { beginNextRun, takeLostParts, type NumberedPart, type PartJob } from './part-rows.js';
import { SIMULATION_QUEUE } from './part-worker.js';

const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 2_000;

/**
 * Brings runs to the queue: the replications as a flow, with the summary to follow them. What a
 * queue has lost, because it was emptied or a worker killed, goes out again from the rows. Any
 * number may run.
 */
export class Dispatcher {
  private readonly loop: Loop;

  constructor(
    private readonly dataSource: DataSource,
    private readonly queue: JobQueue<PartJob>,
    private readonly connection: QueueConnection,
    private readonly log: Logger,
  ) {
    this.loop = new Loop({
      name: 'simulations',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run: () => this.dispatch(),
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async dispatch(): Promise<void> {
    for (;;) {
      const parts = await this.dataSource.transaction(beginNextRun);
      if (parts.length === 0) break;
      await this.sendFlow(parts);
    }
    const [open] = await this.dataSource.query<{ any: boolean }[]>(
      `SELECT EXISTS (SELECT FROM simulation_runs WHERE state = 'running') AS any`,
    );
    if (open?.any !== true) return;
    const { waiting } = await this.queue.counts();
    if (waiting > 0) return;
    for (const part of await this.dataSource.transaction(takeLostParts)) {
      await this.queue.add(part.kind, jobOf(part), jobIdOf(part));
    }
  }

  private async sendFlow(parts: readonly NumberedPart[]): Promise<void> {
    const jobs = parts.map((part) => ({
      name: part.kind,
      data: jobOf(part),
      jobId: jobIdOf(part),
    }));
    const last = jobs.at(-1);
    if (last === undefined) return;
    const { connection, log } = this;
    await addFlow(SIMULATION_QUEUE, connection, last, jobs.slice(0, -1), log);
  }
}

const jobOf = ({ runId, part }: NumberedPart): PartJob => ({ runId, part });

const jobIdOf = ({ runId, part, enqueued }: NumberedPart): string =>
  `${runId}-${String(part)}-${String(enqueued)}`;
