/*
 * Goal: a person learns from `wayfare ledger` whether the books are what was sealed, and reads
 * their past; a script learns it from exit code and JSON. Method: the command line itself, on a
 * sealed ledger and on the same with one row bent.
 */
import { jest } from '@jest/globals';
import type { TestDatabase } from '#testkit/database';
import { openSealedLedger } from '#testkit/ledger-cases';
import { run } from '../run.js';

let db: TestDatabase;
let output = '';
let errors = '';

beforeAll(async () => {
  db = await openSealedLedger();
  process.env['DATABASE_URL'] = db.url;
}, 30_000);
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
});
beforeEach(() => {
  output = '';
  errors = '';
  process.exitCode = undefined;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

async function jsonOf<T>(...args: string[]): Promise<T> {
  output = '';
  expect(await run(args)).toBe(0);
  return JSON.parse(output) as T;
}

it('finds a whole ledger whole, under the head it shows', async () => {
  const head = await jsonOf<{ block: string; hash: string }>('ledger', 'head', '--json');
  expect(head).toMatchObject({ block: '4', unsealed: 2 });
  output = '';
  expect(await run(['ledger', 'check', '--expect', head.hash])).toBe(0);
  expect(output).toContain('22 entries in 4 blocks, 2 not sealed yet.');
  expect(output).toContain(head.hash);
  expect(output).toContain('Every row is what was sealed.');
});

it('reads balances and a statement that agree', async () => {
  type Balances = { balances: { account: { owner: string }; minor: string }[] };
  const all = await jsonOf<Balances>('ledger', 'balances', '--json');
  expect(all.balances).toHaveLength(11);
  const own = await jsonOf<Balances>('ledger', 'balances', '--owner', 'acq_kyoto', '--json');
  type Statement = { accounts: { closing: string; lines: number }[]; items: unknown[] };
  const statement = await jsonOf<Statement>(
    ...['ledger', 'statement', 'acq_kyoto', '--from', '2020-01-01', '--json'],
  );
  expect(statement.accounts).toMatchObject([{ closing: own.balances[0]?.minor, lines: 22 }]);
  expect(statement.items).toHaveLength(22);
  output = '';
  expect(await run(['ledger', 'statement', 'acq_kyoto', '--from', '2020-01-01', '--csv'])).toBe(0);
  expect(output.trim().split('\n')).toHaveLength(23);
  const past = await jsonOf<Balances>('ledger', 'balances', '--at', '2020-01-01', '--json');
  expect(past.balances).toEqual([]);
  output = '';
  expect(await run(['ledger', 'balances', '--block', '1'])).toBe(0);
  expect(output).toContain('acq_kyoto acquirerPayable');
});

it.each([
  [['ledger', 'check', '--expect', 'abc'], '64 hexadecimal digits'],
  [['ledger', 'balances', '--at', 'yesterday'], '--at takes'],
  [['ledger', 'balances', '--at', '2026-11-21T10:00'], '--at takes'],
  [['ledger', 'balances', '--entry', '1', '--block', '1'], 'one of'],
  [['ledger', 'statement', 'wal_nobody', '--from', '2020-01-01'], 'wal_nobody has no account'],
  [['ledger', 'statement', 'hub', '--from', '2020-01-02', '--to', '2020-01-01'], 'before --to'],
])('says what is wrong with %j', async (args, words) => {
  expect(await run(args)).toBe(1);
  expect(errors).toContain(words);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

it('names the tampered row, in words and as JSON, and exits 1', async () => {
  await db.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`UPDATE journal_lines SET minor = minor + 1 WHERE entry_no = 3 AND line_no = 2`);
  });
  expect(await run(['ledger', 'check'])).toBe(1);
  expect(output).toMatch(/FAIL {2}entry 3 \(ent_0+3\) line 2: line 2 was changed; it now says/);
  output = '';
  expect(await run(['ledger', 'check', '--json'])).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    ok: false,
    faultCount: 1,
    faults: [{ what: 'line' }],
  });
});
