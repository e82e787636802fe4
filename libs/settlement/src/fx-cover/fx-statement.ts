import type { FxPositionView, FxStatementView } from '#contracts/operator/fx-books';
import type { CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import type { CycleId } from '#domain/ids';
import type { AccountKind } from '#domain/journal';
import { formatMoney } from '#domain/money';
import { convertAt } from '#domain/rates/convert';
import { FUNCTIONAL_CURRENCY } from '#domain/rates/rate-book';
import { ratio, ratioText } from '#domain/rates/ratio';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { settlementPhaseOf } from '#ledger';
import type { EntityManager } from 'typeorm';
import { entryRange } from './entry-range.js';

/** Accounts whose movement is the hub's gain (credit) or loss (debit). */
const RESULT_ACCOUNTS: readonly AccountKind[] = [
  'fxMargin',
  'schemeFeeWallet',
  'schemeFeeAcquirer',
  'interchangeFxDifference',
  'rounding',
  'fxRealised',
  'fxUnrealised',
  'refundFxDifference',
];
const MOST_REFUNDS = 50;
const MID_PLACES = 12;

type Amount = FxStatementView['resultUsd'];

interface AccountRow {
  readonly kind: AccountKind;
  readonly currency: CurrencyCode;
  readonly gain: string;
}

/** Cycles of a clearing day whose cut-off is done; the newest such day where none is named. */
export async function findFxDay(
  tx: EntityManager,
  day: string | undefined,
): Promise<Outcome<{ readonly day: string; readonly cycles: readonly CycleId[] }>> {
  const rows = await tx.query<{ day: string; cycle_id: CycleId }[]>(
    `SELECT clearing_day::text AS day, cycle_id FROM fx_runs
     WHERE state = 'done' AND clearing_day = coalesce(
       $1::date, (SELECT max(clearing_day) FROM fx_runs WHERE state = 'done'))
     ORDER BY no`,
    [day ?? null],
  );
  const [first] = rows;
  if (first !== undefined) {
    return accepted({ day: first.day, cycles: rows.map((row) => row.cycle_id) });
  }
  return rejected(
    'NOT_FOUND',
    day === undefined
      ? 'There was no cut-off yet; the first comes when a clearing cycle is final.'
      : `No clearing cycle of ${day} has had its cut-off.`,
    'day',
  );
}

/**
 * The hub's result of a clearing day, account by account: the journal's lines beside the running
 * totals, and beside what the cut-offs decided where they decide. Nothing is estimated to make it
 * fit; `tied` says whether all three agree to the minor unit.
 *
 * @param tx a transaction that sees one snapshot
 */
export async function readFxStatement(
  tx: EntityManager,
  day: string | undefined,
): Promise<Outcome<FxStatementView>> {
  const found = await findFxDay(tx, day);
  if (!found.ok) return found;
  const { cycles } = found.value;
  const all = cycles.flatMap((cycle) => [cycle, settlementPhaseOf(cycle)]);
  const range = await entryRange(tx, all);
  const journal = await tx.query<AccountRow[]>(
    `SELECT a.kind, a.currency, -sum(l.minor) AS gain
     FROM journal_entries e JOIN journal_lines l ON l.entry_no = e.entry_no
     JOIN accounts a ON a.id = l.account_id
     WHERE e.cycle_id = ANY($1) AND a.owner = 'hub' AND a.kind = ANY($2)
       AND l.entry_no BETWEEN $3 AND $4 AND e.entry_no BETWEEN $3 AND $4
     GROUP BY a.kind, a.currency`,
    [all, RESULT_ACCOUNTS, ...range],
  );
  const totals = await tx.query<AccountRow[]>(
    `SELECT kind, currency, -sum(minor) AS gain FROM account_balances
     WHERE cycle_id = ANY($1) AND owner = 'hub' AND kind = ANY($2) GROUP BY kind, currency`,
    [all, RESULT_ACCOUNTS],
  );
  const [staged] = await tx.query<{ n: number }[]>(
    `SELECT count(*)::integer AS n FROM staged_entries WHERE cycle_id = ANY($1)`,
    [all],
  );
  const positions = await readPositions(tx, cycles);
  const lines = linesOf(journal, totals, positions);
  return accepted({
    day: found.value.day,
    cycles: [...cycles],
    tied: lines.every((line) => line.tied),
    pending: staged?.n ?? 0,
    lines,
    resultUsd: amount(
      FUNCTIONAL_CURRENCY,
      lines.reduce((sum, line) => sum + BigInt(line.usd?.value ?? 0), 0n),
    ),
    positions: positions.map(({ view }) => view),
    refunds: await readRefunds(tx, all, range),
  });
}

interface Position {
  readonly view: FxPositionView;
  readonly mid: Ratio;
  readonly realised: bigint;
  /** This cut-off's revaluation, less the one it took back. */
  readonly unrealisedChange: bigint;
}

function linesOf(
  journal: readonly AccountRow[],
  totals: readonly AccountRow[],
  positions: readonly Position[],
): FxStatementView['lines'] {
  const mids = new Map(positions.map(({ view, mid }) => [view.currency, mid]));
  const sum = (pick: (position: Position) => bigint): bigint =>
    positions.reduce((whole, position) => whole + pick(position), 0n);
  const decided = new Map<string, bigint>([
    ['fxRealised', sum(({ realised }) => realised)],
    ['fxUnrealised', sum(({ unrealisedChange }) => unrealisedChange)],
  ]);
  const gains = (rows: readonly AccountRow[]) =>
    new Map(rows.map((row) => [`${row.kind} ${row.currency}`, BigInt(row.gain)]));
  const [fromLines, fromTotals] = [gains(journal), gains(totals)];
  const keys = new Set([...fromLines.keys(), ...fromTotals.keys()]);
  for (const [kind, gain] of decided) {
    if (gain !== 0n) keys.add(`${kind} ${FUNCTIONAL_CURRENCY}`);
  }
  const rank = (key: string): number =>
    RESULT_ACCOUNTS.findIndex((kind) => key.startsWith(`${kind} `));
  return [...keys]
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((key) => {
      const [account = '', currency = ''] = key.split(' ');
      const gain = fromLines.get(key) ?? 0n;
      const total = fromTotals.get(key) ?? 0n;
      const own = decided.get(account);
      return {
        account,
        amount: amount(currency, gain),
        totals: amount(currency, total),
        decided: own === undefined ? null : amount(currency, own),
        usd: inDollars(currency, gain, mids),
        tied: gain === total && (own === undefined || own === gain),
      };
    });
}

function inDollars(
  currency: CurrencyCode,
  minor: bigint,
  mids: ReadonlyMap<string, Ratio>,
): Amount | null {
  if (currency === FUNCTIONAL_CURRENCY) return amount(currency, minor);
  const mid = mids.get(currency);
  if (mid === undefined) return null;
  const usd = convertAt({ currency, minor }, mid, FUNCTIONAL_CURRENCY, 'halfUp');
  return amount(FUNCTIONAL_CURRENCY, usd.minor);
}

type PositionRow = Readonly<
  Record<
    | 'opening_minor'
    | 'opening_usd'
    | 'bought_minor'
    | 'bought_usd'
    | 'sold_minor'
    | 'sold_usd'
    | 'offset_realised_usd'
    | 'realised_usd'
    | 'closing_minor'
    | 'closing_usd'
    | 'market_usd'
    | 'unrealised_usd'
    | 'reversed_usd'
    | 'mid_numerator'
    | 'mid_denominator',
    string
  >
> & { readonly currency: CurrencyCode; readonly cycle_id: CycleId };

async function readPositions(tx: EntityManager, cycles: readonly CycleId[]): Promise<Position[]> {
  const rows = await tx.query<PositionRow[]>(
    `SELECT p.*, r.cycle_id FROM fx_positions p JOIN fx_runs r ON r.no = p.run_no
     WHERE r.cycle_id = ANY($1) ORDER BY p.run_no, p.currency`,
    [cycles],
  );
  return rows.map((row): Position => {
    const own = (minor: string): Amount => amount(row.currency, BigInt(minor));
    const usd = (minor: string): Amount => amount(FUNCTIONAL_CURRENCY, BigInt(minor));
    const mid = ratio(BigInt(row.mid_numerator), BigInt(row.mid_denominator));
    return {
      mid,
      realised: BigInt(row.realised_usd),
      unrealisedChange: BigInt(row.unrealised_usd) - BigInt(row.reversed_usd),
      view: {
        currency: row.currency,
        cycle: row.cycle_id,
        opening: own(row.opening_minor),
        openingCost: usd(row.opening_usd),
        bought: own(row.bought_minor),
        boughtFor: usd(row.bought_usd),
        sold: own(row.sold_minor),
        soldFor: usd(row.sold_usd),
        offsetRealised: usd(row.offset_realised_usd),
        realised: usd(row.realised_usd),
        closing: own(row.closing_minor),
        closingCost: usd(row.closing_usd),
        worth: usd(row.market_usd),
        unrealised: usd(row.unrealised_usd),
        takenBack: usd(row.reversed_usd),
        mid: ratioText(mid, MID_PLACES),
      },
    };
  });
}

/** Each refund's own difference; together they are the account's movement. */
async function readRefunds(
  tx: EntityManager,
  cycles: readonly CycleId[],
  range: readonly [string, string],
): Promise<FxStatementView['refunds']> {
  const rows = await tx.query<
    { payment_id: string | null; event: string; gain: string; n: number; total: string }[]
  >(
    `SELECT e.payment_id, e.event, -sum(l.minor) AS gain,
            count(*) OVER ()::integer AS n, -sum(sum(l.minor)) OVER () AS total
     FROM journal_entries e JOIN journal_lines l ON l.entry_no = e.entry_no
     JOIN accounts a ON a.id = l.account_id
     WHERE e.cycle_id = ANY($1) AND a.owner = 'hub' AND a.kind = 'refundFxDifference'
       AND l.entry_no BETWEEN $2 AND $3 AND e.entry_no BETWEEN $2 AND $3
     GROUP BY e.payment_id, e.event
     ORDER BY abs(sum(l.minor)) DESC, e.event LIMIT ${String(MOST_REFUNDS)}`,
    [cycles, ...range],
  );
  return {
    total: amount(FUNCTIONAL_CURRENCY, BigInt(rows[0]?.total ?? 0)),
    count: rows[0]?.n ?? 0,
    payments: rows.map((row) => ({
      payment: row.payment_id ?? '',
      event: row.event,
      amount: amount(FUNCTIONAL_CURRENCY, BigInt(row.gain)),
    })),
  };
}

/** A signed amount for the wire, with its text. */
export function amount(currency: CurrencyCode, minor: bigint): Amount {
  return { currency, value: minor.toString(), text: formatMoney({ currency, minor }) };
}
