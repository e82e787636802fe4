/*
 * Goal: whatever is changed, added, taken away or exchanged in the sealed books is found and named.
 * Method: a sealed ledger in a real PostgreSQL, and one row bent the way only a superuser can, with
 * triggers switched off. Every fault gets a database of its own; the unbent one is checked beside.
 */
import { jest } from '@jest/globals';
import { entryCase } from '#testkit/journal-cases';
import { LEDGER_CYCLE, withSealedLedger } from '#testkit/ledger-cases';
import { checkChain, type ChainFault } from './chain-check.js';
import { findHead } from './chain-seal.js';

/** Entry numbers follow the order of staging here, so entry 7 is the seventh. */
const row = (n: number): string => `entry ${String(n)} (${entryCase(n, LEDGER_CYCLE).id})`;
const COPY_ENTRY = `
  INSERT INTO journal_entries
  SELECT 900, 'ent_forged', 'pay_forged:paymentCleared', kind, payment_id, cycle_id, trace_id,
         staged_at, posted_at, batch_no, line_count FROM journal_entries WHERE entry_no = 7;
  INSERT INTO journal_lines SELECT 900, minor, account_id, line_no
  FROM journal_lines WHERE entry_no = 7;`;

/** What is done, which row must be named, and with which words. */
const TAMPERINGS: readonly [string, string, Partial<ChainFault>, string][] = [
  [
    'an amount changed',
    `UPDATE journal_lines SET minor = minor + 1 WHERE entry_no = 7 AND line_no = 3`,
    { what: 'line', row: `${row(7)} line 3` },
    'line 3 was changed',
  ],
  [
    'two amounts changed so that all still balances',
    `UPDATE journal_lines SET minor = minor + CASE line_no WHEN 1 THEN 5 ELSE -5 END
     WHERE entry_no = 7 AND line_no IN (1, 2)`,
    { what: 'line', row: `${row(7)} line 1 and 2` },
    'line 2 was changed',
  ],
  [
    'a line moved to another account of the same currency',
    `UPDATE journal_lines SET account_id = (SELECT id FROM accounts WHERE kind = 'fxMargin')
     WHERE entry_no = 7 AND line_no = 4`,
    { what: 'line', row: `${row(7)} line 4` },
    'hub|fxMargin|THB|',
  ],
  [
    'an account given to somebody else',
    `UPDATE accounts SET owner = 'wal_other' WHERE kind = 'walletReceivable'`,
    { what: 'entry', row: row(1) },
    'the name of an account',
  ],
  [
    'a line taken away',
    `DELETE FROM journal_lines WHERE entry_no = 7 AND line_no = 11`,
    { what: 'line', row: `${row(7)} line 11` },
    'line 11 is gone',
  ],
  [
    'a line added',
    `INSERT INTO journal_lines SELECT 7, 1, min(id), 12 FROM accounts`,
    { what: 'line', row: `${row(7)} line 12` },
    'line 12 was added',
  ],
  [
    'an entry dated otherwise',
    `UPDATE journal_entries SET staged_at = staged_at - interval '1 microsecond' WHERE entry_no = 7`,
    { what: 'entry', row: row(7) },
    'its own row was changed',
  ],
  [
    'an entry moved to another cycle',
    `UPDATE journal_entries SET cycle_id = 'cyc_20261122' WHERE entry_no = 7`,
    { what: 'entry', row: row(7) },
    'cycle',
  ],
  [
    'an entry taken away with its lines',
    `DELETE FROM journal_entries WHERE entry_no = 7; DELETE FROM journal_lines WHERE entry_no = 7`,
    { what: 'entry', row: 'entry 7' },
    'it was sealed and is gone, with its lines',
  ],
  [
    'an entry taken away without a trace but the block',
    `DELETE FROM journal_entries WHERE entry_no = 7; DELETE FROM journal_lines WHERE entry_no = 7;
     DELETE FROM journal_digests WHERE entry_no = 7`,
    { what: 'digest', row: 'entry 7' },
    'its digest is gone with the entry',
  ],
  [
    'an entry put in by hand',
    COPY_ENTRY,
    { what: 'entry', row: 'entry 900 (ent_forged)' },
    'did not come through posting',
  ],
  [
    'an entry put in by hand with a digest',
    `${COPY_ENTRY} INSERT INTO journal_digests
     SELECT 900, digest, marks FROM journal_digests WHERE entry_no = 7`,
    { what: 'digest', row: 'entry 900' },
    'no block holds it',
  ],
  [
    'two entries that traded their numbers',
    `UPDATE journal_entries SET entry_no = -1 WHERE entry_no = 7;
     UPDATE journal_entries SET entry_no = 7 WHERE entry_no = 8;
     UPDATE journal_entries SET entry_no = 8 WHERE entry_no = -1`,
    { what: 'entry', row: `entry 7 (${entryCase(8, LEDGER_CYCLE).id})` },
    'its own row was changed',
  ],
  [
    'two entries that traded their lines',
    `UPDATE journal_lines SET entry_no = -1 WHERE entry_no = 7;
     UPDATE journal_lines SET entry_no = 7 WHERE entry_no = 8;
     UPDATE journal_lines SET entry_no = 8 WHERE entry_no = -1`,
    { what: 'line' },
    'was changed',
  ],
  [
    'a digest changed',
    `UPDATE journal_digests SET digest = sha256('x') WHERE entry_no = 7`,
    { what: 'entry', row: row(7) },
    'or its digest',
  ],
  [
    'an amount changed with a digest that fits',
    `UPDATE journal_lines SET minor = minor + 1 WHERE entry_no = 7 AND line_no = 3;
     UPDATE journal_digests SET digest = sha256('what a forger computed') WHERE entry_no = 7`,
    { what: 'block' },
    'are not those it sealed',
  ],
  [
    'a block that says other content',
    `UPDATE journal_blocks SET content = sha256('x') WHERE no = 2`,
    { what: 'block', row: 'block 2' },
    'its hash is not that of its content',
  ],
  [
    'a block with a hash made to fit',
    `UPDATE journal_blocks SET hash = sha256('x') WHERE no = 2`,
    { what: 'block', row: 'block 3' },
    'the hash of the block before',
  ],
  [
    'a block taken out of the middle',
    `DELETE FROM journal_blocks WHERE no = 2`,
    { what: 'block', row: 'block 3' },
    'block 2 should come here',
  ],
  [
    'the newest block taken away',
    `DELETE FROM journal_blocks WHERE no = (SELECT max(no) FROM journal_blocks)`,
    { what: 'digest', row: 'entry 16' },
    'no block holds it',
  ],
];

jest.setTimeout(30_000);

describe('the check names', () => {
  it.each(TAMPERINGS)('%s', async (_, sql, named, words) => {
    await withSealedLedger(async (db) => {
      await db.dataSource.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query(sql);
      });
      const report = await checkChain(db.dataSource);
      expect(report.ok).toBe(false);
      expect(report.faultCount).toBe(report.faults.length);
      const fault = report.faults.find(({ detail }) => detail.includes(words));
      expect(fault ?? report.faults).toMatchObject(named);
    });
  });

  it('a ledger that was cut off at its end, by a head known from elsewhere', async () => {
    await withSealedLedger(async (db) => {
      const { hash, blockNo } = await findHead(db.dataSource.manager);
      await db.dataSource.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query(
          `DELETE FROM journal_entries e USING journal_blocks b
           WHERE b.no = $1 AND e.entry_no <@ b.entries`,
          [String(blockNo)],
        );
        await tx.query(
          `DELETE FROM journal_lines l WHERE NOT EXISTS
             (SELECT FROM journal_entries e WHERE e.entry_no = l.entry_no)`,
        );
        await tx.query(
          `DELETE FROM journal_digests d USING journal_blocks b
           WHERE b.no = $1 AND d.entry_no <@ b.entries`,
          [String(blockNo)],
        );
        await tx.query('DELETE FROM journal_blocks WHERE no = $1', [String(blockNo)]);
      });
      // From the rows alone it cannot be told; that is why files carry the head.
      expect((await checkChain(db.dataSource)).ok).toBe(true);
      const report = await checkChain(db.dataSource, { expectHead: hash });
      expect(report.faults).toMatchObject([{ what: 'head', row: `head ${hash}` }]);
    });
  });
});
