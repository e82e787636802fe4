import { setTimeout as sleep } from 'node:timers/promises';
import {
  OPERATION_TIMEOUTS_MS,
  acquirerInquiryResponse,
  acquirerPayResponse,
  readWire,
  type WireOperation,
} from '#contracts/partner-wire/index';
import { parseDecimal } from '#domain/money';
import { accepted, rejected, type Outcome, type PartnerResult } from '#domain/rejection';
import type { PartnerReply } from '#platform/partner-http/index';
import { newTraceId } from '#platform/telemetry/context';
import { newSale, wireOrderOf, type AcquirerBook, type Place, type Sale } from './acquirer-book.js';
import type { Step } from './exchange-log.js';
import type { PartnerLine } from './partner-line.js';
import { amountText } from './wallet-book.js';
import { resultOfReply } from './wallet-app.js';
import { wireAmountOf } from './wire-words.js';

/** What a cashier types. */
export interface TillRequest {
  readonly storeId: string;
  /** Major units of the store's currency, e.g. `1200`. */
  readonly amount: string;
}

export interface ChargeRequest extends TillRequest {
  /** What the scanner read off the payer's phone. */
  readonly paymentCode: string;
  /** Gaps between inquiries; after the last one the payment is cancelled. */
  readonly inquiryGapsMs?: readonly number[] | undefined;
}

export interface TillOutcome {
  readonly result: PartnerResult;
  readonly sale: Sale;
  readonly traceId: string;
  readonly steps: readonly Step[];
  /** What to show to the payer, for orders. */
  readonly codeValue?: string | undefined;
  readonly expireTime?: string | undefined;
}

/** The in-store SDK's gaps (docs/sources.md A1.6). */
const INQUIRY_GAPS_MS = [2_000, 3_000, 3_000, 5_000, 5_000, 5_000, 5_000, 5_000, 5_000];
const CANCEL_GAPS_MS = [0, 2_000, 3_000, 3_000, 5_000, 5_000];

/** The till of an acquirer's stores: charges codes, asks for order codes, makes its own. */
export class AcquirerTill {
  constructor(
    private readonly book: AcquirerBook,
    private readonly line: PartnerLine,
  ) {}

  /** Charges a shown code and sees it through: inquiries while unknown, then cancel. */
  async charge(request: ChargeRequest): Promise<Outcome<TillOutcome>> {
    const opened = await this.openSale(request);
    if (!opened.ok) return opened;
    const { place, sale } = opened.value;
    const traceId = newTraceId();
    const body = {
      ...payBody(place, sale, 'PaymentCode'),
      paymentMethod: {
        paymentMethodType: 'CONNECT_WALLET',
        paymentMethodId: request.paymentCode,
      },
    };
    const reply = await this.ask('payments/pay', traceId, body);
    let result = resultOfReply(reply);
    this.note(sale, reply);
    if (result.resultStatus === 'U') {
      result = await this.follow(sale, body, traceId, request.inquiryGapsMs ?? INQUIRY_GAPS_MS);
    }
    return accepted(await this.ended(sale, result, traceId));
  }

  /** Asks the hub for an order code, or (entry code) for the address of its order. */
  async order(
    request: TillRequest,
    entry?: { readonly userAgent: string; readonly traceId?: string | undefined },
  ): Promise<Outcome<TillOutcome>> {
    const opened = await this.openSale(request);
    if (!opened.ok) return opened;
    const { place, sale } = opened.value;
    const traceId = entry?.traceId ?? newTraceId();
    const body = payBody(place, sale, entry === undefined ? 'OrderCode' : 'EntryCode');
    const withEnv =
      entry === undefined
        ? body
        : {
            ...body,
            order: { ...body.order, env: { terminalType: 'WAP', userAgent: entry.userAgent } },
          };
    const reply = await this.ask('payments/pay', traceId, withEnv);
    this.note(sale, reply);
    const result = resultOfReply(reply);
    const read = reply.kind === 'answer' ? readWire(acquirerPayResponse, reply.body) : undefined;
    const form = read?.ok === true ? read.value.orderCodeForm : undefined;
    const url = read?.ok === true ? read.value.paymentUrl : undefined;
    // U PAYMENT_IN_PROCESS is the good answer here: the order waits for its payer.
    if (result.resultStatus === 'F') await this.ended(sale, result, traceId);
    return accepted({
      ...this.outcome(sale, result, traceId),
      codeValue: form?.codeDetails[0]?.codeValue ?? url,
      expireTime: form?.expireTime,
    });
  }

  /** An order code of the acquirer's own; the hub hears of it when a wallet scans it. */
  async privateOrder(request: TillRequest): Promise<Outcome<TillOutcome>> {
    const opened = await this.openSale(request);
    if (!opened.ok) return opened;
    const { sale } = opened.value;
    const result: PartnerResult = {
      resultStatus: 'U',
      resultCode: 'PAYMENT_IN_PROCESS',
      resultMessage: 'The order waits for its payer.',
    };
    const codeValue = this.book.orderCode(sale.requestId);
    return accepted({ ...this.outcome(sale, result, newTraceId()), codeValue });
  }

  /** Takes a sale back, paid or not: the cashier mistyped, or the guest left. */
  async cancelSale({ requestId }: { readonly requestId: string }): Promise<Outcome<TillOutcome>> {
    const sale = await this.book.find(requestId);
    if (sale === undefined) {
      return rejected('NOT_FOUND', `There is no sale ${requestId}.`, 'requestId');
    }
    const traceId = newTraceId();
    return accepted(await this.ended(sale, await this.cancel(sale, traceId), traceId));
  }

  private async openSale(request: TillRequest): Promise<Outcome<{ place: Place; sale: Sale }>> {
    const place = this.book.place(request.storeId);
    if (place === undefined) {
      const detail = `${this.book.acquirer.name} has no store ${request.storeId}.`;
      return rejected('MERCHANT_NOT_REGISTERED', detail, 'storeId');
    }
    const { currency } = place.merchant;
    const amount = parseDecimal(request.amount, currency);
    if (typeof amount === 'string' || amount.minor === 0n) {
      const why = typeof amount === 'string' ? amount : 'zero';
      const detail = `amount must be a positive amount of ${currency} in major units (${why}).`;
      return rejected('PARAM_ILLEGAL', detail, 'amount');
    }
    const sale = newSale(this.book.newRequestId(), place.store.id, amountText(amount));
    await this.book.put(sale);
    return accepted({ place, sale });
  }

  private async follow(
    sale: Sale,
    body: object,
    traceId: string,
    gapsMs: readonly number[],
  ): Promise<PartnerResult> {
    const resent = await this.ask('payments/pay', traceId, body);
    if (resultOfReply(resent).resultStatus !== 'U') return resultOfReply(resent);
    for (const gapMs of gapsMs) {
      await sleep(gapMs, undefined, { ref: false });
      const ids = { paymentRequestId: sale.requestId };
      const reply = await this.ask('payments/inquiryPayment', traceId, ids);
      this.note(sale, reply);
      if (reply.kind !== 'answer' || reply.result.resultStatus !== 'S') continue;
      const read = readWire(acquirerInquiryResponse, reply.body);
      const result = read.ok ? read.value.paymentResult : undefined;
      if (result !== undefined && result.resultStatus !== 'U') return result;
    }
    return this.cancel(sale, traceId);
  }

  private async cancel(sale: Sale, traceId: string): Promise<PartnerResult> {
    let last: PartnerResult | undefined;
    for (const gapMs of CANCEL_GAPS_MS) {
      await sleep(gapMs, undefined, { ref: false });
      const ids = { paymentRequestId: sale.requestId };
      const reply = await this.ask('payments/cancelPayment', traceId, ids);
      last = resultOfReply(reply);
      if (last.resultStatus === 'S') {
        const detail = 'The payment was cancelled.';
        return { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: detail };
      }
      if (last.resultStatus === 'F') break;
    }
    return last ?? resultOfReply({ kind: 'unknown', reason: 'timeout', detail: '', elapsedMs: 0 });
  }

  /** Keeps the hub's id and terms as soon as an answer names them. */
  private note(sale: Sale, reply: PartnerReply): void {
    const read = reply.kind === 'answer' ? readWire(acquirerPayResponse, reply.body) : undefined;
    if (read?.ok !== true) return;
    const current = this.book.sale(sale.requestId) ?? sale;
    const { paymentId, settlementAmount, walletBrandName } = read.value;
    // In memory at once; the ending is what goes to disk with it.
    void this.book
      .put({
        ...current,
        paymentId: paymentId ?? current.paymentId,
        settlement:
          settlementAmount === undefined ? current.settlement : amountText(settlementAmount),
        walletName: walletBrandName ?? current.walletName,
      })
      .catch(() => undefined);
  }

  private async ended(sale: Sale, result: PartnerResult, traceId: string): Promise<TillOutcome> {
    const current = this.book.sale(sale.requestId) ?? sale;
    if (result.resultStatus !== 'U') {
      const state =
        result.resultStatus === 'S'
          ? 'paid'
          : result.resultCode === 'ORDER_IS_CLOSED'
            ? 'cancelled'
            : 'failed';
      const code = result.resultStatus === 'S' ? '' : result.resultCode;
      await this.book.put({ ...current, state, code });
    }
    return this.outcome(sale, result, traceId);
  }

  private outcome(sale: Sale, result: PartnerResult, traceId: string): TillOutcome {
    const current = this.book.sale(sale.requestId) ?? sale;
    return { result, sale: current, traceId, steps: this.line.log.steps(traceId) };
  }

  private ask(operation: WireOperation, traceId: string, body: object): Promise<PartnerReply> {
    const timeoutMs = OPERATION_TIMEOUTS_MS[operation];
    return this.line.call({ operation, traceId, body, timeoutMs });
  }
}

function payBody(place: Place, sale: Sale, scenario: 'PaymentCode' | 'OrderCode' | 'EntryCode') {
  const paymentAmount = wireAmountOf(sale.amount);
  return {
    order: { ...wireOrderOf(place, sale.requestId), orderAmount: paymentAmount },
    paymentRequestId: sale.requestId,
    paymentAmount,
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
    paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: scenario },
  };
}
