import { DataSource } from 'typeorm';
import { connectionName } from './postgres/connection-name.js';
import { PreparingClient } from './prepared-statements.js';
import type { DataSourceOptions, MixedList, EntitySchema } from 'typeorm';

export interface DataSourceChoices {
  /** Connections this process may hold; the sum over all processes must stay under the server's. */
  readonly poolSize?: number;
  /** The part that connects, seen in `pg_stat_activity` with the process's number. */
  readonly applicationName?: string;
  // TypeORM's own type for "a class with decorators" is Function.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
  readonly entities?: MixedList<Function | string | EntitySchema>;
}

const DEFAULT_POOL_SIZE = 10;
/** A starved pool is a fault to report, not a wait without end. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A transaction forgotten by a bug must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/**
 * The one place that says how this product talks to PostgreSQL. The schema is SQL files' alone.
 *
 * Connections are pipelined: statements of one transaction that are started together
 * (`Promise.all`) are sent together, and the server executes them in the order they were started.
 * Locks are held for one round trip instead of many. If one fails, the transaction has failed and
 * those behind it are refused by the server.
 */
export function dataSourceOptions(url: string, choices: DataSourceChoices = {}): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    poolSize: choices.poolSize ?? DEFAULT_POOL_SIZE,
    applicationName: connectionName(choices.applicationName ?? 'wayfare'),
    ...(choices.entities === undefined ? {} : { entities: choices.entities }),
    synchronize: false,
    migrationsRun: false,
    logging: false,
    installExtensions: false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      keepAlive: true,
      pipeline: true,
      Client: PreparingClient,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  };
}

/** A connected data source; whoever makes it calls `destroy()`. */
export async function createDataSource(
  url: string,
  choices: DataSourceChoices = {},
): Promise<DataSource> {
  return new DataSource(dataSourceOptions(url, choices)).initialize();
}
