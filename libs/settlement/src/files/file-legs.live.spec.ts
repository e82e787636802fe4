/*
 * Goal: a participant's legs of a day come in the order of their numbers, and finding them costs
 * neither the day of all others nor the participant's past, whatever the planner believes.
 * Method: a day that is long past and a day of mostly others, in a real PostgreSQL which counts the
 * rows it touched; once with statistics from before both days, once with fresh ones.
 */
import { jest } from '@jest/globals';
import { closeDueCycles, numberClosedCycles } from '#clearing';
import { AccountBook, setHubClock } from '#ledger';
import { completePayments } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import type { EntityManager } from 'typeorm';
import { readLegs, type FileLeg, type LegsOf } from './file-legs.js';

jest.setTimeout(60_000);

const NOON_MS = Date.UTC(2026, 10, 20, 4);
const DAY_MS = 86_400_000;
const A_DAY = 1_500;
/** More than are read at once. */
const OWN = 300;
const OTHERS: LegsOf = {
  cycleId: 'cyc_20261121',
  participantId: 'acq_nara',
  role: 'acquirer',
  currency: 'JPY',
};
const idOf = (n: number): string => entryCase(n, 'cyc_20261121').paymentId;
const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  const { dataSource } = db;
  const { manager } = dataSource;
  const book = new AccountBook();
  await manager.query('ANALYZE payments, cycle_members, quotes');
  await manager.query(
    `INSERT INTO quotes (id, base, counter, mid_numerator, mid_denominator, price, markup_bps, tier,
                         path, issued_at, expires_at, pinned)
     VALUES ('quo_b', 'JPY', 'JPY', 1, 1, 1, 0, 'none', '[]', now(), now() + interval '1 day', false)`,
  );
  await setHubClock(manager, NOON_MS);
  await completePayments(dataSource, book, numbers(1, A_DAY));
  await setHubClock(manager, NOON_MS + DAY_MS);
  await completePayments(dataSource, book, numbers(A_DAY + 1, A_DAY));
  await manager.query(`UPDATE payments SET acquirer_id = 'acq_nara' WHERE id = ANY($1)`, [
    [...numbers(1, A_DAY), ...numbers(A_DAY + 1, OWN)].map(idOf),
  ]);
  await setHubClock(manager, NOON_MS + 2 * DAY_MS);
  await closeDueCycles(dataSource, 1_000);
  await numberClosedCycles(dataSource);
});
afterAll(() => db.close());

/** How many rows of payments this connection has looked at and not yet reported. */
async function touched(tx: EntityManager): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(
    `SELECT (seq_tup_read + idx_tup_fetch)::integer AS n
     FROM pg_stat_xact_user_tables WHERE relname = 'payments'`,
  );
  return row?.n ?? NaN;
}

async function legsOf(of: LegsOf): Promise<{ legs: FileLeg[]; pages: number; touched: number }> {
  return db.dataSource.transaction(async (tx) => {
    const pages: FileLeg[][] = [];
    const before = await touched(tx);
    for await (const page of readLegs(tx, of)) pages.push(page);
    return { legs: pages.flat(), pages: pages.length, touched: (await touched(tx)) - before };
  });
}

it.each([
  ['statistics from before', 'SELECT 1'],
  ['fresh statistics', 'ANALYZE payments, cycle_members, quotes'],
])('touches no payment but its own, with %s', async (_which, sql) => {
  await db.dataSource.query(sql);
  const read = await legsOf(OTHERS);
  expect(read.legs.map(({ id }) => id).sort()).toEqual(
    numbers(A_DAY + 1, OWN)
      .map(idOf)
      .sort(),
  );
  expect(read.pages).toBeGreaterThan(1);
  expect(read.touched).toBe(OWN);
});

it('gives them in the order of their numbers', async () => {
  const { legs } = await legsOf(OTHERS);
  const nos = legs.map(({ no }) => no);
  expect(nos).toEqual(nos.toSorted((a, b) => a - b));
  const members = await db.dataSource.query<{ subject_id: string; no: number }[]>(
    `SELECT subject_id, no FROM cycle_members WHERE cycle_id = $1`,
    [OTHERS.cycleId],
  );
  const noOf = new Map(members.map((member) => [member.subject_id, member.no]));
  expect(legs.map(({ id }) => noOf.get(id))).toEqual(nos);
});

it('leaves out what is of another currency, or was cancelled', async () => {
  expect((await legsOf({ ...OTHERS, currency: 'KRW' })).legs).toEqual([]);
  const gone = idOf(A_DAY + 7);
  await db.dataSource.query(
    `UPDATE payments SET state = 'cancelled' WHERE id = $1 AND state = 'succeeded'`,
    [gone],
  );
  const { legs } = await legsOf(OTHERS);
  expect(legs).toHaveLength(OWN - 1);
  expect(legs.map(({ id }) => id)).not.toContain(gone);
});

it('refuses a payment whose price nobody can look up', async () => {
  await db.dataSource.query(`UPDATE payments SET settlement_quote_id = 'quo_gone' WHERE id = $1`, [
    idOf(A_DAY + 9),
  ]);
  await expect(legsOf(OTHERS)).rejects.toThrow(
    `${idOf(A_DAY + 9)} has no quote, so its line could not be recomputed`,
  );
});
