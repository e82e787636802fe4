import type { CurrencyCode } from '../currency.js';
import type { AcquirerId, CycleId, EntryId, PaymentId, WalletId } from '../ids.js';
import { invariant } from '../invariant.js';
import {
  unbalancedCurrencies,
  type EntryKind,
  type JournalLine,
  type PaymentEntry,
} from '../journal.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import { debit, mergeLines, ofHub, positionUsdAccount } from './entry-lines.js';
import { inOneCurrency, type PaymentPrice } from './price-payment.js';

export interface EntryParties {
  readonly walletId: WalletId;
  readonly acquirerId: AcquirerId;
}

export interface EntryReference {
  readonly id: EntryId;
  readonly paymentId: PaymentId;
  readonly cycleId: CycleId;
}

/**
 * Books a successful payment (docs/clearing.md, "The accounts"). Debits are positive.
 *
 * In the wallet's currency: the wallet owes its net amount; fee, margin and residue are the
 * hub's; what is left, at mid, is the currency the hub has bought (`fxPosition`, credit). In the
 * settlement currency: the acquirer is owed its net amount, at mid out of the currency the hub
 * has sold (debit). Dollar equivalents carry what the two positions cost. Dollars themselves are
 * no position: they meet the other side's equivalent directly. Interchange is charged and
 * credited at different quotes; the difference to mid is a cost of its own account.
 *
 * Lines on one account are merged, zero lines dropped, the order depends on the price only.
 */
export function entryForPayment(
  price: PaymentPrice,
  parties: EntryParties,
  ref: EntryReference,
): PaymentEntry {
  return entryOf('paymentCleared', ref, [
    ...walletSide(price, parties.walletId),
    ...acquirerSide(price, parties.acquirerId),
    ...equivalents(price),
  ]);
}

/** Takes an entry back in full, as a cancel inside the cycle does: the two sum to nothing. */
export function contraEntry(entry: PaymentEntry, newId: EntryId): PaymentEntry {
  return {
    id: newId,
    kind: 'paymentCancelled',
    event: eventOf(entry.paymentId, 'paymentCancelled'),
    paymentId: entry.paymentId,
    cycleId: entry.cycleId,
    lines: entry.lines.map((line) => ({ account: line.account, minor: -line.minor })),
  };
}

function walletSide(price: PaymentPrice, walletId: WalletId): JournalLine[] {
  const { payer, interchange } = price;
  const { currency } = payer.amount;
  const { credited } = interchange;
  return [
    debit({ owner: walletId, kind: 'walletReceivable', currency }, price.walletOwes.minor),
    debit(ofHub('schemeFeeWallet', currency), -price.schemeFeeWallet.minor),
    debit(ofHub('fxMargin', currency), -payer.margin),
    debit(ofHub('interchangeFxDifference', currency), credited.margin),
    debit(ofHub('rounding', currency), credited.rounding - payer.rounding),
    position(price, currency, credited.atMid - payer.atMid),
  ];
}

function acquirerSide(price: PaymentPrice, acquirerId: AcquirerId): JournalLine[] {
  const { settlement, interchange } = price;
  const { currency } = settlement.amount;
  const { charged } = interchange;
  return [
    debit({ owner: acquirerId, kind: 'acquirerPayable', currency }, -price.acquirerReceives.minor),
    debit(ofHub('schemeFeeAcquirer', currency), -price.schemeFeeAcquirer.minor),
    debit(ofHub('fxMargin', currency), settlement.margin),
    debit(ofHub('interchangeFxDifference', currency), -charged.margin),
    debit(ofHub('rounding', currency), settlement.rounding - charged.rounding),
    position(price, currency, settlement.atMid - charged.atMid),
  ];
}

function equivalents(price: PaymentPrice): JournalLine[] {
  if (inOneCurrency(price)) return [];
  return [
    ...equivalent(price.payer.amount.currency, price.positionUsd.minor),
    ...equivalent(price.settlement.amount.currency, -price.positionUsd.minor),
  ];
}

/**
 * What is left of a leg at mid. Both legs in one currency leave no position: if the quotes were
 * locked at different mids, the difference is earned or lost there and then. Dollars are met by
 * the other side's equivalent, so their line is zero.
 */
function position(price: PaymentPrice, currency: CurrencyCode, minor: bigint): JournalLine {
  if (inOneCurrency(price)) return debit(ofHub('fxMargin', currency), minor);
  return debit(ofHub('fxPosition', currency), currency === FUNCTIONAL_CURRENCY ? 0n : minor);
}

function equivalent(of: CurrencyCode, minor: bigint): JournalLine[] {
  return of === FUNCTIONAL_CURRENCY ? [] : [debit(positionUsdAccount(of), minor)];
}

function entryOf(kind: EntryKind, ref: EntryReference, raw: readonly JournalLine[]): PaymentEntry {
  const lines = mergeLines(raw);
  invariant(lines.length > 0, `the entry of ${ref.paymentId} has no lines`);
  invariant(unbalancedCurrencies(lines).length === 0, `the entry of ${ref.paymentId} must balance`);
  return {
    id: ref.id,
    kind,
    event: eventOf(ref.paymentId, kind),
    paymentId: ref.paymentId,
    cycleId: ref.cycleId,
    lines,
  };
}

function eventOf(paymentId: PaymentId, kind: EntryKind): string {
  return `${paymentId}:${kind}`;
}
