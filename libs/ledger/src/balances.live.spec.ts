/*
 * Goal: the past can be read back, and a statement's lines lead from its opening to its closing.
 * Method: batches are posted one after the other, the balances are taken down after each from the
 * lines themselves, and later each is asked for by instant, by entry number and by block.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '#testkit/database';
import { openLedger, postStaged, sealPosted, stageCases } from '#testkit/ledger-cases';
import { readBalances, type BalancePoint } from './balances.js';
import { findHead } from './chain-seal.js';
import { foldAccountTotals } from './posting.js';
import {
  listStatementLines,
  summariseStatement,
  type LinePlace,
  type StatementLine,
} from './statements.js';

interface Moment {
  readonly atMs: number;
  readonly entryNo: bigint;
  readonly blockNo: bigint;
  readonly balances: ReadonlyMap<string, bigint>;
}

let db: TestDatabase;
const moments: Moment[] = [];

beforeAll(async () => {
  db = await openLedger();
  for (const numbers of [[1, 2, 3], [4], [5, 6, 7, 8, 9]]) {
    await stageCases(db, numbers);
    await postStaged(db);
    await sealPosted(db);
    moments.push(await takeDown());
    await sleep(5);
  }
}, 30_000);
afterAll(async () => {
  await db.close();
});

/** From the lines alone, without totals. */
async function takeDown(): Promise<Moment> {
  const rows = await db.dataSource.query<Record<string, string>[]>(
    `SELECT a.owner || '|' || a.kind || '|' || a.currency || '|' || coalesce(a.of, '') AS name,
            sum(l.minor) AS minor
     FROM journal_lines l JOIN accounts a ON a.id = l.account_id GROUP BY 1`,
  );
  const [at] = await db.dataSource.query<{ ms: string; last: string }[]>(
    `SELECT ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms,
            (SELECT max(entry_no) FROM journal_entries) AS last`,
  );
  return {
    atMs: Number(at?.ms),
    entryNo: BigInt(at?.last ?? 0),
    blockNo: (await findHead(db.dataSource.manager)).blockNo,
    balances: new Map(rows.map((row) => [row['name'] ?? '', BigInt(row['minor'] ?? 0)])),
  };
}

async function balancesAt(point: BalancePoint): Promise<ReadonlyMap<string, bigint>> {
  const balances = await readBalances(db.dataSource.manager, point);
  return new Map(
    balances.map(({ account, minor }) => [
      `${account.owner}|${account.kind}|${account.currency}|${account.of ?? ''}`,
      minor,
    ]),
  );
}

describe('balances', () => {
  it.each(['instant', 'entry', 'block'] as const)('are read back by %s', async (kind) => {
    for (const { atMs, entryNo, blockNo, balances } of moments) {
      const point =
        kind === 'instant'
          ? { kind, atMs }
          : kind === 'entry'
            ? { kind, entryNo }
            : { kind, blockNo };
      expect(balances.size).toBe(11);
      expect(await balancesAt(point)).toEqual(balances);
    }
    expect(moments[0]?.balances).not.toEqual(moments[1]?.balances);
  });

  it('are the same when totals are folded, and now is the last moment', async () => {
    expect(await foldAccountTotals(db.dataSource.manager)).toBeGreaterThan(0);
    expect(await balancesAt({ kind: 'now' })).toEqual(moments[2]?.balances);
    expect(await balancesAt({ kind: 'block', blockNo: 1n })).toEqual(moments[0]?.balances);
  });

  it('show nothing before the first entry, and one owner when asked', async () => {
    expect((await balancesAt({ kind: 'instant', atMs: 0 })).size).toBe(0);
    const own = await readBalances(db.dataSource.manager, { kind: 'now' }, 'acq_kyoto');
    expect(own.map(({ account }) => account.kind)).toEqual(['acquirerPayable']);
  });
});

async function listAll(owner: string, fromMs: number, toMs: number): Promise<StatementLine[]> {
  const all: StatementLine[] = [];
  let after: LinePlace | null = null;
  for (;;) {
    const terms = { owner, fromMs, toMs };
    const page = await listStatementLines(db.dataSource.manager, terms, after, 2);
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined) return all;
    after = last;
  }
}

describe('a statement', () => {
  it.each(['wal_truemoney', 'acq_kyoto', 'hub'])(
    'of %s adds up, period after period',
    async (owner) => {
      let closings = new Map<string, bigint>();
      const bounds = [0, ...moments.map(({ atMs }) => atMs)];
      for (const [index, fromMs] of bounds.slice(0, -1).entries()) {
        const toMs = bounds[index + 1] ?? 0;
        const accounts = await summariseStatement(db.dataSource.manager, { owner, fromMs, toMs });
        const lines = await listAll(owner, fromMs, toMs);
        expect(accounts.length).toBeGreaterThan(0);
        expect(lines.length).toBe(accounts.reduce((sum, account) => sum + account.lines, 0));
        expect(lines.every((line) => line.account.owner === owner)).toBe(true);
        const next = new Map<string, bigint>();
        for (const account of accounts) {
          const key = JSON.stringify(account.account);
          const own = lines.filter((line) => JSON.stringify(line.account) === key);
          expect(account.opening).toBe(closings.get(key) ?? 0n);
          expect(own.reduce((sum, line) => sum + line.minor, account.opening)).toBe(
            account.closing,
          );
          expect(account.debits).toBeGreaterThanOrEqual(0n);
          expect(account.credits).toBeLessThanOrEqual(0n);
          next.set(key, account.closing);
        }
        closings = next;
      }
      const last = moments[2]?.balances ?? new Map<string, bigint>();
      const sum = [...last].filter(([name]) => name.startsWith(`${owner}|`));
      expect([...closings.values()].sort()).toEqual(sum.map(([, minor]) => minor).sort());
    },
  );

  it('of a stranger is empty', async () => {
    const terms = { owner: 'wal_stranger', fromMs: 0, toMs: Date.now() + 60_000 };
    expect(await summariseStatement(db.dataSource.manager, terms)).toEqual([]);
    expect(await listStatementLines(db.dataSource.manager, terms, null, 9)).toEqual([]);
  });
});
