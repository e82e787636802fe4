import type { Logger } from '#platform/telemetry/logger';

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
const RETRY_MS = 1_000;

/** @param connections most that the queue or worker may hold, one to listen aside */
export function postgresOptions(url: string, connections: number) {
  return {
    connectionString: url,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'wayfare-queue',
    keepAlive: true,
  };
}

/**
 * @param impatient true where a caller waits: commands then fail at once while Redis is away,
 *   instead of piling up in memory
 */
export function redisOptions(url: string, impatient: boolean) {
  return {
    prefix: REDIS_PREFIX,
    connection: {
      url,
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableOfflineQueue: !impatient,
      maxRetriesPerRequest: null,
      retryStrategy: () => RETRY_MS,
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
