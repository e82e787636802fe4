import type { RefundId } from '../ids.js';
import { addMoney, formatMoney, money, type Money } from '../money.js';
import type { Payment } from '../payments/payment.js';
import { PAYMENT_STATES } from '../payments/state-machine.js';
import { accepted, partnerResultOf, rejected, type Outcome } from '../rejection.js';
import { priceRefund, type RefundPrice } from './price-refund.js';
import type { Refund, RefundRecord } from './refund.js';
import { refundWindowEndMs } from './refund-window.js';

/** What an acquirer may owe the hub by refunding more than it sells; settlement currency. */
export interface RefundCap {
  readonly acquirerName: string;
  /** Refund cap and deposited cover together, minor units. */
  readonly limit: bigint;
  /** What refunds hold of it, from their acceptance to their settlement. */
  readonly used: bigint;
  /** What it owes the hub by the books and by refunds under way; negative while the hub owes it. */
  readonly owes: bigint;
}

export interface RefundContext {
  readonly payment: Payment;
  /** The payment's refunds that stand, oldest first. */
  readonly before: readonly Refund[];
  readonly cap: RefundCap;
  /** How long the front door may still be waiting for the wallet before a worker takes over. */
  readonly takeoverMs: number;
}

export interface RefundCommand {
  readonly id: RefundId;
  readonly acquirerRequestId: string;
  readonly amount: Money;
  readonly reason: string | null;
  readonly traceId: string;
  /**
   * True for a refund that a dispute has ended in: it is owed, so neither the year nor a full cap
   * refuses it (docs/decisions/0027-disputes-end-by-themselves.md).
   */
  readonly owed?: boolean;
}

export interface RefundDecision {
  readonly refund: Refund;
  readonly record: RefundRecord;
}

interface Terms {
  readonly price: RefundPrice;
  readonly heldMinor: bigint;
}

/**
 * Takes a refund or refuses it; a refusal is stored as well, so that the same request is answered
 * the same for ever. What is taken is irrevocable from then on: only the wallet can still end it
 * otherwise (docs/sources.md A4.3, docs/decisions/0017-refunds-are-promises.md).
 */
export function decideRefund(
  context: RefundContext,
  command: RefundCommand,
  nowMs: number,
): RefundDecision {
  const { payment, takeoverMs } = context;
  const terms = termsOf(context, command, nowMs);
  const known = {
    id: command.id,
    paymentId: payment.id,
    acquirerId: payment.acquirerId,
    acquirerRequestId: command.acquirerRequestId,
    walletId: payment.payer?.walletId ?? null,
    amount: command.amount,
    reason: command.reason,
    booking: null,
    releasedMinor: null,
    createdAtMs: nowMs,
    cycleId: null,
    walletRefundId: null,
    traceId: command.traceId,
  };
  if (!terms.ok) {
    const { resultCode: code, resultMessage: detail } = partnerResultOf(terms.rejection);
    return {
      refund: {
        ...known,
        state: 'declined',
        price: null,
        heldMinor: 0n,
        completedAtMs: nowMs,
        decline: { code, detail, by: 'hub' },
        duty: null,
      },
      record: {
        refundId: command.id,
        event: 'refused',
        from: null,
        to: 'declined',
        atMs: nowMs,
        detail: `${code}: ${detail}`,
      },
    };
  }
  const { price, heldMinor } = terms.value;
  return {
    refund: {
      ...known,
      state: 'processing',
      price,
      heldMinor,
      completedAtMs: null,
      decline: null,
      duty: { attempt: 0, dueAtMs: nowMs + takeoverMs },
    },
    record: {
      refundId: command.id,
      event: 'accepted',
      from: null,
      to: 'processing',
      atMs: nowMs,
      detail: `${formatMoney(command.amount)} of ${formatMoney(payment.paymentAmount)}: the user gets ${formatMoney(price.payer.amount)}, the acquirer gives ${formatMoney(price.acquirerDebit)}, at the payment's own quotes.`,
    },
  };
}

function termsOf(
  context: RefundContext,
  { amount, owed = false }: RefundCommand,
  nowMs: number,
): Outcome<Terms> {
  const { payment, before } = context;
  const refundable = refundableAt(payment, owed, nowMs);
  if (!refundable.ok) return refundable;
  if (amount.currency !== payment.paymentAmount.currency) {
    return rejected(
      'PARAM_ILLEGAL',
      `refundAmount must be in ${payment.paymentAmount.currency}, the currency of the payment.`,
      'refundAmount.currency',
    );
  }
  const zero = money(amount.currency, 0n);
  const refunded = before.reduce((sum, refund) => addMoney(sum, refund.amount), zero);
  const left = money(amount.currency, payment.paymentAmount.minor - refunded.minor);
  if (amount.minor > left.minor) {
    return rejected(
      'REFUND_AMOUNT_EXCEED',
      `${formatMoney(left)} of ${formatMoney(payment.paymentAmount)} is left to refund, not ${formatMoney(amount)}.`,
      'refundAmount.value',
    );
  }
  const price = priceRefund(refundable.value, standing(before), amount);
  if (price.walletCredit.minor <= 0n || price.settlement.amount.minor < 0n) {
    return rejected(
      'AMOUNT_BELOW_MINIMUM',
      `${formatMoney(amount)} comes to nothing in ${price.walletCredit.currency}; refund more at once.`,
      'refundAmount.value',
    );
  }
  return withinCap(context, price, owed);
}

/** Only what was paid and not cancelled can be refunded, and for a year. */
function refundableAt(
  payment: Payment,
  owed: boolean,
  nowMs: number,
): Outcome<NonNullable<Payment['payer']>> {
  switch (payment.state) {
    case 'succeeded':
      break;
    case 'awaitingPayer':
    case 'authorising':
    case 'pushing':
      return rejected(
        'PRECONDITION_FAILED',
        `Payment ${payment.id} has no final result yet; cancel it, or refund it once it is paid.`,
      );
    case 'declined':
    case 'closed':
    case 'cancelling':
    case 'cancelled':
      return rejected(
        'ORDER_IS_CLOSED',
        `Payment ${payment.id} is not paid, so there is nothing to refund. ${PAYMENT_STATES[payment.state]}`,
      );
  }
  if (payment.payer === null || payment.completedAtMs === null) {
    return rejected('PRECONDITION_FAILED', `Payment ${payment.id} has no payer.`);
  }
  if (!owed && nowMs >= refundWindowEndMs(payment.completedAtMs)) {
    return rejected(
      'REFUND_WINDOW_EXCEED',
      `Payment ${payment.id} could be refunded for one calendar year; that is over.`,
    );
  }
  return accepted(payment.payer);
}

/**
 * Refunds may not make the acquirer owe the hub more than was agreed. What the hub owes it covers
 * a refund first; the rest is held of the cap until settlement is confirmed. One that is owed takes
 * what room there is.
 */
function withinCap({ cap }: RefundContext, price: RefundPrice, owed: boolean): Outcome<Terms> {
  const debit = price.acquirerDebit.minor;
  const after = cap.owes + debit;
  const uncovered = after < debit ? after : debit;
  const heldMinor = uncovered > 0n ? uncovered : 0n;
  if (owed) {
    const room = cap.limit > cap.used ? cap.limit - cap.used : 0n;
    return accepted({ price, heldMinor: heldMinor < room ? heldMinor : room });
  }
  const show = (minor: bigint): string => formatMoney({ ...price.acquirerDebit, minor });
  if (heldMinor > 0n && (after > cap.limit || cap.used + heldMinor > cap.limit)) {
    return rejected(
      'REFUND_CAP_EXCEEDED',
      `${cap.acquirerName} would owe the hub ${show(after)}, with ${show(cap.used + heldMinor)} held of its refund cap of ${show(cap.limit)}; sales and confirmed settlement make room.`,
      'refundAmount.value',
    );
  }
  return accepted({ price, heldMinor });
}

/** The prices of refunds that stand. */
export function standing(refunds: readonly Refund[]): RefundPrice[] {
  return refunds.flatMap(({ price }) => price ?? []);
}
