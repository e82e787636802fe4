/*
 * Goal: two ledgers of the same business have one content hash, whatever their order, batches and
 * ids, and the database computes what the rule computes; one minor unit more makes another hash.
 * Method: the same payments stored, posted and numbered in two ways, against the pure rule over the
 * entries as they were before they went into any database.
 */
import { contentHashOf, type ContentEntry } from '#domain/chain/content-hash';
import type { JournalEntry } from '#domain/journal';
import { storeCompleted } from '#testkit/cycle-cases';
import type { TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { LEDGER_CYCLE, LEDGER_NOW_MS, openLedger, postStaged } from '#testkit/ledger-cases';
import { AccountBook } from './account-book.js';
import { sha256 } from './chain-seal.js';
import { ledgerContentHash } from './content-hash.js';
import { currentSettlementPhase } from './cycle-finality.js';
import { stageEntries } from './staging.js';

const LINES: JournalEntry['lines'] = [
  { account: { owner: 'hub', kind: 'nostro', currency: 'THB' }, minor: 5_000n },
  { account: { owner: 'wal_truemoney', kind: 'prefund', currency: 'THB' }, minor: -5_000n },
];

async function ledgerOf(
  numbers: readonly number[],
  batch: number,
  deposit: string,
): Promise<TestDatabase> {
  const db = await openLedger();
  const into = { cycleId: LEDGER_CYCLE, completedAtMs: LEDGER_NOW_MS };
  for (const n of numbers) {
    await db.dataSource.transaction((tx) => storeCompleted(tx, new AccountBook(), [n], into));
  }
  await db.dataSource.transaction(async (tx) => {
    const cycleId = await currentSettlementPhase(tx);
    const event = `${deposit}:prefundReceived`;
    await stageEntries(tx, new AccountBook(), [
      {
        ...{ id: `ent_${deposit}`, kind: 'prefundReceived', event, paymentId: null },
        ...{ cycleId, traceId: null, lines: LINES },
      },
    ]);
  });
  await postStaged(db, batch);
  return db;
}

it('is the same for the same business, and what the rule says', async () => {
  const one = await ledgerOf([1, 2, 3, 4, 5], 2, 'dep_first');
  const other = await ledgerOf([4, 1, 5, 3, 2], 4, 'dep_second');
  try {
    const expected: ContentEntry[] = [
      ...[1, 2, 3, 4, 5].map((n) => {
        const { paymentId, kind, lines } = entryCase(n, LEDGER_CYCLE);
        return { subject: `acq_kyoto|${paymentId}`, kind, lines };
      }),
      { subject: '-', kind: 'prefundReceived', lines: LINES },
    ];
    const hash = contentHashOf(expected, sha256);
    expect(await ledgerContentHash(one.dataSource.manager)).toEqual({ hash, entries: 6 });
    expect(await ledgerContentHash(other.dataSource.manager)).toEqual({ hash, entries: 6 });
    await other.dataSource.query(
      `SET session_replication_role = replica;
       UPDATE journal_lines SET minor = minor + 1 WHERE (entry_no, line_no) = (3, 2);
       SET session_replication_role = DEFAULT`,
    );
    const bent = await ledgerContentHash(other.dataSource.manager);
    expect(bent.entries).toBe(6);
    expect(bent.hash).not.toBe(hash);
  } finally {
    await one.close();
    await other.close();
  }
}, 30_000);

it('is that of nothing for an empty ledger', async () => {
  const db = await openLedger();
  try {
    const empty = { hash: contentHashOf([], sha256), entries: 0 };
    expect(await ledgerContentHash(db.dataSource.manager)).toEqual(empty);
  } finally {
    await db.close();
  }
}, 30_000);
