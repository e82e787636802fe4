import { formatMoney, money, toWireAmount, type Money } from '#domain/money';
import type { PaymentMode } from '#domain/network';
import type { Payment } from '#domain/payments/payment';
import { accepted, rejected, type Outcome, type PartnerResult } from '#domain/rejection';
import { decideRoute } from '#domain/routing/decide-route';
import { orderCodePrefixOf, resolveOrderCode } from '#domain/routing/resolve-code';
import type { RouteTarget } from '#domain/routing/place';
import { NetworkDirectory } from '#corridors';
import {
  decodeResponse,
  parseWireTime,
  readWire,
  type DecodeResponse,
  type UserInitiatedPayRequest,
} from '#contracts/partner-wire/index';
import { CLOCK, type Clock } from '#platform/clock';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import type { WireAnswer, WireCall } from '#platform/wire/wire-call';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OpenPayments, type OpenRequest } from './open-payments.js';
import { PartnerCalls } from './partner-calls.js';
import { isoOf } from './payment-row.js';
import { payerDigest, scanRequestId } from './payer-digest.js';
import { PaymentRepository } from './payment-repository.js';
import { QuoteDesk } from './quote-desk.js';
import { conflictOf, findRequests, type RequestKey } from './request-keys.js';
import { readNationalCode } from './scanned-code.js';
import { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
import {
  amountText,
  orderMemoOf,
  paymentResultOf,
  replyWith,
  SUCCESS,
  walletAmounts,
  wireOrderOf,
  wireQuoteOf,
} from './wire-answers.js';

const OPERATION = 'payments/userInitiatedPay';

/** A scanned code that an acquirer, not this hub, has issued. */
interface ForeignCode {
  readonly mode: PaymentMode;
  readonly acquirerId: string;
  readonly target: RouteTarget;
  /** What the code itself says; null when it leaves the amount to the payer or the acquirer. */
  readonly amount: Money | null;
  readonly merchantId: string | null;
  readonly storeId: string | null;
  /** Currency the place prices in, where the code's scheme fixes it. */
  readonly currency: string | null;
}

/** Everything known of a payment before it is opened. */
interface Initiation {
  readonly request: UserInitiatedPayRequest;
  readonly code: ForeignCode;
  readonly decoded: DecodeResponse;
  readonly amount: Money;
  readonly key: RequestKey;
}

/** Payments that a wallet begins by scanning somebody else's code: national and private ones. */
@Injectable()
export class InitiatePayments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly opens: OpenPayments,
    private readonly calls: PartnerCalls,
    private readonly payments: PaymentRepository,
    private readonly network: NetworkDirectory,
    private readonly quotes: QuoteDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  /**
   * Decodes at the acquirer, then opens the payment; or, for a static code without an amount,
   * answers STORE_CODE and leaves everything as it was.
   */
  async initiate(call: WireCall, request: UserInitiatedPayRequest): Promise<WireAnswer> {
    const code = this.readCode(call.participantId, request.codeValue);
    if (!code.ok) return code;
    const typed = amountOf(code.value, request);
    if (!typed.ok) return typed;
    const key = keyOf(call.participantId, request, typed.value);
    const before = key === undefined ? undefined : await this.repeatOf(key);
    if (before !== undefined) return before;

    const decoded = await this.decodeAtAcquirer(call, code.value, request);
    if (!decoded.ok) return decoded;
    if ('refusal' in decoded.value) return { result: decoded.value.refusal };
    const amount = typed.value ?? decoded.value.body.paymentAmount ?? null;
    if (amount === null) return this.storeAnswer(call, code.value, decoded.value.body);
    return this.open(call, {
      request,
      code: code.value,
      decoded: decoded.value.body,
      amount,
      key: key ?? keyFor(call.participantId, request, amount),
    });
  }

  /** What a wallet is told once its payer is reserved; for a repeat, the same again. */
  initiatedAnswer(payment: Payment): WireAnswer {
    if (payment.state !== 'authorising') {
      const result = paymentResultOf(payment);
      if (payment.state !== 'succeeded' && payment.state !== 'pushing') return { result };
      return rejected(
        'ORDER_IS_CLOSED',
        `Payment ${payment.id} is ${payment.state}; it needs no other payment.`,
        'codeValue',
      );
    }
    return replyWith(SUCCESS, {
      codeType: 'ORDER_CODE',
      acquirerId: payment.acquirerId,
      pspId: payment.payer?.walletId,
      paymentRequestId: payment.id,
      order: wireOrderOf(payment),
      paymentFactor: {
        isInStorePayment: 'true',
        inStorePaymentScenario: payment.mode === 'entryCode' ? 'EntryCode' : 'OrderCode',
      },
      ...walletAmounts(payment),
      paymentNotifyUrl: `${this.settings.publicUrl()}/aps/api/v1/payments/notifyPayment`,
      paymentExpiryTime: isoOf(payment.expiresAtMs),
    });
  }

  private readCode(walletId: string, codeValue: string): Outcome<ForeignCode> {
    return orderCodePrefixOf(codeValue) === undefined
      ? this.readNational(walletId, codeValue)
      : this.readPrivate(codeValue);
  }

  private readPrivate(codeValue: string): Outcome<ForeignCode> {
    const acquirer = resolveOrderCode(this.network.current(), codeValue);
    if (!acquirer.ok) return acquirer;
    return accepted({
      mode: 'orderCode',
      acquirerId: acquirer.value.id,
      target: { kind: 'acquirer', acquirerId: acquirer.value.id },
      amount: null,
      merchantId: null,
      storeId: null,
      currency: null,
    });
  }

  private readNational(walletId: string, codeValue: string): Outcome<ForeignCode> {
    const scanned = readNationalCode(codeValue);
    if (!scanned.ok) return scanned;
    const { accounts, country, currency, amountMinor } = scanned.value;
    const target: RouteTarget = {
      kind: 'code',
      accounts,
      ...(country === null ? {} : { country }),
    };
    const route = decideRoute(this.network.current(), {
      walletId,
      mode: 'nationalQr',
      target,
      ...(currency === null ? {} : { currency }),
    });
    if (!route.ok) return route;
    const { acquirer, merchant, store } = route.value;
    return accepted({
      mode: 'nationalQr',
      acquirerId: acquirer.id,
      target,
      amount: amountMinor === null ? null : money(currency ?? acquirer.currency, amountMinor),
      merchantId: merchant?.id ?? null,
      storeId: store?.id ?? null,
      currency: currency ?? merchant?.currency ?? acquirer.currency,
    });
  }

  private async repeatOf(key: RequestKey): Promise<WireAnswer | undefined> {
    const { manager } = this.dataSource;
    const [stored] = await findRequests(manager, [key]);
    if (stored === undefined) return undefined;
    const conflict = conflictOf(stored, key);
    if (conflict !== undefined) return { ok: false, rejection: conflict };
    const payment = await this.payments.find(manager, stored.paymentId);
    return payment === undefined ? undefined : this.initiatedAnswer(payment);
  }

  private async decodeAtAcquirer(
    call: WireCall,
    code: ForeignCode,
    request: UserInitiatedPayRequest,
  ): Promise<Outcome<{ body: DecodeResponse } | { refusal: PartnerResult }>> {
    const reply = await this.calls.call(
      code.acquirerId,
      OPERATION,
      this.settings.partnerTimeoutMs,
      call.traceId,
      {
        acquirerId: code.acquirerId,
        pspId: call.participantId,
        codeValue: request.codeValue,
        customerId: request.customerId,
      },
    );
    if (reply.kind === 'unknown') {
      const detail = `${code.acquirerId} did not answer in time; scan again. (${reply.detail})`;
      return accepted({ refusal: unknownResult(detail) });
    }
    if (reply.result.resultStatus !== 'S') return accepted({ refusal: reply.result });
    const body = readWire(decodeResponse, reply.body);
    return body.ok
      ? accepted({ body: body.value })
      : accepted({ refusal: unknownResult(`Unreadable answer: ${body.rejection.detail}`) });
  }

  private storeAnswer(call: WireCall, code: ForeignCode, decoded: DecodeResponse): WireAnswer {
    const network = this.network.current();
    const wallet = network.wallets.get(call.participantId);
    const currency = code.currency ?? network.acquirers.get(code.acquirerId)?.currency ?? '';
    const quote =
      wallet === undefined
        ? undefined
        : this.quotes.reference(
            currency,
            wallet.currency,
            network.corridors.get(wallet.homeMarket),
            this.clock.nowMs(),
          );
    return replyWith(SUCCESS, {
      codeType: 'STORE_CODE',
      acquirerId: code.acquirerId,
      pspId: call.participantId,
      order: wireOrderBack(decoded.order),
      paymentFactor: { isInStorePayment: 'true' },
      ...(quote?.ok === true && quote.value.base !== quote.value.counter
        ? { paymentQuote: wireQuoteOf(quote.value) }
        : {}),
    });
  }

  private async open(call: WireCall, parts: Initiation): Promise<WireAnswer> {
    const opened = await this.opens.open(this.openRequestOf(call, parts));
    switch (opened.kind) {
      case 'conflict':
        return { ok: false, rejection: opened.rejection };
      case 'repeat': {
        const payment = await this.payments.find(this.dataSource.manager, opened.paymentId);
        if (payment === undefined) throw new Error(`payment ${opened.paymentId} is missing`);
        return this.initiatedAnswer(payment);
      }
      case 'opened':
        return this.initiatedAnswer(opened.payment);
    }
  }

  private openRequestOf(
    call: WireCall,
    { request, code, decoded, amount, key }: Initiation,
  ): OpenRequest {
    const nowMs = this.clock.nowMs();
    const id = this.ids.next('pay_', nowMs);
    const acquirer = this.network.current().acquirers.get(code.acquirerId);
    // A static code leaves the acquirer without an order; then the hub's id serves both.
    const acquirerRequestId = decoded.paymentRequestId ?? id;
    const latestMs = nowMs + this.settings.orderTtlMs;
    const wishedMs =
      decoded.paymentExpiryTime === undefined
        ? undefined
        : parseWireTime(decoded.paymentExpiryTime);
    const merchantId = code.merchantId ?? decoded.order?.merchant.referenceMerchantId ?? null;
    const storeId = code.storeId ?? decoded.order?.merchant.store?.referenceStoreId ?? null;
    const target: RouteTarget =
      code.target.kind === 'acquirer' && merchantId !== null
        ? { ...code.target, merchantId, ...(storeId === null ? {} : { storeId }) }
        : code.target;
    return {
      command: {
        id,
        mode: code.mode,
        acquirerId: code.acquirerId,
        acquirerRequestId,
        merchantId,
        storeId,
        order: this.orderOf(decoded, merchantId, acquirerRequestId),
        paymentAmount: amount,
        settlementCurrency:
          decoded.settlementStrategy?.settlementCurrency ??
          acquirer?.settlementCurrency ??
          amount.currency,
        codeValue: request.codeValue,
        expiresAtMs: Math.min(wishedMs ?? latestMs, latestMs),
        traceId: call.traceId,
        payer: { walletId: call.participantId, customerId: request.customerId },
        refusal: null,
      },
      keys: [
        key,
        {
          participantId: code.acquirerId,
          operation: 'payments/pay',
          requestId: acquirerRequestId,
          fingerprint: { paymentAmount: amountText(amount) },
        },
      ],
      userCode: null,
      target,
    };
  }

  private orderOf(
    decoded: DecodeResponse,
    merchantId: string | null,
    requestId: string,
  ): Payment['order'] {
    if (decoded.order !== undefined) return orderMemoOf(decoded.order, requestId);
    const merchant =
      merchantId === null ? undefined : this.network.current().merchants.get(merchantId);
    return {
      referenceOrderId: requestId,
      description: 'In-store payment',
      merchantName: merchant?.displayName ?? 'Merchant',
      merchantMcc: merchant?.mcc ?? '0000',
      storeName: null,
    };
  }
}

/** The amount as far as code and payer tell; they must not contradict each other. */
function amountOf(code: ForeignCode, request: UserInitiatedPayRequest): Outcome<Money | null> {
  const typed = request.paymentAmount;
  if (typed === undefined) return accepted(code.amount);
  if (code.amount !== null && amountText(code.amount) !== amountText(typed)) {
    return rejected(
      'PARAM_ILLEGAL',
      `The code asks for ${formatMoney(code.amount)}, not ${formatMoney(typed)}; leave paymentAmount out.`,
      'paymentAmount.value',
    );
  }
  if (code.currency !== null && typed.currency !== code.currency) {
    return rejected(
      'CURRENCY_NOT_SUPPORT',
      `The shop prices in ${code.currency}, not ${typed.currency}.`,
      'paymentAmount.currency',
    );
  }
  return accepted(typed);
}

/** The key of a request whose amount is known before the acquirer is asked. */
function keyOf(
  walletId: string,
  request: UserInitiatedPayRequest,
  amount: Money | null,
): RequestKey | undefined {
  return amount === null && request.initiationRequestId === undefined
    ? undefined
    : keyFor(walletId, request, amount);
}

function keyFor(
  walletId: string,
  request: UserInitiatedPayRequest,
  amount: Money | null,
): RequestKey {
  const { customerId, codeValue } = request;
  const requestId = request.initiationRequestId ?? scanRequestId(walletId, customerId, codeValue);
  return {
    participantId: walletId,
    operation: OPERATION,
    requestId,
    fingerprint: {
      customerId: payerDigest(walletId, requestId, customerId),
      codeValue,
      paymentAmount: amountText(amount ?? undefined),
    },
  };
}

function unknownResult(detail: string): PartnerResult {
  return { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION', resultMessage: detail };
}

/** An order as read, put back into the wire's form. */
function wireOrderBack(order: DecodeResponse['order']): object | undefined {
  if (order === undefined) return undefined;
  const { orderAmount, ...rest } = order;
  return orderAmount === undefined ? rest : { ...rest, orderAmount: toWireAmount(orderAmount) };
}
