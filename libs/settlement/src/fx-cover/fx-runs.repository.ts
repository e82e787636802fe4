import type { CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import type { CoverQuote } from '#domain/fx-books/cover-quote';
import type { FxPosition, GrossFlows } from '#domain/fx-books/position';
import type { CycleId } from '#domain/ids';
import { settlementPhaseOf } from '#ledger';
import { FUNCTIONAL_CURRENCY } from '#domain/rates/rate-book';
import { ratioText } from '#domain/rates/ratio';
import type { EntityManager } from 'typeorm';
import { NEXT_TRY } from '../next-try.js';
import { entryRange } from './entry-range.js';
import type { CutOffPlan, TradeId } from './cut-off-plan.js';

const PRICE_DIGITS = 12;

/** Held while runs are started or decided, so that positions follow one line. */
export const FX_RUNS_LOCK = '7521, 21';

export interface FxRun {
  readonly no: string;
  readonly cycleId: CycleId;
  /** Days since 1970-01-01 at UTC+8. */
  readonly clearingDay: number;
}

/** Gives every final clearing cycle its run, in the order in which cycles ended. */
export async function startFxRuns(tx: EntityManager): Promise<void> {
  await tx.query(
    `INSERT INTO fx_runs (cycle_id, clearing_day, due_at)
     SELECT id, ((ends_at - interval '1 millisecond') AT TIME ZONE 'UTC' + interval '8 hours')::date,
            clock_timestamp()
     FROM cycles c
     WHERE state = 'final' AND kind <> 'settlement'
       AND NOT EXISTS (SELECT FROM fx_runs r WHERE r.cycle_id = c.id)
     ORDER BY ends_at, id
     ON CONFLICT DO NOTHING`,
  );
}

/** The oldest run that is not done, if its time has come; later ones wait for it. */
export async function findNextRun(tx: EntityManager): Promise<FxRun | undefined> {
  const [row] = await tx.query<{ no: string; cycle_id: CycleId; day: number; ready: boolean }[]>(
    `SELECT no, cycle_id, clearing_day - date '1970-01-01' AS day,
            due_at <= clock_timestamp() AS ready
     FROM fx_runs WHERE state = 'due' ORDER BY no LIMIT 1`,
  );
  if (row?.ready !== true) return undefined;
  return { no: row.no, cycleId: row.cycle_id, clearingDay: row.day };
}

/** Puts a run off and keeps why. */
export async function postponeRun(tx: EntityManager, run: FxRun, fault: string): Promise<void> {
  await tx.query(
    `UPDATE fx_runs SET attempts = attempts + 1, fault = $2,
            due_at = ${NEXT_TRY}
     WHERE no = $1 AND state = 'due'`,
    [run.no, fault],
  );
}

/** Where the last run left each currency. */
export async function findClosings(
  tx: EntityManager,
): Promise<ReadonlyMap<CurrencyCode, FxPosition & { readonly unrealisedUsd: bigint }>> {
  const rows = await tx.query<
    { currency: CurrencyCode; minor: string; usd: string; unrealised: string }[]
  >(
    `SELECT DISTINCT ON (currency) currency, closing_minor AS minor, closing_usd AS usd,
            unrealised_usd AS unrealised
     FROM fx_positions ORDER BY currency, run_no DESC`,
  );
  return new Map(
    rows.map((row) => [
      row.currency,
      {
        minor: BigInt(row.minor),
        costUsd: BigInt(row.usd),
        unrealisedUsd: BigInt(row.unrealised),
      },
    ]),
  );
}

/**
 * What a cycle's payments bought and sold. A cancel belongs to its payment, so the two count as
 * nothing; a refund is a trade of its own, at today's dollars. Dollars themselves are no position.
 */
const FLOWS = `
  SELECT f.currency,
         coalesce(sum(f.minor) FILTER (WHERE f.minor > 0), 0) AS bought_minor,
         coalesce(sum(f.usd) FILTER (WHERE f.minor > 0), 0) AS bought_usd,
         coalesce(-sum(f.minor) FILTER (WHERE f.minor < 0), 0) AS sold_minor,
         coalesce(-sum(f.usd) FILTER (WHERE f.minor < 0), 0) AS sold_usd,
         coalesce(sum(f.usd) FILTER (WHERE f.minor = 0), 0) AS residue_usd
  FROM (SELECT coalesce(a.of, a.currency) AS currency,
               coalesce(-sum(l.minor) FILTER (WHERE a.kind = 'fxPosition'), 0) AS minor,
               coalesce(sum(l.minor) FILTER (WHERE a.kind = 'fxPositionUsd'), 0) AS usd
        FROM journal_entries e
        JOIN journal_lines l ON l.entry_no = e.entry_no
        JOIN accounts a ON a.id = l.account_id
        WHERE e.cycle_id = $1 AND a.kind IN ('fxPosition', 'fxPositionUsd')
          AND l.entry_no BETWEEN $2 AND $3 AND e.entry_no BETWEEN $2 AND $3
          AND coalesce(a.of, a.currency) <> '${FUNCTIONAL_CURRENCY}'
        GROUP BY CASE WHEN e.kind = 'paymentRefunded' THEN e.event
                      ELSE coalesce(e.payment_id, e.event) END, coalesce(a.of, a.currency)) f
  GROUP BY f.currency`;

export async function gatherFlows(
  tx: EntityManager,
  cycleId: CycleId,
): Promise<ReadonlyMap<CurrencyCode, GrossFlows>> {
  const rows = await tx.query<
    {
      currency: CurrencyCode;
      bought_minor: string;
      bought_usd: string;
      sold_minor: string;
      sold_usd: string;
      residue_usd: string;
    }[]
  >(FLOWS, [cycleId, ...(await entryRange(tx, [cycleId]))]);
  return new Map(
    rows.map((row) => [
      row.currency,
      {
        boughtMinor: BigInt(row.bought_minor),
        boughtUsd: BigInt(row.bought_usd),
        soldMinor: BigInt(row.sold_minor),
        soldUsd: BigInt(row.sold_usd),
        residueUsd: BigInt(row.residue_usd),
      },
    ]),
  );
}

/** Stores a currency's cut-off: its position, what was asked, every answer, and the trades. */
export async function commitCutOff(tx: EntityManager, run: FxRun, plan: CutOffPlan): Promise<void> {
  const { context, decision, midPath } = plan;
  const { flows, opening, mid } = context;
  await tx.query(
    `INSERT INTO fx_positions VALUES
       ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      run.no,
      context.currency,
      text(opening.minor),
      text(opening.costUsd),
      text(flows.boughtMinor),
      text(flows.boughtUsd),
      text(flows.soldMinor),
      text(flows.soldUsd),
      text(flows.residueUsd),
      text(decision.offsetRealisedUsd),
      text(decision.realisedUsd),
      text(decision.closing.minor),
      text(decision.closing.costUsd),
      text(decision.marketUsd),
      text(decision.unrealisedUsd),
      text(context.lastUnrealisedUsd),
      text(mid.numerator),
      text(mid.denominator),
      JSON.stringify(midPath),
    ],
  );
  if (decision.request === null || plan.ask === null) return;
  const { requestId, notAsked, valueDate, quotes, tradeIds } = plan.ask;
  await tx.query(
    `INSERT INTO fx_cover_requests VALUES
       ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date, $11, $12)`,
    [
      requestId,
      run.no,
      context.currency,
      decision.request.side,
      text(decision.request.minor),
      text(mid.numerator),
      text(mid.denominator),
      text(decision.uncoveredMinor),
      notAsked,
      valueDate?.day ?? null,
      valueDate === null ? null : JSON.stringify(valueDate.calendars),
      valueDate?.estimated ?? null,
    ],
  );
  for (const quote of quotes) await insertQuote(tx, requestId, quote);
  for (const [index, fill] of decision.fills.entries()) {
    await tx.query(
      `INSERT INTO fx_cover_trades
         (id, request_id, provider_id, minor, usd_minor, realised_usd, value_date)
       VALUES ($1, $2, $3, $4, $5, $6, $7::date)`,
      [
        tradeIds[index],
        requestId,
        fill.providerId,
        text(fill.minor),
        text(fill.usd),
        text(fill.realisedUsd),
        valueDate?.day,
      ],
    );
  }
}

async function insertQuote(tx: EntityManager, requestId: string, quote: CoverQuote): Promise<void> {
  const firm = quote.answer === 'firm' ? quote : undefined;
  await tx.query(`INSERT INTO fx_cover_quotes VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
    requestId,
    quote.providerId,
    quote.answer,
    quote.answer === 'declined' ? quote.reason : null,
    firm === undefined ? null : priceText(firm.price),
    firm === undefined ? null : text(firm.minMinor),
    firm === undefined ? null : text(firm.maxMinor),
  ]);
}

export async function finishRun(tx: EntityManager, run: FxRun): Promise<void> {
  await tx.query(
    `UPDATE fx_runs SET state = 'done', fault = NULL, done_at = clock_timestamp() WHERE no = $1`,
    [run.no],
  );
}

/** A trade whose value date has come, with what its entry needs. */
export interface DueTrade {
  readonly id: TradeId;
  readonly phase: CycleId;
  readonly currency: CurrencyCode;
  readonly side: 'buy' | 'sell';
  readonly providerId: string;
  readonly minor: bigint;
  readonly usd: bigint;
}

const TRADES_AT_ONCE = 200;

/** Marks trades settled whose value date has come; others that settle meanwhile take other ones. */
export async function settleDueTrades(tx: EntityManager, isoDay: string): Promise<DueTrade[]> {
  const [rows] = await tx.query<
    [
      {
        id: TradeId;
        cycle_id: CycleId;
        currency: CurrencyCode;
        side: 'buy' | 'sell';
        provider_id: string;
        minor: string;
        usd_minor: string;
      }[],
      number,
    ]
  >(
    `UPDATE fx_cover_trades t SET state = 'settled', settled_at = clock_timestamp()
     FROM fx_cover_requests q JOIN fx_runs r ON r.no = q.run_no
     WHERE q.id = t.request_id AND t.id IN (
       SELECT id FROM fx_cover_trades
       WHERE state = 'traded' AND value_date <= $1::date
       ORDER BY value_date, id LIMIT ${String(TRADES_AT_ONCE)} FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING t.id, r.cycle_id, q.currency, q.side, t.provider_id, t.minor, t.usd_minor`,
    [isoDay],
  );
  return rows.map((row) => ({
    id: row.id,
    phase: settlementPhaseOf(row.cycle_id),
    currency: row.currency,
    side: row.side,
    providerId: row.provider_id,
    minor: BigInt(row.minor),
    usd: BigInt(row.usd_minor),
  }));
}

export function priceText(price: Ratio): string {
  return ratioText(price, PRICE_DIGITS);
}

function text(value: bigint): string {
  return value.toString();
}
