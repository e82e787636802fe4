import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDatabase, type RunningDatabase } from '#platform/postgres/index';
import { openDatabaseLine, type DatabaseLine } from '#testkit/database-line';
import { openTestRedis, type TestRedis } from '#testkit/redis';
import pg from 'pg';
import { startChild, type Child } from '../../apps/cli/src/system/child.js';
import { freePort } from '../../apps/cli/src/system/free-port.js';

export type ProcessKind = 'hub' | 'clearing' | 'sandbox';

export interface SoakSystemOptions {
  /** A folder of its own; the database and the keys lie in it. */
  readonly folder: string;
  /** Name of the Redis binary; absent: the queues are PostgreSQL's. */
  readonly redisBinary: string | undefined;
  readonly workers: number;
}

/** Short waits, so that a fault's consequences are played within a run of minutes. */
const TIMETABLE = {
  PARTNER_TIMEOUT_MS: '3000',
  HUB_ANSWER_WITHIN_MS: '2500',
  INQUIRY_DELAYS_MS: '1000,2000,3000,5000,5000',
};
const RESTART_AFTER_MS = 300;
const READ_WITHIN_MS = 5_000;
const LIVING_WITHIN_MS = 120_000;

/**
 * A whole system of processes on a database and queue of its own, with somebody who starts again
 * whatever has died, as a container runtime does. Everything reaches the database by one line that
 * can be cut, and that follows the server to another port.
 */
export class SoakSystem {
  private readonly living = new Map<string, Child>();
  private readonly ending = new AbortController();
  private readonly keeping: Promise<void>[] = [];

  private constructor(
    private readonly options: SoakSystemOptions,
    readonly hubPort: number,
    readonly line: DatabaseLine,
    readonly redis: TestRedis | undefined,
    private database: RunningDatabase,
  ) {}

  static async start(options: SoakSystemOptions): Promise<SoakSystem> {
    const database = await ensureDatabase({ dataDir: options.folder });
    const line = await openDatabaseLine(placeOf(database.url));
    const { redisBinary } = options;
    const redis = redisBinary === undefined ? undefined : await openTestRedis(redisBinary);
    const system = new SoakSystem(options, await freePort(), line, redis, database);
    system.keep('hub', 'hub');
    await system.untilLiving('hub');
    system.keep('sandbox', 'sandbox');
    for (let n = 1; n <= options.workers; n++) system.keep(`clearing ${String(n)}`, 'clearing');
    await system.untilLiving('sandbox');
    return system;
  }

  get folder(): string {
    return this.options.folder;
  }

  /** The server itself, past the line. */
  get databaseUrl(): string {
    return this.database.url;
  }

  /** Ends one process of a kind as `kill -9` does; it is started again by itself. */
  async kill(kind: ProcessKind, which: number): Promise<void> {
    const living = (): Child[] =>
      [...this.living].flatMap(([name, child]) => (name.startsWith(kind) ? [child] : []));
    await until(`a ${kind} to kill`, () => living().length > 0);
    const child = living()[which % living().length];
    const pid = Number(child?.ready['pid']);
    if (child === undefined || !Number.isInteger(pid) || pid <= 1) {
      throw new Error(`a ${kind} does not tell its process`);
    }
    process.kill(pid, 'SIGKILL');
    await child.ended;
  }

  /** Ends the database server and starts it again on the same files. */
  async bounceDatabase(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const rows = await this.read<{ pid: string }>(
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
    );
    const pid = Number(rows[0]?.pid);
    if (!Number.isInteger(pid) || pid <= 1) throw new Error('the server does not tell its process');
    process.kill(pid, signal);
    while (isThere(pid)) await sleep(20);
    this.database = await ensureDatabase({ dataDir: this.folder });
    this.line.retarget(placeOf(this.database.url));
  }

  /** A question asked past the line, on a connection of its own. */
  async read<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: READ_WITHIN_MS,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql, values)).rows as T[];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    this.ending.abort();
    const order = ['hub', 'clearing', 'sandbox'];
    const children = [...this.living].sort(
      ([a], [b]) => order.indexOf(a.split(' ')[0] ?? '') - order.indexOf(b.split(' ')[0] ?? ''),
    );
    for (const [, child] of children) await child.stop();
    await Promise.all(this.keeping);
    await this.line.close();
    await this.redis?.close();
    await this.database.stop();
  }

  private keep(name: string, kind: ProcessKind): void {
    this.keeping.push(this.keepAlive(name, kind));
  }

  private async keepAlive(name: string, kind: ProcessKind): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        const child = await startChild(kind, this.environment(), signal);
        this.living.set(name, child);
        await child.ended;
      } catch {
        // It found no database, or was told to stop: the loop knows which.
      }
      this.living.delete(name);
      await sleep(RESTART_AFTER_MS);
    }
  }

  private environment(): Record<string, string> {
    const url = new URL(this.database.url);
    url.host = `127.0.0.1:${String(this.line.port)}`;
    return {
      ...TIMETABLE,
      WAYFARE_DATA_DIR: this.folder,
      PORT: String(this.hubPort),
      HOST: '127.0.0.1',
      HUB_URL: `http://127.0.0.1:${String(this.hubPort)}`,
      DATABASE_URL: url.href,
      REDIS_URL: this.redis?.url ?? '',
      WORKERS_INLINE: 'no',
      DATABASE_POOL_SIZE: '6',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    };
  }

  private untilLiving(name: string): Promise<void> {
    return until(`the ${name}`, () => this.living.has(name));
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + LIVING_WITHIN_MS;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`not there in time: ${what}`);
    await sleep(20);
  }
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
