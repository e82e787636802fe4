import { setTimeout as sleep } from 'node:timers/promises';
import {
  readWire,
  walletRefundRequest,
  wireTime,
  type WalletRefundRequest,
} from '#contracts/partner-wire/index';
import { rejected, type PartnerResult } from '#domain/rejection';
import type { Misbehaviour, WireAnswer, WireCall } from '#platform/wire/index';
import { refundBehaviour, type Behaviour } from './behaviours.js';
import { amountText, type Debit, type PaidBack, type WalletBook } from './wallet-book.js';
import { IN_PROCESS, SUCCESS, wireAmountOf } from './wire-words.js';

/** A wallet's answer to refunds: its user gets the money back once per refund id. */
export class WalletRefunds {
  constructor(
    private readonly book: WalletBook,
    private readonly spoiled: WeakMap<object, Misbehaviour>,
  ) {}

  async refund(call: WireCall): Promise<WireAnswer> {
    const read = readWire(walletRefundRequest, call.body);
    if (!read.ok) return read;
    const request = read.value;
    await this.book.find(request.paymentRequestId);
    // Read again without a pause: another refund may have come in while the file was looked into.
    const debit = this.book.held(request.paymentRequestId);
    if (debit === undefined) {
      const detail = `The wallet has no payment ${request.paymentRequestId}.`;
      return rejected('ORDER_NOT_EXIST', detail, 'paymentRequestId');
    }
    const before = debit.refunds?.find(({ requestId }) => requestId === request.refundRequestId);
    if (before !== undefined) return this.repeat(debit, before, request);
    const refusal = refusalOf(debit, request);
    if (refusal !== undefined) return refusal;
    const behaviour = refundBehaviour(debit.customerId);
    const refund = decided(request, behaviour);
    await this.book.put({ ...debit, refunds: [...(debit.refunds ?? []), refund] });
    if (behaviour.delayMs !== undefined) await sleep(behaviour.delayMs, undefined, { ref: false });
    if (behaviour.spoil !== undefined) this.spoiled.set(call.rawBody, behaviour.spoil);
    return answer(refund);
  }

  /** Same id: the stored answer, or the late one; other amounts: a refusal (docs/sources.md A1.5). */
  private async repeat(
    debit: Debit,
    before: PaidBack,
    request: WalletRefundRequest,
  ): Promise<WireAnswer> {
    const told = {
      refundAmount: amountText(request.refundAmount),
      refundFromAmount: amountText(request.refundFromAmount),
    };
    const changed = (['refundAmount', 'refundFromAmount'] as const).find(
      (field) => before[field] !== told[field],
    );
    if (changed !== undefined) {
      const detail = `${changed} was ${before[changed]} when ${before.requestId} was first sent.`;
      return rejected('REPEAT_REQ_INCONSISTENT', detail, changed);
    }
    if (before.state !== 'open') {
      await this.book.settled();
      return answer(before);
    }
    const ended: PaidBack = { ...before, state: 'paid' };
    const refunds = debit.refunds?.map((one) => (one === before ? ended : one)) ?? [ended];
    await this.book.put({ ...debit, refunds });
    return answer(ended);
  }
}

function refusalOf(debit: Debit, request: WalletRefundRequest): WireAnswer | undefined {
  if (debit.state !== 'paid') {
    return rejected('ORDER_IS_CLOSED', 'The user was not debited, so nothing can be paid back.');
  }
  const paid = wireAmountOf(debit.paymentAmount);
  if (request.refundAmount.currency !== paid.currency) {
    return rejected('PARAM_ILLEGAL', `The payment was of ${paid.currency}.`, 'refundAmount');
  }
  const standing = (debit.refunds ?? []).filter(({ state }) => state !== 'refused');
  const before = standing.reduce(
    (sum, one) => sum + BigInt(wireAmountOf(one.refundAmount).value),
    0n,
  );
  const given = standing.reduce((sum, one) => sum + one.minor, 0n);
  const tooMuch =
    before + request.refundAmount.minor > BigInt(paid.value) ||
    given + request.refundFromAmount.minor > debit.owedMinor;
  return tooMuch
    ? rejected('REFUND_AMOUNT_EXCEED', 'More than is left of the payment.', 'refundAmount.value')
    : undefined;
}

function decided(request: WalletRefundRequest, behaviour: Behaviour): PaidBack {
  return {
    requestId: request.refundRequestId,
    refundAmount: amountText(request.refundAmount),
    refundFromAmount: amountText(request.refundFromAmount),
    minor: request.refundFromAmount.minor,
    state: behaviour.late === true ? 'open' : behaviour.ending === 'paid' ? 'paid' : 'refused',
    code: behaviour.code ?? '',
    atMs: Date.now(),
  };
}

function answer(refund: PaidBack): WireAnswer {
  return {
    result: resultOf(refund),
    refundRequestId: refund.requestId,
    refundId: `back_${refund.requestId.slice(-26)}`,
    refundTime: wireTime(refund.atMs),
    refundAmount: wireAmountOf(refund.refundAmount),
    refundFromAmount: wireAmountOf(refund.refundFromAmount),
  };
}

function resultOf(refund: PaidBack): PartnerResult {
  switch (refund.state) {
    case 'paid':
      return SUCCESS;
    case 'open':
      return IN_PROCESS;
    case 'refused':
      return {
        resultStatus: 'F',
        resultCode: refund.code,
        resultMessage: 'The wallet cannot pay its user back.',
      };
  }
}
