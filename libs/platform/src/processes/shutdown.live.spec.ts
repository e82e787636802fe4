/**
 * Goal: Ctrl-C at any moment leaves neither a server nor half a transaction behind, and the shell
 * learns which signal it was.
 * Method: the built command line runs in another process on a data folder of its own and is
 * signalled while the database is being made, while it serves, and in the middle of a query.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import { discardDatabase, ensureDatabase } from '../postgres/index.js';
import { projectRoot } from '../project-root.js';

jest.setTimeout(60_000);

let scratch: string;
let dataDir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'wayfare-shutdown-'));
  dataDir = join(scratch, 'data');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  // Joins what may still run, and is then the last to leave it.
  const left = await ensureDatabase({ dataDir });
  await left.stop();
  await discardDatabase(dataDir);
  rmSync(scratch, { recursive: true, force: true });
});

function run(args: readonly string[]): { process: ChildProcess; output: () => string } {
  const started = spawn(process.execPath, [...args], {
    cwd: projectRoot,
    env: { ...process.env, WAYFARE_DATA_DIR: dataDir, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let said = '';
  started.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { process: started, output: () => said };
}

const main = join(projectRoot, 'dist/apps/cli/src/main.js');

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

async function signalled(target: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const closed = once(target, 'close');
  target.kill(signal);
  const [, by] = (await closed) as [number | null, NodeJS.Signals | null];
  return by;
}

/** True when a fresh visitor has to start a server, so none was left. */
async function nothingRuns(): Promise<boolean> {
  const visitor = await ensureDatabase({ dataDir });
  await visitor.stop();
  return visitor.started;
}

describe('a signal', () => {
  it('while the database is being made, waits for it and takes it down', async () => {
    const serving = run([main, 'db', 'serve']);
    await until(() => existsSync(join(dataDir, 'postgres.json')));
    expect(await signalled(serving.process, 'SIGINT')).toBe('SIGINT');
    expect(serving.output()).not.toContain('postgres://');
    expect(await nothingRuns()).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s while it serves, stops the server',
    async (signal) => {
      const serving = run([main, 'db', 'serve']);
      await until(() => serving.output().includes('postgres://'));
      expect(await signalled(serving.process, signal)).toBe(signal);
      expect(await nothingRuns()).toBe(true);
    },
  );

  it('in the middle of a transaction, rolls it back and stops the server', async () => {
    const program = `
      const { withDatabase } = await import(${JSON.stringify(join(projectRoot, 'dist/apps/cli/src/database.js'))});
      await withDatabase((db) => db.transaction(async (tx) => {
        await tx.query('create table half (id int)');
        process.stdout.write('working');
        await tx.query('select pg_sleep(60)');
      }));`;
    const working = run(['--input-type=module', '-e', program]);
    await until(() => working.output().includes('working'));
    expect(await signalled(working.process, 'SIGINT')).toBe('SIGINT');

    const visitor = await ensureDatabase({ dataDir });
    expect(visitor.started).toBe(true);
    const client = new pg.Client({ connectionString: visitor.url });
    await client.connect();
    expect((await client.query("select to_regclass('half') as half")).rows).toEqual([
      { half: null },
    ]);
    await client.end();
    await visitor.stop();
  });
});
