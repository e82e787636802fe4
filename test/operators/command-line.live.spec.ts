/*
 * Goal: keys are issued, acts proposed and approved, and the record of it read from the command
 * line, and no key is ever an argument.
 * Method: the command line itself against a hub in this process, on a database and folder of its own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { loadConfig } from '#platform/config';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { startHub, type RunningHub } from '../../apps/hub/src/start-hub.js';
import { run } from '../../apps/cli/src/run.js';

let db: TestDatabase;
let folder: string;
let hub: RunningHub;
let output = '';
let complaints = '';

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-keys-'));
  process.env['DATABASE_URL'] = db.url;
  process.env['WAYFARE_DATA_DIR'] = folder;
  const config = loadConfig({
    PORT: '0',
    WAYFARE_DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    WORKERS_INLINE: 'no',
  });
  hub = await startHub({ config, databaseUrl: db.url });
}, 60_000);
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  delete process.env['WAYFARE_DATA_DIR'];
  await hub.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  complaints = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaints += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env['WAYFARE_OPERATOR_KEY'];
  process.exitCode = undefined;
});

async function wayfare(...args: string[]): Promise<{ code: number; out: string }> {
  output = '';
  const code = await run(args);
  return { code, out: output };
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, out } = await wayfare(...args, '--json');
  if (code !== 0) throw new Error(`exit ${String(code)}: ${complaints}`);
  return JSON.parse(out) as T;
}

it('issues a key, shows it once, lists it without its secret, and ends it', async () => {
  const { key } = await json<{ key: string }>('operators', 'add', 'cleo', '--scopes', 'read');
  expect(key).toMatch(/^wok_[0-9a-z]{26}_[\w-]{43}$/);
  const ask = () => fetch(`${hub.url}/api/audit`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  const list = await wayfare('operators', 'list');
  expect(list.out).toMatch(/cleo\s+active\s.*cleo: read/);
  expect(list.out).not.toContain(key.slice(-43));
  const revoked = await wayfare('operators', 'revoke', 'cleo', '--reason', 'left');
  expect(revoked).toMatchObject({ code: 0, out: 'The key cleo of cleo is revoked.\n' });
  expect((await ask()).status).toBe(403);
});

it('tells in one line what is wrong with a wish', async () => {
  for (const [args, words] of [
    [['operators', 'add', 'x', '--scopes', 'everything'], 'give one of read'],
    [['operators', 'add', 'x'], 'either scopes or a participant'],
    [['operators', 'revoke', 'nobody'], 'No key in force'],
    [['approvals', 'list', '--hub', 'http://127.0.0.1:1'], 'no hub answers'],
    [['approvals', 'list', '--hub', hub.url, '--key-file', '/none'], 'no key can be read'],
    [['approvals', 'list'], 'no hub runs on this data folder'],
  ] as const) {
    complaints = '';
    expect((await wayfare(...args)).code).toBe(1);
    expect(complaints).toContain(words);
    expect(complaints.trim().split('\n')).toHaveLength(1);
  }
  expect((await wayfare('audit', '--limit', 'many')).code).toBe(2);
});

it('lets two persons change a cap, and neither alone', async () => {
  const scopes = ['--scopes', 'read,caps:write,approvals:write'];
  const ana = await json<{ key: string }>('operators', 'add', 'ana', ...scopes);
  const ben = await json<{ key: string }>('operators', 'add', 'ben', ...scopes);
  const file = join(folder, 'ben.key');
  await writeFile(file, `${ben.key}\n`, { mode: 0o600 });
  const at = ['--hub', hub.url];
  process.env['WAYFARE_OPERATOR_KEY'] = ana.key;
  const proposed = await json<{ id: string }>(
    ...['approvals', 'caps', 'truemoney', '--cap', '5000000', '--reason', 'a test', ...at],
  );
  expect((await wayfare('approvals', 'approve', proposed.id, ...at)).code).toBe(1);
  expect(complaints).toContain('another person must approve it');
  const pending = await wayfare('approvals', 'list', '--state', 'pending', ...at);
  expect(pending.out).toMatch(/THB 50,000\.00 for truemoney.* Proposed by ana: a test/);
  const done = await wayfare('approvals', 'approve', proposed.id, '--key-file', file, ...at);
  expect(done).toMatchObject({
    code: 0,
    out: expect.stringContaining('executed by ben') as string,
  });
  const log = await wayfare('audit', '--action', 'caps.change');
  expect(log.out).toMatch(/ ben caps\.change truemoney .*"cap":"5000000"/);
  expect((await wayfare('approvals', 'reject', proposed.id, ...at)).code).toBe(1);
});

it('proposes any act by its payload, and says what there is', async () => {
  const at = ['--hub', hub.url];
  const actions = await wayfare('approvals', 'actions', ...at);
  expect(actions.out).toMatch(/^caps\.change\s+caps:write$/m);
  const words = ['--reason', 'x', ...at];
  expect((await wayfare('approvals', 'propose', 'caps.change', '{}', ...words)).code).toBe(1);
  expect(complaints).toContain('payload.participantId');
  expect((await wayfare('approvals', 'propose', 'caps.change', 'no', ...words)).code).toBe(1);
  expect(complaints).toContain('the payload is not JSON');
});
