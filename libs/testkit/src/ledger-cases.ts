import {
  AccountBook,
  claimBatch,
  dailyCycleAt,
  digestPosted,
  ensureCycles,
  postBatch,
  sealBlock,
  stageEntries,
} from '#ledger';
import { openTestDatabase, type TestDatabase } from './database.js';
import { entryCase } from './journal-cases.js';

/** The day of the cycle that `entryCase` entries of these ledgers belong to. */
export const LEDGER_NOW_MS = Date.UTC(2026, 10, 21, 12);
export const LEDGER_CYCLE = dailyCycleAt(LEDGER_NOW_MS).id;

const HOP = { queueBackend: 'postgres', jobId: 'j', enqueuedAtMs: LEDGER_NOW_MS, worker: 'w' };

/** An empty ledger with three days' cycles. */
export async function openLedger(): Promise<TestDatabase> {
  const db = await openTestDatabase();
  await ensureCycles(db.dataSource.manager, LEDGER_NOW_MS, 3);
  return db;
}

export async function stageCases(
  db: TestDatabase,
  numbers: readonly number[],
  manager = db.dataSource.manager,
): Promise<void> {
  const entries = numbers.map((n) => entryCase(n, LEDGER_CYCLE));
  await stageEntries(manager, new AccountBook(), entries);
}

/** Posts whatever is staged, in batches of `size`. */
export async function postStaged(db: TestDatabase, size = 4): Promise<void> {
  const terms = { size, leaseMs: 60_000, maxOpen: 9, relay: 'r' };
  for (;;) {
    const batch = await claimBatch(db.dataSource.manager, terms);
    if (batch === null) return;
    await postBatch(db.dataSource.manager, batch.batchNo, HOP);
  }
}

/** Seals whatever is posted, two postings to a block. */
export async function sealPosted(db: TestDatabase): Promise<void> {
  while ((await digestPosted(db.dataSource.manager, 2)).postings > 0);
  while ((await db.dataSource.transaction((tx) => sealBlock(tx, 2))) !== null);
}

/** Twenty entries, numbered 1 to 20, in four blocks, and two that are posted and not sealed yet. */
export async function openSealedLedger(): Promise<TestDatabase> {
  const db = await openLedger();
  for (let first = 1; first <= 16; first += 5) {
    await stageCases(
      db,
      Array.from({ length: 5 }, (_, i) => first + i),
    );
    await postStaged(db);
    await sealPosted(db);
  }
  await stageCases(db, [21, 22]);
  await postStaged(db);
  return db;
}

export async function withSealedLedger<T>(work: (db: TestDatabase) => Promise<T>): Promise<T> {
  const db = await openSealedLedger();
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
