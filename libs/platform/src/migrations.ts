import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ExplainedError } from './explained-error.js';
import { projectRoot } from './project-root.js';

/** One forward step of the schema: a plain SQL file that a feature owns. */
export interface Migration {
  /** File name without folder; its leading time stamp orders the steps of all features. */
  readonly name: string;
  readonly path: string;
  readonly sql: string;
  /** SHA-256 of the text, line ends normalised: a step that ran must never change. */
  readonly checksum: string;
}

/** Concurrent starters queue here, so that the second finds the work done. */
const MIGRATION_LOCK = 7_199_254_741;
const FILE_NAME = /^\d{12}-[a-z0-9-]+\.sql$/;

/** All features' migrations in the order in which they run. */
export function listMigrations(libsFolder: string = join(projectRoot, 'libs')): Migration[] {
  const found: Migration[] = [];
  for (const feature of readdirSync(libsFolder)) {
    const folder = join(libsFolder, feature, 'migrations');
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.sql')) found.push(readMigration(folder, name));
    }
  }
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const twice = found.find(({ name }, i) => found[i + 1]?.name === name);
  if (twice !== undefined) throw new Error(`two migrations are called ${twice.name}`);
  return found;
}

function readMigration(folder: string, name: string): Migration {
  const path = join(folder, name);
  if (!FILE_NAME.test(name)) throw new Error(`${path} is not named <yyyymmddhhmm>-<name>.sql`);
  const sql = readFileSync(path, 'utf8');
  if (!sql.startsWith('-- ')) throw new Error(`${path} does not open with a sentence of why`);
  const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
  return { name, path, sql, checksum };
}

/** Names the exact state of the schema: equal digests mean equal schemas. */
export function digestOf(migrations: readonly Migration[]): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of migrations) hash.update(`${name} ${checksum}\n`);
  return hash.digest('hex');
}

/**
 * Brings a database's schema up to date, each step in a transaction of its own; safe to run by
 * many processes at once and on every start.
 *
 * @returns the names of the steps that were applied now
 * @throws ExplainedError when an applied step was changed or is unknown to this version
 */
export async function migrate(
  url: string,
  migrations: readonly Migration[] = listMigrations(),
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'wayfare migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`
      create table if not exists schema_migrations (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from schema_migrations',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    checkHistory(applied, migrations);
    const due = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of due) await apply(client, migration);
    return due.map(({ name }) => name);
  } finally {
    // Ending the session releases the lock.
    await client.end().catch(() => undefined);
  }
}

function checkHistory(applied: Map<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const ours = known.get(name);
    if (ours === undefined) {
      throw new ExplainedError(
        `the database has a schema step this version does not know: ${name}. ` +
          'It was made by a newer version; update, or use another WAYFARE_DATA_DIR or DATABASE_URL.',
      );
    }
    if (ours !== checksum) {
      throw new ExplainedError(
        `the migration ${name} was changed after it had been applied to this database. ` +
          'Restore the file and put the change into a new one.',
      );
    }
  }
}

async function apply(client: pg.Client, { name, path, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
      name,
      checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(
      `the migration ${path}${lineOf(sql, error)} failed: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** PostgreSQL reports a character position; people look for a line. */
function lineOf(sql: string, error: unknown): string {
  const position = Number((error as { position?: string }).position);
  return Number.isInteger(position) && position > 0
    ? `:${String(sql.slice(0, position).split('\n').length)}`
    : '';
}
