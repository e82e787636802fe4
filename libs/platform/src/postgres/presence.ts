import pg from 'pg';
import { SUPERUSER } from './cluster.js';
import type { Cluster } from './cluster.js';
import { OWN_CONNECTIONS } from './connection-name.js';

/**
 * One idle connection per process that uses an embedded server, holding a shared advisory lock.
 * Whoever leaves tries to take the lock alone: that succeeds only for the last one, and keeps
 * newcomers waiting while the server goes down, so nobody is cut off in between.
 */
export interface Presence {
  readonly client: PresenceClient;
  readonly url: string;
}

/** pg's types leave out that an idle connection can be told not to keep the process alive. */
type PresenceClient = pg.Client & { ref(): void; unref(): void };

/** Any number will do, as long as nothing else in the maintenance database uses it. */
const PRESENCE_LOCK = 7_199_254_740;
const CONNECT_TIMEOUT_MS = 10_000;
const LINGER_TRIES = 10;
const LINGER_MS = 50;

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${String(port)}/${database}`;
}

/** Connects and makes the product's database if this server is new. Throws pg's error. */
export async function join(cluster: Cluster, port: number): Promise<Presence> {
  const client = new pg.Client({
    connectionString: urlOf(cluster, port, 'postgres'),
    application_name: 'wayfare presence',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  }) as PresenceClient;
  // A server that goes away is noticed by those who work with it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [PRESENCE_LOCK]);
    const { rowCount } = await client.query("select from pg_database where datname = 'wayfare'");
    if (rowCount === 0) await createProductDatabase(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  client.unref();
  return { client, url: urlOf(cluster, port, 'wayfare') };
}

async function createProductDatabase(client: pg.Client): Promise<void> {
  try {
    await client.query('create database wayfare');
  } catch (error) {
    // Another process that joined the same new server was first.
    const { code } = error as pg.DatabaseError;
    if (code !== '42P04' && code !== '23505') throw error;
  }
}

/** True when nobody else uses the server; the lock stays held until `client` ends. */
export async function isLast({ client }: Presence): Promise<boolean> {
  client.ref();
  const { rows } = await client.query<{ alone: boolean }>(
    'select pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) as alone',
    [PRESENCE_LOCK],
  );
  if (rows[0]?.alone !== true) return false;
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1',
    [OWN_CONNECTIONS],
  );
  // Connections that this process closed a moment ago take a moment to disappear.
  for (let tries = 0; tries < LINGER_TRIES; tries++) {
    const others = await client.query(
      `select from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
    );
    if (others.rowCount === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
  }
  return false;
}
