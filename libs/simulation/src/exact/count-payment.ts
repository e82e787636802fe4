import type { Payment } from '#domain/payments/payment';
import { invariant } from '#domain/invariant';
import { OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';

const HOUR_MS = 3_600_000;
const CLEARING_OFFSET_MS = 8 * HOUR_MS;

/** What of an arrival the sums need. */
export interface CountedPurchase {
  readonly flow: number;
  readonly area: number;
  readonly category: number;
  readonly amountMinor: number;
  /** Index of the pair in `totals.pairs`. */
  readonly pair: number;
}

/** Adds one end of a purchase, other than paid. */
export function countOutcome(
  totals: Totals,
  flow: number,
  outcome: number,
  amountMinor: number,
): void {
  const at = flow * OUTCOMES.length + outcome;
  add(totals.outcomes, at, 1);
  add(totals.outcomeMinor, at, amountMinor);
}

/** Adds a paid purchase: all its money, by the clearing hour it was completed in. */
export function countPaid(
  totals: Totals,
  firstDay: number,
  categories: number,
  purchase: CountedPurchase,
  payment: Payment,
): void {
  const { payer, completedAtMs } = payment;
  invariant(payer !== null && completedAtMs !== null, 'what is paid has terms and an end');
  const { price } = payer;
  const { flow, area, category, amountMinor, pair } = purchase;
  countOutcome(totals, flow, 0, amountMinor);
  add(totals.categoryCount, flow * categories + category, 1);
  add(totals.categoryMinor, flow * categories + category, amountMinor);
  add(totals.areaCount, area, 1);
  add(totals.areaMinor, area, amountMinor);
  const hour = clearingHourOf(completedAtMs, firstDay);
  const pairs = totals.pairs.length;
  const at = (Math.floor(hour / 24) * pairs + pair) * MONEY_COLUMNS.length;
  const { money } = totals;
  const { credited, charged } = price.interchange;
  const owes = Number(price.walletOwes.minor);
  const receives = Number(price.acquirerReceives.minor);
  add(money, at + MONEY.payments, 1);
  add(money, at + MONEY.paymentMinor, amountMinor);
  add(money, at + MONEY.payToMinor, Number(price.payToAmount.minor));
  add(money, at + MONEY.interchangeCreditedMinor, Number(credited.amount.minor));
  add(money, at + MONEY.schemeFeeWalletMinor, Number(price.schemeFeeWallet.minor));
  add(money, at + MONEY.fxMarginMinor, Number(price.fxMargin.minor));
  add(money, at + MONEY.interchangeMarginMinor, Number(credited.margin));
  add(money, at + MONEY.walletOwesMinor, owes);
  add(money, at + MONEY.settlementMinor, Number(price.settlementAmount.minor));
  add(money, at + MONEY.interchangeChargedMinor, Number(charged.amount.minor));
  add(money, at + MONEY.schemeFeeAcquirerMinor, Number(price.schemeFeeAcquirer.minor));
  add(money, at + MONEY.acquirerReceivesMinor, receives);
  add(money, at + MONEY.mdrMinor, Number(price.mdr.minor));
  add(totals.owes, hour * pairs + pair, owes);
  add(totals.receives, hour * pairs + pair, receives);
}

/** Adds what is given back of a purchase, on the clearing day it was paid. */
export function countRefunded(
  totals: Totals,
  firstDay: number,
  { pair, amountMinor }: CountedPurchase,
  paidAtMs: number,
): void {
  const day = Math.floor(clearingHourOf(paidAtMs, firstDay) / 24);
  add(totals.refundedMinor, day * totals.pairs.length + pair, amountMinor);
}

/** Counted as `Totals` counts them: from the clearing day before the period's first day. */
function clearingHourOf(atMs: number, firstDay: number): number {
  return Math.floor((atMs + CLEARING_OFFSET_MS) / HOUR_MS) - (firstDay - 1) * 24;
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}
