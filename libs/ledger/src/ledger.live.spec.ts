/*
 * Goal: the books cannot be bent, and an entry goes from the outbox into them exactly once.
 * Method: a real PostgreSQL; every refusal is asked of the database itself, by statements that
 * bypass this library, so that a bug in the library could not pass.
 */
import { dailyCycleAt, ensureCycles } from './cycles.js';
import { AccountBook } from './account-book.js';
import { claimBatch, countStaged, foldAccountTotals, postBatch, releaseBatch } from './posting.js';
import { listEntriesOfPayment } from './journal-reading.js';
import { stageEntries } from './staging.js';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const CYCLE = dailyCycleAt(NOW_MS).id;
const HOP = { queueBackend: 'postgres', jobId: 'job-1', enqueuedAtMs: NOW_MS, worker: 'w1' };
const TERMS = { size: 100, leaseMs: 60_000, maxOpen: 10, relay: 'r1' };

let db: TestDatabase;
const book = new AccountBook();

beforeAll(async () => {
  db = await openTestDatabase();
  await ensureCycles(db.dataSource.manager, NOW_MS, 2);
});
afterAll(async () => {
  await db.close();
});

async function stage(...numbers: number[]): Promise<void> {
  await db.dataSource.transaction((tx) =>
    stageEntries(
      tx,
      book,
      numbers.map((n) => entryCase(n, CYCLE)),
    ),
  );
}

async function postAll(): Promise<{ posted: number; duplicates: number }> {
  const sum = { posted: 0, duplicates: 0 };
  for (;;) {
    const batch = await claimBatch(db.dataSource.manager, TERMS);
    if (batch === null) return sum;
    const result = await postBatch(db.dataSource.manager, batch.batchNo, HOP);
    sum.posted += result.posted;
    sum.duplicates += result.duplicates;
  }
}

describe('posting', () => {
  it('carries every line, unchanged and in order, from the outbox into the books', async () => {
    await stage(1, 2, 3);
    expect(
      (await listEntriesOfPayment(db.dataSource.manager, entryCase(2, CYCLE).paymentId))[0],
    ).toMatchObject({ state: 'staged', postedAtMs: null, hop: null });
    expect(await postAll()).toEqual({ posted: 3, duplicates: 0 });
    const expected = entryCase(2, CYCLE);
    const [entry] = await listEntriesOfPayment(db.dataSource.manager, expected.paymentId);
    expect(entry).toMatchObject({
      id: expected.id,
      event: expected.event,
      cycleId: CYCLE,
      traceId: expected.traceId,
      state: 'posted',
      claims: 1,
      hop: {
        relay: 'r1',
        jobId: 'job-1',
        queueBackend: 'postgres',
        worker: 'w1',
        enqueuedAtMs: NOW_MS,
        entriesInBatch: 3,
      },
    });
    expect(entry?.lines).toEqual(expected.lines);
    expect((await countStaged(db.dataSource.manager)).waiting).toBe(0);
  });

  it('drops an event that is posted already, and one that is staged twice in one batch', async () => {
    await stage(10);
    await postAll();
    await stage(10, 11, 11);
    expect(await postAll()).toEqual({ posted: 1, duplicates: 2 });
    const rows = await db.dataSource.query<unknown[]>(
      `SELECT FROM ledger_lines WHERE payment_id = ANY($1)`,
      [[entryCase(10, CYCLE).paymentId, entryCase(11, CYCLE).paymentId]],
    );
    expect(rows).toHaveLength(22);
  });

  it('posts a batch once when two workers have it at the same time', async () => {
    await stage(...Array.from({ length: 50 }, (_, i) => 100 + i));
    const batch = await claimBatch(db.dataSource.manager, TERMS);
    expect(batch?.entries).toBe(50);
    const both = await Promise.all(
      [1, 2, 3].map(() => postBatch(db.dataSource.manager, batch?.batchNo ?? 0, HOP)),
    );
    expect(both.map((b) => b.posted).sort((a, b) => a - b)).toEqual([0, 0, 50]);
  });

  it('gives an entry whose lease has run out to another batch, and posts it once all the same', async () => {
    await stage(200, 201);
    const lost = await claimBatch(db.dataSource.manager, { ...TERMS, leaseMs: 0 });
    const next = await claimBatch(db.dataSource.manager, TERMS);
    expect(next?.entries).toBe(2);
    expect(next?.batchNo).not.toBe(lost?.batchNo);
    expect((await postBatch(db.dataSource.manager, next?.batchNo ?? 0, HOP)).posted).toBe(2);
    expect((await postBatch(db.dataSource.manager, lost?.batchNo ?? 0, HOP)).posted).toBe(0);
    const [entry] = await listEntriesOfPayment(
      db.dataSource.manager,
      entryCase(200, CYCLE).paymentId,
    );
    expect(entry?.claims).toBe(2);
    expect(entry?.hop?.batchNo).toBe(next?.batchNo);
  });

  it('leaves nothing behind when an entry commits late, into a range that is claimed already', async () => {
    const late = db.dataSource.createQueryRunner();
    await late.startTransaction();
    await stageEntries(late.manager, book, [entryCase(230, CYCLE)]);
    await stage(231);
    await db.dataSource.transaction(async (tx) => {
      // Numbers in the outbox: 230 before 231, yet only 231 is there to be claimed.
      await stageEntries(tx, book, [entryCase(232, CYCLE)]);
    });
    const batch = await claimBatch(db.dataSource.manager, TERMS);
    expect(batch?.entries).toBe(2);
    await postBatch(db.dataSource.manager, batch?.batchNo ?? 0, HOP);
    await late.commitTransaction();
    await late.release();
    expect((await countStaged(db.dataSource.manager)).waiting).toBe(1);
    expect(await postAll()).toEqual({ posted: 1, duplicates: 0 });
  });

  it('never leases one entry to two batches at once, also around a gap', async () => {
    await stage(...Array.from({ length: 30 }, (_, i) => 240 + i));
    const narrow = { ...TERMS, size: 10 };
    const [a, b, c] = [
      await claimBatch(db.dataSource.manager, narrow),
      await claimBatch(db.dataSource.manager, narrow),
      await claimBatch(db.dataSource.manager, narrow),
    ];
    await releaseBatch(db.dataSource.manager, b?.batchNo ?? 0);
    await stage(270);
    const gap = await claimBatch(db.dataSource.manager, { ...TERMS, size: 100 });
    expect(gap?.entries).toBe(10);
    const rest = await claimBatch(db.dataSource.manager, { ...TERMS, size: 100 });
    expect(rest?.entries).toBe(1);
    expect(await claimBatch(db.dataSource.manager, TERMS)).toBeNull();
    const sizes = [];
    for (const batch of [rest, c, gap, a, b]) {
      sizes.push((await postBatch(db.dataSource.manager, batch?.batchNo ?? 0, HOP)).posted);
    }
    expect(sizes).toEqual([1, 10, 10, 10, 0]);
  });

  it('takes back a batch that could not be enqueued', async () => {
    await stage(210);
    const batch = await claimBatch(db.dataSource.manager, TERMS);
    expect(await claimBatch(db.dataSource.manager, TERMS)).toBeNull();
    await releaseBatch(db.dataSource.manager, batch?.batchNo ?? 0);
    expect(await postAll()).toEqual({ posted: 1, duplicates: 0 });
  });

  it('stops claiming while too many batches are open', async () => {
    await stage(220, 221, 222);
    const narrow = { ...TERMS, size: 1, maxOpen: 2 };
    const first = await claimBatch(db.dataSource.manager, narrow);
    const second = await claimBatch(db.dataSource.manager, narrow);
    expect(await claimBatch(db.dataSource.manager, narrow)).toBeNull();
    await postBatch(db.dataSource.manager, first?.batchNo ?? 0, HOP);
    const third = await claimBatch(db.dataSource.manager, narrow);
    expect(third?.entries).toBe(1);
    await postBatch(db.dataSource.manager, second?.batchNo ?? 0, HOP);
    await postBatch(db.dataSource.manager, third?.batchNo ?? 0, HOP);
  });

  it('undoes staging with the transaction that staged', async () => {
    await expect(
      db.dataSource.transaction(async (tx) => {
        await stageEntries(tx, book, [
          entryCase(300, CYCLE, {
            wallet: 'wal_ghost',
            walletCurrency: 'KRW',
            acquirer: 'acq_kyoto',
            acquirerCurrency: 'JPY',
          }),
        ]);
        throw new Error('the payment failed');
      }),
    ).rejects.toThrow('the payment failed');
    expect((await countStaged(db.dataSource.manager)).waiting).toBe(0);
    // The account opened by the lost transaction must not live on in the book's memory.
    const [id] = await book.resolve(db.dataSource.manager, [
      { owner: 'wal_ghost', kind: 'walletReceivable', currency: 'KRW' },
    ]);
    expect(await db.dataSource.query('SELECT owner FROM accounts WHERE id = $1', [id])).toEqual([
      { owner: 'wal_ghost' },
    ]);
  });

  it('refuses to stage what does not balance', async () => {
    const entry = entryCase(301, CYCLE);
    await expect(
      stageEntries(db.dataSource.manager, book, [{ ...entry, lines: entry.lines.slice(1) }]),
    ).rejects.toThrow(/does not balance in THB/);
  });

  it('keeps totals that equal the lines, before and after folding', async () => {
    const read = () =>
      db.dataSource.query<{ account_id: number; minor: string }[]>(
        `SELECT account_id, minor, lines FROM account_balances WHERE cycle_id = $1 ORDER BY 1`,
        [CYCLE],
      );
    const fromLines = await db.dataSource.query<unknown[]>(
      `SELECT account_id, sum(minor)::bigint AS minor, count(*) AS lines
       FROM ledger_lines WHERE cycle_id = $1 GROUP BY account_id ORDER BY 1`,
      [CYCLE],
    );
    expect(fromLines.length).toBeGreaterThan(9);
    expect(await read()).toEqual(fromLines);
    expect(await foldAccountTotals(db.dataSource.manager)).toBeGreaterThan(0);
    expect(await read()).toEqual(fromLines);
    await stage(400);
    await postAll();
    expect(await read()).not.toEqual(fromLines);
    await foldAccountTotals(db.dataSource.manager);
    expect(await foldAccountTotals(db.dataSource.manager)).toBe(0);
  });
});

describe('what the database refuses', () => {
  const header = `WITH e AS (
    INSERT INTO journal_entries (entry_no, id, event, kind, payment_id, cycle_id, staged_at,
                                 posted_at, batch_no, line_count)
    VALUES (900000, 'ent_x', 'x', 'paymentCleared', 'pay_x', '${CYCLE}', now(), now(), 1, 2))`;
  const lines = 'INSERT INTO journal_lines (entry_no, line_no, account_id, minor)';
  let account = 0;
  let other = 0;
  beforeAll(async () => {
    [account = 0, other = 0] = await book.resolve(db.dataSource.manager, [
      { owner: 'hub', kind: 'rounding', currency: 'JPY' },
      { owner: 'hub', kind: 'rounding', currency: 'THB' },
    ]);
  });

  it.each([
    [
      'an unbalanced entry',
      () =>
        `${header} ${lines} VALUES (900000, 1, ${String(account)}, 5), (900000, 2, ${String(account)}, -4)`,
      'journal_entries_balanced',
    ],
    [
      'an entry that balances only across currencies',
      () =>
        `${header} ${lines} VALUES (900000, 1, ${String(account)}, 5), (900000, 2, ${String(other)}, -5)`,
      'journal_entries_balanced',
    ],
    [
      'fewer lines than the entry says',
      () =>
        `${header.replace('1, 2)', '1, 3)')} ${lines} VALUES (900000, 1, ${String(account)}, 5), (900000, 2, ${String(account)}, -5)`,
      'journal_entries_whole',
    ],
    ['an entry without lines', () => `${header} SELECT`, 'journal_entries_whole'],
    [
      'lines without an entry',
      () =>
        `${lines} VALUES (900001, 1, ${String(account)}, 5), (900001, 2, ${String(account)}, -5)`,
      'journal_entries_whole',
    ],
    [
      'more lines for an entry that is posted',
      () =>
        `${lines} SELECT entry_no, s.n, ${String(account)}, s.minor FROM (SELECT min(entry_no) AS entry_no FROM journal_entries) e, (VALUES (12, 5), (13, -5)) s(n, minor)`,
      'journal_entries_whole',
    ],
    [
      'an account that does not exist',
      () => `${header} ${lines} VALUES (900000, 1, -1, 5), (900000, 2, -1, -5)`,
      'journal_lines_account',
    ],
    [
      'a cycle that does not exist',
      () =>
        `${header.replace(CYCLE, 'cyc_none')} ${lines} VALUES (900000, 1, ${String(account)}, 5), (900000, 2, ${String(account)}, -5)`,
      'journal_entries_cycle',
    ],
    [
      'a line of zero',
      () =>
        `${header} ${lines} VALUES (900000, 1, ${String(account)}, 0), (900000, 2, ${String(account)}, 0)`,
      'journal_lines_minor_check',
    ],
    [
      'changing an amount',
      () => 'UPDATE journal_lines SET minor = minor + 1',
      'journal_lines_append_only',
    ],
    ['deleting lines', () => 'DELETE FROM journal_lines', 'journal_lines_append_only'],
    ['emptying the lines', () => 'TRUNCATE journal_lines', 'journal_lines_append_only'],
    [
      'changing an entry',
      () => `UPDATE journal_entries SET cycle_id = '${CYCLE}'`,
      'journal_entries_append_only',
    ],
    ['deleting entries', () => 'DELETE FROM journal_entries', 'journal_entries_append_only'],
    ['changing an account', () => `UPDATE accounts SET currency = 'USD'`, 'accounts_append_only'],
    [
      'the same account twice',
      () => `INSERT INTO accounts (owner, kind, currency) VALUES ('hub', 'rounding', 'JPY')`,
      'accounts_once',
    ],
  ])('%s', async (_what, sql, constraint) => {
    await expect(db.dataSource.query(sql())).rejects.toMatchObject({ driverError: { constraint } });
  });

  it('accepts the balanced twin of what it refused', async () => {
    await db.dataSource.query(
      `${header} ${lines} VALUES (900000, 1, ${String(account)}, 5), (900000, 2, ${String(account)}, -5)`,
    );
    expect(
      await db.dataSource.query(`SELECT FROM journal_entries WHERE id = 'ent_x'`),
    ).toHaveLength(1);
  });
});
