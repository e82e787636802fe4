/*
 * Goal: every check of cycles finds its own kind of fault and names the row, and cries no wolf.
 * Method: a healthy database with an open, a closed and a final cycle, then one planted fault at a
 * time, with triggers and constraints switched off the way only a superuser can.
 */
import { jest } from '@jest/globals';
import { AccountBook, setHubClock } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { completePayments, postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { clearingChecks } from './checks.js';
import { closeDueCycles, finaliseDueCycles, numberClosedCycles } from './cut-off.js';

jest.setTimeout(30_000);

/** Noon of 2026-11-20 at UTC+8, so that three noons are three cycles. */
const NOON_MS = Date.UTC(2026, 10, 20, 4);
const DAY_MS = 86_400_000;
const idOf = (n: number): string => entryCase(n, 'cyc_20261120').paymentId;

/** Payments 1 and 2 in a final cycle, 3 and 4 in a closed one, 5 in an open one. */
async function healthy(): Promise<TestDatabase> {
  const db = await openTestDatabase();
  const { dataSource } = db;
  const book = new AccountBook();
  await setHubClock(dataSource.manager, NOON_MS);
  await completePayments(dataSource, book, [1, 2]);
  await setHubClock(dataSource.manager, NOON_MS + DAY_MS);
  await completePayments(dataSource, book, [3, 4]);
  await setHubClock(dataSource.manager, NOON_MS + DAY_MS / 2 + DAY_MS);
  await completePayments(dataSource, book, [5]);
  await closeDueCycles(dataSource, 1_000);
  await numberClosedCycles(dataSource);
  await postOutbox(dataSource.manager);
  await finaliseDueCycles(dataSource);
  return db;
}

/** Fault, the checks that must fail, the row that must be named, and how the fault is made. */
const FAULTS: readonly [string, readonly string[], string, string][] = [
  [
    'a number left out',
    ['cycle-members-numbered', 'cycle-members-complete'],
    'cyc_20261120',
    `DELETE FROM cycle_members WHERE subject_id = '${idOf(1)}'`,
  ],
  [
    'a number skipped',
    ['cycle-members-numbered'],
    'cyc_20261121',
    `UPDATE cycle_members SET no = 7 WHERE subject_id = '${idOf(4)}'`,
  ],
  [
    'a cycle that says fewer than it has',
    ['cycle-members-numbered'],
    'cyc_20261120',
    `UPDATE cycles SET members = 1 WHERE id = 'cyc_20261120'`,
  ],
  [
    'a final cycle without numbers',
    ['cycle-members-numbered'],
    'cyc_20261119',
    `INSERT INTO cycles (id, starts_at, ends_at, state, closed_at, final_at)
     SELECT 'cyc_20261119', starts_at - interval '1 day', starts_at, 'final', starts_at, starts_at
     FROM cycles WHERE id = 'cyc_20261120'`,
  ],
  [
    'a payment that joined late',
    ['cycle-members-complete'],
    idOf(5),
    `UPDATE payments SET cycle_id = 'cyc_20261121' WHERE id = '${idOf(5)}'`,
  ],
  [
    'a member that completed in another cycle',
    ['cycle-members-complete'],
    idOf(3),
    `UPDATE cycle_members SET cycle_id = 'cyc_20261121', no = no + 2
       WHERE cycle_id = 'cyc_20261120';
     UPDATE cycle_members SET cycle_id = 'cyc_20261120' WHERE subject_id = '${idOf(3)}';
     UPDATE cycle_members SET cycle_id = 'cyc_20261120' WHERE subject_id = '${idOf(4)}';
     UPDATE cycle_members SET no = no - 2 WHERE cycle_id = 'cyc_20261121'`,
  ],
  [
    'a member under another wallet',
    ['cycle-members-complete'],
    idOf(4),
    `UPDATE cycle_members SET wallet_id = 'wal_other' WHERE subject_id = '${idOf(4)}'`,
  ],
  [
    'a cancel begun in a final cycle',
    ['no-cancel-in-final-cycle'],
    idOf(2),
    `UPDATE payments SET state = 'cancelling', duty_kind = 'cancelAtWallet', duty_attempt = 0,
       duty_due_at = now() WHERE id = '${idOf(2)}'`,
  ],
];

describe('clearing checks', () => {
  it('find nothing in a healthy database', async () => {
    const db = await healthy();
    try {
      const states = await db.dataSource.query<{ state: string }[]>(
        `SELECT state FROM cycles WHERE kind = 'daily' ORDER BY id`,
      );
      expect(states.map(({ state }) => state)).toEqual(['final', 'closed', 'open']);
      const results = await runChecks(db.dataSource, clearingChecks);
      expect(results.filter((result) => !result.ok)).toEqual([]);
    } finally {
      await db.close();
    }
  });

  it.each(FAULTS)('find %s', async (_what, failing, offender, sql) => {
    const db = await healthy();
    try {
      await db.dataSource.transaction(async (tx) => {
        await tx.query(`SET LOCAL session_replication_role = 'replica'`);
        await tx.query(sql);
      });
      const broken = (await runChecks(db.dataSource, clearingChecks)).filter((r) => !r.ok);
      expect(broken.map((result) => result.name)).toEqual(failing);
      expect(broken[0]?.offenders.map((row) => row.offender)).toContain(offender);
    } finally {
      await db.close();
    }
  });

  it('have a planted fault each', () => {
    const planted = new Set(FAULTS.flatMap(([, failing]) => failing));
    expect(clearingChecks.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });
});
