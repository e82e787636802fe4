import { randomBytes } from 'node:crypto';
import { createDataSource } from '#platform/database';
import { digestOf, listMigrations, migrate } from '#platform/migrations';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** A database of one test's own: migrated, empty, gone after `close`. */
export interface TestDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly close: () => Promise<void>;
}

const TEMPLATE_LOCK = 7_199_254_742;
const POOL_SIZE = 8;

function serverUrl(): string {
  const url = process.env['WAYFARE_TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') return url;
  throw new Error(
    'WAYFARE_TEST_DATABASE_URL is not set: run live tests through `npm test [-- <path>]`, which ' +
      'starts a server, or set it to a PostgreSQL whose user may create databases',
  );
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Migrates once per server and schema: all tests clone the result. The name carries the digest of
 * every migration, and it is given last, so a template that exists is complete.
 */
async function ensureTemplate(client: pg.Client): Promise<string> {
  const migrations = listMigrations();
  const template = `wayfare_template_${digestOf(migrations).slice(0, 16)}`;
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      template,
    ]);
    if (rowCount === 1) return template;
    const raw = `${template}_raw`;
    await client.query(`drop database if exists ${raw} with (force)`);
    await client.query(`create database ${raw}`);
    await migrate(urlOf(raw), migrations);
    await client.query(`alter database ${raw} with allow_connections false`);
    await client.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1',
      [raw],
    );
    await client.query(`alter database ${raw} rename to ${template}`);
    return template;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** An empty, migrated database and a pool on it (about 0.1 s). Close it in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const name = `wayfare_test_${String(process.pid)}_${randomBytes(6).toString('hex')}`;
  await onServer(async (client) => {
    const template = await ensureTemplate(client);
    await client.query(`create database ${name} template ${template}`);
  });
  const url = urlOf(name);
  const dataSource = await createDataSource(url, { poolSize: POOL_SIZE });
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { url, dataSource, close };
}
