/*
 * Goal: from the command line a final cycle is netted, shown, compared and proven, and the proof it
 * writes is the one that checks out without the database.
 * Method: a clearing day played on a real PostgreSQL that nobody has netted yet, and every verb over
 * it; then the written proof with one amount changed.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AccountBook, dailyCycleAt } from '#ledger';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { playCycle, prepareSettlement } from '#testkit/settlement-cases';
import { run } from '../run.js';

let db: TestDatabase;
let folder: string;
let cycleId: string;
let output = '';
let errors = '';

beforeAll(async () => {
  [db, folder] = await Promise.all([
    openTestDatabase(),
    mkdtemp(join(tmpdir(), 'wayfare-settle-')),
  ]);
  await prepareSettlement(db.dataSource);
  cycleId = await playCycle(db.dataSource, new AccountBook(), '2026-11-19', [
    { wallet: 'wal_siam', owes: 28_286n, acquirer: 'acq_kamo', receives: 118_000n, count: 3 },
    {
      wallet: 'wal_siam',
      owes: 9_000n,
      acquirer: 'acq_kamo',
      receives: 38_000n,
      refund: { released: 9_000n, held: 0n },
    },
  ]);
  process.env['DATABASE_URL'] = db.url;
}, 30_000);
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
  await rm(folder, { recursive: true, force: true });
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

it('proves a final cycle, and the written proof holds for a stranger', async () => {
  const file = join(folder, 'proof.json');
  expect(await run(['settle', 'prove', cycleId, '--out', file])).toBe(0);
  // Three payments of 282.86 and a refund of 90.00: 938.58 move singly, 758.58 net.
  expect(output).toMatch(/THB +THB 938\.58 in 4 +THB 758\.58 in 1 +THB 758\.58 in 1/);
  expect(output).toContain('The proof holds.');
  delete process.env['DATABASE_URL'];
  try {
    output = '';
    expect(await run(['settle', 'check', file, '--json'])).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ ok: true, cycle: cycleId });
    const forged = (await readFile(file, 'utf8')).replaceAll('"75858"', '"75857"');
    await writeFile(file, forged);
    expect(await run(['settle', 'check', file])).toBe(1);
  } finally {
    process.env['DATABASE_URL'] = db.url;
  }
}, 30_000);

it('shows who pays whom, and when', async () => {
  expect(await run(['settle', 'show', cycleId])).toBe(0);
  expect(output).toMatch(/wal_siam +wallet +pays +THB 758\.58 +due +2026-11-24/);
  expect(output).toMatch(/acq_kamo +acquirer +receives +JPY 316,000 +due +2026-11-24/);
}, 30_000);

it('compares models and queues of the cycle, and tells liquidity', async () => {
  expect(await run(['settle', 'compare', cycleId, '--json'])).toBe(0);
  const { models } = JSON.parse(output) as { models: { currency: string }[] };
  expect(models.map(({ currency }) => currency)).toEqual(['JPY', 'THB']);
  output = '';
  expect(await run(['settle', 'queues', '--cycle', cycleId, '--currency', 'JPY', '--json'])).toBe(
    0,
  );
  expect((JSON.parse(output) as { transfers: number }).transfers).toBe(2);
  output = '';
  expect(await run(['settle', 'liquidity'])).toBe(0);
  expect(output).toMatch(/wal_siam .*THB 758\.58/);
}, 30_000);

it('says in one line what cannot be proven', async () => {
  expect(await run(['settle', 'prove', 'cyc_19990101'])).toBe(1);
  expect(errors).toContain('there is no clearing cycle cyc_19990101');
  const open = dailyCycleAt(Date.parse('2026-11-20T12:00:00+08:00'));
  await db.dataSource.query(
    `INSERT INTO cycles (id, starts_at, ends_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [open.id, new Date(open.startsAtMs), new Date(open.endsAtMs)],
  );
  errors = '';
  expect(await run(['settle', 'prove', open.id])).toBe(1);
  expect(errors).toContain('is open');
}, 30_000);
