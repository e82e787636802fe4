import type { CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import type { CycleId, EntryId, PaymentId, RefundId } from '../ids.js';
import { invariant } from '../invariant.js';
import { unbalancedCurrencies, type JournalLine, type PaymentEntry } from '../journal.js';
import { debit, mergeLines, ofHub, positionUsdAccount } from '../pricing/entry-lines.js';
import type { EntryParties } from '../pricing/payment-entry.js';
import { convertAt } from '../rates/convert.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import {
  legCurrencies,
  positionsOf,
  type RefundPositions,
  type RefundPrice,
} from './price-refund.js';

/**
 * What a refund's dollar equivalents are worked out from, kept with the refund so that a stranger
 * recomputes them: the mids of the day it was booked, and what the payment's earlier refunds had
 * taken back of the positions by then.
 */
export interface RefundBooking {
  /** US dollars per major unit, mid, of the wallet's and the settlement currency. */
  readonly usd: { readonly payer: Ratio; readonly settlement: Ratio };
  /** False when no rate of the day was known, and the payment's own mids were taken. */
  readonly ofToday: boolean;
  readonly positionsBefore: RefundPositions;
}

export interface RefundReference {
  readonly id: EntryId;
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  readonly cycleId: CycleId;
}

/**
 * Books a refund: the payment's entry backwards for the part that goes back, without the scheme
 * fees, which the hub keeps. Positions go back at the payment's mids, their dollar equivalents at
 * today's: what the hub gives back is worth something else by now, and `refundFxDifference` bears
 * it (a debit is a cost). Between equal currencies there is no position and no difference.
 */
export function entryForRefund(
  price: RefundPrice,
  booking: RefundBooking,
  parties: EntryParties,
  ref: RefundReference,
): PaymentEntry {
  const lines = mergeLines([
    ...walletSide(price, parties.walletId),
    ...acquirerSide(price, parties.acquirerId),
    ...equivalents(price, booking),
  ]);
  invariant(lines.length > 1, `the entry of ${ref.refundId} has no lines`);
  invariant(unbalancedCurrencies(lines).length === 0, `the entry of ${ref.refundId} must balance`);
  return {
    id: ref.id,
    kind: 'paymentRefunded',
    event: `${ref.refundId}:paymentRefunded`,
    paymentId: ref.paymentId,
    cycleId: ref.cycleId,
    lines,
  };
}

function walletSide(price: RefundPrice, walletId: string): JournalLine[] {
  const { payer, interchange, walletCredit } = price;
  const { currency } = walletCredit;
  const { credited } = interchange;
  return [
    debit({ owner: walletId, kind: 'walletReceivable', currency }, -walletCredit.minor),
    debit(ofHub('fxMargin', currency), payer.margin),
    debit(ofHub('interchangeFxDifference', currency), -credited.margin),
    debit(ofHub('rounding', currency), payer.rounding - credited.rounding),
    position(price, currency, positionsOf(price).payer),
  ];
}

function acquirerSide(price: RefundPrice, acquirerId: string): JournalLine[] {
  const { settlement, interchange, acquirerDebit } = price;
  const { currency } = acquirerDebit;
  const { charged } = interchange;
  return [
    debit({ owner: acquirerId, kind: 'acquirerPayable', currency }, acquirerDebit.minor),
    debit(ofHub('fxMargin', currency), -settlement.margin),
    debit(ofHub('interchangeFxDifference', currency), charged.margin),
    debit(ofHub('rounding', currency), charged.rounding - settlement.rounding),
    position(price, currency, -positionsOf(price).settlement),
  ];
}

function position(price: RefundPrice, currency: CurrencyCode, minor: bigint): JournalLine {
  if (inOneCurrency(price)) return debit(ofHub('fxMargin', currency), minor);
  return debit(ofHub('fxPosition', currency), currency === FUNCTIONAL_CURRENCY ? 0n : minor);
}

function equivalents(price: RefundPrice, booking: RefundBooking): JournalLine[] {
  if (inOneCurrency(price)) return [];
  const { payer, settlement } = legCurrencies(price);
  const now = positionsOf(price);
  const before = booking.positionsBefore;
  const given = usdOf(payer, before.payer, now.payer, booking.usd.payer);
  const taken = usdOf(settlement, before.settlement, now.settlement, booking.usd.settlement);
  return [
    ...equivalent(payer, -given),
    ...equivalent(settlement, taken),
    debit(ofHub('refundFxDifference', FUNCTIONAL_CURRENCY), given - taken),
  ];
}

function equivalent(of: CurrencyCode, minor: bigint): JournalLine[] {
  return of === FUNCTIONAL_CURRENCY ? [] : [debit(positionUsdAccount(of), minor)];
}

/** Cumulative as all amounts of refunds, so that pieces at one mid add up to the whole. */
function usdOf(currency: CurrencyCode, before: bigint, now: bigint, mid: Ratio): bigint {
  const at = (minor: bigint): bigint =>
    currency === FUNCTIONAL_CURRENCY
      ? minor
      : convertAt({ currency, minor }, mid, FUNCTIONAL_CURRENCY, 'halfUp').minor;
  return at(before + now) - at(before);
}

function inOneCurrency(price: RefundPrice): boolean {
  return price.walletCredit.currency === price.acquirerDebit.currency;
}
