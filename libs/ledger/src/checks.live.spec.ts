/*
 * Goal: every check finds its own kind of fault and names the row, and nothing else cries wolf.
 * Method: a healthy database, then one planted fault at a time, with triggers and constraints
 * switched off the way only a superuser can, inside a transaction that is rolled back.
 */
import { AccountBook } from './account-book.js';
import { ledgerChecks } from './checks.js';
import { dailyCycleAt, ensureCycles } from './cycles.js';
import { openExposures } from './exposures.js';
import { claimBatch, postBatch } from './posting.js';
import { stageEntries } from './staging.js';
import { runChecks } from '#platform/invariant-check';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const CYCLE = dailyCycleAt(NOW_MS).id;

async function healthy(): Promise<TestDatabase> {
  const db = await openTestDatabase();
  const { manager } = db.dataSource;
  const book = new AccountBook();
  await ensureCycles(manager, NOW_MS, 3);
  await openExposures(manager, [
    { participantId: 'wal_truemoney', currency: 'THB', cap: 100n, prefund: 0n },
  ]);
  await stageEntries(
    manager,
    book,
    [1, 2, 3].map((n) => entryCase(n, CYCLE)),
  );
  const batch = await claimBatch(manager, { size: 9, leaseMs: 9_000, maxOpen: 9, relay: 'r' });
  await postBatch(manager, batch?.batchNo ?? 0, {
    queueBackend: 'postgres',
    jobId: 'j',
    enqueuedAtMs: NOW_MS,
    worker: 'w',
  });
  await stageEntries(manager, book, [entryCase(4, CYCLE)]);
  return db;
}

const FINAL = `UPDATE cycles SET state = 'final', closed_at = ends_at, final_at = ends_at,
    final_lines = (SELECT count(*) FROM ledger_lines WHERE cycle_id = '${CYCLE}')
  WHERE id = '${CYCLE}'`;
const PHASE = `INSERT INTO cycles (id, kind, starts_at) VALUES ('${CYCLE}_s', 'settlement', now())`;

/** Fault, the checks that must fail, and what the first offender must name. */
const FAULTS: readonly [string, readonly string[], string, string][] = [
  [
    'one amount changed',
    ['entry-balanced', 'totals-match-lines'],
    entryCase(2, CYCLE).id,
    `UPDATE journal_lines SET minor = minor + 1 WHERE line_no = 1
       AND entry_no = (SELECT entry_no FROM journal_entries WHERE id = '${entryCase(2, CYCLE).id}')`,
  ],
  [
    'two balancing lines removed',
    ['entry-lines-complete', 'totals-match-lines'],
    entryCase(1, CYCLE).id,
    `DELETE FROM journal_lines WHERE line_no > 8
       AND entry_no = (SELECT entry_no FROM journal_entries WHERE id = '${entryCase(1, CYCLE).id}')`,
  ],
  [
    'lines without an entry',
    ['line-has-entry-and-account'],
    'line 777/1',
    `INSERT INTO journal_lines (entry_no, line_no, account_id, minor)
     SELECT 777, n, 1, 5 - 10 * (n - 1) FROM generate_series(1, 2) n`,
  ],
  [
    // Whatever stood on the account has lost its currency, so sums break with it.
    'an account removed',
    ['entry-balanced', 'line-has-entry-and-account', 'ledger-zero-sum', 'totals-match-lines'],
    entryCase(1, CYCLE).id,
    `DELETE FROM accounts WHERE kind = 'rounding'`,
  ],
  [
    'a total changed',
    ['ledger-zero-sum', 'totals-match-lines'],
    'JPY',
    `UPDATE account_totals SET minor = minor + 7
     WHERE account_id = (SELECT id FROM accounts WHERE kind = 'rounding' AND currency = 'JPY')`,
  ],
  [
    'an event posted and still staged',
    ['one-entry-per-event'],
    entryCase(3, CYCLE).event,
    `UPDATE staged_entries SET event = '${entryCase(3, CYCLE).event}'`,
  ],
  [
    'an event staged twice',
    ['one-entry-per-event'],
    entryCase(4, CYCLE).event,
    `INSERT INTO staged_entries (entry_id, event, kind, payment_id, cycle_id, account_ids, amounts)
     SELECT 'ent_again', event, kind, payment_id, cycle_id, account_ids, amounts FROM staged_entries`,
  ],
  [
    'an entry forgotten in the outbox',
    ['outbox-moving'],
    entryCase(4, CYCLE).id,
    `UPDATE staged_entries SET staged_at = staged_at - interval '2 minutes'`,
  ],
  [
    'an entry set aside',
    ['outbox-moving'],
    entryCase(4, CYCLE).id,
    `UPDATE staged_entries SET fault = 'account 9 does not exist'`,
  ],
  [
    'a batch that says more than it did',
    ['batch-counts-match'],
    'batch 1',
    `UPDATE posting_batches SET posted = 2 WHERE no = 1`,
  ],
  [
    'a cycle closed before its end',
    ['cycle-states-legal'],
    'cyc_20261123',
    `ALTER TABLE cycles DROP CONSTRAINT cycles_closed_after_end;
     UPDATE cycles SET state = 'closed', closed_at = starts_at WHERE id = 'cyc_20261123'`,
  ],
  [
    'two cycles that overlap',
    ['cycle-states-legal'],
    'cyc_20261122',
    `UPDATE cycles SET starts_at = starts_at - interval '1 s' WHERE id = 'cyc_20261122'`,
  ],
  [
    'an entry of a cycle that is not there',
    ['entry-in-known-cycle'],
    entryCase(4, CYCLE).id,
    `UPDATE staged_entries SET cycle_id = 'cyc_lost'`,
  ],
  [
    'a final cycle with an entry on the way',
    ['final-cycle-complete'],
    entryCase(4, CYCLE).id,
    `${FINAL}; ${PHASE}`,
  ],
  [
    'a final cycle that lost lines',
    ['final-cycle-complete', 'final-cycle-untouched'],
    entryCase(4, CYCLE).id,
    `${FINAL}; ${PHASE}; UPDATE cycles SET final_lines = final_lines + 2 WHERE state = 'final'`,
  ],
  [
    'a final cycle without a settlement phase',
    ['final-cycle-complete', 'final-cycle-has-its-phase'],
    entryCase(4, CYCLE).id,
    FINAL,
  ],
  ['a settlement phase of an open cycle', ['final-cycle-has-its-phase'], `${CYCLE}_s`, PHASE],
  [
    'a payment booked in a settlement phase',
    ['entry-in-its-kind-of-cycle'],
    entryCase(4, CYCLE).id,
    `INSERT INTO cycles (id, kind, starts_at) VALUES ('cyc_opening_s', 'settlement', now());
     UPDATE staged_entries SET cycle_id = 'cyc_opening_s'`,
  ],
  [
    'an exposure above its cap',
    ['exposure-within-cap'],
    'wal_truemoney THB',
    `UPDATE exposures SET reserved = 101`,
  ],
];

describe('ledger checks', () => {
  it('find nothing in a healthy database', async () => {
    const db = await healthy();
    try {
      const results = await runChecks(db.dataSource, ledgerChecks);
      expect(results.filter((result) => !result.ok)).toEqual([]);
      expect(results.length).toBe(ledgerChecks.length);
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
      const broken = (await runChecks(db.dataSource, ledgerChecks)).filter((r) => !r.ok);
      expect(broken.map((result) => result.name)).toEqual(failing);
      expect(broken[0]?.offenders[0]?.offender).toContain(offender);
      expect(broken[0]?.offenders[0]?.detail).not.toBe('');
    } finally {
      await db.close();
    }
  });

  it('have a planted fault each', () => {
    const planted = new Set(FAULTS.flatMap(([, failing]) => failing));
    expect(ledgerChecks.map((check) => check.name).filter((name) => !planted.has(name))).toEqual(
      [],
    );
  });
});
