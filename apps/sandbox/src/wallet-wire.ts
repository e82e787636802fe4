import { setTimeout as sleep } from 'node:timers/promises';
import {
  readWire,
  walletCancelRequest,
  walletInquiryRequest,
  walletPayRequest,
  wireTime,
} from '#contracts/partner-wire/index';
import { rejected, type PartnerResult } from '#domain/rejection';
import type {
  Misbehaviour,
  WireAnswer,
  WireCall,
  WireOperationHandler,
} from '#platform/wire/index';
import { customerBehaviour, type Behaviour } from './behaviours.js';
import { amountText, type Debit, type WalletBook } from './wallet-book.js';
import { WalletRefunds } from './wallet-refunds.js';
import { IN_PROCESS, SUCCESS, wireAmountOf } from './wire-words.js';

/** A debit to be decided; from the hub's `pay` or from the wallet's own app. */
export interface DebitRequest {
  readonly requestId: string;
  readonly customerId: string;
  readonly paymentAmount: string;
  readonly payToAmount: string;
  readonly payToCurrency: string;
  readonly owedMinor: bigint;
}

/** A wallet's end of the wire: what the hub may ask of it. */
export class WalletWire {
  /** Requests being spoiled, told to the server when it replies. */
  private readonly spoiled = new WeakMap<object, Misbehaviour>();
  private readonly refunds: WalletRefunds;

  constructor(
    private readonly book: WalletBook,
    private readonly seed: string,
  ) {
    this.refunds = new WalletRefunds(book, this.spoiled);
  }

  handlers(): Map<string, WireOperationHandler> {
    const roles = ['hub'] as const;
    return new Map([
      ['payments/pay', { roles, handle: (call) => this.pay(call) }],
      ['payments/inquiryPayment', { roles, handle: (call) => this.inquire(call) }],
      ['payments/cancelPayment', { roles, handle: (call) => this.cancel(call) }],
      ['payments/refund', { roles, handle: (call) => this.refunds.refund(call) }],
    ]);
  }

  misbehaviourOf(call: WireCall): Misbehaviour | undefined {
    return this.spoiled.get(call.rawBody);
  }

  behaviourOf(customerId: string, requestId: string): Behaviour {
    return customerBehaviour(customerId, requestId, this.seed);
  }

  /** Decides and records one debit; what is decided at an inquiry stays open until then. */
  async decide(request: DebitRequest, behaviour: Behaviour): Promise<Debit> {
    const refusal =
      request.payToCurrency !== this.book.wallet.currency
        ? 'CURRENCY_NOT_SUPPORT'
        : behaviour.ending === 'refused'
          ? (behaviour.code ?? 'PROCESS_FAIL')
          : this.book.balanceOf(request.customerId) < request.owedMinor
            ? 'USER_BALANCE_NOT_ENOUGH'
            : '';
    const open = refusal !== 'CURRENCY_NOT_SUPPORT' && behaviour.late === true;
    const { payToCurrency: _, ...known } = request;
    const debit: Debit = {
      ...known,
      paymentId: `${this.book.wallet.id.slice(0, 24)}_${request.requestId.slice(-32)}`,
      state: open ? 'open' : refusal === '' ? 'paid' : 'refused',
      code: refusal,
      atMs: Date.now(),
    };
    await this.book.put(debit);
    return debit;
  }

  /** Gives an accepted debit back; for a payment that did not come about. */
  async reverse(debit: Debit): Promise<void> {
    if (debit.state !== 'cancelled') await this.book.put({ ...debit, state: 'cancelled' });
  }

  private async pay(call: WireCall): Promise<WireAnswer> {
    const read = readWire(walletPayRequest, call.body);
    if (!read.ok) return read;
    const { paymentRequestId, paymentAmount, payToAmount, paymentMethod } = read.value;
    const customerId = paymentMethod.customerId;
    if (customerId === undefined) {
      return rejected(
        'PARAM_ILLEGAL',
        'paymentMethod.customerId is required: a wallet charges a customer, not a code.',
        'paymentMethod.customerId',
      );
    }
    const behaviour = this.behaviourOf(customerId, paymentRequestId);
    if (behaviour.lost === true) {
      this.spoiled.set(call.rawBody, 'noAnswer');
      return { result: IN_PROCESS };
    }
    const request: DebitRequest = {
      requestId: paymentRequestId,
      customerId,
      paymentAmount: amountText(paymentAmount),
      payToAmount: amountText(payToAmount),
      payToCurrency: payToAmount.currency,
      owedMinor: payToAmount.minor,
    };
    const before = await this.book.find(paymentRequestId);
    if (before !== undefined) return this.repeat(before, request);
    const debit = await this.decide(request, behaviour);
    if (behaviour.delayMs !== undefined) await sleep(behaviour.delayMs, undefined, { ref: false });
    if (behaviour.spoil !== undefined) this.spoiled.set(call.rawBody, behaviour.spoil);
    return this.answer(debit);
  }

  /** Same id: the stored answer; same id and other content: a refusal (docs/sources.md A1.5). */
  private async repeat(before: Debit, request: DebitRequest): Promise<WireAnswer> {
    const early = before.state === 'cancelled' && before.customerId === '';
    const changed = (['paymentAmount', 'payToAmount', 'customerId'] as const).find(
      (field) => !early && before[field] !== request[field],
    );
    if (changed !== undefined) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `${changed} was ${before[changed]} when ${before.requestId} was first sent, now ${request[changed]}.`,
        changed,
      );
    }
    await this.book.settled();
    return this.answer(before);
  }

  private async inquire(call: WireCall): Promise<WireAnswer> {
    const read = readWire(walletInquiryRequest, call.body);
    if (!read.ok) return read;
    const debit = await this.book.find(read.value.paymentRequestId);
    if (debit === undefined) return unknownOrder(read.value.paymentRequestId);
    const seen = debit.state === 'open' ? await this.endLate(debit) : debit;
    await this.book.settled();
    return { result: SUCCESS, paymentResult: resultOf(seen), ...fieldsOf(seen) };
  }

  /** A late ending comes at the first inquiry. */
  private async endLate(debit: Debit): Promise<Debit> {
    const { ending } = this.behaviourOf(debit.customerId, debit.requestId);
    if (ending === 'open') return debit;
    const ended: Debit = { ...debit, state: debit.code === '' ? 'paid' : 'refused' };
    await this.book.put(ended);
    return ended;
  }

  private async cancel(call: WireCall): Promise<WireAnswer> {
    const read = readWire(walletCancelRequest, call.body);
    if (!read.ok) return read;
    const { paymentRequestId, pspId, acquirerId } = read.value;
    const debit = await this.book.find(paymentRequestId);
    if (debit === undefined) {
      // The pay may still be on its way; it must find the order closed.
      await this.book.put(cancelledEarly(paymentRequestId));
      return unknownOrder(paymentRequestId);
    }
    if (debit.state === 'cancelled') await this.book.settled();
    else await this.reverse(debit);
    return { result: SUCCESS, ...{ paymentRequestId, pspId, acquirerId } };
  }

  private answer(debit: Debit): WireAnswer {
    return { result: resultOf(debit), ...fieldsOf(debit) };
  }
}

/** The result of the payment, as this wallet tells it. */
export function resultOf(debit: Debit): PartnerResult {
  switch (debit.state) {
    case 'paid':
      return SUCCESS;
    case 'open':
      return IN_PROCESS;
    case 'refused':
      return {
        resultStatus: 'F',
        resultCode: debit.code,
        resultMessage: `The wallet refused: ${debit.code.toLowerCase().replaceAll('_', ' ')}.`,
      };
    case 'cancelled':
      return {
        resultStatus: 'F',
        resultCode: 'ORDER_IS_CLOSED',
        resultMessage: 'The payment was cancelled; the payer has the money back.',
      };
  }
}

function fieldsOf(debit: Debit): object {
  if (debit.customerId === '') return { paymentRequestId: debit.requestId };
  return {
    paymentRequestId: debit.requestId,
    paymentId: debit.paymentId,
    paymentTime: wireTime(debit.atMs),
    customerId: debit.customerId,
    paymentAmount: wireAmountOf(debit.paymentAmount),
    payToAmount: wireAmountOf(debit.payToAmount),
  };
}

function cancelledEarly(requestId: string): Debit {
  return {
    requestId,
    paymentId: '',
    customerId: '',
    paymentAmount: '',
    payToAmount: '',
    owedMinor: 0n,
    state: 'cancelled',
    code: '',
    atMs: Date.now(),
  };
}

function unknownOrder(id: string): WireAnswer {
  return rejected('ORDER_NOT_EXIST', `The wallet has no payment ${id}.`, 'paymentRequestId');
}
