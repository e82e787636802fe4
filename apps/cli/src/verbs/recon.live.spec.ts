/*
 * Goal: at the command line a person takes in partners' files, sees what is wrong and whose it is,
 * and a script learns it from the exit code; the benchmark finds what it planted and would notice
 * if it did not.
 * Method: the command line itself on a small cleared day, with files it wrote itself, one of them
 * changed by hand; the benchmark on a small day, and its scoring on lists made by hand.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { clearedPayment, openReconDay, RECON_CYCLE } from '#testkit/recon-cases';
import { scoreBreaks } from '../recon-bench/score.js';
import { run } from '../run.js';

let db: TestDatabase;
let folder: string;
let output = '';

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-recon-'));
  process.env['DATABASE_URL'] = db.url;
  await openReconDay(
    db.dataSource.manager,
    [1, 2, 3].map((n) => clearedPayment(n, BigInt(n) * 1_000n)),
  );
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  output = '';
  process.exitCode = undefined;
  const keep = (text: unknown): boolean => {
    output += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(keep);
  jest.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a line, with the exit code in front of what it printed. */
async function told(...words: string[]): Promise<string> {
  output = '';
  process.exitCode = undefined;
  const code = await run(['recon', ...words]);
  return `${String(code)} ${output}`;
}

const WALLET_FILE = `transactionItems_truemoney_THB_${RECON_CYCLE}_standard_000.csv`;
const ACQUIRER_FILE = `transactionItems_acq_kamogawa_JPY_${RECON_CYCLE}_standard_000.csv`;

it('writes partners’ files, takes them in, and is content', async () => {
  expect(await told('partner-files', RECON_CYCLE, folder)).toMatch(/^0 /);
  expect((await readdir(folder)).sort()).toEqual([ACQUIRER_FILE, WALLET_FILE].sort());
  const files = [WALLET_FILE, ACQUIRER_FILE].map((name) => join(folder, name));
  expect(await told('load', ...files)).toContain(`${WALLET_FILE}: 3 lines loaded; 0 breaks opened`);
  expect(await told('load', ...files)).toContain('known already, nothing changed');
  expect(await told('run', RECON_CYCLE)).toMatch(/^0 .*6 legs, 0 looked at.*\n\nNo breaks\.\n$/s);
});

it('tells what is wrong after a bad file, and exits with 1', async () => {
  const path = join(folder, WALLET_FILE);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(',2000,JPY,', ',2000,KRW,'));
  expect(await told('load', path)).toMatch(
    /^0 .*3 lines in place of an earlier version; 1 breaks/s,
  );
  const said = await told('run', RECON_CYCLE);
  expect(said).toMatch(/^1 /);
  expect(said).toContain(`currencyMismatch  ${clearedPayment(2, 1n).id}  (high, open`);
  expect(said).toContain('transactionCurrency: hub JPY, partner KRW');
  expect(said).toContain('owner wallet: the wallet stands alone');
  expect(said).toContain(`${WALLET_FILE}, line 5`);
  const listed = JSON.parse((await told('breaks', '--cycle', RECON_CYCLE, '--json')).slice(2)) as {
    items: { id: string }[];
  };
  expect(listed.items).toHaveLength(1);
  const id = listed.items[0]?.id ?? '';
  expect(await told('act', id, 'explain', '--reason', 'a typing mistake')).toBe(
    `0 ${id} is explained\n`,
  );
  expect(await told('act', id, 'writeOff', '--reason', 'why not')).toMatch(/^1 .*two persons/);
  expect(await told('act', id, 'dance', '--reason', 'why not')).toMatch(/^1 .*there is no action/);
  expect(await told('run', RECON_CYCLE)).toMatch(/^0 /);
  expect(await told('breaks', '--all')).toContain('explained');
});

it('says in one line what is wrong with a file or a word', async () => {
  const broken = join(folder, WALLET_FILE);
  await writeFile(broken, 'totalCount\n');
  expect(await told('load', broken)).toMatch(
    /^1 wayfare: PARAM_ILLEGAL: transactionItems_truemoney\S+ line 1, column 2: .*Nothing was loaded\.\n$/,
  );
  expect(await told('load', join(folder, 'other.csv'))).toMatch(/^1 .*is no name of a/);
  const missing = join(folder, WALLET_FILE.replace('000', '009'));
  expect(await told('load', missing)).toMatch(/^1 wayfare: cannot read .*ENOENT/);
  expect(await told('run', 'cyc_20261123')).toMatch(/^1 .*is still open/);
  expect(await told('run', 'cyc_19990101')).toMatch(/^1 .*There is no clearing cycle/);
  expect(await told('breaks', '--limit', 'many')).toMatch(/^2 /);
});

it('finds what it planted on a small day, by any seed', async () => {
  const said = await told('bench', '--payments', '2500', '--seed', '42', '--json');
  const report = JSON.parse(said.slice(said.indexOf('{'))) as {
    ok: boolean;
    ten: { planted: number; recallBps: number; precisionBps: number };
    all: { planted: number };
  };
  expect(said).toMatch(/^0 /);
  expect(report).toMatchObject({ ok: true, ten: { planted: 500 }, all: { planted: 600 } });
  expect(report.ten.recallBps).toBeGreaterThanOrEqual(9_900);
  expect(report.ten.precisionBps).toBeGreaterThanOrEqual(9_500);
  const left = await db.dataSource.query<unknown[]>(
    `SELECT FROM pg_database WHERE datname LIKE 'wayfare_recon_bench_%'`,
  );
  expect(left).toEqual([]);
}, 120_000);

it('would notice what is not found, and what is found for nothing', () => {
  const planted = [1, 2, 3, 4].map((n) => ({
    type: 'duplicate' as const,
    participantId: 'truemoney',
    subjectId: `pay_${String(n)}`,
  }));
  const [first, second, third] = planted;
  if (first === undefined || second === undefined || third === undefined) throw new Error('none');
  const named = [
    first,
    { ...second, participantId: 'kplus' },
    { ...third, type: 'wrongCycle' },
    { ...first, type: 'fileMissing', subjectId: 'file' },
  ];
  const score = scoreBreaks(planted, named);
  expect(score.ten).toEqual({
    planted: 4,
    found: 1,
    surplus: 2,
    recallBps: 2_500,
    precisionBps: 3_333,
  });
  expect(score.all).toMatchObject({ surplus: 3, precisionBps: 2_500 });
  expect(score.missed).toHaveLength(3);
});
