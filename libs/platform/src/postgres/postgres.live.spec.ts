/**
 * Goal: nobody has to think about the database: it starts, is shared, outlives crashes, keeps what
 * was committed, and is gone when the last user leaves.
 * Method: real servers in temporary folders; other processes run the built launcher, and are
 * stopped, raced and killed. The build that `npm test` makes beforehand must be current.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import { projectRoot } from '../project-root.js';
import { locateCluster } from './cluster.js';
import { discardDatabase, ensureDatabase, type RunningDatabase } from './index.js';
import { findPostmaster } from './postmaster.js';
import { isAlive } from './programs.js';

const asRoot = process.getuid?.() === 0;
const launcher = join(projectRoot, 'dist/libs/platform/src/postgres/index.js');
const NOBODY = { uid: 65_534, gid: 65_534 };

jest.setTimeout(60_000);

let scratch: string;
let dataDir: string;
const children: ChildProcess[] = [];
const otherFolders: string[] = [];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'wayfare-launcher-'));
  dataDir = join(scratch, 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of [dataDir, ...otherFolders.splice(0)]) {
    await killWhatRuns(folder);
    await discardDatabase(folder);
  }
  rmSync(scratch, { recursive: true, force: true });
});

/** A test that failed half way may have left its server. */
async function killWhatRuns(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'postgres.json'))) return;
  const cluster = await locateCluster(folder);
  const running = findPostmaster(cluster);
  if (running === undefined) return;
  process.kill(running.pid, 'SIGQUIT');
  while (findPostmaster(cluster) !== undefined) await sleep(10);
}

async function start(folder = dataDir, durable = false): Promise<RunningDatabase> {
  return ensureDatabase({ dataDir: folder, durable });
}

/** Another process that holds the database until it is told to stop or dies. */
async function startElsewhere(
  folder = dataDir,
  user: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string; started: boolean }> {
  const program = `
    const { ensureDatabase } = await import(${JSON.stringify(launcher)});
    const database = await ensureDatabase({ dataDir: ${JSON.stringify(folder)}, durable: false });
    process.stdout.write(JSON.stringify({ url: database.url, started: database.started }));
    setInterval(() => undefined, 1000);
    process.on('SIGTERM', async () => { await database.stop(); process.exit(0); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  children.push(child);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const [said] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'close').then(() => {
      throw new Error(`the other process ended: ${complaint}`);
    }),
  ])) as [Buffer];
  const { url, started } = JSON.parse(said.toString()) as { url: string; started: boolean };
  return { child, url, started };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  const running = findPostmaster(await locateCluster(dataDir));
  if (running === undefined) throw new Error('no server runs');
  return running.pid;
}

describe('the embedded PostgreSQL', () => {
  it('starts in an empty folder, in UTF-8, closed to others, and stops for good', async () => {
    const database = await start();
    expect(database.started).toBe(true);
    expect(await query(database.url, 'show server_encoding')).toEqual([
      { server_encoding: 'UTF8' },
    ]);
    expect(await query(database.url, 'show server_version_num')).toEqual([
      { server_version_num: expect.stringMatching(/^18/) as string },
    ]);
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    const guess = new URL(database.url);
    guess.password = 'guess';
    await expect(query(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);

    const pid = await postmasterPid();
    await database.stop();
    await database.stop();
    await expect(query(database.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(readFileSync((await locateCluster(dataDir)).logPath, 'utf8')).toContain(
      'database system is shut down',
    );
    // Where nothing reaps orphans the dead process stays listed; ours is reaped by this one.
    expect(isAlive(pid)).toBe(false);
  });

  it('is shared, and stopped by whoever leaves last', async () => {
    const here = await start();
    await query(here.url, 'create table kept (id int)');
    const there = await startElsewhere();
    expect(there).toMatchObject({ url: here.url, started: false });

    await here.stop();
    expect(await query(there.url, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    await end(there.child, 'SIGTERM');
    await expect(query(there.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it("stays while somebody's own client is connected", async () => {
    const database = await start();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.stop();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it('is started once by many who come at the same time', async () => {
    const all = await Promise.all([start(), startElsewhere(), startElsewhere()]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ started }) => started)).toHaveLength(1);
    await all[0].stop();
  });
});

describe('after a crash', () => {
  it('of its starter, the server is found again with what was committed', async () => {
    const first = await startElsewhere();
    await query(first.url, 'create table kept as select 7 as id');
    const pid = await postmasterPid();
    await end(first.child, 'SIGKILL');

    const second = await start();
    expect(second).toMatchObject({ started: false, url: first.url });
    expect(await postmasterPid()).toBe(pid);
    expect(await query(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
    await second.stop();
    await expect(query(second.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('of the server itself, a new one takes over although its lock file names a live process', async () => {
    const first = await start(dataDir, true);
    await query(first.url, 'create table kept as select 7 as id');
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await sleep(10);
    const { folder } = await locateCluster(dataDir);
    const lockFile = join(folder, 'postmaster.pid');
    const { uid, gid } = statSync(lockFile);
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    writeFileSync(lockFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    expect(statSync(lockFile)).toMatchObject({ uid, gid });

    const second = await start();
    expect(second.started).toBe(true);
    expect(await query(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
    await first.stop();
    await second.stop();
  });
});

describe('the place of the data', () => {
  it('follows a data folder that is moved', async () => {
    const before = await start();
    await query(before.url, 'create table kept as select 7 as id');
    await before.stop();
    const moved = join(scratch, 'elsewhere');
    renameSync(dataDir, moved);
    dataDir = moved;
    const after = await start();
    expect(await query(after.url, 'select id from kept')).toEqual([{ id: 7 }]);
    await after.stop();
  });

  it('is not shared with a copy of the data folder', async () => {
    const original = await start();
    const copyDir = join(scratch, 'copy');
    otherFolders.push(copyDir);
    cpSync(dataDir, copyDir, { recursive: true });
    const copy = await start(copyDir);
    expect(copy.started).toBe(true);
    await query(copy.url, 'create table only_in_copy (id int)');
    expect(await query(original.url, "select to_regclass('only_in_copy') as t")).toEqual([
      { t: null },
    ]);
    await copy.stop();
    await original.stop();
  });

  // Another user can only be tried by root, and only where that user can read the program.
  const reachable =
    asRoot && spawnSync(process.execPath, ['-e', ''], { cwd: projectRoot, ...NOBODY }).status === 0;
  (reachable ? it : it.skip)(
    '(as root, in a folder open to others) is the data folder itself for other users',
    async () => {
      chmodSync(scratch, 0o755);
      const home = join(scratch, 'home');
      mkdirSync(home, { mode: 0o777 });
      chmodSync(home, 0o777);
      const theirs = join(home, 'data');
      otherFolders.push(theirs);
      const { child, url, started } = await startElsewhere(theirs, NOBODY);
      expect(started).toBe(true);
      expect(statSync(join(theirs, 'postgres', 'PG_VERSION')).uid).toBe(NOBODY.uid);
      await query(url, 'create table kept as select 7 as id');
      await end(child, 'SIGTERM');

      // Root then keeps that place and that user, and the owner can come back.
      const roots = await start(theirs);
      expect(await query(roots.url, 'select id from kept')).toEqual([{ id: 7 }]);
      await roots.stop();
      const again = await startElsewhere(theirs, NOBODY);
      expect(await query(again.url, 'select id from kept')).toEqual([{ id: 7 }]);
      await end(again.child, 'SIGTERM');
    },
  );

  (asRoot ? it : it.skip)('(as root) may be a folder that only root can enter', async () => {
    chmodSync(scratch, 0o700);
    const database = await start();
    expect(statSync((await locateCluster(dataDir)).folder).uid).not.toBe(0);
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await database.stop();
  });
});

describe('DATABASE_URL', () => {
  const server = process.env['WAYFARE_TEST_DATABASE_URL'] ?? '';
  const given = async (databaseUrl: string): Promise<RunningDatabase> =>
    ensureDatabase({ dataDir, databaseUrl });

  it('is used as it is', async () => {
    const database = await given(server);
    expect(database).toMatchObject({ url: server, started: false });
    await database.stop();
    expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is explained when it cannot be used, without its password', async () => {
    const wrong = (change: (url: URL) => void): string => {
      const url = new URL(server);
      change(url);
      return url.href;
    };
    const cases: [string, RegExp][] = [
      ['mysql://me:hunter2@db/x', /is no address of the form postgres:/],
      [wrong((url) => (url.port = '1')), /nothing listens there/],
      [wrong((url) => (url.password = 'hunter2')), /user or password were refused/],
      [wrong((url) => (url.pathname = '/nowhere')), /that database does not exist/],
    ];
    for (const [url, message] of cases) {
      const fault = await given(url).catch((error: unknown) => error as Error);
      expect(fault).toMatchObject({ name: 'ExplainedError' });
      expect((fault as Error).message).toMatch(message);
      expect((fault as Error).message).not.toContain('hunter2');
    }
  });
});
