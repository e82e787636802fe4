import { AccountBook, dailyCycleAt, ensureCycles, foldAccountTotals } from '#ledger';
import { netFlows, type CurrencyNetting, type PairFlow } from '#domain/netting/net-flows';
import type { AccountRef } from '#domain/journal';
import { readBooks, readPairFlows, sumRawLines } from '#settlement';
import type { DataSource, EntityManager } from 'typeorm';
import { withScratchDatabase } from './scratch-database.js';

/** How long it takes to net one day, by three ways that must come to the same. */
export interface NettingFigures {
  readonly payments: number;
  readonly participants: number;
  readonly currencies: number;
  readonly lines: number;
  /** From the last posting to every participant's net, running totals folded and not. */
  readonly totalsMs: number;
  readonly unfoldedTotalsMs: number;
  /** Every line summed. */
  readonly rawLinesMs: number;
  /** Every line summed by pair of participants, for bilateral netting and the proof. */
  readonly pairsMs: number;
  readonly equal: boolean;
  readonly models: readonly CurrencyNetting[];
}

export interface NettingBenchOptions {
  /** Any database of the server under test. */
  readonly serverUrl: string;
  readonly payments?: number;
}

const DATABASE = 'wayfare_bench_netting';
const CURRENCIES = ['JPY', 'THB', 'KRW', 'HKD', 'SGD', 'MYR', 'PHP', 'CNY', 'USD', 'EUR'];
const WALLETS = 40;
const ACQUIRERS = 20;
const ENTRIES_PER_BATCH = 1_000;
const LINES = 11;

/**
 * A day of payments among 60 participants in 10 currencies, in the books as the clearing leaves
 * them: eleven lines each, running totals by batch. Made by SQL, because what is measured begins
 * after the last posting.
 */
export async function benchNetting(options: NettingBenchOptions): Promise<NettingFigures> {
  const { serverUrl, payments = 1_000_000 } = options;
  return withScratchDatabase(serverUrl, DATABASE, async (dataSource) => {
    const cycleId = await fillBooks(dataSource, payments);
    const { manager } = dataSource;
    const unfolded = await timed(() => netFromTotals(manager, cycleId));
    await foldAccountTotals(manager);
    const totals = await timed(() => netFromTotals(manager, cycleId));
    const raw = await timed(() => netFromLines(manager, cycleId));
    const books = await readBooks(manager, cycleId);
    const pairs = await timed(async () =>
      netFlows(await dataSource.transaction((tx) => readPairFlows(tx, cycleId, books))),
    );
    const lists = [unfolded.value, totals.value, raw.value, positionsOf(pairs.value)];
    return {
      payments,
      participants: WALLETS + ACQUIRERS,
      currencies: CURRENCIES.length,
      lines: books.reduce((sum, { lines }) => sum + lines, 0),
      totalsMs: totals.ms,
      unfoldedTotalsMs: unfolded.ms,
      rawLinesMs: raw.ms,
      pairsMs: pairs.ms,
      equal: new Set(lists.map((list) => JSON.stringify(list))).size === 1 && raw.value.length > 0,
      models: pairs.value,
    };
  });
}

async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}

/** `currency participant minor`, sorted: what all three ways must agree on. */
type Positions = readonly string[];

async function netFromTotals(tx: EntityManager, cycleId: `cyc_${string}`): Promise<Positions> {
  const books = await readBooks(tx, cycleId);
  return netOf(books.map((book) => ({ ...book })));
}

async function netFromLines(tx: EntityManager, cycleId: `cyc_${string}`): Promise<Positions> {
  const accounts = await tx.query<{ id: number; owner: string; currency: string }[]>(
    'SELECT id, owner, currency FROM accounts',
  );
  const sums = await sumRawLines(tx, cycleId);
  return netOf(
    accounts.map(({ id, owner, currency }) => {
      return { owner, currency, minor: sums.get(id)?.minor ?? 0n };
    }),
  );
}

/** Through the same netting, each account a flow of its own. */
function netOf(
  totals: readonly { readonly owner: string; readonly currency: string; readonly minor: bigint }[],
): Positions {
  const flows = totals
    .filter(({ owner }) => owner !== 'hub')
    .map(({ owner, currency, minor }): PairFlow => ({
      participant: owner,
      counterparty: 'hub',
      currency,
      counterCurrency: currency,
      pays: minor > 0n ? minor : 0n,
      receives: minor < 0n ? -minor : 0n,
      items: 1,
    }));
  return positionsOf(netFlows(flows));
}

function positionsOf(models: readonly CurrencyNetting[]): Positions {
  return models.flatMap(({ currency, positions }) =>
    positions.map(({ participant, minor }) => `${currency} ${participant} ${String(minor)}`),
  );
}

const FILL = `
  WITH e AS MATERIALIZED (
    SELECT n, lpad(n::text, 26, '0') AS id,
           1 + (hashint8(n + 3) & 65535) % ${WALLETS} AS w,
           1 + (hashint8(n + 7) & 65535) % ${ACQUIRERS} AS a,
           n % 20 = 0 AS refund
    FROM generate_series($2::bigint, $3::bigint) n),
  entries AS (
    INSERT INTO journal_entries (entry_no, id, event, kind, payment_id, cycle_id, trace_id,
                                 staged_at, posted_at, batch_no, line_count)
    SELECT n, 'ent_' || id, 'pay_' || id || ':cleared',
           CASE WHEN refund THEN 'paymentRefunded' ELSE 'paymentCleared' END, 'pay_' || id, $1, id,
           now(), now(), $4, ${LINES} FROM e),
  sides AS MATERIALIZED (
    SELECT e.n, s.no, s.account,
           CASE WHEN e.refund THEN -s.minor ELSE s.minor END AS minor
    FROM e
    JOIN jsonb_to_recordset($5::jsonb) AS w(no int, own int, hub int[]) ON w.no = e.w
    JOIN jsonb_to_recordset($6::jsonb) AS a(no int, own int, hub int[]) ON a.no = e.a
    CROSS JOIN LATERAL unnest(
      ARRAY[w.own, w.hub[1], w.hub[2], w.hub[3], a.own, a.hub[1], a.hub[2], a.hub[4], a.hub[5],
            w.hub[4], w.hub[5]],
      ARRAY[28000 + e.n % 9000, -27830 - e.n % 9000, -140, -30, -120000 - e.n % 7000,
            120031 + e.n % 7000, -30, -8, 7, 5, -5]::bigint[])
      WITH ORDINALITY AS s(account, minor, no)),
  lines AS (
    INSERT INTO journal_lines (entry_no, minor, account_id, line_no)
    SELECT n, minor, account, no FROM sides)
  INSERT INTO account_totals (batch_no, cycle_id, account_id, minor, lines)
  SELECT $4, $1, account, sum(minor), count(*) FROM sides GROUP BY account`;

/** The order of rows on disk is that of the clearing; only its checks of each batch are left out. */
async function fillBooks(dataSource: DataSource, payments: number): Promise<`cyc_${string}`> {
  const nowMs = Date.now();
  const cycleId = dailyCycleAt(nowMs).id;
  await ensureCycles(dataSource.manager, nowMs, 2);
  const { wallets, acquirers } = await openAccounts(dataSource);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`SET session_replication_role = 'replica'`);
    await runner.query('SET synchronous_commit = off');
    for (let from = 1; from <= payments; from += ENTRIES_PER_BATCH) {
      const to = Math.min(payments, from + ENTRIES_PER_BATCH - 1);
      const batch = 1 + Math.floor(from / ENTRIES_PER_BATCH);
      await runner.query(FILL, [cycleId, from, to, batch, wallets, acquirers]);
    }
  } finally {
    await runner.query(`SET session_replication_role = 'origin'`);
    await runner.query('SET synchronous_commit = on');
    await runner.release();
  }
  await dataSource.query('VACUUM ANALYZE journal_entries, journal_lines, account_totals');
  await dataSource.query('CHECKPOINT');
  return cycleId;
}

async function openAccounts(dataSource: DataSource) {
  const book = new AccountBook();
  const idsOf = (refs: readonly AccountRef[]) => book.resolve(dataSource.manager, refs);
  const kinds = ['fxPosition', 'fxMargin', 'schemeFeeWallet', 'rounding'] as const;
  const party = async (no: number, owner: string, kind: 'walletReceivable' | 'acquirerPayable') => {
    const currency = CURRENCIES[no % CURRENCIES.length] ?? 'JPY';
    const [own] = await idsOf([{ owner, kind, currency }]);
    const hub = await idsOf([
      ...kinds.map((of) => ({ owner: 'hub', kind: of, currency })),
      { owner: 'hub', kind: 'interchangeFxDifference', currency },
    ]);
    return { no, own, hub };
  };
  const wallets = [];
  for (let no = 1; no <= WALLETS; no++) {
    wallets.push(await party(no, `wal_${String(no)}`, 'walletReceivable'));
  }
  const acquirers = [];
  for (let no = 1; no <= ACQUIRERS; no++) {
    acquirers.push(await party(no, `acq_${String(no)}`, 'acquirerPayable'));
  }
  return { wallets: JSON.stringify(wallets), acquirers: JSON.stringify(acquirers) };
}
