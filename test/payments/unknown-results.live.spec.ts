/**
 * Goal: a partner's silence, nonsense or death costs nobody money: the till is told "unknown", the
 * published timetable is followed to the millisecond, and every payment ends. Method: partners
 * that misbehave on the wire, a clock moved by hand to either side of each due time.
 */
import { jest } from '@jest/globals';
import { AdvancePayments, PartnerCalls } from '#payments';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE, failed, IN_PROCESS } from './partner.js';

const TIMETABLE_MS = [4_000, 4_000, 30_000, 60_000, 60_000, 60_000, 300_000, 300_000];
const TAKEOVER_MS = 2_000;

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open({
    environment: { PARTNER_TIMEOUT_MS: '1000', HUB_ANSWER_WITHIN_MS: '800' },
  });
}, 60_000);
afterAll(() => hub.close());

afterEach(async () => {
  hub.wallet.reset();
  hub.acquirer.reset();
  await hub.idle();
  expect(await hub.faults()).toEqual([]);
});

/** Charges a fresh code and returns the acquirer's id of the payment with the till's answer. */
async function charge(): Promise<{ id: string; answer: string }> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_000));
  const { result } = await hub.acquirer.pay(body);
  return {
    id: body['paymentRequestId'] as string,
    answer: `${result.resultStatus} ${result.resultCode}`,
  };
}

const inquiries = (): number => hub.wallet.partner.callsTo('payments/inquiryPayment').length;

function toldOf(id: string): Record<string, unknown>[] {
  return hub.acquirer.partner
    .callsTo('payments/notifyPayment')
    .filter(({ paymentRequestId }) => paymentRequestId === id);
}

describe('a wallet that debits and is not heard', () => {
  it.each(['dropConnection', 'noAnswer', 'badSignature'] as const)(
    'is asked after four seconds, and the shop is told (%s)',
    async (misbehaviour) => {
      hub.wallet.partner.misbehave = ({ operation }) =>
        operation === 'payments/pay' ? misbehaviour : undefined;
      const { id, answer } = await charge();
      expect(answer).toBe('U PAYMENT_IN_PROCESS');
      expect(await hub.dueInMs(id)).toBe(4_000);
      expect(await hub.passTime(3_999)).toBe(0);
      expect(await hub.passTime(1)).toBe(1);
      expect((await hub.payment(id)).state).toBe('succeeded');
      expect(toldOf(id)).toMatchObject([{ paymentResult: { resultStatus: 'S' } }]);
    },
  );
});

describe('a wallet that never gives a final answer', () => {
  it('is asked by the whole timetable, then cancelled, and the shop is told', async () => {
    hub.wallet.partner.on('payments/pay', () => ({ result: IN_PROCESS }));
    const { id, answer } = await charge();
    expect(answer).toBe('U PAYMENT_IN_PROCESS');
    for (const gapMs of TIMETABLE_MS) {
      const before = inquiries();
      expect(await hub.dueInMs(id)).toBe(gapMs);
      expect(await hub.passTime(gapMs - 1)).toBe(0);
      await hub.passTime(1);
      expect(inquiries()).toBe(before + 1);
    }
    // The wallet knew nothing when asked to cancel; it is asked once more before that is believed.
    expect((await hub.payment(id)).state).toBe('cancelling');
    expect(await hub.acquirer.resultOf(id)).toMatchObject({ resultCode: 'ORDER_IS_CLOSED' });
    await hub.passTime(await hub.dueInMs(id));
    expect(await hub.payment(id)).toMatchObject({ state: 'cancelled', cycle_id: null });
    expect(toldOf(id)).toMatchObject([{ paymentResult: { resultCode: 'ORDER_IS_CLOSED' } }]);
    expect((await hub.exposure('truemoney')).reserved).toBe(0n);
  });

  it.each([
    ['another payment amount', { paymentAmount: yen(999) }],
    ['another amount to pay', { payToAmount: { currency: 'THB', value: '1' } }],
    ['another currency', { payToAmount: { currency: 'USD', value: '1' } }],
    ['an amount that is none', { payToAmount: { currency: 'THB', value: '1.50' } }],
  ])('is not believed when it confirms %s, and gives back what it took', async (_, change) => {
    hub.wallet.partner.on('payments/pay', (call) => {
      const truth = hub.wallet.pay(call) as object;
      return { ...truth, result: DONE, ...change };
    });
    const { id, answer } = await charge();
    expect(answer).toBe('U PAYMENT_IN_PROCESS');
    expect(hub.wallet.held()).toContain((await hub.payment(id)).id);
    const cancelled = await hub.acquirer.cancel(id);
    expect(cancelled.result.resultStatus).toBe('S');
    expect((await hub.payment(id)).state).toBe('cancelled');
  });
});

describe('a wallet that makes up its mind late', () => {
  it('to refuse: the shop is told why, in the words of the wallet', async () => {
    hub.wallet.partner.on('payments/pay', () => ({ result: IN_PROCESS }));
    const { id } = await charge();
    hub.wallet.partner.on('payments/inquiryPayment', () => ({
      result: DONE,
      paymentResult: failed('USER_BALANCE_NOT_ENOUGH', 'Not enough baht.'),
    }));
    await hub.passTime(4_000);
    expect(await hub.payment(id)).toMatchObject({
      state: 'declined',
      decline_code: 'USER_BALANCE_NOT_ENOUGH',
      decline_detail: 'Not enough baht.',
    });
    expect(toldOf(id)).toMatchObject([
      { paymentResult: { resultStatus: 'F', resultCode: 'USER_BALANCE_NOT_ENOUGH' } },
    ]);
  });

  it('to refuse at once: the till is told, and nobody else needs to be', async () => {
    hub.wallet.partner.on('payments/pay', () => ({ result: failed('RISK_REJECT', 'Odd.') }));
    const { id, answer } = await charge();
    expect(answer).toBe('F RISK_REJECT');
    await hub.idle();
    expect(toldOf(id)).toEqual([]);
    expect(await hub.payment(id)).toMatchObject({ state: 'declined', duty_kind: null });
  });
});

describe('a hub that dies', () => {
  it('between commit and charge: another takes the payment up and ends it', async () => {
    jest
      .spyOn(hub.app.get(PartnerCalls), 'perform')
      .mockImplementationOnce(() => Promise.reject(new Error('killed')));
    const { id, answer } = await charge();
    expect(answer).toBe('U UNKNOWN_EXCEPTION');
    await hub.restart();
    const before = hub.wallet.partner.callsTo('payments/pay').length;
    expect(await hub.passTime(TAKEOVER_MS - 1)).toBe(0);
    expect(await hub.passTime(1)).toBe(1);
    for (const gapMs of TIMETABLE_MS) await hub.passTime(gapMs);
    await hub.passTime(await hub.dueInMs(id));
    // A charge whose sending is not known is never sent again: it is asked about and called off.
    expect(hub.wallet.partner.callsTo('payments/pay')).toHaveLength(before);
    expect((await hub.payment(id)).state).toBe('cancelled');
  });

  it('between charge and commit: the debit is found, booked and told', async () => {
    jest
      .spyOn(hub.app.get(AdvancePayments), 'advance')
      .mockImplementationOnce(() => Promise.reject(new Error('killed')));
    const { id, answer } = await charge();
    expect(answer).toBe('U UNKNOWN_EXCEPTION');
    await hub.restart();
    expect(await hub.passTime(TAKEOVER_MS)).toBe(1);
    expect((await hub.payment(id)).state).toBe('succeeded');
    expect(toldOf(id)).toMatchObject([{ paymentResult: { resultStatus: 'S' } }]);
    await hub.posted();
  });
});

describe('an acquirer that does not acknowledge', () => {
  it('is told again after 4 and 10 minutes, until it does', async () => {
    hub.wallet.partner.misbehave = ({ operation }) =>
      operation === 'payments/pay' ? 'dropConnection' : undefined;
    hub.acquirer.partner.misbehave = ({ operation }) =>
      operation === 'payments/notifyPayment' ? 'dropConnection' : undefined;
    const { id } = await charge();
    await hub.passTime(4_000);
    expect(toldOf(id)).toHaveLength(1);
    for (const [index, gapMs] of [240_000, 600_000].entries()) {
      expect(await hub.dueInMs(id)).toBe(gapMs);
      if (index === 1) hub.acquirer.partner.misbehave = () => undefined;
      await hub.passTime(gapMs);
      expect(toldOf(id)).toHaveLength(index + 2);
    }
    expect(await hub.payment(id)).toMatchObject({ state: 'succeeded', duty_kind: null });
    expect(await hub.passTime(86_400_000 / 24)).toBe(0);
  });
});

describe('a payer who scans and walks away', () => {
  it('is asked for once a minute, and at the end of the time the hold is released', async () => {
    const body = hub.acquirer.payBody('OrderCode', yen(1_000));
    const reply = await hub.acquirer.pay(body);
    const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
    await hub.wallet.scan(form.codeDetails[0]?.codeValue ?? '', 'bee');
    expect((await hub.exposure('truemoney')).reserved).toBeGreaterThan(0n);
    for (let minute = 1; minute <= 9; minute++) {
      const before = inquiries();
      await hub.passTime(60_000);
      expect(inquiries()).toBe(before + 1);
    }
    await hub.passTime(60_000);
    const id = body['paymentRequestId'] as string;
    expect((await hub.payment(id)).state).toBe('cancelling');
    await hub.passTime(await hub.dueInMs(id));
    expect((await hub.payment(id)).state).toBe('cancelled');
    expect((await hub.exposure('truemoney')).reserved).toBe(0n);
    expect(toldOf(id)).toMatchObject([{ paymentResult: { resultCode: 'ORDER_IS_CLOSED' } }]);
  });
});
