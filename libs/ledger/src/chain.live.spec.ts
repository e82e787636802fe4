/*
 * Goal: every entry is sealed once, in one chain, whoever seals and however late it commits, and a
 * cycle does not become final outside it. Method: a real PostgreSQL; entries go the real way, and
 * several sealers work at the same moment.
 */
import { jest } from '@jest/globals';
import { digestOfEntry, entryText } from '#domain/chain/entry-digest';
import { entryCase } from '#testkit/journal-cases';
import {
  LEDGER_CYCLE,
  openLedger,
  postStaged,
  sealPosted,
  stageCases,
  withSealedLedger,
} from '#testkit/ledger-cases';
import { checkChain } from './chain-check.js';
import { countUnsealed, digestPosted } from './chain-digests.js';
import {
  entriesSealed,
  findCycleHead,
  findHead,
  recordCycleHead,
  sealBlock,
  sealedThrough,
  sealLeftovers,
  sha256,
} from './chain-seal.js';

jest.setTimeout(30_000);

describe('sealing', () => {
  it('seals every posted entry once, and the check finds nothing wrong', async () => {
    await withSealedLedger(async (db) => {
      const report = await checkChain(db.dataSource);
      expect(report).toMatchObject({ ok: true, entries: 22, unsealed: 2, faults: [] });
      expect(report.blocks).toBeGreaterThan(3);
      expect(report.head.hash).toBe((await findHead(db.dataSource.manager)).hash);
      await sealPosted(db);
      expect(await checkChain(db.dataSource)).toMatchObject({ ok: true, unsealed: 0 });
      const [row] = await db.dataSource.query<{ n: number }[]>(
        'SELECT sum(size)::integer AS n FROM journal_blocks',
      );
      expect(row?.n).toBe(22);
    });
  });

  it('seals an entry that committed late under a low number', async () => {
    const db = await openLedger();
    const late = db.dataSource.createQueryRunner();
    try {
      // Opens the accounts, for which the two transactions would wait for each other.
      await stageCases(db, [9]);
      await postStaged(db);
      await late.startTransaction();
      await stageCases(db, [1], late.manager);
      await stageCases(db, [2, 3]);
      await postStaged(db);
      await sealPosted(db);
      await late.commitTransaction();
      await postStaged(db);
      await sealPosted(db);
      const report = await checkChain(db.dataSource);
      expect(report).toMatchObject({ ok: true, blocks: 2, entries: 4, unsealed: 0 });
    } finally {
      await late.release();
      await db.close();
    }
  });

  it('makes one chain when many digest and seal at the same moment', async () => {
    const db = await openLedger();
    try {
      const numbers = Array.from({ length: 60 }, (_, i) => i + 1);
      await stageCases(db, numbers);
      await postStaged(db, 3);
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          for (let turn = 0; turn < 12; turn++) {
            await digestPosted(db.dataSource.manager, 1);
            await db.dataSource.transaction((tx) => sealBlock(tx, 2));
          }
        }),
      );
      await sealPosted(db);
      expect(await checkChain(db.dataSource)).toMatchObject({
        ok: true,
        entries: 60,
        unsealed: 0,
      });
    } finally {
      await db.close();
    }
  });

  it('computes in the database what the rule computes here', async () => {
    await withSealedLedger(async (db) => {
      const [row] = await db.dataSource.query<Record<string, string>[]>(
        `SELECT e.*, encode(d.digest, 'hex') AS digest,
                (extract(epoch FROM staged_at) * 1000000)::bigint::text AS staged_us,
                (extract(epoch FROM posted_at) * 1000000)::bigint::text AS posted_us
         FROM journal_entries e JOIN journal_digests d USING (entry_no)
         WHERE id = '${entryCase(7, LEDGER_CYCLE).id}'`,
      );
      if (row === undefined) throw new Error('no entry');
      const expected = entryCase(7, LEDGER_CYCLE);
      // From the entry as it was staged, not from its lines in the database.
      const entry = {
        entryNo: row['entry_no'] ?? '',
        id: expected.id,
        event: expected.event,
        kind: expected.kind,
        paymentId: expected.paymentId,
        cycleId: LEDGER_CYCLE,
        traceId: expected.traceId,
        stagedAtUs: row['staged_us'] ?? '',
        postedAtUs: row['posted_us'] ?? '',
        batchNo: row['batch_no'] ?? '',
        lineCount: expected.lines.length,
        lines: expected.lines.map(({ account, minor }, i) => ({
          lineNo: i + 1,
          accountId: 0,
          accountName: `${account.owner}|${account.kind}|${account.currency}|${account.of ?? ''}`,
          minor: minor.toString(),
        })),
      };
      expect(entryText(entry).split('\n')).toHaveLength(12);
      expect(digestOfEntry(entry, sha256)).toBe(row['digest']);
    });
  });

  it('says whether a cycle is sealed, seals what is left, and keeps its head', async () => {
    await withSealedLedger(async (db) => {
      const { manager } = db.dataSource;
      expect(await sealedThrough(manager, LEDGER_CYCLE)).toBe(false);
      expect(await sealedThrough(manager, 'cyc_20261122')).toBe(true);
      expect(await entriesSealed.unmet(manager, LEDGER_CYCLE)).toContain('2 posted entries');
      await db.dataSource.transaction((tx) => sealLeftovers(tx, LEDGER_CYCLE));
      expect(await entriesSealed.unmet(manager, LEDGER_CYCLE)).toBeNull();
      expect(await sealedThrough(manager, LEDGER_CYCLE)).toBe(true);
      expect((await countUnsealed(manager)).entries).toBe(0);
      const head = await recordCycleHead(manager, LEDGER_CYCLE);
      expect(head).toEqual(await findHead(manager));
      expect(await findCycleHead(manager, LEDGER_CYCLE)).toMatchObject({ hash: head.hash });
      const later = await checkChain(db.dataSource, { expectHead: head.hash.toUpperCase() });
      expect(later).toMatchObject({ ok: true, faults: [] });
    });
  });

  it('waits while another sealer holds entries of the cycle', async () => {
    await withSealedLedger(async (db) => {
      await db.dataSource.transaction(async (other) => {
        await digestPosted(other, 99);
        const why = await db.dataSource.transaction(async (tx) => {
          await sealLeftovers(tx, LEDGER_CYCLE);
          return entriesSealed.unmet(tx, LEDGER_CYCLE);
        });
        expect(why).toContain('2 posted entries');
      });
    });
  });

  it('needs a transaction, or a crash between its statements would lose what it took', async () => {
    await withSealedLedger(async (db) => {
      await digestPosted(db.dataSource.manager, 9);
      await expect(sealBlock(db.dataSource.manager, 9)).rejects.toThrow('in a transaction');
      expect((await countUnsealed(db.dataSource.manager)).entries).toBe(2);
    });
  });

  it('appends only', async () => {
    await withSealedLedger(async (db) => {
      for (const table of ['journal_blocks', 'journal_digests', 'cycle_seals']) {
        await expect(db.dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
      }
    });
  });
});
