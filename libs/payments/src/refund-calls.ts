import { toWireAmount } from '#domain/money';
import type { Payment } from '#domain/payments/payment';
import type { RefundAnswer } from '#domain/refunds/advance-refund';
import type { Refund } from '#domain/refunds/refund';
import { readWire, walletRefundResponse } from '#contracts/partner-wire/index';
import type { PartnerReply } from '#platform/partner-http/index';
import { Inject, Injectable } from '@nestjs/common';
import { PartnerCalls } from './partner-calls.js';
import { RefundPayments, type RefundOfPayment } from './refund-payments.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import { sameAmount, wireQuoteOf } from './wire-answers.js';

/**
 * Failures of the call, not of the refund: a wallet that cannot read or does not know our request
 * has not refused to pay its user back. An operator mends the connection, and the hub asks again.
 */
const FAILURES_OF_THE_CALL: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'INVALID_CLIENT',
  'ACCESS_DENIED',
  'NO_INTERFACE_DEF',
  'METHOD_NOT_SUPPORTED',
  'MEDIA_TYPE_NOT_ACCEPTABLE',
]);

/**
 * Asks wallets to pay their users back, always under the same id of the hub, and feeds the answers
 * back as commands. Never inside a transaction; what has no final answer stays due.
 */
@Injectable()
export class RefundCalls {
  private readonly underway = new Set<Promise<unknown>>();

  constructor(
    private readonly refunds: RefundPayments,
    private readonly calls: PartnerCalls,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  async perform(
    { refund, payment }: RefundOfPayment,
    attempt: number,
  ): Promise<RefundOfPayment | undefined> {
    const performing = this.ask(refund, payment, attempt).then((answer) =>
      this.refunds.advance(refund.id, answer),
    );
    this.underway.add(performing);
    try {
      return await performing;
    } finally {
      this.underway.delete(performing);
    }
  }

  /** Resolves when no wallet is being asked. */
  async idle(): Promise<void> {
    while (this.underway.size > 0) await Promise.allSettled(this.underway);
  }

  private async ask(refund: Refund, payment: Payment, attempt: number): Promise<RefundAnswer> {
    const { price } = refund;
    const { payer } = payment;
    if (price === null || payer === null) {
      return { kind: 'walletUnknown', attempt, reason: 'The refund was never priced.' };
    }
    const { payerQuote } = payer;
    const reply = await this.calls.call(
      payer.walletId,
      'payments/refund',
      this.settings.partnerTimeoutMs,
      refund.traceId,
      {
        acquirerId: refund.acquirerId,
        pspId: payer.walletId,
        // Towards a wallet both ids are the hub's.
        paymentRequestId: payment.id,
        refundRequestId: refund.id,
        refundAmount: toWireAmount(refund.amount),
        refundFromAmount: toWireAmount(price.payer.amount),
        ...(payerQuote.base === payerQuote.counter ? {} : { refundQuote: wireQuoteOf(payerQuote) }),
        ...(refund.reason === null ? {} : { refundReason: refund.reason }),
      },
      refund.id,
    );
    return answerOf(refund, reply, attempt);
  }
}

function answerOf(refund: Refund, reply: PartnerReply, attempt: number): RefundAnswer {
  if (reply.kind === 'unknown') {
    return { kind: 'walletUnknown', attempt, reason: `No believable answer: ${reply.detail}.` };
  }
  const { resultStatus, resultCode, resultMessage } = reply.result;
  if (resultStatus === 'S') return refundedAsAsked(refund, reply, attempt);
  const said = `${resultStatus} ${resultCode}: ${resultMessage}`;
  if (resultStatus === 'U' || FAILURES_OF_THE_CALL.has(resultCode)) {
    return { kind: 'walletUnknown', attempt, reason: said };
  }
  return {
    kind: 'walletRefused',
    decline: {
      code: resultCode,
      detail: resultMessage === '' ? 'The wallet refused the refund.' : resultMessage,
      by: 'wallet',
    },
  };
}

/** A success counts only for the amounts that were asked; anything else is not known yet. */
function refundedAsAsked(
  refund: Refund,
  reply: Extract<PartnerReply, { kind: 'answer' }>,
  attempt: number,
): RefundAnswer {
  const body = readWire(walletRefundResponse, reply.body);
  if (!body.ok) {
    return { kind: 'walletUnknown', attempt, reason: `Unreadable: ${body.rejection.detail}` };
  }
  const { refundAmount, refundFromAmount, refundId } = body.value;
  const agrees =
    sameAmount(refundAmount, refund.amount) &&
    (refund.price === null || sameAmount(refundFromAmount, refund.price.payer.amount));
  return agrees
    ? { kind: 'walletRefunded', walletRefundId: refundId ?? null }
    : { kind: 'walletUnknown', attempt, reason: 'The wallet confirmed other amounts.' };
}
