import fastify from 'fastify';
import type { ConnectionRequest } from '#contracts/operator/connections';
import { accepted, rejected, type PartnerResult } from '#domain/rejection';
import { systemClock } from '#platform/clock';
import { PartnerHttp, type PartnerReply } from '#platform/partner-http/index';
import { createKeyPair, readPublicKey } from '#platform/signing/index';
import {
  registerSignedRoutes,
  type PartnerKey,
  type WireCall,
  type WireReply,
} from '#platform/wire/index';

type Fields = Record<string, unknown>;

interface FakePayment {
  readonly id: string;
  readonly acquirerId: string;
  readonly requestId: string;
  readonly order: unknown;
  readonly amount: { currency: string; value: string };
  codeValue?: string;
  walletId?: string;
  customerId?: string;
  result: PartnerResult;
}

const S: PartnerResult = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
const U: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'in process',
};

/** Baht for yen, so that amounts are easy to check by hand: one yen is a quarter of a baht. */
export const FAKE_PRICE = '0.25';

export interface FakeHub {
  readonly url: string;
  readonly operatorKey: string;
  readonly enrolled: ReadonlyMap<string, ConnectionRequest>;
  readonly payments: ReadonlyMap<string, FakePayment>;
  /** Everything partners called, as `participant operation`. */
  readonly calls: string[];
  /** Calls a partner over the signed wire, as the hub would. */
  call(id: string, operation: string, body: object, timeoutMs?: number): Promise<PartnerReply>;
  close(): Promise<void>;
}

/**
 * The least hub that simulated partners can be tried against: it enrols whoever has the key,
 * passes amounts on at one fixed price, remembers, and has no rules of its own.
 */
export async function startFakeHub(): Promise<FakeHub> {
  const pair = await createKeyPair();
  const operatorKey = 'operator-key-of-the-test';
  const signer = { clientId: 'FAKE_HUB', keyVersion: 1, privateKey: pair.privateKey };
  const http = new PartnerHttp({ signer, clock: systemClock });
  const enrolled = new Map<string, ConnectionRequest>();
  const payments = new Map<string, FakePayment>();
  const calls: string[] = [];
  const server = fastify({ logger: false, forceCloseConnections: true });

  server.get('/api/hub-key', () => ({
    clientId: 'FAKE_HUB',
    keyVersion: 1,
    publicKeyPem: pair.publicKeyPem,
  }));
  server.put<{ Params: { id: string }; Body: ConnectionRequest }>(
    '/api/participants/:id/connection',
    (request, reply) => {
      if (request.headers.authorization !== `Bearer ${operatorKey}`) return reply.code(403).send();
      enrolled.set(request.params.id, request.body);
      return reply.send({});
    },
  );
  const keyOf = (clientId: string): PartnerKey | undefined => {
    for (const [participantId, terms] of enrolled) {
      const key = readPublicKey(terms.publicKeyPem);
      if (terms.clientId === clientId && key.ok) {
        return { participantId, role: terms.role, publicKey: key.value };
      }
    }
    return undefined;
  };

  const call: FakeHub['call'] = (id, operation, body, timeoutMs = 8_000) => {
    const terms = enrolled.get(id);
    const key = readPublicKey(terms?.publicKeyPem ?? '');
    if (terms === undefined || !key.ok) throw new Error(`${id} is not enrolled`);
    const { clientId, baseUrl, keyVersion } = terms;
    const endpoint = { clientId, baseUrl, keyVersion, publicKey: key.value };
    const traceId = traces.get(body) ?? '0'.repeat(31) + '1';
    return http.call({ endpoint, operation, body, timeoutMs, traceId });
  };
  const traces = new WeakMap<object, string>();
  const hub = new FakeRules(payments, (id, operation, body, traceId) => {
    traces.set(body, traceId);
    return call(id, operation, body);
  });
  const handled = (handle: (call: WireCall) => Promise<WireReply>) => ({
    handle: (wireCall: WireCall) => {
      calls.push(`${wireCall.participantId} ${wireCall.operation}`);
      return handle(wireCall);
    },
  });
  await registerSignedRoutes(server, {
    operations: new Map([
      ['payments/pay', handled((c) => hub.pay(c))],
      ['payments/inquiryPayment', handled((c) => hub.inquire(c))],
      ['payments/cancelPayment', handled((c) => hub.cancel(c))],
      ['payments/userInitiatedPay', handled((c) => hub.initiate(c))],
      ['payments/notifyPayment', handled((c) => hub.notified(c))],
      ['codes/getPaymentCode', handled((c) => hub.paymentCode(c))],
    ]),
    findKey: (clientId) => {
      const key = keyOf(clientId);
      return key === undefined ? rejected('INVALID_CLIENT', 'not enrolled') : accepted(key);
    },
    signer,
    clock: systemClock,
    skewMs: 300_000,
    timeoutMs: 7_000,
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    await http.close();
    await server.close();
  };
  return { url, operatorKey, enrolled, payments, calls, call, close };
}

/** What the fake hub does with calls. */
class FakeRules {
  private readonly codes = new Map<string, { walletId: string; customerId: string }>();
  private sequence = 0;

  constructor(
    private readonly payments: Map<string, FakePayment>,
    private readonly ask: (
      id: string,
      operation: string,
      body: object,
      traceId: string,
    ) => Promise<PartnerReply>,
  ) {}

  paymentCode(call: WireCall): Promise<WireReply> {
    const { customerId } = call.body as { customerId: string };
    const codeValue = `25900102${String(++this.sequence).padStart(16, '0')}`;
    this.codes.set(codeValue, { walletId: call.participantId, customerId });
    const expireTime = '2099-01-01T00:00:00+00:00';
    return Promise.resolve({ result: S, paymentCodes: [{ codeValue, expireTime }] });
  }

  async pay(call: WireCall): Promise<WireReply> {
    const body = call.body as {
      paymentRequestId: string;
      paymentAmount: FakePayment['amount'];
      order: unknown;
      paymentMethod: { paymentMethodId?: string };
      paymentFactor: { inStorePaymentScenario: string };
    };
    const before = this.byRequest(body.paymentRequestId);
    if (before !== undefined) return { result: before.result, paymentId: before.id };
    const payment = this.add(call.participantId, body.paymentRequestId, body);
    const codeValue = `https://hub.example/281000040000/${payment.id}`;
    switch (body.paymentFactor.inStorePaymentScenario) {
      case 'OrderCode': {
        const detail = { codeValueType: 'QRCODE', codeValue, displayType: 'TEXT' };
        return { result: U, paymentId: payment.id, orderCodeForm: { codeDetails: [detail] } };
      }
      case 'EntryCode':
        return { result: U, paymentId: payment.id, paymentUrl: codeValue };
      default:
        return this.charge(payment, body.paymentMethod.paymentMethodId ?? '', call.traceId);
    }
  }

  async inquire(call: WireCall): Promise<WireReply> {
    const { paymentRequestId } = call.body as { paymentRequestId: string };
    const payment = this.byRequest(paymentRequestId);
    if (payment === undefined) return { result: { ...U, resultStatus: 'F' } };
    if (payment.result.resultStatus === 'U' && payment.walletId !== undefined) {
      const body = this.walletBody(payment);
      const reply = await this.ask(payment.walletId, 'payments/inquiryPayment', body, call.traceId);
      const seen = reply.kind === 'answer' ? reply.body['paymentResult'] : undefined;
      payment.result = (seen as PartnerResult | undefined) ?? U;
    }
    return { result: S, paymentResult: payment.result, paymentId: payment.id };
  }

  async cancel(call: WireCall): Promise<WireReply> {
    const { paymentRequestId } = call.body as { paymentRequestId: string };
    const payment = this.byRequest(paymentRequestId);
    if (payment?.walletId === undefined) return { result: { ...U, resultStatus: 'F' } };
    const body = this.walletBody(payment);
    const reply = await this.ask(payment.walletId, 'payments/cancelPayment', body, call.traceId);
    return { result: reply.kind === 'answer' ? reply.result : U };
  }

  async initiate(call: WireCall): Promise<WireReply> {
    const body = call.body as {
      codeValue: string;
      customerId: string;
      paymentAmount?: FakePayment['amount'];
    };
    const own = this.payments.get(body.codeValue.split('/').at(-1) ?? '');
    if (own !== undefined) return this.order(own, call, body.customerId);
    const acquirerId = 'acq_kamogawa';
    const decode = { ...body, acquirerId, pspId: call.participantId };
    const reply = await this.ask(acquirerId, 'payments/userInitiatedPay', decode, call.traceId);
    if (reply.kind === 'unknown') return { result: U };
    if (reply.result.resultStatus !== 'S') return { result: reply.result };
    const amount = body.paymentAmount ?? reply.body['paymentAmount'];
    if (amount === undefined) {
      const paymentQuote = this.quote();
      return { result: S, codeType: 'STORE_CODE', order: reply.body['order'], paymentQuote };
    }
    const requestId = reply.body['paymentRequestId'] ?? `pay_${String(this.sequence + 1)}`;
    const payment = this.add(acquirerId, requestId as string, {
      paymentAmount: amount as FakePayment['amount'],
      order: reply.body['order'],
    });
    payment.codeValue = body.codeValue;
    return this.order(payment, call, body.customerId);
  }

  async notified(call: WireCall): Promise<WireReply> {
    const body = call.body as { paymentRequestId: string; paymentResult: PartnerResult };
    const payment = this.payments.get(body.paymentRequestId);
    if (payment === undefined) return { result: { ...U, resultStatus: 'F' } };
    payment.result = body.paymentResult;
    const view = {
      acquirerId: payment.acquirerId,
      paymentId: payment.id,
      paymentRequestId: payment.requestId,
      pspId: call.participantId,
      paymentAmount: payment.amount,
    };
    if (payment.codeValue === undefined) {
      const told = { ...view, paymentResult: body.paymentResult };
      await this.ask(payment.acquirerId, 'payments/notifyPayment', told, call.traceId);
    } else if (body.paymentResult.resultStatus === 'S') {
      const push = { ...view, codeValue: payment.codeValue, order: payment.order };
      await this.ask(payment.acquirerId, 'payments/pushPayment', push, call.traceId);
    }
    return { result: S };
  }

  private async charge(payment: FakePayment, code: string, traceId: string): Promise<WireReply> {
    const payer = this.codes.get(code);
    if (payer === undefined) return { result: { ...U, resultStatus: 'F' } };
    payment.walletId = payer.walletId;
    payment.customerId = payer.customerId;
    const body = {
      ...this.walletBody(payment),
      order: payment.order,
      paymentMethod: { paymentMethodType: 'CONNECT_WALLET', customerId: payer.customerId },
      paymentFactor: { isInStorePayment: 'true', inStorePaymentScenario: 'PaymentCode' },
    };
    const reply = await this.ask(payer.walletId, 'payments/pay', body, traceId);
    payment.result = reply.kind === 'answer' ? reply.result : U;
    return { result: payment.result, paymentId: payment.id, paymentAmount: payment.amount };
  }

  private order(payment: FakePayment, call: WireCall, customerId: string): Promise<WireReply> {
    payment.walletId = call.participantId;
    payment.customerId = customerId;
    return Promise.resolve({
      result: S,
      codeType: 'ORDER_CODE',
      order: payment.order,
      ...this.walletBody(payment),
    });
  }

  private walletBody(payment: FakePayment): Fields {
    // JPY has no decimals and THB two: a quarter of the yen in satang is 25 times the value.
    const value = String(Number(payment.amount.value) * 25);
    return {
      acquirerId: payment.acquirerId,
      pspId: payment.walletId,
      paymentRequestId: payment.id,
      paymentAmount: payment.amount,
      payToAmount: { currency: 'THB', value },
      paymentQuote: this.quote(),
    };
  }

  private quote(): Fields {
    return { quoteCurrencyPair: 'JPY/THB', baseCurrency: 'JPY', quotePrice: FAKE_PRICE };
  }

  private add(
    acquirerId: string,
    requestId: string,
    body: { paymentAmount: FakePayment['amount']; order: unknown },
  ): FakePayment {
    const id = `pay_${String(++this.sequence).padStart(6, '0')}`;
    const payment = { id, acquirerId, requestId, order: body.order, amount: body.paymentAmount };
    this.payments.set(id, { ...payment, result: U });
    return this.payments.get(id) as FakePayment;
  }

  private byRequest(requestId: string): FakePayment | undefined {
    return [...this.payments.values()].find((payment) => payment.requestId === requestId);
  }
}
