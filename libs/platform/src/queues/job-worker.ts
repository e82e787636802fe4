import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, createPostgresBackend } from 'bullmq';
import type pg from 'pg';
import type { Logger } from '#platform/telemetry/logger';
import {
  GIVE_UP_MS,
  openPostgresPool,
  postgresConnection,
  QueueHealth,
  redisOptions,
  RETRY_MS,
  withinConnectTime,
  type QueueConnection,
  type Wanted,
} from './queue-connection.js';

export interface ReceivedJob<Data> {
  readonly id: string;
  readonly data: Data;
  /** UTC milliseconds, of the process that added it. */
  readonly enqueuedAtMs: number;
}

export interface WorkerTerms {
  /** Jobs in hand at once. */
  readonly concurrency: number;
  readonly log: Logger;
}

interface CarriedWorker {
  run(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'active' | 'ready', listener: () => void): unknown;
  on(event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 10_000;
/**
 * A killed worker's job is given to another after about three seconds (measured 3.3 s; the
 * library's own defaults take a minute). Killing it again and again must not fail the job for
 * good, since handlers are idempotent.
 */
const RECOVERY = {
  lockDuration: 3_000,
  stalledInterval: 1_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: RETRY_MS,
} as const;

/**
 * The receiving end of a queue. It outlives the queue: while that is away, also at the start, it
 * says so once and tries again every second. A handler may be given the same job twice.
 */
export class JobWorker<Data extends object> {
  private closing = false;
  private current: CarriedWorker | undefined;
  private pool: pg.Pool | undefined;
  private line: Wanted = { wanted: true };
  private readonly wake = new AbortController();
  private readonly running: Promise<void>;
  private readonly health: QueueHealth;

  constructor(
    private readonly name: string,
    private readonly connection: QueueConnection,
    private readonly handler: (job: ReceivedJob<Data>) => Promise<unknown>,
    private readonly terms: WorkerTerms,
  ) {
    this.health = new QueueHealth(terms.log, `${name} worker`, connection.backend);
    this.running = this.keepRunning();
  }

  /** Finishes the jobs in hand and takes no more. */
  async close(): Promise<void> {
    this.closing = true;
    this.health.close();
    this.wake.abort();
    await this.closeCurrent();
    await settledWithin(this.running, CLOSE_WITHIN_MS);
  }

  private async keepRunning(): Promise<void> {
    while (!this.closing) {
      try {
        await this.runOnce();
      } catch (error) {
        this.health.away(error);
      }
      await this.closeCurrent();
      await this.pause();
    }
  }

  private async runOnce(): Promise<void> {
    const worker = await this.build();
    this.current = worker;
    await withinConnectTime(worker.waitUntilReady());
    this.health.back();
    // Asked anew: `close` may have come while we connected, and found nothing to close.
    if (!this.wake.signal.aborted) await worker.run();
  }

  private async pause(): Promise<void> {
    if (this.closing) return;
    await sleep(RETRY_MS, undefined, this.wake).catch(() => undefined);
  }

  private async closeCurrent(): Promise<void> {
    const { current: worker, pool } = this;
    this.current = undefined;
    this.pool = undefined;
    this.line.wanted = false;
    if (worker !== undefined) {
      if (this.health.isAway && this.connection.backend === 'redis') await sleep(GIVE_UP_MS);
      const closed = worker.close().catch((error: unknown) => {
        this.health.away(error);
      });
      await settledWithin(closed, CLOSE_WITHIN_MS);
    }
    await pool?.end();
  }

  private async build(): Promise<CarriedWorker> {
    const worker = await this.carry();
    worker.on('error', (error) => {
      this.health.away(error);
    });
    worker.on('active', () => {
      this.health.back();
    });
    worker.on('ready', () => {
      this.health.back();
    });
    worker.on('failed', (job, error) => {
      this.terms.log.error({ jobId: job?.id, error }, `a job of ${this.name} failed`);
    });
    return worker;
  }

  private async carry(): Promise<CarriedWorker> {
    const { backend, url } = this.connection;
    const { concurrency } = this.terms;
    const receive = (job: { id?: string; data: unknown; timestamp: number }) =>
      this.handler({ id: job.id ?? '', data: job.data as Data, enqueuedAtMs: job.timestamp });
    const options = { ...RECOVERY, concurrency, autorun: false };
    if (backend === 'redis') {
      this.line = { wanted: true };
      const redis = redisOptions(url, false, this.line);
      const worker = new Worker(this.name, receive, { ...options, ...redis });
      return worker;
    }
    // One to listen, one to renew locks, one for each job.
    const pool = await openPostgresPool(url, concurrency + 2, this.health);
    this.pool = pool;
    const worker = new Worker(
      this.name,
      receive,
      { ...options, connection: postgresConnection(pool) },
      createPostgresBackend,
    );
    return worker;
  }
}

async function settledWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  const limit = new AbortController();
  await Promise.race([work, sleep(limitMs, undefined, limit).catch(() => undefined)]);
  limit.abort();
}

export function createWorker<Data extends object>(
  name: string,
  connection: QueueConnection,
  handler: (job: ReceivedJob<Data>) => Promise<unknown>,
  terms: WorkerTerms,
): JobWorker<Data> {
  return new JobWorker<Data>(name, connection, handler, terms);
}
