import { setTimeout as sleep } from 'node:timers/promises';
import {
  acquirerNotifyRequest,
  decodeRequest,
  inquiryPushPaymentRequest,
  pushPaymentRequest,
  readWire,
  type PushPaymentRequest,
} from '#contracts/partner-wire/index';
import { rejected, type PartnerResult } from '#domain/rejection';
import type {
  Misbehaviour,
  WireAnswer,
  WireCall,
  WireOperationHandler,
} from '#platform/wire/index';
import { newSale, wireOrderOf, type AcquirerBook, type Sale } from './acquirer-book.js';
import { storeBehaviour } from './behaviours.js';
import { amountText } from './wallet-book.js';
import { IN_PROCESS, SUCCESS, wireAmountOf } from './wire-words.js';

/** An acquirer's end of the wire: what the hub may ask of it. */
export class AcquirerWire {
  private readonly spoiled = new WeakMap<object, Misbehaviour>();

  constructor(private readonly book: AcquirerBook) {}

  handlers(): Map<string, WireOperationHandler> {
    const roles = ['hub'] as const;
    return new Map([
      ['payments/userInitiatedPay', { roles, handle: (call) => this.decode(call) }],
      ['payments/pushPayment', { roles, handle: (call) => this.push(call) }],
      ['payments/inquiryPushPayment', { roles, handle: (call) => this.inquirePush(call) }],
      ['payments/notifyPayment', { roles, handle: (call) => this.notified(call) }],
    ]);
  }

  misbehaviourOf(call: WireCall): Misbehaviour | undefined {
    return this.spoiled.get(call.rawBody);
  }

  /** Reads a code this acquirer issued: its own order codes and its stores' national codes. */
  private async decode(call: WireCall): Promise<WireAnswer> {
    const read = readWire(decodeRequest, call.body);
    if (!read.ok) return read;
    const { codeValue } = read.value;
    const sale = await this.book.findOfOrderCode(codeValue);
    if (sale !== undefined) return this.decodedSale(sale);
    const national = this.book.readNational(codeValue);
    if (national === undefined) {
      const name = this.book.acquirer.name;
      return rejected('INVALID_CODE', `${name} has not issued this code.`, 'codeValue');
    }
    const { place, amount } = national;
    const store = place.store.id;
    const paymentFactor = { isInStorePayment: 'true', inStorePaymentScenario: 'OrderCode' };
    const order = wireOrderOf(place, store);
    if (amount === undefined) {
      return { result: SUCCESS, codeType: 'STORE_CODE', order, paymentFactor };
    }
    return {
      result: SUCCESS,
      codeType: 'ORDER_CODE',
      order: { ...order, orderAmount: wireAmountOf(amountText(amount)) },
      paymentFactor,
      paymentAmount: wireAmountOf(amountText(amount)),
    };
  }

  private decodedSale(sale: Sale): WireAnswer {
    const place = this.book.place(sale.storeId);
    if (place === undefined) return rejected('INVALID_CODE', 'The store is gone.', 'codeValue');
    if (sale.state !== 'waiting') {
      return rejected('ORDER_IS_CLOSED', `The order is ${sale.state}; ask for a new one.`);
    }
    const paymentAmount = wireAmountOf(sale.amount);
    return {
      result: SUCCESS,
      codeType: 'ORDER_CODE',
      paymentRequestId: sale.requestId,
      order: { ...wireOrderOf(place, sale.requestId), orderAmount: paymentAmount },
      paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'OrderCode' },
      paymentAmount,
    };
  }

  private async push(call: WireCall): Promise<WireAnswer> {
    const read = readWire(pushPaymentRequest, call.body);
    if (!read.ok) return read;
    const request = read.value;
    const before = await this.book.findByPayment(request.paymentId);
    if (before !== undefined) return this.repeat(before, request);
    const order = await this.book.find(request.paymentRequestId);
    const storeId = order?.storeId ?? this.storeOf(request);
    const place = storeId === undefined ? undefined : this.book.place(storeId);
    if (place === undefined) {
      return rejected(
        'MERCHANT_NOT_REGISTERED',
        `${this.book.acquirer.name} has no store ${storeId ?? 'for this code'}.`,
        'order.merchant.store.referenceStoreId',
      );
    }
    if (order !== undefined && order.amount !== amountText(request.paymentAmount)) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `The order is of ${order.amount}, not ${amountText(request.paymentAmount)}.`,
        'paymentAmount.value',
      );
    }
    const asked = this.book.takeNext(place.store.id);
    const behaviour = storeBehaviour(place.store.id, place.store.terminalId, asked);
    const late = behaviour.late === true;
    const sale: Sale = {
      ...newSale(request.paymentRequestId, place.store.id, amountText(request.paymentAmount)),
      settlement:
        request.settlementAmount === undefined ? '' : amountText(request.settlementAmount),
      state: late ? 'open' : behaviour.ending === 'paid' ? 'paid' : 'failed',
      code: behaviour.code ?? '',
      paymentId: request.paymentId,
      walletName: request.walletBrandName ?? request.pspId,
      ...(asked === undefined ? {} : { behaves: asked }),
    };
    await this.book.put(sale);
    if (behaviour.delayMs !== undefined) await sleep(behaviour.delayMs, undefined, { ref: false });
    if (behaviour.spoil !== undefined) this.spoiled.set(call.rawBody, behaviour.spoil);
    return pushAnswer(sale);
  }

  private storeOf(request: PushPaymentRequest): string | undefined {
    const national =
      request.codeValue === undefined ? undefined : this.book.readNational(request.codeValue);
    return national?.place.store.id ?? request.order?.merchant.store?.referenceStoreId;
  }

  private async repeat(before: Sale, request: PushPaymentRequest): Promise<WireAnswer> {
    const changed =
      before.requestId !== request.paymentRequestId
        ? 'paymentRequestId'
        : before.amount !== amountText(request.paymentAmount)
          ? 'paymentAmount'
          : undefined;
    if (changed !== undefined) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `${changed} differs from what ${request.paymentId} was first pushed with.`,
        changed,
      );
    }
    await this.book.settled();
    return pushAnswer(before);
  }

  private async inquirePush(call: WireCall): Promise<WireAnswer> {
    const read = readWire(inquiryPushPaymentRequest, call.body);
    if (!read.ok) return read;
    const sale = await this.book.findByPayment(read.value.paymentId);
    if (sale === undefined) {
      return rejected('ORDER_NOT_EXIST', `No push of ${read.value.paymentId} is known here.`);
    }
    const seen = sale.state === 'open' ? await this.endLate(sale) : sale;
    await this.book.settled();
    const { result: paymentResult, ...ids } = pushAnswer(seen);
    return { result: SUCCESS, paymentResult, ...ids };
  }

  private async endLate(sale: Sale): Promise<Sale> {
    const place = this.book.place(sale.storeId);
    const { ending } = storeBehaviour(sale.storeId, place?.store.terminalId ?? '', sale.behaves);
    if (ending === 'open') return sale;
    const ended: Sale = { ...sale, state: ending === 'paid' ? 'paid' : 'failed' };
    await this.book.put(ended);
    return ended;
  }

  /** Acknowledges receipt; a notification that contradicts the order is not taken. */
  private async notified(call: WireCall): Promise<WireAnswer> {
    const read = readWire(acquirerNotifyRequest, call.body);
    if (!read.ok) return read;
    const { paymentRequestId, paymentAmount, paymentResult, settlementAmount } = read.value;
    const sale = await this.book.find(paymentRequestId);
    if (sale === undefined) {
      return rejected('ORDER_NOT_EXIST', `There is no order ${paymentRequestId} here.`);
    }
    if (paymentAmount !== undefined && amountText(paymentAmount) !== sale.amount) {
      return rejected(
        'REPEAT_REQ_INCONSISTENT',
        `The order is of ${sale.amount}, not ${amountText(paymentAmount)}.`,
        'paymentAmount.value',
      );
    }
    // A late success loses to a cancel that was accepted (docs/sources.md A1.6).
    if (sale.state !== 'cancelled' && sale.state !== 'paid') {
      await this.book.put({
        ...sale,
        state: paymentResult.resultStatus === 'S' ? 'paid' : 'failed',
        code: paymentResult.resultStatus === 'S' ? '' : paymentResult.resultCode,
        settlement: settlementAmount === undefined ? sale.settlement : amountText(settlementAmount),
        paymentId: read.value.paymentId ?? sale.paymentId,
        walletName: read.value.walletBrandName ?? sale.walletName,
      });
    }
    await this.book.settled();
    return { result: SUCCESS };
  }
}

function pushAnswer(sale: Sale): { result: PartnerResult; [field: string]: unknown } {
  const ids = { paymentId: sale.paymentId, paymentRequestId: sale.requestId };
  switch (sale.state) {
    case 'paid':
      return { result: SUCCESS, ...ids };
    case 'open':
    case 'waiting':
      return { result: IN_PROCESS, ...ids };
    case 'failed':
    case 'cancelled':
      return {
        result: {
          resultStatus: 'F',
          resultCode: sale.code === '' ? 'PROCESS_FAIL' : sale.code,
          resultMessage: 'The acquirer did not credit the merchant.',
        },
        ...ids,
      };
  }
}
