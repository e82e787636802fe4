import { setTimeout as sleep } from 'node:timers/promises';
import {
  OPERATION_TIMEOUTS_MS,
  acquirerRefundResponse,
  readWire,
} from '#contracts/partner-wire/index';
import { parseDecimal } from '#domain/money';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import type { PartnerReply } from '#platform/partner-http/index';
import { newTraceId } from '#platform/telemetry/context';
import type { AcquirerBook, Sale, SaleRefund } from './acquirer-book.js';
import type { TillOutcome } from './acquirer-till.js';
import type { PartnerLine } from './partner-line.js';
import { amountText } from './wallet-book.js';
import { resultOfReply } from './wallet-app.js';
import { wireAmountOf } from './wire-words.js';

/** What a cashier types to give money back. */
export interface RefundRequest {
  /** The sale, by the acquirer's own id or by the hub's. */
  readonly requestId?: string | undefined;
  readonly paymentId?: string | undefined;
  /** Major units of the store's currency, e.g. `300`. */
  readonly amount: string;
  /** A refund that was begun before is asked for again under its own id. */
  readonly refundRequestId?: string | undefined;
  readonly reason?: string | undefined;
  /** Gaps between repeats while the hub says U. */
  readonly repeatGapsMs?: readonly number[] | undefined;
}

export interface RefundOutcome extends TillOutcome {
  readonly refund: SaleRefund;
}

const REPEAT_GAPS_MS = [2_000, 3_000, 3_000, 5_000];

/** The part of a till that gives money back: repeats the same request until the hub is certain. */
export class RefundTill {
  constructor(
    private readonly book: AcquirerBook,
    private readonly line: PartnerLine,
  ) {}

  async refund(request: RefundRequest): Promise<Outcome<RefundOutcome>> {
    const sale = await this.saleOf(request);
    if (sale === undefined) {
      return rejected('NOT_FOUND', 'There is no such sale; give its requestId or paymentId.');
    }
    const { currency } = wireAmountOf(sale.amount);
    const amount = parseDecimal(request.amount, currency);
    if (typeof amount === 'string' || amount.minor === 0n) {
      const detail = `amount must be a positive amount of ${currency} in major units.`;
      return rejected('PARAM_ILLEGAL', detail, 'amount');
    }
    const refundRequestId = request.refundRequestId ?? this.book.newRequestId();
    const traceId = newTraceId();
    const opened = {
      refundRequestId,
      amount: amountText(amount),
      refundId: '',
      settlement: '',
      code: '',
    };
    await this.note(sale.requestId, { ...opened, state: 'open' });
    const body = {
      // A payment pushed for a printed code is known to both sides by the hub's id alone.
      ...(sale.paymentId === ''
        ? { paymentRequestId: sale.requestId }
        : { paymentId: sale.paymentId }),
      refundRequestId,
      refundAmount: wireAmountOf(opened.amount),
      ...(request.reason === undefined ? {} : { refundReason: request.reason }),
    };
    const reply = await this.askUntilCertain(body, traceId, request.repeatGapsMs);
    const refund = heard(opened, reply);
    await this.note(sale.requestId, refund);
    return accepted({
      result: resultOfReply(reply),
      sale: this.book.sale(sale.requestId) ?? sale,
      refund,
      traceId,
      steps: this.line.log.steps(traceId),
    });
  }

  private async askUntilCertain(
    body: object,
    traceId: string,
    gapsMs: readonly number[] = REPEAT_GAPS_MS,
  ): Promise<PartnerReply> {
    const operation = 'payments/refund';
    const timeoutMs = OPERATION_TIMEOUTS_MS[operation];
    let reply = await this.line.call({ operation, traceId, body, timeoutMs });
    for (const gapMs of gapsMs) {
      if (resultOfReply(reply).resultStatus !== 'U') break;
      await sleep(gapMs, undefined, { ref: false });
      reply = await this.line.call({ operation, traceId, body, timeoutMs });
    }
    return reply;
  }

  private async saleOf({ requestId, paymentId }: RefundRequest): Promise<Sale | undefined> {
    if (requestId !== undefined) return this.book.find(requestId);
    return paymentId === undefined ? undefined : this.book.findByPayment(paymentId);
  }

  private async note(requestId: string, refund: SaleRefund): Promise<void> {
    const sale = await this.book.find(requestId);
    if (sale === undefined) return;
    const others = (sale.refunds ?? []).filter(
      (one) => one.refundRequestId !== refund.refundRequestId,
    );
    await this.book.put({ ...sale, refunds: [...others, refund] });
  }
}

function heard(opened: Omit<SaleRefund, 'state'>, reply: PartnerReply): SaleRefund {
  const result = resultOfReply(reply);
  const read = reply.kind === 'answer' ? readWire(acquirerRefundResponse, reply.body) : undefined;
  const told = read?.ok === true ? read.value : undefined;
  return {
    ...opened,
    refundId: told?.refundId ?? '',
    settlement: told?.settlementAmount === undefined ? '' : amountText(told.settlementAmount),
    state:
      result.resultStatus === 'S' ? 'refunded' : result.resultStatus === 'F' ? 'refused' : 'open',
    code: result.resultStatus === 'S' ? '' : result.resultCode,
  };
}
