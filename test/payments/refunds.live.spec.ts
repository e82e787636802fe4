/**
 * Goal: an acquirer gives a payment back in full, in part, again and again, and never more than it
 * was, however many ask at once; what was accepted is seen through, whatever the wallet answers;
 * each leg, the exposures and the books come out at the payment's own amounts.
 * Method: refunds on the real wire with a wallet that can drop, delay and refuse; the books are
 * summed by account, not read from the refund's own columns.
 */
import { REFUND_GAPS_MS } from '#domain/refunds/refund-timetable';
import { yen } from './cast.js';
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
  await hub.posted();
  expect(await hub.faults()).toEqual([]);
});

interface Stored {
  readonly id: string;
  readonly state: string;
  readonly refund_from_minor: string;
  readonly settlement_minor: string;
  readonly wallet_credit_minor: string;
  readonly acquirer_debit_minor: string;
  readonly decline_by: string | null;
  readonly duty_attempt: number | null;
  readonly duty_due_at: Date | null;
}

async function paid(amount = 1_000): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  return body['paymentRequestId'] as string;
}

async function refundsOf(requestId: string): Promise<Stored[]> {
  const { id } = await hub.payment(requestId);
  return hub.database.dataSource.query<Stored[]>(
    'SELECT * FROM refunds WHERE payment_id = $1 ORDER BY id',
    [id],
  );
}

/** What is left on each account of a payment and its refunds, zeros left out. */
async function left(requestId: string): Promise<Map<string, bigint>> {
  await hub.posted();
  const { id } = await hub.payment(requestId);
  const rows = await hub.database.dataSource.query<
    { owner: string; kind: string; currency: string; minor: string }[]
  >(
    `SELECT owner, kind, currency, sum(minor) AS minor FROM ledger_lines WHERE payment_id = $1
     GROUP BY 1, 2, 3 HAVING sum(minor) <> 0`,
    [id],
  );
  return new Map(rows.map((row) => [`${row.owner} ${row.kind}`, BigInt(row.minor)]));
}

const minorOf = (amount: unknown): bigint => BigInt((amount as { value: string }).value);

describe('a refund of all', () => {
  it('gives the user exactly what was debited, and leaves the scheme fees alone on the books', async () => {
    const before = await hub.exposure('truemoney');
    const id = await paid(1_234);
    const payment = await hub.payment(id);
    const debit = hub.wallet.debits.get(payment.id);
    const usage = await hub.count(`payer_usage WHERE used_minor > 0`);
    const reply = await hub.acquirer.refund(id, yen(1_234), { refundReason: 'Too salty' });
    expect(reply).toMatchObject({
      result: DONE,
      refundAmount: yen(1_234),
      settlementAmount: yen(1_234),
      pspId: 'truemoney',
    });
    const told = hub.wallet.refunds.get(String(reply['refundId']));
    expect(told).toMatchObject({
      paymentRequestId: payment.id,
      refundAmount: yen(1_234),
      refundFromAmount: debit?.payToAmount,
      refundReason: 'Too salty',
    });
    const books = await left(id);
    // The fees that were kept are the only open items of either side, and equal what they paid.
    expect(books.get('truemoney walletReceivable')).toBe(-(books.get('hub schemeFeeWallet') ?? 0n));
    expect(books.get('acq_kamogawa acquirerPayable')).toBe(
      -(books.get('hub schemeFeeAcquirer') ?? 0n),
    );
    expect(books.get('truemoney walletReceivable')).toBeGreaterThan(0n);
    for (const kind of ['fxPosition', 'fxMargin', 'rounding', 'interchangeFxDifference']) {
      expect(books.has(`hub ${kind}`)).toBe(false);
    }
    const after = await hub.exposure('truemoney');
    expect(after.outstanding - before.outstanding).toBe(books.get('truemoney walletReceivable'));
    // The payer's day is spent all the same.
    expect(await hub.count(`payer_usage WHERE used_minor > 0`)).toBe(usage);
  });

  it('comes out the same in any pieces', async () => {
    const whole = await paid(1_000);
    await hub.acquirer.refund(whole, yen(1_000));
    const pieces = await paid(1_000);
    for (const piece of [1, 332, 1, 17, 649]) {
      expect((await hub.acquirer.refund(pieces, yen(piece))).result.resultStatus).toBe('S');
    }
    expect(await left(pieces)).toEqual(await left(whole));
    const [, ...more] = await refundsOf(pieces);
    expect(more).toHaveLength(4);
  });

  it('is told at every inquiry', async () => {
    const id = await paid(700);
    const reply = await hub.acquirer.refund(id, yen(300), { refundRequestId: 'told-1' });
    const inquired = await hub.acquirer.send('payments/inquiryRefund', {
      refundRequestId: 'told-1',
    });
    expect(inquired).toMatchObject({
      result: DONE,
      refundResult: DONE,
      refundStatus: 'SUCCESS',
      refundId: reply['refundId'],
      refundAmount: yen(300),
    });
    const payment = await hub.acquirer.send('payments/inquiryPayment', { paymentRequestId: id });
    expect(payment['paymentStatus']).toBe('SUCCESS');
    expect(payment['transactions']).toMatchObject([
      { transactionType: 'PAYMENT', transactionAmount: yen(700) },
      {
        transactionType: 'REFUND',
        transactionRequestId: 'told-1',
        transactionStatus: 'SUCCESS',
        transactionAmount: yen(300),
      },
    ]);
    const shown = await fetch(`${hub.url}/api/refunds/${String(reply['refundId'])}`);
    expect(await shown.json()).toMatchObject({
      state: 'succeeded',
      refundAmount: { text: 'JPY 300' },
      acquirerRequestId: 'told-1',
      timeline: [{ event: 'accepted' }, { event: 'walletRefunded' }],
    });
    const { id: paymentId } = await hub.payment(id);
    const explained = (await (
      await fetch(`${hub.url}/api/payments/${paymentId}/explanation`)
    ).json()) as { summary: string; refunds: unknown[]; entries: { kind: string }[] };
    expect(explained.refunds).toHaveLength(1);
    expect(explained.entries.map(({ kind }) => kind)).toEqual([
      'paymentCleared',
      'paymentRefunded',
    ]);
    expect(explained.summary).toContain('JPY 300 of it is refunded');
  });
});

describe('many at once', () => {
  it('never give back more than was paid', async () => {
    const id = await paid(1_000);
    const replies = await Promise.all(
      Array.from({ length: 25 }, () => hub.acquirer.refund(id, yen(90))),
    );
    const codes = replies.map(({ result }) => result.resultCode).sort();
    expect(codes.filter((code) => code === 'SUCCESS')).toHaveLength(11);
    expect(codes.filter((code) => code === 'REFUND_AMOUNT_EXCEED')).toHaveLength(14);
    const taken = (await refundsOf(id)).filter(({ state }) => state === 'succeeded');
    expect(taken).toHaveLength(11);
    expect((await hub.acquirer.refund(id, yen(11))).result.resultCode).toBe('REFUND_AMOUNT_EXCEED');
    expect((await hub.acquirer.refund(id, yen(10))).result.resultStatus).toBe('S');
    const debit = hub.wallet.debits.get((await hub.payment(id)).id);
    const back = [...hub.wallet.refunds.values()]
      .filter(({ paymentRequestId }) => (paymentRequestId === undefined ? false : true))
      .filter(({ refundRequestId }) => taken.some((t) => t.id === refundRequestId));
    const sum = back.reduce((total, body) => total + minorOf(body['refundFromAmount']), 0n);
    expect(sum).toBeLessThanOrEqual(minorOf(debit?.payToAmount));
  });

  it('cannot be made by the database itself either', async () => {
    const id = await paid(500);
    await hub.acquirer.refund(id, yen(400));
    const { id: paymentId } = await hub.payment(id);
    const change = (sql: string) => hub.database.dataSource.query(sql, [paymentId]);
    await expect(change('UPDATE payments SET refunded_minor = 501 WHERE id = $1')).rejects.toThrow(
      'payments_refunded_within',
    );
    await expect(change(`UPDATE payments SET state = 'cancelled' WHERE id = $1`)).rejects.toThrow(
      'payments_refunded_success',
    );
    await expect(
      change('UPDATE refunds SET refund_minor = 1 WHERE payment_id = $1'),
    ).rejects.toThrow('stays as it is');
  });

  it('under one id are one, whichever id names the payment', async () => {
    const id = await paid(600);
    const { id: paymentId } = await hub.payment(id);
    const change = { refundRequestId: 'once-1' };
    const other = { ...change, paymentRequestId: undefined, paymentId };
    const replies = await Promise.all([
      ...[1, 2, 3].map(() => hub.acquirer.refund(id, yen(200), change)),
      ...[1, 2].map(() => hub.acquirer.refund(undefined, yen(200), other)),
    ]);
    const again = await hub.acquirer.refund(id, yen(200), change);
    for (const reply of [...replies, again]) expect(reply).toEqual(replies[0]);
    expect(replies[0]?.result.resultStatus).toBe('S');
    expect(await refundsOf(id)).toHaveLength(1);
    const changed = await hub.acquirer.refund(id, yen(201), change);
    expect(changed.result).toMatchObject({
      resultStatus: 'F',
      resultCode: 'REPEAT_REQ_INCONSISTENT',
    });
    const elsewhere = await hub.acquirer.refund(await paid(600), yen(200), change);
    expect(elsewhere.result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
  });
});

describe('a refund that may not be', () => {
  it('is refused, stored, and answered the same for ever', async () => {
    const id = await paid(100);
    const change = { refundRequestId: 'refused-1' };
    const refused = await hub.acquirer.refund(id, yen(101), change);
    expect(refused.result).toMatchObject({
      resultStatus: 'F',
      resultCode: 'REFUND_AMOUNT_EXCEED',
    });
    expect(await hub.acquirer.refund(id, yen(101), change)).toEqual(refused);
    expect(await refundsOf(id)).toMatchObject([{ state: 'declined', decline_by: 'hub' }]);
    expect(hub.wallet.partner.callsTo('payments/refund').at(-1)?.['refundRequestId']).not.toBe(
      refused['refundId'],
    );
  });

  it('is one of a payment that is not paid, or no longer', async () => {
    const order = hub.acquirer.payBody('OrderCode', yen(400));
    await hub.acquirer.pay(order);
    const early = await hub.acquirer.refund(order['paymentRequestId'], yen(1));
    expect(early.result).toMatchObject({ resultStatus: 'F', resultCode: 'PROCESS_FAIL' });
    await hub.acquirer.cancel(order['paymentRequestId']);
    const id = await paid(400);
    await hub.acquirer.cancel(id);
    for (const closed of [order['paymentRequestId'], id]) {
      const late = await hub.acquirer.refund(closed, yen(1));
      expect(late.result).toMatchObject({ resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' });
    }
  });

  it('is one in another currency, of a stranger, or of nothing', async () => {
    const id = await paid(400);
    const { id: paymentId } = await hub.payment(id);
    const baht = await hub.acquirer.refund(id, { currency: 'THB', value: '100' });
    expect(baht.result).toMatchObject({ resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' });
    for (const ids of [{ paymentRequestId: id }, { paymentId }]) {
      const stranger = await hub.otherAcquirer.send('payments/refund', {
        ...ids,
        refundRequestId: 'stranger-1',
        refundAmount: yen(1),
      });
      expect(Object.keys(stranger)).toEqual(['result']);
      expect(stranger.result.resultCode).toBe('ORDER_NOT_EXIST');
    }
    await hub.acquirer.refund(id, yen(100), { refundRequestId: 'mine-1' });
    const peek = await hub.otherAcquirer.send('payments/inquiryRefund', {
      refundRequestId: 'mine-1',
    });
    expect(peek.result.resultCode).toBe('ORDER_NOT_EXIST');
    const wallet = await hub.wallet.partner.send('payments/refund', {});
    expect(wallet.result.resultCode).toBe('ACCESS_DENIED');
  });

  it('is a cancel of what was refunded', async () => {
    const id = await paid(400);
    await hub.acquirer.refund(id, yen(1));
    const cancelled = await hub.acquirer.cancel(id);
    expect(cancelled.result).toMatchObject({ resultStatus: 'F', resultCode: 'PROCESS_FAIL' });
    expect((await hub.payment(id)).state).toBe('succeeded');
  });

  it('never meets a cancel halfway, whoever is faster', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => paid(200)));
    await Promise.all(
      ids.flatMap((id, index) => {
        const both = [() => hub.acquirer.cancel(id), () => hub.acquirer.refund(id, yen(200))];
        return (index % 2 === 0 ? both : both.reverse()).map((send) => send());
      }),
    );
    for (const id of ids) {
      const { state } = await hub.payment(id);
      const stands = (await refundsOf(id)).filter((refund) => refund.state === 'succeeded');
      expect(stands).toHaveLength(state === 'succeeded' ? 1 : 0);
    }
  });
});

describe('a wallet that does not answer', () => {
  async function dueInMs(id: string): Promise<number> {
    const [refund] = await refundsOf(id);
    return (refund?.duty_due_at?.getTime() ?? Number.NaN) - hub.clock.nowMs();
  }

  it('is asked again under the same id by the timetable, and pays once', async () => {
    const id = await paid(800);
    hub.wallet.partner.misbehave = ({ operation }) =>
      operation === 'payments/refund' ? 'dropConnection' : undefined;
    const before = hub.wallet.partner.callsTo('payments/refund').length;
    const change = { refundRequestId: 'lost-1' };
    const reply = await hub.acquirer.refund(id, yen(500), change);
    expect(reply.result).toMatchObject({ resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' });
    for (const gapMs of REFUND_GAPS_MS.slice(0, 7)) {
      expect(await dueInMs(id)).toBe(gapMs);
      await hub.passTime(gapMs);
    }
    expect((await hub.acquirer.refund(id, yen(500), change)).result.resultStatus).toBe('U');
    hub.wallet.partner.misbehave = () => undefined;
    await hub.passTime(REFUND_GAPS_MS[7] ?? 0);
    expect((await hub.acquirer.refund(id, yen(500), change)).result).toEqual(DONE);
    const calls = hub.wallet.partner.callsTo('payments/refund').slice(before);
    expect(new Set(calls.map(({ refundRequestId }) => refundRequestId)).size).toBe(1);
    expect(calls).toHaveLength(9);
    expect(calls.every((call) => JSON.stringify(call) === JSON.stringify(calls[0]))).toBe(true);
  });

  it('is asked for ever, hourly in the end, across a restart of the hub', async () => {
    const id = await paid(300);
    hub.wallet.partner.on('payments/refund', () => ({ result: IN_PROCESS }));
    await hub.acquirer.refund(id, yen(300));
    for (const gapMs of [...REFUND_GAPS_MS, 3_600_000, 3_600_000]) await hub.passTime(gapMs);
    expect(await dueInMs(id)).toBe(3_600_000);
    await hub.restart();
    hub.wallet.reset();
    await hub.passTime(3_600_000);
    expect(await refundsOf(id)).toMatchObject([{ state: 'succeeded', duty_due_at: null }]);
  });

  it('has not refused by failing to read the call, or by confirming other amounts', async () => {
    const id = await paid(300);
    hub.wallet.partner.on('payments/refund', () => ({ result: failed('INVALID_SIGNATURE') }));
    expect((await hub.acquirer.refund(id, yen(100))).result.resultStatus).toBe('U');
    hub.wallet.partner.on('payments/refund', () => ({
      result: DONE,
      refundFromAmount: { currency: 'THB', value: '1' },
    }));
    await hub.passTime(2_000);
    expect(await refundsOf(id)).toMatchObject([{ state: 'processing', duty_attempt: 2 }]);
    hub.wallet.reset();
    await hub.passTime(3_000);
    expect(await refundsOf(id)).toMatchObject([{ state: 'succeeded' }]);
  });

  it('finally refuses: the acquirer hears it, and the amount is free again', async () => {
    const id = await paid(300);
    hub.wallet.partner.on('payments/refund', () => ({ result: IN_PROCESS }));
    const change = { refundRequestId: 'frozen-1' };
    await hub.acquirer.refund(id, yen(300), change);
    // While it is under way nothing is left to refund.
    expect((await hub.acquirer.refund(id, yen(1))).result.resultCode).toBe('REFUND_AMOUNT_EXCEED');
    hub.wallet.partner.on('payments/refund', () => ({ result: failed('USER_STATUS_ABNORMAL') }));
    await hub.passTime(2_000);
    const told = await hub.acquirer.refund(id, yen(300), change);
    expect(told.result).toMatchObject({ resultStatus: 'F', resultCode: 'USER_STATUS_ABNORMAL' });
    hub.wallet.reset();
    await hub.passTime(3_600_000);
    expect((await hub.acquirer.refund(id, yen(300), change)).result).toEqual(told.result);
    expect((await hub.acquirer.refund(id, yen(300))).result.resultStatus).toBe('S');
  });
});

describe('the window', () => {
  it('is over one calendar year after the payment, to the moment', async () => {
    const id = await paid(100);
    const { id: paymentId } = await hub.payment(id);
    const [row] = await hub.database.dataSource.query<{ at: Date }[]>(
      'SELECT completed_at AS at FROM payments WHERE id = $1',
      [paymentId],
    );
    const end = new Date((row?.at.getTime() ?? 0) + 8 * 3_600_000);
    end.setUTCFullYear(end.getUTCFullYear() + 1);
    const endMs = end.getTime() - 8 * 3_600_000;
    hub.clock.set(endMs - 1);
    const last: HubReply = await hub.acquirer.refund(id, yen(40));
    expect(last.result.resultStatus).toBe('S');
    hub.clock.set(endMs);
    const late = await hub.acquirer.refund(id, yen(40));
    expect(late.result).toMatchObject({ resultStatus: 'F', resultCode: 'REFUND_WINDOW_EXCEED' });
  });
});
