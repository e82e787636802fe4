import type { CycleId, PaymentId, RefundId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { Decline } from '#domain/payments/payment';
import type { ConvertedAmount } from '#domain/pricing/price-payment';
import type { RefundPrice } from '#domain/refunds/price-refund';
import type { Refund, RefundState } from '#domain/refunds/refund';
import type { RefundBooking } from '#domain/refunds/refund-entry';
import { isoOf, msOf, ratioOf, ratioTextOf } from './payment-row.js';

/** One row of `refunds` as the driver returns it; `bigint` columns arrive as text. */
export interface RefundRow {
  id: RefundId;
  payment_id: PaymentId;
  acquirer_id: string;
  acquirer_request_id: string;
  wallet_id: string | null;
  state: RefundState;
  reason: string | null;
  payment_currency: string;
  refund_minor: string;
  terms: StoredRefundTerms | null;
  held_minor: string;
  released_minor: string | null;
  created_at: Date | string;
  completed_at: Date | string | null;
  cycle_id: CycleId | null;
  wallet_refund_id: string | null;
  decline_code: string | null;
  decline_detail: string | null;
  decline_by: Decline['by'] | null;
  duty_attempt: number | null;
  duty_due_at: Date | string | null;
  trace_id: string;
}

export const REFUND_COLUMNS = [
  'id, payment_id, acquirer_id, acquirer_request_id, wallet_id, state, reason, payment_currency',
  'refund_minor, terms, held_minor, released_minor, created_at, completed_at, cycle_id',
  'wallet_refund_id, decline_code, decline_detail, decline_by, duty_attempt, duty_due_at, trace_id',
].join(', ');

/**
 * A refund's figures beyond the columns: unlike a payment's price they depend on what was refunded
 * before, so they are kept and not worked out again. Minor units as text.
 */
export interface StoredRefundTerms {
  readonly payer: StoredLeg;
  readonly settlement: StoredLeg;
  readonly interchange: {
    readonly minor: string;
    readonly charged: StoredLeg;
    readonly credited: StoredLeg;
  };
  readonly booking?: {
    readonly usd: { readonly payer: string; readonly settlement: string };
    readonly ofToday: boolean;
    readonly positionsBefore: { readonly payer: string; readonly settlement: string };
  };
}

interface StoredLeg {
  readonly currency: string;
  readonly minor: string;
  readonly atMid: string;
  readonly margin: string;
  readonly rounding: string;
}

export function refundOf(row: RefundRow): Refund {
  const amount = { currency: row.payment_currency, minor: BigInt(row.refund_minor) };
  const { terms } = row;
  return {
    id: row.id,
    paymentId: row.payment_id,
    acquirerId: row.acquirer_id,
    acquirerRequestId: row.acquirer_request_id,
    walletId: row.wallet_id,
    state: row.state,
    amount,
    reason: row.reason,
    price: terms === null ? null : priceOf(amount, terms),
    booking: terms?.booking === undefined ? null : bookingOf(terms.booking),
    heldMinor: BigInt(row.held_minor),
    releasedMinor: row.released_minor === null ? null : BigInt(row.released_minor),
    createdAtMs: msOf(row.created_at),
    completedAtMs: row.completed_at === null ? null : msOf(row.completed_at),
    cycleId: row.cycle_id,
    walletRefundId: row.wallet_refund_id,
    decline:
      row.decline_code === null
        ? null
        : { code: row.decline_code, detail: row.decline_detail ?? '', by: row.decline_by ?? 'hub' },
    duty:
      row.duty_due_at === null
        ? null
        : { attempt: row.duty_attempt ?? 0, dueAtMs: msOf(row.duty_due_at) },
    traceId: row.trace_id,
  };
}

/** What is written when it comes to be: column names as keys, amounts as text. */
export function refundRowOf(refund: Refund): Record<string, unknown> {
  const { price } = refund;
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    acquirer_id: refund.acquirerId,
    acquirer_request_id: refund.acquirerRequestId,
    wallet_id: refund.walletId,
    reason: refund.reason,
    payment_currency: refund.amount.currency,
    refund_minor: refund.amount.minor.toString(),
    created_at: isoOf(refund.createdAtMs),
    trace_id: refund.traceId,
    ...refundProgressOf(refund),
    ...(price === null
      ? {}
      : {
          pay_to_currency: price.payer.amount.currency,
          refund_from_minor: price.payer.amount.minor.toString(),
          settlement_currency: price.settlement.amount.currency,
          settlement_minor: price.settlement.amount.minor.toString(),
          wallet_credit_minor: price.walletCredit.minor.toString(),
          acquirer_debit_minor: price.acquirerDebit.minor.toString(),
          interchange_minor: price.interchange.payment.minor.toString(),
        }),
  };
}

/** The columns that an answer of the wallet changes. */
export function refundProgressOf(refund: Refund): Record<string, unknown> {
  return {
    state: refund.state,
    terms: refund.price === null ? null : storedTermsOf(refund.price, refund.booking),
    held_minor: refund.heldMinor.toString(),
    released_minor: refund.releasedMinor?.toString() ?? null,
    completed_at: refund.completedAtMs === null ? null : isoOf(refund.completedAtMs),
    cycle_id: refund.cycleId,
    wallet_refund_id: refund.walletRefundId,
    decline_code: refund.decline?.code ?? null,
    decline_detail: refund.decline?.detail ?? null,
    decline_by: refund.decline?.by ?? null,
    duty_attempt: refund.duty?.attempt ?? null,
    duty_due_at: refund.duty === null ? null : isoOf(refund.duty.dueAtMs),
  };
}

function priceOf(refundAmount: Refund['amount'], terms: StoredRefundTerms): RefundPrice {
  const payer = legOf(terms.payer);
  const settlement = legOf(terms.settlement);
  const { currency } = refundAmount;
  const interchange = {
    payment: { currency, minor: BigInt(terms.interchange.minor) },
    charged: legOf(terms.interchange.charged),
    credited: legOf(terms.interchange.credited),
  };
  return {
    refundAmount,
    payer,
    settlement,
    interchange,
    walletCredit: {
      currency: payer.amount.currency,
      minor: payer.amount.minor - interchange.credited.amount.minor,
    },
    acquirerDebit: {
      currency: settlement.amount.currency,
      minor: settlement.amount.minor - interchange.charged.amount.minor,
    },
  };
}

function storedTermsOf(price: RefundPrice, booking: RefundBooking | null): StoredRefundTerms {
  const { payer, settlement, interchange } = price;
  return {
    payer: storedLegOf(payer),
    settlement: storedLegOf(settlement),
    interchange: {
      minor: interchange.payment.minor.toString(),
      charged: storedLegOf(interchange.charged),
      credited: storedLegOf(interchange.credited),
    },
    ...(booking === null
      ? {}
      : {
          booking: {
            usd: {
              payer: ratioTextOf(booking.usd.payer),
              settlement: ratioTextOf(booking.usd.settlement),
            },
            ofToday: booking.ofToday,
            positionsBefore: {
              payer: booking.positionsBefore.payer.toString(),
              settlement: booking.positionsBefore.settlement.toString(),
            },
          },
        }),
  };
}

function bookingOf(stored: NonNullable<StoredRefundTerms['booking']>): RefundBooking {
  const { usd, ofToday, positionsBefore } = stored;
  return {
    usd: { payer: ratioOf(usd.payer), settlement: ratioOf(usd.settlement) },
    ofToday,
    positionsBefore: {
      payer: BigInt(positionsBefore.payer),
      settlement: BigInt(positionsBefore.settlement),
    },
  };
}

function legOf(leg: StoredLeg): ConvertedAmount {
  const parts = {
    atMid: BigInt(leg.atMid),
    margin: BigInt(leg.margin),
    rounding: BigInt(leg.rounding),
  };
  const amount = { currency: leg.currency, minor: BigInt(leg.minor) };
  invariant(
    amount.minor === parts.atMid + parts.margin + parts.rounding,
    'the parts of a stored amount add up to it',
  );
  return { amount, ...parts };
}

function storedLegOf({ amount, atMid, margin, rounding }: ConvertedAmount): StoredLeg {
  return {
    currency: amount.currency,
    minor: amount.minor.toString(),
    atMid: atMid.toString(),
    margin: margin.toString(),
    rounding: rounding.toString(),
  };
}
