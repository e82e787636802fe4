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

it('lets two persons correct a calendar and set with whom the hub covers', async () => {
  const scopes = ['--scopes', 'read,settlement:write,approvals:write'];
  const dora = await json<{ key: string }>('operators', 'add', 'dora', ...scopes);
  const emil = await json<{ key: string }>('operators', 'add', 'emil', ...scopes);
  const file = join(folder, 'emil.key');
  await writeFile(file, `${emil.key}\n`, { mode: 0o600 });
  const at = ['--hub', hub.url];
  process.env['WAYFARE_OPERATOR_KEY'] = dora.key;
  const approve = (id: string) => wayfare('approvals', 'approve', id, '--key-file', file, ...at);
  const valueDate = async () =>
    (await wayfare('calendar', 'value-date', 'EUR', 'EUR', '--from', '2026-08-03', '--lag', '1'))
      .out;
  const correction = ['correct', 'EUR', '2026-08-04', '--closed', 'Outage', '--why', 'ECB notice'];
  const [first, second] = [
    await json<{ id: string; summary: string }>('calendar', ...correction, ...at),
    await json<{ id: string }>('calendar', ...correction, ...at),
  ];
  expect(first.summary).toBe(
    'In the EUR calendar, after version 1, 2026-08-04 is closed: Outage (ECB notice).',
  );
  expect((await wayfare('approvals', 'approve', first.id, ...at)).code).toBe(1);
  expect(await valueDate()).toContain('settles on 2026-08-04');
  expect((await approve(first.id)).code).toBe(0);
  expect(await valueDate()).toContain('settles on 2026-08-05');
  expect(await valueDate()).toContain('calendars EUR v2');
  // What it was proposed on is no more.
  expect((await approve(second.id)).code).toBe(1);
  expect(complaints).toContain('has a version after 1');
  const older = await wayfare('calendar', 'show', 'EUR', '2026', '--edition', '1');
  expect(older.out).toContain('EUR 2026, TARGET, version 1');
  expect(older.out).not.toContain('Outage');
  const log = await wayfare('audit', '--action', 'calendars.correct');
  expect(log.out).toMatch(/ emil calendars\.correct EUR .*"version":2/);
  const unknown = ['correct', 'KHR', '2026-12-28', '--closed', 'x', '--why', 'x'];
  complaints = '';
  expect((await wayfare('calendar', ...unknown, ...at)).code).toBe(1);
  expect(complaints).toContain('KHR');

  const terms = [{ currency: 'THB', spreadBps: 9, jitterBps: 1, minUsd: '100', maxUsd: '5000' }];
  const provider = {
    id: 'prv_plover',
    name: 'Plover Exchange',
    seed: 'other',
    availability: 5_000,
  };
  const providers = join(folder, 'providers.jsonl');
  await writeFile(
    providers,
    JSON.stringify({ ...provider, terms, fictional: true, source: 'a test' }),
  );
  const set = await json<{ id: string }>(
    ...['fx', 'providers', '--set', providers, '--reason', 'a better spread', ...at],
  );
  const listed = async () => (await wayfare('fx', 'providers')).out;
  expect(await listed()).toContain('Plover Exchange, answers 99.00 %');
  expect((await approve(set.id)).code).toBe(0);
  expect(await listed()).toContain('Plover Exchange, answers 50.00 %');
  expect(await listed()).toContain('THB  9 ± 1 bp, USD 1.00 to USD 50.00');
  expect(await listed()).toContain('prv_meridian');
  const [act] = await json<{ items: { before: object; after: object }[] }>(
    ...['audit', '--action', 'coverProviders.set'],
  ).then(({ items }) => items);
  expect(act).toMatchObject({
    before: { providers: [{ availability: 9_900 }] },
    after: { providers: [{ availability: 5_000 }] },
  });
}, 30_000);
