import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databaseUrl, onServer } from './scratch-database.js';

const run = promisify(execFile);

/** The yardstick's own settings, the same wherever a ratio to it is published. */
const SCALE = 20;
const CLIENTS = 16;
const THREADS = 2;
const DATABASE = 'pgbench';

export interface PgbenchResult {
  readonly transactionsPerSecond: number;
  readonly meanLatencyMs: number;
  /** What was run, for the table. */
  readonly command: string;
}

/** The client in PATH or in Debian's versioned folders, newest first; undefined if there is none. */
export function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((version) => join(debian, String(version), 'bin')),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

/**
 * PostgreSQL's own TPC-B on the server under test, in a database of its own, so that a figure of
 * ours can be given as a ratio that another machine can repeat.
 *
 * @param serverUrl any database of the server
 * @returns undefined where no pgbench is installed
 */
export async function runPgbench(
  serverUrl: string,
  seconds = 30,
): Promise<PgbenchResult | undefined> {
  const pgbench = findPgbench();
  if (pgbench === undefined) return undefined;
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await onServer(serverUrl, `CREATE DATABASE ${DATABASE}`);
  try {
    const url = new URL(databaseUrl(serverUrl, DATABASE));
    // Through the environment: a password in the arguments shows in the process list.
    const env = {
      ...process.env,
      PGHOST: url.hostname,
      PGPORT: url.port === '' ? '5432' : url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: DATABASE,
    };
    await run(pgbench, ['-i', '-q', '-s', String(SCALE)], { env });
    const options = ['-M', 'simple', '-c', String(CLIENTS), '-j', String(THREADS)];
    const args = [...options, '-T', String(seconds)];
    const { stdout } = await run(pgbench, args, { env, maxBuffer: 1 << 24 });
    return {
      transactionsPerSecond: figureIn(stdout, /^tps = ([\d.]+)/m),
      meanLatencyMs: figureIn(stdout, /^latency average = ([\d.]+) ms/m),
      command: `pgbench -s ${String(SCALE)} ${args.join(' ')}`,
    };
  } finally {
    await onServer(serverUrl, `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  }
}

function figureIn(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`pgbench printed no ${pattern.source}:\n${output}`);
  return Number(found);
}
