import type { Logger } from '#platform/telemetry/logger';
import { runMigrations, type PostgresConnectionOptions } from 'bullmq';
import pg from 'pg';

/** Where the queues live. */
export interface QueueConnection {
  readonly backend: 'postgres' | 'redis';
  readonly url: string;
}

/** The queues lie beside the data unless the user names a Redis. */
export function queueConnectionOf(databaseUrl: string, redisUrl?: string): QueueConnection {
  return redisUrl === undefined
    ? { backend: 'postgres', url: databaseUrl }
    : { backend: 'redis', url: redisUrl };
}

/** The braces keep all keys of ours in one slot of a Redis cluster. */
const REDIS_PREFIX = '{wayfare}';
/** Schema of the queue's own tables, apart from ours. */
const POSTGRES_SCHEMA = 'bullmq';
const CONNECT_TIMEOUT_MS = 4_000;
export const RETRY_MS = 1_000;
/**
 * Within this a client of a Redis that is away has made its last attempt and given up. One that is
 * closed between two attempts would neither connect nor end, and whoever closed it would wait.
 */
export const GIVE_UP_MS = RETRY_MS + 250;

/**
 * Connects to the queue's schema, making it if needed. The pool is ours and not the library's,
 * because a connection that is cut while the library holds it raises an error event that nobody
 * there listens to, which would end the process (seen when cutting connections under load).
 *
 * @param connections most that the queue or worker may hold
 * @throws if the server is away, after closing what was opened
 */
export async function openPostgresPool(
  url: string,
  connections: number,
  health: QueueHealth,
): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${POSTGRES_SCHEMA}`,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'wayfare-queue',
    keepAlive: true,
  });
  const away = (error: unknown) => {
    health.away(error);
  };
  pool.on('error', away);
  pool.on('connect', (client) => client.on('error', away));
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, POSTGRES_SCHEMA);
    } finally {
      client.release();
    }
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** The library describes a pool by a type of its own, which the driver's types do not match. */
export function postgresConnection(pool: pg.Pool): PostgresConnectionOptions {
  return pool as unknown as PostgresConnectionOptions;
}

/** Whether somebody still wants a connection. */
export interface Wanted {
  wanted: boolean;
}

/**
 * @param impatient true where a caller waits: commands then fail at once while Redis is away,
 *   instead of piling up in memory
 * @param line when it is not wanted any more, the client gives up at its next attempt instead of
 *   trying for ever, and what waits in it fails: else nobody could stop while Redis is away
 */
export function redisOptions(url: string, impatient: boolean, line: Wanted) {
  return {
    prefix: REDIS_PREFIX,
    connection: {
      url,
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableOfflineQueue: !impatient,
      maxRetriesPerRequest: null,
      retryStrategy: () => (line.wanted ? RETRY_MS : null),
    },
  };
}

/** Settles within the time a connection may take, whatever the client's own patience. */
export async function withinConnectTime(ready: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(CONNECT_TIMEOUT_MS)} ms`));
    }, CONNECT_TIMEOUT_MS);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Says once that a queue is away and once that it is back: clients report the same broken
 * connection every second, and a log full of it hides everything else.
 */
export class QueueHealth {
  private healthy = true;
  private silent = false;

  constructor(
    private readonly log: Pick<Logger, 'warn' | 'info'>,
    private readonly part: string,
    private readonly backend: QueueConnection['backend'],
  ) {}

  get isAway(): boolean {
    return !this.healthy;
  }

  away(error: unknown): void {
    if (!this.healthy || this.silent) return;
    this.healthy = false;
    const reason = reasonOf(error);
    this.log.warn(
      { part: this.part, backend: this.backend, reason },
      `${this.part}: the ${this.backend} queue is away (${reason}); ` +
        'work stays in the database and goes on when it is back',
    );
  }

  /** Sockets outlive `close` by a moment; what they report then is of no interest. */
  close(): void {
    this.silent = true;
  }

  back(): void {
    if (this.healthy || this.silent) return;
    this.healthy = true;
    this.log.info(
      { part: this.part, backend: this.backend },
      `${this.part}: the ${this.backend} queue is back`,
    );
  }
}

/** An AggregateError of Node's connect has an empty message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(reasonOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
