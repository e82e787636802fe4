import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeHub, type FakeHub } from '#testkit/fake-hub';
import { startSandbox, type RunningSandbox } from './index.js';
import type { WalletPartner } from './sandbox.js';
import { testCast } from './test-cast.js';

/**
 * Goal: a simulated wallet keeps the promises of a real one (once per id, never more than there
 * is, cancel wins) and breaks the ones it is told to. Method: the hub's calls, sent over real
 * sockets by a hub without rules; customers begin with 10,000 baht, payments are of 300.
 */
let hub: FakeHub;
let folder: string;
let running: RunningSandbox;
let wallet: WalletPartner;

beforeAll(async () => {
  [hub, folder] = await Promise.all([startFakeHub(), mkdtemp(join(tmpdir(), 'wayfare-wallet-'))]);
  const { url: hubUrl, operatorKey } = hub;
  running = await startSandbox({
    hubUrl,
    operatorKey,
    dataDir: folder,
    cast: testCast,
    first: ['truemoney'],
  });
  const found = await running.sandbox.wallet('truemoney');
  if (found === undefined) throw new Error('nobody plays truemoney');
  wallet = found;
});
afterAll(async () => {
  await running.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const balance = (customerId: string): string => wallet.book.balanceOf(customerId).toString();

describe("a wallet's end of the wire", () => {
  let sequence = 0;
  const pay = (customerId: string, change: object = {}) => ({
    acquirerId: 'acq_kamogawa',
    pspId: 'truemoney',
    paymentRequestId: `pay_direct_${String(++sequence)}`,
    order: { merchant: { referenceMerchantId: 'mer_menya' } },
    paymentAmount: { currency: 'JPY', value: '1200' },
    payToAmount: { currency: 'THB', value: '30000' },
    paymentMethod: { paymentMethodType: 'CONNECT_WALLET', customerId },
    paymentFactor: {},
    ...change,
  });
  const ask = (operation: string, body: object, timeoutMs?: number) =>
    hub.call('truemoney', operation, body, timeoutMs);

  it('debits once for the same request and refuses a changed one', async () => {
    const before = BigInt(balance('cus_twice'));
    const body = pay('cus_twice');
    const replies = await Promise.all([1, 2, 3].map(() => ask('payments/pay', body)));
    const ids = replies.map((reply) => reply.kind === 'answer' && reply.body['paymentId']);
    expect(new Set(ids).size).toBe(1);
    expect(before - BigInt(balance('cus_twice'))).toBe(30_000n);
    const changed = { ...body, payToAmount: { currency: 'THB', value: '30001' } };
    expect(await ask('payments/pay', changed)).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'REPEAT_REQ_INCONSISTENT' },
    });
  });

  it('never lets parallel payments spend the same money', async () => {
    const bodies = Array.from({ length: 50 }, () => pay('cus_crowd'));
    const replies = await Promise.all(bodies.map((body) => ask('payments/pay', body)));
    const paid = replies.filter((r) => r.kind === 'answer' && r.result.resultStatus === 'S');
    // 10,000 baht at 300 each.
    expect(paid).toHaveLength(33);
    expect(balance('cus_crowd')).toBe('10000');
  });

  it('gives the money back on cancel, once, and then calls the order closed', async () => {
    const body = pay('cus_cancel');
    await ask('payments/pay', body);
    for (let i = 0; i < 2; i++) {
      expect(await ask('payments/cancelPayment', body)).toMatchObject({
        result: { resultStatus: 'S' },
      });
    }
    expect(balance('cus_cancel')).toBe('1000000');
    expect(await ask('payments/inquiryPayment', body)).toMatchObject({
      body: { paymentResult: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' } },
    });
    expect(await ask('payments/pay', body)).toMatchObject({
      result: { resultCode: 'ORDER_IS_CLOSED' },
    });
  });

  it('refuses a pay that comes after its own cancel', async () => {
    const body = pay('cus_early');
    expect(await ask('payments/cancelPayment', body)).toMatchObject({
      result: { resultCode: 'ORDER_NOT_EXIST' },
    });
    expect(await ask('payments/pay', body)).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
    });
    expect(balance('cus_early')).toBe('1000000');
  });

  it('is silent when told to, and an inquiry tells what happened', async () => {
    const silent = pay('cus_timeout');
    expect(await ask('payments/pay', silent, 150)).toMatchObject({
      kind: 'unknown',
      reason: 'timeout',
    });
    expect(await ask('payments/inquiryPayment', silent)).toMatchObject({
      body: { paymentResult: { resultStatus: 'S' } },
    });
    const lost = pay('cus_lost');
    expect(await ask('payments/pay', lost, 150)).toMatchObject({ kind: 'unknown' });
    expect(await ask('payments/inquiryPayment', lost)).toMatchObject({
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' },
    });
    expect(balance('cus_lost')).toBe('1000000');
  });

  it('signs badly or hangs up when told to', async () => {
    expect(await ask('payments/pay', pay('cus_badsignature'))).toMatchObject({
      kind: 'unknown',
      reason: 'signature',
    });
    expect(await ask('payments/pay', pay('cus_drop'))).toMatchObject({
      kind: 'unknown',
      reason: 'connection',
    });
  });

  const refund = (paid: { paymentRequestId: string }, yen: string, satang: string) => ({
    acquirerId: 'acq_kamogawa',
    pspId: 'truemoney',
    paymentRequestId: paid.paymentRequestId,
    refundRequestId: `ref_direct_${String(++sequence)}`,
    refundAmount: { currency: 'JPY', value: yen },
    refundFromAmount: { currency: 'THB', value: satang },
  });

  it('pays back once for the same refund, refuses a changed one, and never more than was paid', async () => {
    const paid = pay('cus_back');
    await ask('payments/pay', paid);
    const first = refund(paid, '400', '10000');
    for (let i = 0; i < 3; i++) {
      expect(await ask('payments/refund', first)).toMatchObject({ result: { resultStatus: 'S' } });
    }
    expect(balance('cus_back')).toBe('980000');
    const changed = { ...first, refundFromAmount: { currency: 'THB', value: '10001' } };
    expect(await ask('payments/refund', changed)).toMatchObject({
      result: { resultCode: 'REPEAT_REQ_INCONSISTENT' },
    });
    // Five of 400 yen at once, where two are left.
    const more = Array.from({ length: 5 }, () => refund(paid, '400', '10000'));
    const replies = await Promise.all(more.map((body) => ask('payments/refund', body)));
    const codes = replies.map((reply) => reply.kind === 'answer' && reply.result.resultCode);
    expect(codes.filter((code) => code === 'SUCCESS')).toHaveLength(2);
    expect(codes.filter((code) => code === 'REFUND_AMOUNT_EXCEED')).toHaveLength(3);
    expect(balance('cus_back')).toBe('1000000');
  });

  it('refuses, delays and drops refunds when told to', async () => {
    const asked = async (customerId: string) => {
      const paid = pay(customerId);
      await ask('payments/pay', paid);
      const body = refund(paid, '1200', '30000');
      return [await ask('payments/refund', body), await ask('payments/refund', body)];
    };
    const F = { result: { resultStatus: 'F', resultCode: 'USER_STATUS_ABNORMAL' } };
    expect(await asked('cus_refundfail')).toMatchObject([F, F]);
    expect(balance('cus_refundfail')).toBe('970000');
    expect(await asked('cus_refundlate')).toMatchObject([
      { result: { resultStatus: 'U' } },
      { result: { resultStatus: 'S' } },
    ]);
    expect(await asked('cus_refunddrop')).toMatchObject([
      { kind: 'unknown', reason: 'connection' },
      { result: { resultStatus: 'S' } },
    ]);
    expect([balance('cus_refundlate'), balance('cus_refunddrop')]).toEqual(['1000000', '1000000']);
  });

  it('takes only its own currency', async () => {
    const body = pay('cus_yen', { payToAmount: { currency: 'JPY', value: '1200' } });
    expect(await ask('payments/pay', body)).toMatchObject({
      result: { resultCode: 'CURRENCY_NOT_SUPPORT' },
    });
  });
});
