/**
 * Goal: each of the four ways to pay runs from the first signed call to posted journal entries,
 * with the amounts every party was told agreeing to the minor unit. Method: a real hub on a real
 * database and real sockets; partners that share nothing with it but the wire.
 */
import { encodeStoreCode } from '#domain/routing/store-code';
import { NetworkDirectory } from '#corridors';
import { SHOP, yen, type Amount } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE, failed } from './partner.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

/** Everything is in the books, and nothing contradicts anything. */
async function booked(paymentRequestId: unknown): Promise<void> {
  await hub.posted();
  const { id, state } = await hub.payment(paymentRequestId);
  expect(state).toBe('succeeded');
  expect(await hub.count('journal_entries WHERE payment_id = $1', [id])).toBe(1);
  expect(await hub.faults()).toEqual([]);
}

/** The amount the shop was told of equals what was asked, converted at the quote that was told. */
function expectQuoted(amounts: Record<string, unknown>, paid: Amount): void {
  const { quotePrice } = amounts['paymentQuote'] as { quotePrice: string };
  const payTo = amounts['payToAmount'] as Amount;
  expect(payTo.currency).toBe('THB');
  // JPY has no minor unit and THB has two: one yen is a hundred satang times the price.
  const exact = Number(paid.value) * Number(quotePrice) * 100;
  expect(Math.abs(Number(payTo.value) - exact)).toBeLessThanOrEqual(0.5);
}

describe('a code shown by the payer', () => {
  it('is charged at the wallet while the till waits', async () => {
    const code = await hub.wallet.code('ann');
    expect(code).toMatch(/^25900102\d{16}$/);
    const body = hub.acquirer.charge(code, yen(1_200));
    const reply = await hub.acquirer.pay(body);
    expect(reply.result).toMatchObject({ resultStatus: 'S', resultCode: 'SUCCESS' });
    expect(reply).toMatchObject({
      pspId: 'truemoney',
      customerId: 'ann',
      paymentAmount: yen(1_200),
      settlementAmount: yen(1_200),
    });
    const charged = hub.wallet.partner.callsTo('payments/pay').at(-1) ?? {};
    expect(charged).toMatchObject({
      paymentRequestId: reply['paymentId'],
      paymentAmount: yen(1_200),
      paymentMethod: { customerId: 'ann', paymentMethodId: code },
    });
    expectQuoted(charged, yen(1_200));
    await booked(body['paymentRequestId']);
    // The till had its answer: a notification would only say it twice.
    await hub.idle();
    expect(hub.acquirer.partner.callsTo('payments/notifyPayment')).toEqual([]);
  });
});

describe.each(['OrderCode', 'EntryCode'])('a code shown by the shop (%s)', (scenario) => {
  async function order(): Promise<{ body: Record<string, unknown>; codeValue: string }> {
    const body = hub.acquirer.payBody(scenario, yen(880));
    const reply = await hub.acquirer.pay(body);
    expect(reply.result.resultCode).toBe('PAYMENT_IN_PROCESS');
    const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] } | undefined;
    const shown = form?.codeDetails[0]?.codeValue ?? reply['paymentUrl'];
    return { body, codeValue: shown as string };
  }

  it('is scanned, confirmed, and told to the shop', async () => {
    const { body, codeValue } = await order();
    const scanned = await hub.wallet.scan(codeValue, 'bee');
    expect(scanned.result.resultStatus).toBe('S');
    expect(scanned).toMatchObject({ codeType: 'ORDER_CODE', paymentAmount: yen(880) });
    expectQuoted(scanned, yen(880));
    expect((await hub.exposure('truemoney')).reserved).toBeGreaterThan(0n);
    expect((await hub.wallet.confirm(scanned)).result).toMatchObject({ resultStatus: 'S' });
    await hub.idle();
    const told = hub.acquirer.partner
      .callsTo('payments/notifyPayment')
      .filter(({ paymentRequestId }) => paymentRequestId === body['paymentRequestId']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      paymentResult: { resultStatus: 'S' },
      paymentAmount: yen(880),
      pspId: 'truemoney',
    });
    expect(await hub.acquirer.resultOf(body['paymentRequestId'])).toMatchObject({
      resultStatus: 'S',
    });
    await booked(body['paymentRequestId']);
  });

  it('belongs to the payer who took it first', async () => {
    const { codeValue } = await order();
    const [first, again, other] = [
      await hub.wallet.scan(codeValue, 'bee'),
      await hub.wallet.scan(codeValue, 'bee'),
      await hub.wallet.scan(codeValue, 'cho'),
    ];
    expect(again).toEqual(first);
    expect(other.result).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
    await hub.wallet.confirm(first);
    await hub.idle();
    expect(await hub.faults()).toEqual([]);
  });

  it('closes when nobody pays in time, for good', async () => {
    const { body, codeValue } = await order();
    expect(await hub.passTime(600_000)).toBeGreaterThanOrEqual(1);
    expect((await hub.payment(body['paymentRequestId'])).state).toBe('closed');
    expect((await hub.wallet.scan(codeValue, 'bee')).result.resultCode).toBe('ORDER_IS_CLOSED');
    expect(await hub.acquirer.resultOf(body['paymentRequestId'])).toMatchObject({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
    });
  });

  it('is withdrawn by the shop before anybody scans it', async () => {
    const { body, codeValue } = await order();
    expect((await hub.acquirer.cancel(body['paymentRequestId'])).result.resultStatus).toBe('S');
    expect((await hub.wallet.scan(codeValue, 'bee')).result.resultCode).toBe('ORDER_IS_CLOSED');
    expect(await hub.faults()).toEqual([]);
  });
});

describe('a national code on the wall', () => {
  const print = (amount?: number): string => {
    const network = hub.app.get(NetworkDirectory).current();
    const order =
      amount === undefined ? {} : { amount: { currency: 'JPY', minor: BigInt(amount) } };
    const code = encodeStoreCode(network, SHOP.store, order);
    if (!code.ok) throw new Error(code.rejection.detail);
    return code.value;
  };

  it('is scanned, priced for what the payer types, debited, and pushed to the shop', async () => {
    const codeValue = print();
    const looked = await hub.wallet.scan(codeValue, 'cho');
    expect(looked).toMatchObject({ result: DONE, codeType: 'STORE_CODE' });
    expect(looked['paymentRequestId']).toBeUndefined();
    const before = await hub.count('payments');
    const typed = { paymentAmount: yen(1_200), initiationRequestId: 'cho-1' };
    const scanned = await hub.wallet.scan(codeValue, 'cho', typed);
    expect(scanned).toMatchObject({ codeType: 'ORDER_CODE', paymentAmount: yen(1_200) });
    expectQuoted(scanned, yen(1_200));
    expect(await hub.wallet.scan(codeValue, 'cho', typed)).toEqual(scanned);
    expect(await hub.count('payments')).toBe(before + 1);
    expect((await hub.wallet.confirm(scanned)).result.resultStatus).toBe('S');
    await hub.idle();
    expect(hub.acquirer.pushed.at(-1)).toMatchObject({
      paymentId: scanned['paymentRequestId'],
      paymentAmount: yen(1_200),
      settlementAmount: yen(1_200),
      customerId: 'cho',
      codeValue,
    });
    await booked(scanned['paymentRequestId']);
  });

  it('that names its amount needs one scan', async () => {
    const scanned = await hub.wallet.scan(print(640), 'cho');
    expect(scanned).toMatchObject({ codeType: 'ORDER_CODE', paymentAmount: yen(640) });
    const wrong = await hub.wallet.scan(print(640), 'cho', {
      paymentAmount: yen(641),
      initiationRequestId: 'cho-2',
    });
    expect(wrong.result).toMatchObject({ resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' });
    await hub.wallet.confirm(scanned);
    await hub.idle();
    await booked(scanned['paymentRequestId']);
  });

  it.each([
    [{ paymentAmount: yen(501) }, 'paymentAmount'],
    [{ customerId: 'dan' }, 'customerId'],
  ])('is not paid twice under one id with %p', async (change, field) => {
    const typed = { paymentAmount: yen(500), initiationRequestId: `same-${field}` };
    const first = await hub.wallet.scan(print(), 'cho', typed);
    expect(first.result.resultStatus).toBe('S');
    const second = await hub.wallet.partner.send('payments/userInitiatedPay', {
      codeValue: print(),
      customerId: 'cho',
      ...typed,
      ...change,
    });
    expect(second.result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
    expect(second.result.resultMessage).toContain(field);
    await hub.wallet.confirm(first);
    await hub.idle();
  });

  it('refused by the shop is given back to the payer, and both are told', async () => {
    hub.acquirer.partner.on('payments/pushPayment', () => ({
      result: failed('MERCHANT_KYB_NOT_QUALIFIED', 'The shop is not ready.'),
    }));
    const typed = { paymentAmount: yen(700), initiationRequestId: 'cho-3' };
    const scanned = await hub.wallet.scan(print(), 'cho', typed);
    await hub.wallet.confirm(scanned);
    await hub.idle();
    const id = scanned['paymentRequestId'];
    const stored = await hub.payment(id);
    expect(stored).toMatchObject({
      state: 'cancelled',
      decline_code: 'MERCHANT_KYB_NOT_QUALIFIED',
      decline_detail: 'The shop is not ready.',
      cycle_id: null,
    });
    expect(hub.wallet.held()).not.toContain(id);
    expect(hub.acquirer.partner.callsTo('payments/notifyPayment').at(-1)).toMatchObject({
      paymentRequestId: id,
      paymentResult: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
    });
    expect(await hub.faults()).toEqual([]);
  });
});
