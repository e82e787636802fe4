import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, createPostgresBackend } from 'bullmq';
import type pg from 'pg';
import type { Logger } from '#platform/telemetry/logger';
import {
  GIVE_UP_MS,
  openPostgresPool,
  postgresConnection,
  QueueHealth,
  redisOptions,
  withinConnectTime,
  type QueueConnection,
  type Wanted,
} from './queue-connection.js';

/** What we use of a queue, whatever carries it. */
interface CarriedQueue<Data> {
  add(name: string, data: Data, options: { jobId: string }): Promise<unknown>;
  getJobCounts(...types: ('waiting' | 'active' | 'failed')[]): Promise<Record<string, number>>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** Jobs are added one after the other; a second connection serves whoever asks for counts. */
const POSTGRES_CONNECTIONS = 2;

/** Effects live in the database; a finished job has nothing more to tell. */
const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 200 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
} as const;

/**
 * The sending end of a queue. It may be away at any time, also at the start: `add` then fails
 * quickly, and the next `add` tries to connect again. Never keep anything only in a queue.
 */
export class JobQueue<Data extends object> {
  private open: Promise<CarriedQueue<Data>> | undefined;
  private pool: pg.Pool | undefined;
  private line: Wanted = { wanted: true };
  private readonly health: QueueHealth;

  constructor(
    readonly name: string,
    readonly connection: QueueConnection,
    log: Logger,
  ) {
    this.health = new QueueHealth(log, `${name} queue`, connection.backend);
  }

  /**
   * @param jobId unique for ever: the queue ignores an id that it has seen
   * @throws if the queue is away
   */
  async add(jobName: string, data: Data, jobId: string): Promise<void> {
    try {
      const queue = await this.connect();
      await withinConnectTime(queue.add(jobName, data, { jobId }));
      this.health.back();
    } catch (error) {
      this.health.away(error);
      throw error;
    }
  }

  /** How many jobs wait, run, or have failed for good. */
  async counts(): Promise<{ waiting: number; active: number; failed: number }> {
    const counts = await (await this.connect()).getJobCounts('waiting', 'active', 'failed');
    return {
      waiting: counts['waiting'] ?? 0,
      active: counts['active'] ?? 0,
      failed: counts['failed'] ?? 0,
    };
  }

  async close(): Promise<void> {
    this.health.close();
    const open = this.open;
    this.open = undefined;
    const queue = await open?.catch(() => undefined);
    this.line.wanted = false;
    if (queue !== undefined && this.isRedisAway()) await sleep(GIVE_UP_MS);
    await queue?.close().catch(() => undefined);
    await this.endPool();
  }

  private isRedisAway(): boolean {
    return this.connection.backend === 'redis' && this.health.isAway;
  }

  private connect(): Promise<CarriedQueue<Data>> {
    // A client that failed to connect stays failed, so the next caller gets a new one.
    this.open ??= this.build().catch((error: unknown) => {
      this.open = undefined;
      throw error;
    });
    return this.open;
  }

  private async build(): Promise<CarriedQueue<Data>> {
    const queue = await this.carry();
    queue.on('error', (error) => {
      this.health.away(error);
    });
    try {
      await withinConnectTime(queue.waitUntilReady());
      return queue;
    } catch (error) {
      this.line.wanted = false;
      void queue.close().catch(() => undefined);
      await this.endPool();
      throw error;
    }
  }

  private async carry(): Promise<CarriedQueue<Data>> {
    const { backend, url } = this.connection;
    const defaultJobOptions = JOB_OPTIONS;
    if (backend === 'redis') {
      this.line = { wanted: true };
      const redis = redisOptions(url, true, this.line);
      const queue = new Queue(this.name, { ...redis, defaultJobOptions });
      return queue;
    }
    const pool = await openPostgresPool(url, POSTGRES_CONNECTIONS, this.health);
    this.pool = pool;
    const options = { connection: postgresConnection(pool), defaultJobOptions };
    const queue = new Queue(this.name, options, createPostgresBackend);
    return queue;
  }

  private async endPool(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await pool?.end();
  }
}

export function createQueue<Data extends object>(
  name: string,
  connection: QueueConnection,
  log: Logger,
): JobQueue<Data> {
  return new JobQueue<Data>(name, connection, log);
}
