/**
 * Goal: a cancel wins over every late success, gives the payer's money back, leaves books and
 * exposure as if nothing had been, and is nobody's but the acquirer's who asked for the payment.
 * Method: cancels before, during and after the debit on the real wire, and strangers with good
 * keys of their own.
 */
import { encodeStoreCode } from '#domain/routing/store-code';
import { NetworkDirectory } from '#corridors';
import { setHubClock } from '#ledger';
import { SHOP, yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE, failed, IN_PROCESS, type HubReply } from './partner.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open({ environment: { PARTNER_TIMEOUT_MS: '8000' } });
}, 60_000);
afterAll(() => hub.close());

afterEach(async () => {
  hub.wallet.reset();
  hub.acquirer.reset();
  await hub.idle();
  expect(await hub.faults()).toEqual([]);
});

async function paid(amount = 1_000): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  return body['paymentRequestId'] as string;
}

async function order(): Promise<{ id: string; scanned: HubReply }> {
  const body = hub.acquirer.payBody('OrderCode', yen(1_000));
  const reply = await hub.acquirer.pay(body);
  const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
  const scanned = await hub.wallet.scan(form.codeDetails[0]?.codeValue ?? '', 'bee');
  return { id: body['paymentRequestId'] as string, scanned };
}

async function scanWall(initiationRequestId: string): Promise<HubReply> {
  const code = encodeStoreCode(hub.app.get(NetworkDirectory).current(), SHOP.store);
  if (!code.ok) throw new Error(code.rejection.detail);
  const typed = { paymentAmount: yen(1_000), initiationRequestId };
  return hub.wallet.scan(code.value, 'cho', typed);
}

describe('a cancel after success', () => {
  it('posts a contra entry in the same cycle and frees the exposure', async () => {
    const before = await hub.exposure('truemoney');
    const id = await paid();
    expect((await hub.exposure('truemoney')).outstanding).toBeGreaterThan(before.outstanding);
    expect((await hub.acquirer.cancel(id)).result.resultStatus).toBe('S');
    await hub.posted();
    expect(await hub.exposure('truemoney')).toEqual(before);
    const { id: paymentId } = await hub.payment(id);
    const [sum] = await hub.database.dataSource.query<{ entries: number; cycles: number }[]>(
      `SELECT count(*)::int AS entries, count(DISTINCT cycle_id)::int AS cycles
       FROM journal_entries WHERE payment_id = $1`,
      [paymentId],
    );
    expect(sum).toEqual({ entries: 2, cycles: 1 });
    const open = await hub.database.dataSource.query<unknown[]>(
      `SELECT owner, kind, currency FROM ledger_lines WHERE payment_id = $1
       GROUP BY 1, 2, 3 HAVING sum(minor) <> 0`,
      [paymentId],
    );
    expect(open).toEqual([]);
    expect(await hub.acquirer.resultOf(id)).toMatchObject({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
    });
  });

  it('is answered the same when it is sent again', async () => {
    const id = await paid();
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => hub.acquirer.cancel(id)));
    const again = await hub.acquirer.cancel(id);
    for (const reply of [...others, again]) expect(reply).toEqual(first);
    expect(first?.result.resultStatus).toBe('S');
  });

  it('is asked of the wallet until it confirms', async () => {
    const id = await paid();
    hub.wallet.partner.on('payments/cancelPayment', () => ({ result: IN_PROCESS }));
    expect((await hub.acquirer.cancel(id)).result.resultStatus).toBe('U');
    expect((await hub.payment(id)).state).toBe('cancelling');
    const asked = (): number => hub.wallet.partner.callsTo('payments/cancelPayment').length;
    for (const gapMs of [2_000, 3_000, 3_000, 5_000, 5_000, 60_000, 60_000]) {
      const before = asked();
      expect(await hub.dueInMs(id)).toBe(gapMs);
      await hub.passTime(gapMs);
      expect(asked()).toBe(before + 1);
    }
    hub.wallet.reset();
    await hub.passTime(60_000);
    expect((await hub.payment(id)).state).toBe('cancelled');
    expect((await hub.acquirer.cancel(id)).result.resultStatus).toBe('S');
  });
});

describe('a success that comes too late', () => {
  it('is refused, reversed at the wallet, and never booked', async () => {
    const { id, scanned } = await order();
    await hub.acquirer.cancel(id);
    await hub.passTime(2_000);
    await hub.passTime(10_000);
    expect((await hub.payment(id)).state).toBe('cancelled');
    const late = await hub.wallet.confirm(scanned);
    expect(late.result).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
    await hub.idle();
    expect(hub.wallet.held()).not.toContain(scanned['paymentRequestId']);
    expect(await hub.payment(id)).toMatchObject({ state: 'cancelled', duty_kind: null });
    expect(await hub.count('staged_entries')).toBe(0);
  });

  it('loses to a cancel in every race, whoever is faster', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, order));
    const ends = orders.flatMap(({ id, scanned }, index) => {
      const both = [() => hub.acquirer.cancel(id), () => hub.wallet.confirm(scanned)];
      return (index % 2 === 0 ? both : both.reverse()).map((send) => send());
    });
    await Promise.all(ends);
    await hub.passTime(60_000);
    const states = await Promise.all(orders.map(async ({ id }) => (await hub.payment(id)).state));
    expect(new Set(states)).toEqual(new Set(['cancelled']));
    await hub.posted();
  });

  it('to a charge that the till has given up is reversed too', async () => {
    let release: () => void = () => undefined;
    let charged: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const reached = new Promise<void>((resolve) => (charged = resolve));
    hub.wallet.partner.on('payments/pay', async (call) => {
      charged();
      await gate;
      return hub.wallet.pay(call);
    });
    const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(400));
    const paying = hub.acquirer.pay(body);
    await reached;
    const id = body['paymentRequestId'] as string;
    expect((await hub.acquirer.cancel(id)).result.resultStatus).toBe('U');
    await hub.passTime(2_000);
    await hub.passTime(10_000);
    expect((await hub.payment(id)).state).toBe('cancelled');
    release();
    expect((await paying).result.resultCode).toBe('ORDER_IS_CLOSED');
    await hub.idle();
    expect(hub.wallet.held()).not.toContain((await hub.payment(id)).id);
  });
});

describe('a push without a final answer', () => {
  it('is asked about, and taken when the acquirer has it', async () => {
    hub.acquirer.partner.misbehave = ({ operation }) =>
      operation === 'payments/pushPayment' ? 'dropConnection' : undefined;
    const scanned = await scanWall('push-1');
    await hub.wallet.confirm(scanned);
    await hub.idle();
    const id = scanned['paymentRequestId'];
    expect((await hub.payment(id)).state).toBe('pushing');
    hub.acquirer.partner.on('payments/inquiryPushPayment', () => ({
      result: DONE,
      paymentResult: DONE,
    }));
    await hub.passTime(4_000);
    expect((await hub.payment(id)).state).toBe('succeeded');
  });

  it('is ended by the word of the acquirer', async () => {
    hub.acquirer.partner.on('payments/pushPayment', () => ({ result: IN_PROCESS }));
    const ends = [
      { initiation: 'push-2', paymentResult: DONE, state: 'succeeded' },
      { initiation: 'push-3', paymentResult: failed('RISK_REJECT', 'No.'), state: 'cancelled' },
    ];
    for (const { initiation, paymentResult, state } of ends) {
      const scanned = await scanWall(initiation);
      await hub.wallet.confirm(scanned);
      await hub.idle();
      const paymentId = scanned['paymentRequestId'];
      const tell = (): Promise<HubReply> =>
        hub.acquirer.send('payments/notifyPushPayment', { paymentId, paymentResult });
      const wrong = { paymentId, paymentResult, paymentAmount: yen(1) };
      const refused = await hub.acquirer.send('payments/notifyPushPayment', wrong);
      expect(refused.result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
      expect((await tell()).result.resultStatus).toBe('S');
      await hub.idle();
      expect((await tell()).result.resultStatus).toBe('S');
      expect((await hub.payment(paymentId)).state).toBe(state);
    }
  });

  it('ends in a reversal after the whole timetable', async () => {
    hub.acquirer.partner.on('payments/pushPayment', () => ({ result: IN_PROCESS }));
    hub.acquirer.partner.on('payments/inquiryPushPayment', () => ({
      result: DONE,
      paymentResult: IN_PROCESS,
    }));
    const scanned = await scanWall('push-4');
    await hub.wallet.confirm(scanned);
    await hub.idle();
    const id = scanned['paymentRequestId'];
    for (const gapMs of [4_000, 4_000, 30_000, 60_000, 60_000, 60_000, 300_000, 300_000]) {
      expect(await hub.dueInMs(id)).toBe(gapMs);
      await hub.passTime(gapMs);
    }
    expect((await hub.payment(id)).state).toBe('cancelled');
    expect(hub.wallet.held()).not.toContain(id);
  });
});

describe('somebody else', () => {
  it('neither sees nor cancels a payment, by either of its ids', async () => {
    const id = await paid();
    const { id: paymentId } = await hub.payment(id);
    for (const ids of [{ paymentRequestId: id }, { paymentId }]) {
      for (const operation of ['payments/inquiryPayment', 'payments/cancelPayment']) {
        const reply = await hub.otherAcquirer.send(operation, ids);
        expect(Object.keys(reply)).toEqual(['result']);
        expect(reply.result.resultCode).toBe('ORDER_NOT_EXIST');
      }
    }
    expect((await hub.payment(id)).state).toBe('succeeded');
    const own = await hub.acquirer.send('payments/inquiryPayment', { paymentId });
    expect(own['paymentRequestId']).toBe(id);
  });

  it('cannot say that a payment was paid, or pushed', async () => {
    const { id, scanned } = await order();
    const forged = await hub.otherWallet.partner.send('payments/notifyPayment', {
      paymentResult: DONE,
      paymentRequestId: scanned['paymentRequestId'],
    });
    expect(forged.result.resultStatus).toBe('F');
    expect((await hub.payment(id)).state).toBe('authorising');
    const pushed = await hub.otherAcquirer.send('payments/notifyPushPayment', {
      paymentResult: DONE,
      paymentId: scanned['paymentRequestId'],
    });
    expect(pushed.result.resultCode).toBe('ORDER_NOT_EXIST');
  });

  it('is kept to the calls of its own role', async () => {
    const scan = await hub.acquirer.send('payments/userInitiatedPay', {});
    const pay = await hub.wallet.partner.send('payments/pay', {});
    expect([scan, pay].map(({ result }) => result.resultCode)).toEqual([
      'ACCESS_DENIED',
      'ACCESS_DENIED',
    ]);
  });

  it('turned away for want of cover leaves the order to others', async () => {
    const body = hub.acquirer.payBody('OrderCode', yen(1_000));
    const reply = await hub.acquirer.pay(body);
    const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
    const codeValue = form.codeDetails[0]?.codeValue ?? '';
    await hub.database.dataSource.query(
      `UPDATE exposures SET cap = 0, prefund = 0 WHERE participant_id = 'gcash'`,
    );
    const refused = await hub.otherWallet.scan(codeValue, 'dan');
    expect(refused.result.resultStatus).toBe('F');
    expect(refused.result.resultMessage).toMatch(/net debit cap/);
    // The order stays open for a payer who can.
    expect((await hub.wallet.scan(codeValue, 'bee')).result.resultStatus).toBe('S');
  });
});

describe('the window', () => {
  it('is over at a quarter past midnight of the clearing day that follows', async () => {
    const { manager } = hub.database.dataSource;
    const [early, late] = [await paid(), await paid()];
    const offsetMs = 8 * 3_600_000;
    const dayMs = 86_400_000;
    const endsAtMs =
      (Math.floor((Date.now() + offsetMs) / dayMs) + 1) * dayMs - offsetMs + 15 * 60_000;
    // Cut-offs go by the database's clock, whatever the hub's own says.
    await setHubClock(manager, endsAtMs - 20_000);
    expect((await hub.acquirer.cancel(early)).result.resultStatus).toBe('S');
    await setHubClock(manager, endsAtMs);
    const refused = await hub.acquirer.cancel(late);
    expect(refused.result).toMatchObject({
      resultStatus: 'F',
      resultCode: 'CANCEL_WINDOW_EXCEED',
    });
    expect(hub.wallet.held()).toContain((await hub.payment(late)).id);
  });
});
