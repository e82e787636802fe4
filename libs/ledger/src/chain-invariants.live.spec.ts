/*
 * Goal: every check of the chain finds its own kind of fault and names the row, and a healthy chain
 * breaks none. Method: a sealed ledger whose cycle became final, then one planted fault at a time
 * with triggers switched off.
 */
import { jest } from '@jest/globals';
import { runChecks } from '#platform/invariant-check';
import { openTestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { LEDGER_CYCLE, sealPosted, withSealedLedger } from '#testkit/ledger-cases';
import { chainChecks } from './chain-invariants.js';
import { recordCycleHead } from './chain-seal.js';

const FINAL = `UPDATE cycles SET state = 'final', closed_at = ends_at, final_at = ends_at
               WHERE id = '${LEDGER_CYCLE}';`;

const FAULTS: readonly [string, readonly string[], string, string][] = [
  [
    'a block taken out',
    ['chain-linked', 'entry-sealed-once'],
    'block 3',
    `DELETE FROM journal_blocks WHERE no = 2`,
  ],
  [
    'a block dated otherwise',
    ['chain-linked'],
    'block 2',
    `UPDATE journal_blocks SET sealed_at = sealed_at - interval '1 s' WHERE no = 2`,
  ],
  [
    'a digest changed',
    ['block-content-kept'],
    'block 1',
    `UPDATE journal_digests SET digest = sha256('x') WHERE entry_no = 3`,
  ],
  [
    'an entry taken away',
    ['entry-sealed-or-waiting'],
    'entry 3',
    `DELETE FROM journal_entries WHERE entry_no = 3`,
  ],
  [
    'an entry put in by hand',
    ['entry-sealed-or-waiting'],
    'ent_forged',
    `INSERT INTO journal_entries
     SELECT 900, 'ent_forged', 'forged', kind, payment_id, cycle_id, trace_id, staged_at, posted_at,
            batch_no, line_count FROM journal_entries WHERE entry_no = 3`,
  ],
  [
    'an entry waiting that is sealed already',
    ['entry-sealed-once'],
    'entry 3',
    `INSERT INTO journal_unsealed (batch_no, entry_nos, digested_at) VALUES (1, '{3}', now())`,
  ],
  [
    'a posting that nobody seals',
    ['sealing-moving'],
    'posting',
    `UPDATE journal_unsealed SET posted_at = posted_at - interval '6 minutes'`,
  ],
  ['a cycle final before its seal', ['sealed-before-final'], LEDGER_CYCLE, FINAL],
];

jest.setTimeout(30_000);

describe('chain checks', () => {
  it('find nothing in a healthy chain, and nothing in an empty one', async () => {
    const empty = await openTestDatabase();
    try {
      expect((await runChecks(empty.dataSource, chainChecks)).filter(({ ok }) => !ok)).toEqual([]);
    } finally {
      await empty.close();
    }
    await withSealedLedger(async (db) => {
      expect((await runChecks(db.dataSource, chainChecks)).filter(({ ok }) => !ok)).toEqual([]);
      await sealPosted(db);
      await recordCycleHead(db.dataSource.manager, LEDGER_CYCLE);
      await db.dataSource.query(`SET session_replication_role = replica; ${FINAL}
                                 SET session_replication_role = DEFAULT`);
      expect((await runChecks(db.dataSource, chainChecks)).filter(({ ok }) => !ok)).toEqual([]);
    });
  }, 30_000);

  it.each(FAULTS)('find %s', async (_, names, offender, sql) => {
    await withSealedLedger(async (db) => {
      await db.dataSource.query(`SET session_replication_role = replica; ${sql};
                                 SET session_replication_role = DEFAULT`);
      const failed = (await runChecks(db.dataSource, chainChecks)).filter(({ ok }) => !ok);
      expect(failed.map(({ name }) => name)).toEqual(names);
      expect(failed[0]?.offenders[0]?.offender).toContain(offender);
    });
  });

  it.each([
    ['under the hash of nobody', `UPDATE cycle_seals SET head = sha256('x')`, 'not the hash'],
    [
      'with an entry sealed after it',
      `UPDATE cycle_seals SET block_no = 2`,
      'has entries in block',
    ],
    ['without a head', `DELETE FROM cycle_seals`, 'without a head'],
  ])('find a cycle that is final %s', async (_, sql, words) => {
    await withSealedLedger(async (db) => {
      await sealPosted(db);
      await recordCycleHead(db.dataSource.manager, LEDGER_CYCLE);
      await db.dataSource.query(`SET session_replication_role = replica; ${FINAL} ${sql};
                                 SET session_replication_role = DEFAULT`);
      const failed = (await runChecks(db.dataSource, chainChecks)).filter(({ ok }) => !ok);
      expect(failed).toMatchObject([{ name: 'sealed-before-final', count: 1 }]);
      expect(failed[0]?.offenders[0]?.detail).toContain(words);
      expect(entryCase(1, LEDGER_CYCLE).cycleId).toBe(failed[0]?.offenders[0]?.offender);
    });
  });
});
