import type {
  ParticipantPaymentTerms,
  ParticipantPaymentView,
} from '#contracts/operator/participant-payments';
import type { PartnerRole } from '#contracts/partner-wire/operations';
import type { Payment } from '#domain/payments/payment';
import { viewOfQuote } from '#fx';
import { isoOf } from './payment-row.js';
import { amountView } from './payment-views.js';
import { declineForAcquirer } from './wire-answers.js';

/** Whether a payment has this participant at one of its two ends. */
export function isPartyTo(payment: Payment, role: PartnerRole, participantId: string): boolean {
  return role === 'mpp'
    ? payment.payer?.walletId === participantId
    : payment.acquirerId === participantId;
}

/**
 * The payment as one of its ends may see it. Written field by field: what is added to a payment
 * later is shown to nobody until somebody decides that it may be.
 */
export function participantPaymentView(
  payment: Payment,
  role: PartnerRole,
): ParticipantPaymentView {
  const wallet = role === 'mpp';
  const price = payment.payer?.price;
  const leg = wallet ? price?.payToAmount : price?.settlementAmount;
  return {
    id: payment.id,
    role,
    mode: payment.mode,
    state: payment.state,
    counterparty: wallet ? payment.acquirerId : (payment.payer?.walletId ?? null),
    ownRequestId: wallet ? null : payment.acquirerRequestId,
    ownPaymentId: wallet ? payment.walletPaymentId : payment.acquirerPaymentId,
    merchant: payment.merchantId,
    store: payment.storeId,
    merchantName: payment.order.merchantName,
    paymentAmount: amountView(payment.paymentAmount),
    legAmount: leg === undefined ? null : amountView(leg),
    decline: wallet ? payment.decline : declineForAcquirer(payment.decline),
    cycle: payment.cycleId,
    createdAt: isoOf(payment.createdAtMs),
    completedAt: payment.completedAtMs === null ? null : isoOf(payment.completedAtMs),
    traceId: payment.traceId,
  };
}

/** The same with the terms of its leg: the quote, and every item it pays or receives. */
export function participantTermsView(
  payment: Payment,
  role: PartnerRole,
  nowMs: number,
): ParticipantPaymentTerms {
  const view = participantPaymentView(payment, role);
  const { payer } = payment;
  if (payer === null) return { payment: view, quote: null, items: [], total: null };
  const self = role === 'mpp' ? 'wallet' : 'acquirer';
  const quote = role === 'mpp' ? payer.payerQuote : payer.settlementQuote;
  const { price } = payer;
  return {
    payment: view,
    quote: viewOfQuote(quote, nowMs),
    items: price.items
      .filter(({ from, to }) => from === self || to === self)
      .map((item) => ({
        name: item.name,
        kind: item.kind,
        partOf: item.partOf ?? null,
        direction: item.from === self ? 'pays' : 'receives',
        amount: amountView(item.amount),
        rule: item.rule,
      })),
    total: amountView(role === 'mpp' ? price.walletOwes : price.acquirerReceives),
  };
}
