import { toWireAmount } from '#domain/money';
import type { Payment } from '#domain/payments/payment';
import type { Refund, RefundState } from '#domain/refunds/refund';
import { rejected, type Outcome, type PartnerResult } from '#domain/rejection';
import {
  acquirerInquiryRefundRequest,
  acquirerRefundRequest,
  readWire,
} from '#contracts/partner-wire/index';
import type { WireAnswer, WireCall, WireOperationHandler } from '#platform/wire/wire-call';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isoOf } from './payment-row.js';
import { PaymentRepository } from './payment-repository.js';
import { RefundCalls } from './refund-calls.js';
import { RefundPayments, type RefundOfPayment } from './refund-payments.js';
import { RefundRepository } from './refund-repository.js';
import { amountText, replyWith, SUCCESS, wireQuoteOf } from './wire-answers.js';

const REFUND_IN_PROCESS: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage:
    'The refund is accepted and will be seen through; the wallet has not confirmed yet. Send the same refund again, or inquire.',
};

/** What an acquirer may call at the hub about refunds. */
@Injectable()
export class RefundOperations {
  /** Wallets being asked in this process, which the repeats of a request wait for. */
  private readonly asking = new Map<string, Promise<RefundOfPayment | undefined>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly accepts: RefundPayments,
    private readonly calls: RefundCalls,
  ) {}

  handlers(): Map<string, WireOperationHandler> {
    const roles = ['acqp'] as const;
    return new Map([
      ['payments/refund', { roles, handle: (call) => this.refund(call) }],
      ['payments/inquiryRefund', { roles, handle: (call) => this.inquire(call) }],
    ]);
  }

  private async refund(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerRefundRequest, call.body);
    if (!read.ok) return read;
    const { refundRequestId, refundAmount, refundReason } = read.value;
    const payment = await this.ownPayment(call, read.value);
    if (payment === undefined) return unknownOrder();
    const result = await this.accepts.accept({
      payment,
      key: {
        participantId: call.participantId,
        operation: 'payments/refund',
        requestId: refundRequestId,
        // Whichever id named the payment, it is the same request (docs/sources.md A1.5).
        fingerprint: { refundAmount: amountText(refundAmount), paymentId: payment.id },
      },
      amount: refundAmount,
      reason: refundReason ?? null,
      traceId: call.traceId,
    });
    if (result.kind === 'conflict') return { ok: false, rejection: result.rejection };
    const { refund } = result;
    if (result.kind === 'repeat' || refund.state !== 'processing') {
      return refundAnswer((await this.asking.get(refund.id)?.catch(() => undefined)) ?? result);
    }
    const asking = this.calls.perform(result, 0);
    this.asking.set(refund.id, asking);
    try {
      return refundAnswer((await asking) ?? result);
    } finally {
      this.asking.delete(refund.id);
    }
  }

  private async inquire(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerInquiryRefundRequest, call.body);
    if (!read.ok) return read;
    const { manager } = this.dataSource;
    const { refundRequestId = '', refundId } = read.value;
    const refund =
      refundId === undefined
        ? await this.refunds.findByRequest(manager, call.participantId, refundRequestId)
        : await this.refunds.find(manager, refundId);
    const payment =
      refund === undefined ? undefined : await this.payments.find(manager, refund.paymentId);
    if (payment === undefined || refund?.acquirerId !== call.participantId) {
      return rejected(
        'ORDER_NOT_EXIST',
        'No refund of yours has this id; check refundRequestId, or wait if refund is still on its way.',
        'refundRequestId',
      );
    }
    return replyWith(SUCCESS, {
      refundResult: refundResultOf(refund),
      refundStatus: REFUND_STATUS[refund.state],
      ...refundView({ refund, payment }),
    });
  }

  /** A participant sees its own payments only; another's is as unknown as one that never was. */
  private async ownPayment(
    call: WireCall,
    ids: {
      readonly paymentId?: string | undefined;
      readonly paymentRequestId?: string | undefined;
    },
  ): Promise<Payment | undefined> {
    const { manager } = this.dataSource;
    const payment =
      ids.paymentId === undefined
        ? await this.payments.findByAcquirerRequest(
            manager,
            call.participantId,
            ids.paymentRequestId ?? '',
          )
        : await this.payments.find(manager, ids.paymentId);
    return payment?.acquirerId === call.participantId ? payment : undefined;
  }
}

/** The sibling wire's words for the states (docs/sources.md A1.8). */
const REFUND_STATUS = {
  processing: 'PROCESSING',
  succeeded: 'SUCCESS',
  declined: 'FAIL',
} as const satisfies Record<RefundState, string>;

/** A refund among the transactions of its payment, as an inquiry lists them. */
export function refundTransaction(refund: Refund): object {
  return {
    transactionType: 'REFUND',
    transactionId: refund.id,
    transactionRequestId: refund.acquirerRequestId,
    transactionStatus: REFUND_STATUS[refund.state],
    transactionResult: refundResultOf(refund),
    transactionAmount: toWireAmount(refund.amount),
    transactionTime: isoOf(refund.completedAtMs ?? refund.createdAtMs),
  };
}

/** How a refund's state is told to the acquirer as a result. */
function refundResultOf(refund: Refund): PartnerResult {
  switch (refund.state) {
    case 'succeeded':
      return SUCCESS;
    case 'processing':
      return REFUND_IN_PROCESS;
    case 'declined':
      return {
        resultStatus: 'F',
        resultCode: refund.decline?.code ?? 'PROCESS_FAIL',
        resultMessage: refund.decline?.detail ?? 'The refund was refused.',
      };
  }
}

function refundAnswer(known: RefundOfPayment): WireAnswer {
  return replyWith(refundResultOf(known.refund), refundView(known));
}

/** What the acquirer is told of a refund: its own leg, and nothing of the wallet's. */
function refundView({ refund, payment }: RefundOfPayment): object {
  const { price } = refund;
  const { payer } = payment;
  return {
    acquirerId: refund.acquirerId,
    ...(refund.walletId === null ? {} : { pspId: refund.walletId }),
    refundRequestId: refund.acquirerRequestId,
    refundId: refund.id,
    paymentId: payment.id,
    refundAmount: toWireAmount(refund.amount),
    refundTime: isoOf(refund.completedAtMs ?? refund.createdAtMs),
    ...(price === null || price.settlement.amount.minor === 0n || payer === null
      ? {}
      : {
          settlementAmount: toWireAmount(price.settlement.amount),
          settlementQuote: wireQuoteOf(payer.settlementQuote),
        }),
  };
}

function unknownOrder(): Outcome<never> {
  return rejected(
    'ORDER_NOT_EXIST',
    'No payment of yours has this id; check paymentRequestId or paymentId.',
    'paymentRequestId',
  );
}
