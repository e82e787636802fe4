import type { WireAnswer, WireCall } from '#platform/wire/index';
import { DONE, failed, Partner, type HubReply } from './partner.js';

/** Where the tests buy: the noodle shop of the shipped cast and its acquirer. */
export const SHOP = { merchant: 'mer_gion_menya_kawara', store: 'sto_gion_menya_kawara_1' };

export interface Amount {
  readonly currency: string;
  readonly value: string;
}

export const yen = (value: number | string): Amount => ({ currency: 'JPY', value: String(value) });

interface Debit {
  readonly paymentAmount: unknown;
  readonly payToAmount: Amount;
  returned: boolean;
}

/** A wallet that debits what it is asked, answers inquiries truly and gives back what is cancelled. */
export class TestWallet {
  readonly debits = new Map<string, Debit>();
  /** What was paid back, by the hub's refund id. */
  readonly refunds = new Map<string, Record<string, unknown>>();

  private constructor(readonly partner: Partner) {
    this.reset();
  }

  /** Behaves well again. */
  reset(): void {
    this.partner.misbehave = () => undefined;
    this.partner
      .on('payments/pay', (call) => this.pay(call))
      .on('payments/inquiryPayment', (call) => this.inquire(call))
      .on('payments/cancelPayment', (call) => this.cancel(call))
      .on('payments/refund', (call) => this.refund(call));
  }

  static async open(id: string): Promise<TestWallet> {
    return new TestWallet(await Partner.open(id, 'mpp'));
  }

  pay(call: WireCall): WireAnswer {
    const body = call.body as {
      paymentRequestId: string;
      paymentAmount: Amount;
      payToAmount: Amount;
    };
    this.debit(body.paymentRequestId, body.paymentAmount, body.payToAmount);
    return this.receipt(body.paymentRequestId);
  }

  debit(paymentRequestId: string, paymentAmount: unknown, payToAmount: Amount): void {
    if (this.debits.has(paymentRequestId)) return;
    this.debits.set(paymentRequestId, { paymentAmount, payToAmount, returned: false });
  }

  receipt(paymentRequestId: string): WireAnswer {
    const debit = this.debits.get(paymentRequestId);
    return {
      result: DONE,
      paymentId: `w_${paymentRequestId.slice(4)}`,
      paymentAmount: debit?.paymentAmount,
      payToAmount: debit?.payToAmount,
    };
  }

  /** Pays back once per refund id. */
  refund(call: WireCall): WireAnswer {
    const body = call.body as Record<string, unknown>;
    const id = String(body['refundRequestId']);
    if (!this.refunds.has(id)) this.refunds.set(id, body);
    const { refundAmount, refundFromAmount } = body;
    return { result: DONE, refundId: `wr_${id.slice(4)}`, refundAmount, refundFromAmount };
  }

  /** Codes for a customer to show. */
  async codes(customerId: string, codeQuantity = 1): Promise<string[]> {
    const reply = await this.partner.send('codes/getPaymentCode', { customerId, codeQuantity });
    const codes = reply['paymentCodes'] as { codeValue: string }[] | undefined;
    if (codes === undefined) throw new Error(JSON.stringify(reply));
    return codes.map(({ codeValue }) => codeValue);
  }

  async code(customerId: string): Promise<string> {
    const [code] = await this.codes(customerId);
    return code ?? '';
  }

  scan(codeValue: string, customerId: string, more: object = {}): Promise<HubReply> {
    return this.partner.send('payments/userInitiatedPay', { codeValue, customerId, ...more });
  }

  /** The payer confirmed in the app: debit and tell the hub. */
  confirm(scanned: HubReply, change: object = {}): Promise<HubReply> {
    const id = scanned['paymentRequestId'] as string;
    this.debit(id, scanned['paymentAmount'], scanned['payToAmount'] as Amount);
    return this.partner.send('payments/notifyPayment', {
      paymentResult: DONE,
      paymentRequestId: id,
      paymentId: `w_${id.slice(4)}`,
      paymentAmount: scanned['paymentAmount'],
      payToAmount: scanned['payToAmount'],
      ...change,
    });
  }

  /** What the payers of this wallet are out of, by payment. */
  held(): string[] {
    return [...this.debits].filter(([, debit]) => !debit.returned).map(([id]) => id);
  }

  private inquire(call: WireCall): WireAnswer {
    const { paymentRequestId } = call.body as { paymentRequestId: string };
    const debit = this.debits.get(paymentRequestId);
    if (debit === undefined) return { result: failed('ORDER_NOT_EXIST') };
    return {
      ...(this.receipt(paymentRequestId) as object),
      result: DONE,
      paymentResult: debit.returned ? failed('ORDER_IS_CLOSED') : DONE,
    };
  }

  private cancel(call: WireCall): WireAnswer {
    const { paymentRequestId } = call.body as { paymentRequestId: string };
    const debit = this.debits.get(paymentRequestId);
    if (debit === undefined) return { result: failed('ORDER_NOT_EXIST') };
    debit.returned = true;
    return { result: DONE };
  }
}

/** An acquirer with one shop that takes what is pushed and acknowledges what it is told. */
export class TestAcquirer {
  readonly pushed: Record<string, unknown>[] = [];
  private serial = 0;

  private constructor(readonly partner: Partner) {
    this.reset();
  }

  /** Behaves well again. */
  reset(): void {
    this.partner.misbehave = () => undefined;
    this.partner
      .on('payments/notifyPayment', () => ({ result: DONE }))
      .on('payments/userInitiatedPay', () => ({ result: DONE, codeType: 'STORE_CODE' }))
      .on('payments/pushPayment', (call) => {
        this.pushed.push(call.body as Record<string, unknown>);
        return { result: DONE, acquirerPaymentId: 'acq-1' };
      });
  }

  static async open(id: string): Promise<TestAcquirer> {
    return new TestAcquirer(await Partner.open(id, 'acqp'));
  }

  nextId(): string {
    this.serial += 1;
    return `${this.partner.id}-${String(this.serial).padStart(6, '0')}`;
  }

  /** A complete `payments/pay`; `change` replaces fields at the top. */
  payBody(scenario: string, amount: Amount, change: object = {}): Record<string, unknown> {
    const paymentRequestId = this.nextId();
    return {
      paymentRequestId,
      order: {
        referenceOrderId: `order-${paymentRequestId}`,
        orderDescription: 'Two bowls of udon',
        orderAmount: amount,
        merchant: {
          referenceMerchantId: SHOP.merchant,
          merchantMCC: '5812',
          merchantName: 'Gion Menya Kawara',
          store: { referenceStoreId: SHOP.store, storeName: 'Gion Menya Kawara' },
        },
        env: { userAgent: 'TrueMoney/7.1', storeTerminalId: 'T0000101' },
      },
      paymentAmount: amount,
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET' },
      paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: scenario },
      ...change,
    };
  }

  /** Body of a payment by a shown code. */
  charge(code: string, amount: Amount, change: object = {}): Record<string, unknown> {
    return this.payBody('PaymentCode', amount, {
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', paymentMethodId: code },
      ...change,
    });
  }

  send(operation: string, body: object): Promise<HubReply> {
    return this.partner.send(operation, body);
  }

  pay(body: object): Promise<HubReply> {
    return this.send('payments/pay', body);
  }

  cancel(paymentRequestId: unknown): Promise<HubReply> {
    return this.send('payments/cancelPayment', { paymentRequestId });
  }

  refund(paymentRequestId: unknown, refundAmount: Amount, change: object = {}): Promise<HubReply> {
    const refundRequestId = `${this.nextId()}-refund`;
    return this.send('payments/refund', {
      paymentRequestId,
      refundRequestId,
      refundAmount,
      ...change,
    });
  }

  /** The result of a payment, as an inquiry tells it. */
  async resultOf(paymentRequestId: unknown): Promise<HubReply['result']> {
    const reply = await this.send('payments/inquiryPayment', { paymentRequestId });
    return reply['paymentResult'] as HubReply['result'];
  }
}
