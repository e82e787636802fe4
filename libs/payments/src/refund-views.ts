import type { AmountView } from '#contracts/operator/amount';
import type { RefundExplanation, RefundView } from '#contracts/operator/refunds';
import { ratioText } from '#domain/rates/ratio';
import type { Refund, RefundRecord } from '#domain/refunds/refund';
import { isoOf } from './payment-row.js';
import { amountView } from './payment-views.js';

export function refundView(refund: Refund): RefundView {
  const { price, duty } = refund;
  const shown = (pick: (of: NonNullable<Refund['price']>) => Parameters<typeof amountView>[0]) =>
    price === null ? null : amountView(pick(price));
  return {
    id: refund.id,
    payment: refund.paymentId,
    state: refund.state,
    wallet: refund.walletId,
    acquirer: refund.acquirerId,
    acquirerRequestId: refund.acquirerRequestId,
    reason: refund.reason,
    refundAmount: amountView(refund.amount),
    refundFromAmount: shown((of) => of.payer.amount),
    settlementAmount: shown((of) => of.settlement.amount),
    interchange: shown((of) => of.interchange.payment),
    walletCredit: shown((of) => of.walletCredit),
    acquirerDebit: shown((of) => of.acquirerDebit),
    held: heldView(refund),
    decline: refund.decline,
    cycle: refund.cycleId,
    createdAt: isoOf(refund.createdAtMs),
    completedAt: refund.completedAtMs === null ? null : isoOf(refund.completedAtMs),
    nextAttempt: duty === null ? null : { attempt: duty.attempt, dueAt: isoOf(duty.dueAtMs) },
    traceId: refund.traceId,
  };
}

export function refundExplanationView(
  refund: Refund,
  timeline: readonly RefundRecord[],
): RefundExplanation {
  const { booking } = refund;
  return {
    ...refundView(refund),
    usdMids:
      booking === null
        ? null
        : {
            wallet: ratioText(booking.usd.payer),
            settlement: ratioText(booking.usd.settlement),
            ofToday: booking.ofToday,
          },
    timeline: timeline
      .filter(({ refundId }) => refundId === refund.id)
      .map((record) => ({
        at: isoOf(record.atMs),
        event: record.event,
        from: record.from,
        to: record.to,
        detail: record.detail,
      })),
  };
}

function heldView({ price, heldMinor }: Refund): AmountView | null {
  return price === null ? null : amountView({ ...price.acquirerDebit, minor: heldMinor });
}
