import type { BookTotal } from '#domain/netting/netting-proof';
import type { PairFlow } from '#domain/netting/net-flows';
import type { CycleId } from '#domain/ids';
import { HUB } from '#domain/journal';
import type { EntityManager } from 'typeorm';

interface TotalRow {
  readonly account_id: number;
  readonly owner: string;
  readonly kind: string;
  readonly currency: string;
  readonly of: string | null;
  readonly minor: string;
  readonly lines: string;
}

/** The running totals of a cycle, account by account. */
export async function readBooks(
  tx: EntityManager,
  cycleId: CycleId,
): Promise<(BookTotal & { readonly accountId: number; readonly lines: number })[]> {
  const rows = await tx.query<TotalRow[]>(
    `SELECT account_id, owner, kind, currency, of, minor, lines FROM account_balances
     WHERE cycle_id = $1 ORDER BY owner, kind, currency, of`,
    [cycleId],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    owner: row.owner,
    account: row.kind,
    currency: row.currency,
    of: row.of,
    minor: BigInt(row.minor),
    lines: Number(row.lines),
  }));
}

// Entries of a cycle are found by the small index over cycles; their numbers then bound the lines,
// so that the days before and after are not read.
const RANGE = `
  SELECT min(entry_no)::text AS low, max(entry_no)::text AS high FROM journal_entries
  WHERE cycle_id = $1`;

const RAW_TOTALS = `
  SELECT l.account_id, sum(l.minor)::text AS minor, count(*)::text AS lines
  FROM journal_lines l JOIN journal_entries e ON e.entry_no = l.entry_no
  WHERE e.cycle_id = $1 AND l.entry_no BETWEEN $2 AND $3
    AND e.entry_no BETWEEN $2 AND $3
  GROUP BY l.account_id`;

/** The same totals summed up from every single line; minor units by account. */
export async function sumRawLines(
  tx: EntityManager,
  cycleId: CycleId,
): Promise<ReadonlyMap<number, { readonly minor: bigint; readonly lines: number }>> {
  const range = await rangeOf(tx, cycleId);
  if (range === undefined) return new Map();
  const rows = await tx.query<{ account_id: number; minor: string; lines: string }[]>(RAW_TOTALS, [
    cycleId,
    ...range,
  ]);
  return new Map(
    rows.map((row) => [row.account_id, { minor: BigInt(row.minor), lines: Number(row.lines) }]),
  );
}

async function rangeOf(tx: EntityManager, cycleId: CycleId): Promise<[string, string] | undefined> {
  const [row] = await tx.query<{ low: string | null; high: string | null }[]>(RANGE, [cycleId]);
  return row === undefined || row.low === null || row.high === null
    ? undefined
    : [row.low, row.high];
}

// An entry has at most one line of a wallet and one of an acquirer. A clearing and the cancel that
// takes it back sum to nothing and count as nothing; a refund is the way back.
const PAIRS = `
  WITH sides AS (
    SELECT l.entry_no, e.kind AS entry_kind, l.account_id, l.minor
    FROM journal_lines l JOIN journal_entries e ON e.entry_no = l.entry_no
    WHERE e.cycle_id = $1 AND l.entry_no BETWEEN $2 AND $3 AND e.entry_no BETWEEN $2 AND $3
      AND l.account_id = ANY($4::integer[])),
  pairs AS (
    SELECT w.account_id AS wallet_account, a.account_id AS acquirer_account,
           coalesce(w.entry_kind, a.entry_kind) AS entry_kind,
           count(*) AS items, coalesce(sum(w.minor), 0) AS wallet_minor,
           coalesce(sum(a.minor), 0) AS acquirer_minor
    FROM (SELECT * FROM sides WHERE account_id = ANY($5::integer[])) w
    FULL JOIN (SELECT * FROM sides WHERE NOT account_id = ANY($5::integer[])) a USING (entry_no)
    GROUP BY 1, 2, 3)
  SELECT w.owner AS wallet, w.currency AS wallet_currency, a.owner AS acquirer,
         a.currency AS acquirer_currency,
         sum(CASE entry_kind WHEN 'paymentCancelled' THEN -items ELSE items END)::text AS items,
         coalesce(sum(wallet_minor) FILTER (WHERE entry_kind <> 'paymentRefunded'), 0)::text
           AS wallet_there,
         coalesce(sum(wallet_minor) FILTER (WHERE entry_kind = 'paymentRefunded'), 0)::text
           AS wallet_back,
         coalesce(sum(acquirer_minor) FILTER (WHERE entry_kind <> 'paymentRefunded'), 0)::text
           AS acquirer_there,
         coalesce(sum(acquirer_minor) FILTER (WHERE entry_kind = 'paymentRefunded'), 0)::text
           AS acquirer_back
  FROM pairs p
  LEFT JOIN accounts w ON w.id = p.wallet_account
  LEFT JOIN accounts a ON a.id = p.acquirer_account
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;

interface PairRow {
  readonly wallet: string | null;
  readonly wallet_currency: string | null;
  readonly acquirer: string | null;
  readonly acquirer_currency: string | null;
  readonly items: string;
  readonly wallet_there: string;
  readonly wallet_back: string;
  readonly acquirer_there: string;
  readonly acquirer_back: string;
}

const MATCHING_MEMORY = '128MB';

/**
 * What moved between each wallet and each acquirer in a cycle, in both their currencies, from the
 * raw lines. A side that came to nothing in an entry leaves the hub as the other one's counterpart.
 *
 * @param tx a transaction
 */
export async function readPairFlows(
  tx: EntityManager,
  cycleId: CycleId,
  books: Awaited<ReturnType<typeof readBooks>>,
): Promise<PairFlow[]> {
  const range = await rangeOf(tx, cycleId);
  const accounts = books.filter(({ owner }) => owner !== HUB);
  if (range === undefined || accounts.length === 0) return [];
  const wallets = accounts.filter(({ account }) => account === 'walletReceivable');
  // A large day's lines are matched in memory; the transaction's end sets it right again.
  await tx.query(`SELECT set_config('work_mem', '${MATCHING_MEMORY}', true)`);
  const rows = await tx.query<PairRow[]>(PAIRS, [
    cycleId,
    ...range,
    accounts.map(({ accountId }) => accountId),
    wallets.map(({ accountId }) => accountId),
  ]);
  return rows
    .flatMap(flowsOf)
    .filter(({ items, pays, receives }) => items > 0 || pays !== receives);
}

function flowsOf(row: PairRow): PairFlow[] {
  const { wallet, wallet_currency, acquirer, acquirer_currency } = row;
  const items = Number(row.items);
  const flows: PairFlow[] = [];
  if (wallet !== null && wallet_currency !== null) {
    flows.push({
      participant: wallet,
      counterparty: acquirer ?? HUB,
      currency: wallet_currency,
      counterCurrency: acquirer_currency ?? wallet_currency,
      ...sidesOf(BigInt(row.wallet_there), BigInt(row.wallet_back)),
      items,
    });
  }
  if (acquirer !== null && acquirer_currency !== null) {
    flows.push({
      participant: acquirer,
      counterparty: wallet ?? HUB,
      currency: acquirer_currency,
      counterCurrency: wallet_currency ?? acquirer_currency,
      ...sidesOf(BigInt(row.acquirer_there), BigInt(row.acquirer_back)),
      items,
    });
  }
  return flows;
}

/** Debits go to the hub, credits come from it, whichever way the payments or refunds went. */
function sidesOf(there: bigint, back: bigint): { pays: bigint; receives: bigint } {
  const debit = (minor: bigint): bigint => (minor > 0n ? minor : 0n);
  return { pays: debit(there) + debit(back), receives: debit(-there) + debit(-back) };
}
