import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OPERATION_TIMEOUTS_MS,
  getPaymentCodeResponse,
  readWire,
  userInitiatedPayResponse,
  wireTime,
  type UserInitiatedPayResponse,
  type WalletNotifyRequestWire,
  type WireOperation,
} from '#contracts/partner-wire/index';
import { parseDecimal, type Money } from '#domain/money';
import { decodeQr } from '#domain/qr/index';
import type { PartnerResult } from '#domain/rejection';
import type { PartnerReply } from '#platform/partner-http/index';
import { newTraceId } from '#platform/telemetry/context';
import { openEntryPage } from './entry-visit.js';
import type { Step } from './exchange-log.js';
import type { PartnerLine } from './partner-line.js';
import { amountText, type Debit, type WalletBook } from './wallet-book.js';
import { resultOf, type WalletWire } from './wallet-wire.js';
import { wireAmountOf } from './wire-words.js';

/** What a person does with a phone at a counter. */
export interface ScanRequest {
  readonly customerId: string;
  /** Whatever the camera read. */
  readonly codeValue: string;
  /** Major units as typed, e.g. `1200`; needed by codes that carry no amount. */
  readonly amount?: string | undefined;
}

/**
 * `unknown` means that the hub did not say; nothing has been debited. `debited` means that the
 * payer has paid and the hub has acknowledged it, `unconfirmed` that the hub has not yet.
 */
export interface ScanOutcome {
  readonly outcome: 'debited' | 'unconfirmed' | 'declined' | 'refused' | 'open' | 'unknown';
  readonly result: PartnerResult;
  readonly traceId: string;
  readonly paymentRequestId: string | undefined;
  readonly merchantName: string | undefined;
  readonly paymentAmount: string | undefined;
  readonly payToAmount: string | undefined;
  readonly quotePrice: string | undefined;
  readonly balanceBefore: string;
  readonly balanceAfter: string;
  readonly steps: readonly Step[];
}

/** Gaps between sendings of a notification that the hub has not acknowledged. */
const NOTIFY_GAPS_MS = [0, 500, 2_000];

/** The app in the payer's hand: scans codes and shows them. */
export class WalletApp {
  constructor(
    private readonly book: WalletBook,
    private readonly wire: WalletWire,
    private readonly line: PartnerLine,
  ) {}

  async showCode(customerId: string, region?: string): Promise<object> {
    const traceId = newTraceId();
    const reply = await this.ask('codes/getPaymentCode', traceId, {
      customerId,
      env: { terminalType: 'APP', osType: 'ANDROID' },
      ...(region === undefined ? {} : { region }),
    });
    const read = reply.kind === 'answer' ? readWire(getPaymentCodeResponse, reply.body) : undefined;
    return {
      result: resultOfReply(reply),
      paymentCodes: read?.ok === true ? (read.value.paymentCodes ?? []) : [],
      traceId,
      steps: this.line.log.steps(traceId),
    };
  }

  /** Decodes, asks for the amount where the code has none, debits and tells the hub. */
  async scan(request: ScanRequest): Promise<ScanOutcome> {
    const traceId = newTraceId();
    const before = this.book.balanceOf(request.customerId);
    const codeValue = await openEntryPage(request, this.book.wallet, traceId);
    const decoded = await this.initiate({ ...request, codeValue }, traceId);
    const order = 'order' in decoded ? decoded.order : undefined;
    const ended =
      order === undefined
        ? ({ outcome: 'refused', result: decoded.result } as const)
        : await this.debit(request.customerId, order, traceId);
    const unknown = order === undefined && decoded.result.resultStatus === 'U';
    const { currency } = this.book.wallet;
    const balanceAfter = this.book.balanceOf(request.customerId);
    return {
      ...ended,
      outcome: unknown ? 'unknown' : ended.outcome,
      traceId,
      paymentRequestId: order?.paymentRequestId,
      merchantName:
        order?.order?.merchant.merchantDisplayName ?? order?.order?.merchant.merchantName,
      paymentAmount: order?.paymentAmount && amountText(order.paymentAmount),
      payToAmount: order && owedOf(order) && amountText(owedOf(order) ?? zero(currency)),
      quotePrice: order?.paymentQuote?.quotePrice,
      balanceBefore: `${currency} ${before.toString()}`,
      balanceAfter: `${currency} ${balanceAfter.toString()}`,
      steps: this.line.log.steps(traceId),
    };
  }

  /** One call for a code with an amount, two for a static one (see the contract). */
  private async initiate(
    request: ScanRequest,
    traceId: string,
  ): Promise<{ result: PartnerResult; order?: UserInitiatedPayResponse }> {
    const { codeValue, customerId, amount } = request;
    const first = await this.userInitiatedPay({ codeValue, customerId }, traceId);
    if (first.order === undefined || first.order.codeType !== 'STORE_CODE') return first;
    const currency = currencyOf(first.order, codeValue);
    const typed = currency === undefined ? undefined : parseDecimal(amount ?? '', currency);
    if (typed === undefined || typeof typed === 'string') {
      const detail = `This shop's code has no amount; give amount in ${currency ?? 'its currency'}, such as 1200 (${typed ?? 'currency unknown'}).`;
      return { result: refused('PARAM_ILLEGAL', detail) };
    }
    return this.userInitiatedPay(
      {
        codeValue,
        customerId,
        paymentAmount: wireAmountOf(amountText(typed)),
        initiationRequestId: `scan_${randomBytes(12).toString('hex')}`,
      },
      traceId,
    );
  }

  private async userInitiatedPay(
    body: object,
    traceId: string,
  ): Promise<{ result: PartnerResult; order?: UserInitiatedPayResponse }> {
    const reply = await this.ask('payments/userInitiatedPay', traceId, body);
    const result = resultOfReply(reply);
    if (reply.kind === 'unknown' || result.resultStatus !== 'S') return { result };
    const read = readWire(userInitiatedPayResponse, reply.body);
    return read.ok
      ? { result, order: read.value }
      : { result: refused('PARAM_ILLEGAL', `The hub's answer: ${read.rejection.detail}`) };
  }

  private async debit(
    customerId: string,
    order: UserInitiatedPayResponse,
    traceId: string,
  ): Promise<Pick<ScanOutcome, 'outcome' | 'result'>> {
    const { paymentRequestId, paymentAmount } = order;
    const owed = owedOf(order);
    if (paymentRequestId === undefined || paymentAmount === undefined || owed === undefined) {
      const result = refused('PARAM_ILLEGAL', 'The hub named no payment or no amount.');
      return { outcome: 'refused', result };
    }
    const behaviour = this.wire.behaviourOf(customerId, paymentRequestId);
    if (behaviour.lost === true) {
      const result = refused('PROCESS_FAIL', 'The phone went out before paying.');
      return { outcome: 'refused', result };
    }
    const known = await this.book.find(paymentRequestId);
    const debit =
      known ??
      (await this.wire.decide(
        {
          requestId: paymentRequestId,
          customerId,
          paymentAmount: amountText(paymentAmount),
          payToAmount: amountText(owed),
          payToCurrency: owed.currency,
          owedMinor: owed.minor,
        },
        behaviour,
      ));
    if (behaviour.delayMs !== undefined) await sleep(behaviour.delayMs, undefined, { ref: false });
    const result = resultOf(debit);
    if (debit.state === 'open') return { outcome: 'open', result };
    // A partner that goes silent has debited and does not say so; the hub must inquire.
    if (behaviour.spoil !== undefined) return { outcome: 'unconfirmed', result };
    return this.notify(debit, traceId);
  }

  private async notify(
    debit: Debit,
    traceId: string,
  ): Promise<Pick<ScanOutcome, 'outcome' | 'result'>> {
    const result = resultOf(debit);
    const message: WalletNotifyRequestWire = {
      paymentResult: { ...result },
      paymentRequestId: debit.requestId,
      paymentId: debit.paymentId,
      paymentTime: wireTime(debit.atMs),
      paymentAmount: wireAmountOf(debit.paymentAmount),
      payToAmount: wireAmountOf(debit.payToAmount),
      customerId: debit.customerId,
    };
    for (const gapMs of NOTIFY_GAPS_MS) {
      await sleep(gapMs, undefined, { ref: false });
      const reply = await this.ask('payments/notifyPayment', traceId, message);
      const acknowledgement = resultOfReply(reply);
      if (acknowledgement.resultStatus === 'S') {
        return { outcome: debit.state === 'paid' ? 'debited' : 'declined', result };
      }
      if (acknowledgement.resultStatus === 'F') {
        // The hub will not take the payment any more, so the payer must not stay debited.
        if (debit.state === 'paid') await this.wire.reverse(debit);
        return { outcome: 'refused', result: acknowledgement };
      }
    }
    return { outcome: 'unconfirmed', result };
  }

  private ask(operation: WireOperation, traceId: string, body: object): Promise<PartnerReply> {
    const timeoutMs = OPERATION_TIMEOUTS_MS[operation];
    return this.line.call({ operation, traceId, body, timeoutMs });
  }
}

/** What the payer is debited: `payToAmount`, or the price itself in the same currency. */
function owedOf(order: UserInitiatedPayResponse): Money | undefined {
  return order.payToAmount ?? order.paymentAmount;
}

function zero(currency: string): Money {
  return { currency, minor: 0n };
}

function currencyOf(order: UserInitiatedPayResponse, codeValue: string): string | undefined {
  const stated = order.paymentQuote?.baseCurrency ?? order.paymentAmount?.currency;
  if (stated !== undefined) return stated;
  const decoding = decodeQr(codeValue);
  return decoding.format === 'emvco-mpm' ? (decoding.currencyAlpha ?? undefined) : undefined;
}

/** An answer's result; silence counts as U. */
export function resultOfReply(reply: PartnerReply): PartnerResult {
  return reply.kind === 'answer'
    ? reply.result
    : { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION', resultMessage: reply.detail };
}

function refused(resultCode: string, resultMessage: string): PartnerResult {
  return { resultStatus: 'F', resultCode, resultMessage };
}
