import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PaymentId } from '#domain/ids';
import type { PaymentMode } from '#domain/network';
import type { OpenCommand } from '#domain/payments/decide-open';
import type { Payment } from '#domain/payments/payment';
import { rejected, type Outcome, type Rejection } from '#domain/rejection';
import { NetworkDirectory } from '#corridors';
import {
  acquirerCancelRequest,
  acquirerInquiryRequest,
  acquirerPayRequest,
  notifyPushPaymentRequest,
  parseWireTime,
  readWire,
  type AcquirerPayRequest,
} from '#contracts/partner-wire/index';
import type { WireAnswer, WireCall, WireOperationHandler } from '#platform/wire/wire-call';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AdvancePayments } from './advance-payments.js';
import { orderCodeOf } from './order-code.js';
import { OpenPayments, type OpenRequest } from './open-payments.js';
import { PartnerCalls } from './partner-calls.js';
import { isoOf } from './payment-row.js';
import { PaymentRepository } from './payment-repository.js';
import { refundTransaction } from './refund-operations.js';
import { RefundRepository } from './refund-repository.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import {
  acquirerResultOf,
  acquirerView,
  amountText,
  orderMemoOf,
  paymentStatusOf,
  replyWith,
  SUCCESS,
} from './wire-answers.js';

const MODES = {
  PaymentCode: 'userPresented',
  OrderCode: 'orderCode',
  EntryCode: 'entryCode',
} as const satisfies Record<string, PaymentMode>;

/** What an acquirer may call at the hub: pay, inquire, cancel, tell the end of a push. */
@Injectable()
export class AcquirerOperations {
  /** Charges under way in this process, which the repeats of their requests wait for. */
  private readonly charging = new Map<PaymentId, Promise<unknown>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly opens: OpenPayments,
    private readonly advances: AdvancePayments,
    private readonly calls: PartnerCalls,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
    private readonly network: NetworkDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  handlers(): Map<string, WireOperationHandler> {
    const roles = ['acqp'] as const;
    return new Map([
      ['payments/pay', { roles, handle: (call) => this.pay(call) }],
      ['payments/inquiryPayment', { roles, handle: (call) => this.inquire(call) }],
      ['payments/cancelPayment', { roles, handle: (call) => this.cancel(call) }],
      ['payments/notifyPushPayment', { roles, handle: (call) => this.notifyPush(call) }],
    ]);
  }

  private async pay(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerPayRequest, call.body);
    if (!read.ok) return read;
    const request = this.openRequestOf(call, read.value);
    if (!request.ok) return request;
    const result = await this.opens.open(request.value);
    switch (result.kind) {
      case 'conflict':
        return { ok: false, rejection: result.rejection };
      case 'repeat':
        return this.answerRepeat(result.paymentId);
      case 'opened': {
        if (result.instruction?.kind !== 'chargeWallet') return this.payAnswer(result.payment);
        return this.charge(result.payment, call.deadlineMs);
      }
    }
  }

  private async charge(payment: Payment, deadlineMs: number): Promise<WireAnswer> {
    const charging = this.calls.perform(payment, 'chargeWallet', 0, deadlineMs);
    this.charging.set(payment.id, charging);
    try {
      const charged = await charging;
      return this.payAnswer(charged?.payment ?? payment);
    } finally {
      this.charging.delete(payment.id);
    }
  }

  private openRequestOf(call: WireCall, request: AcquirerPayRequest): Outcome<OpenRequest> {
    const nowMs = this.clock.nowMs();
    const { order, paymentAmount, paymentFactor, paymentMethod, paymentRequestId } = request;
    const mode = MODES[paymentFactor.inStorePaymentScenario ?? 'OrderCode'];
    const acquirer = this.network.current().acquirers.get(call.participantId);
    if (acquirer === undefined) {
      return rejected(
        'INVALID_CLIENT',
        `${call.participantId} is not an acquirer of this network.`,
      );
    }
    const merchantId = order.merchant.referenceMerchantId;
    const storeId = order.merchant.store?.referenceStoreId ?? null;
    const command: OpenCommand = {
      id: this.ids.next('pay_', nowMs),
      mode,
      acquirerId: acquirer.id,
      acquirerRequestId: paymentRequestId,
      merchantId,
      storeId,
      order: orderMemoOf(order, paymentRequestId),
      paymentAmount,
      settlementCurrency:
        request.settlementStrategy?.settlementCurrency ?? acquirer.settlementCurrency,
      codeValue: mode === 'userPresented' ? (paymentMethod.paymentMethodId ?? null) : null,
      expiresAtMs: this.expiryOf(request.paymentExpiryTime, nowMs),
      traceId: call.traceId,
      payer: null,
      refusal:
        this.refusalOfExpiry(request.paymentExpiryTime, nowMs) ??
        this.refusalOfMerchant(acquirer.id, merchantId, storeId, paymentAmount.currency),
    };
    return {
      ok: true,
      value: {
        command,
        userCode: command.codeValue,
        target: {
          kind: 'acquirer',
          acquirerId: acquirer.id,
          merchantId,
          ...(storeId === null ? {} : { storeId }),
        },
        keys: [
          {
            participantId: acquirer.id,
            operation: 'payments/pay',
            requestId: paymentRequestId,
            // The parameters that must not change (docs/sources.md A1.5).
            fingerprint: {
              paymentAmount: amountText(paymentAmount),
              'paymentMethod.paymentMethodType': paymentMethod.paymentMethodType,
              'order.orderAmount': amountText(order.orderAmount),
            },
          },
        ],
      },
    };
  }

  /** An order for nobody yet is routed only when a payer comes, so its shop is checked here. */
  private refusalOfMerchant(
    acquirerId: string,
    merchantId: string,
    storeId: string | null,
    currency: string,
  ): Rejection | null {
    const { merchants, stores } = this.network.current();
    const merchant = merchants.get(merchantId);
    const field = 'order.merchant.referenceMerchantId';
    if (merchant?.acquirerId !== acquirerId) {
      return {
        code: 'MERCHANT_NOT_REGISTERED',
        detail: `Merchant ${merchantId} is not registered by ${acquirerId}; register it first.`,
        field,
      };
    }
    if (storeId !== null && stores.get(storeId)?.merchantId !== merchantId) {
      return {
        code: 'MERCHANT_NOT_REGISTERED',
        detail: `Store ${storeId} is not registered for merchant ${merchantId}.`,
        field: 'order.merchant.store.referenceStoreId',
      };
    }
    if (merchant.currency !== currency) {
      return {
        code: 'CURRENCY_NOT_SUPPORT',
        detail: `${merchant.displayName} prices in ${merchant.currency}, not ${currency}.`,
        field: 'paymentAmount.currency',
      };
    }
    return null;
  }

  private refusalOfExpiry(wished: string | undefined, nowMs: number): Rejection | null {
    if (wished === undefined || this.expiryOf(wished, nowMs) > nowMs) return null;
    return {
      code: 'ORDER_IS_CLOSED',
      detail: `paymentExpiryTime ${wished} has passed; send a later one, or none.`,
      field: 'paymentExpiryTime',
    };
  }

  private expiryOf(wished: string | undefined, nowMs: number): number {
    const latestMs = nowMs + this.settings.orderTtlMs;
    const wishedMs = wished === undefined ? latestMs : (parseWireTime(wished) ?? latestMs);
    return Math.min(wishedMs, latestMs);
  }

  /** The stored answer; a repeat that overtakes the charge of the first waits for it. */
  private async answerRepeat(id: PaymentId): Promise<WireAnswer> {
    // The first of the same batch goes on before its repeats, so that its charge is known here; and
    // it is asked for before the payment is read, because it may end while the answer is on its way.
    await nextTurn();
    await this.charging.get(id)?.catch(() => undefined);
    const payment = await this.payments.find(this.dataSource.manager, id);
    if (payment === undefined) throw new Error(`request key points to missing payment ${id}`);
    return this.payAnswer(payment);
  }

  private payAnswer(payment: Payment): WireAnswer {
    const code = orderCodeOf(payment);
    const waiting = payment.state === 'awaitingPayer';
    return replyWith(acquirerResultOf(payment), {
      ...acquirerView(payment, this.walletNameOf(payment)),
      ...(waiting && payment.mode === 'orderCode'
        ? {
            orderCodeForm: {
              paymentMethodType: 'CONNECT_WALLET',
              expireTime: isoOf(payment.expiresAtMs),
              codeDetails: [{ codeValueType: 'QRCODE', codeValue: code, displayType: 'TEXT' }],
            },
          }
        : {}),
      ...(waiting && payment.mode === 'entryCode' ? { paymentUrl: code } : {}),
    });
  }

  private async inquire(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerInquiryRequest, call.body);
    if (!read.ok) return read;
    const payment = await this.ownPayment(call, read.value);
    if (payment === undefined) return unknownOrder();
    const result = acquirerResultOf(payment);
    const status = paymentStatusOf(payment.state);
    const refunds = await this.refunds.listOfPayment(this.dataSource.manager, payment.id);
    return replyWith(SUCCESS, {
      paymentResult: result,
      paymentStatus: status,
      paymentRequestId: payment.acquirerRequestId,
      ...acquirerView(payment, this.walletNameOf(payment)),
      transactions: [
        {
          transactionType: 'PAYMENT',
          transactionId: payment.id,
          transactionRequestId: payment.acquirerRequestId,
          transactionStatus: status,
          transactionResult: result,
          transactionAmount: {
            currency: payment.paymentAmount.currency,
            value: payment.paymentAmount.minor.toString(),
          },
          transactionTime: isoOf(payment.completedAtMs ?? payment.createdAtMs),
        },
        ...refunds.map(refundTransaction),
      ],
    });
  }

  private async cancel(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerCancelRequest, call.body);
    if (!read.ok) return read;
    const payment = await this.ownPayment(call, read.value);
    if (payment === undefined) return unknownOrder();
    const decision = await this.advances.advance(payment.id, { kind: 'cancel' });
    if (decision === undefined) return unknownOrder();
    if (decision.rejection !== null) return { ok: false, rejection: decision.rejection };
    const ended =
      decision.payment.state === 'cancelling'
        ? await this.calls.perform(decision.payment, 'cancelAtWallet', 0)
        : decision;
    const state = ended?.payment.state;
    const ids = {
      acquirerId: payment.acquirerId,
      paymentId: payment.id,
      paymentRequestId: payment.acquirerRequestId,
      ...(payment.payer === null ? {} : { pspId: payment.payer.walletId }),
    };
    if (state !== 'cancelling') return replyWith(SUCCESS, ids);
    return replyWith(
      {
        resultStatus: 'U',
        resultCode: 'UNKNOWN_EXCEPTION',
        resultMessage: 'Accepted; the wallet has not confirmed yet. Send the same cancel again.',
      },
      ids,
    );
  }

  private async notifyPush(call: WireCall): Promise<WireAnswer> {
    const read = readWire(notifyPushPaymentRequest, call.body);
    if (!read.ok) return read;
    const { paymentId, paymentResult, paymentAmount } = read.value;
    const payment = await this.ownPayment(call, { paymentId });
    if (payment === undefined) return unknownOrder();
    if (
      paymentAmount !== undefined &&
      amountText(paymentAmount) !== amountText(payment.paymentAmount)
    ) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `paymentAmount is ${amountText(paymentAmount)}, but ${payment.id} is of ${amountText(payment.paymentAmount)}.`,
        'paymentAmount.value',
      );
    }
    if (paymentResult.resultStatus !== 'U') {
      const decision = await this.advances.advance(
        payment.id,
        paymentResult.resultStatus === 'S'
          ? { kind: 'acquirerAccepted', acquirerPaymentId: null }
          : {
              kind: 'acquirerRefused',
              decline: {
                code: paymentResult.resultCode,
                detail: paymentResult.resultMessage,
                by: 'acquirer',
              },
            },
      );
      if (decision !== undefined) this.calls.follow(decision);
    }
    return { result: SUCCESS };
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

  private walletNameOf(payment: Payment): string | undefined {
    return payment.payer === null
      ? undefined
      : this.network.current().wallets.get(payment.payer.walletId)?.name;
  }
}

function unknownOrder(): Outcome<never> {
  return rejected(
    'ORDER_NOT_EXIST',
    'No payment of yours has this id; check paymentRequestId, or wait if pay is still on its way.',
    'paymentRequestId',
  );
}
