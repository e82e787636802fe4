/**
 * Goal: a wallet disputes a payment within the limits, both sides hear of it, nobody else does, and
 * every clock acts by itself, to the last day of the longest dispute there can be.
 * Method: real wire, real database, a clock that the test moves by up to a year; what the user gets
 * back is read from the wallet's own side.
 */
import { DisputeMessages, DisputeRunner, disputeChecks } from '#disputes';
import { DISPUTE_GAPS_MS } from '#domain/disputes/tell-partners';
import { RefundCalls } from '#payments';
import { wireTime } from '#contracts/partner-wire/index';
import { runChecks } from '#platform/invariant-check';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE, failed, type HubReply } from './partner.js';

const DAY_MS = 86_400_000;

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open({ environment: { PARTNER_TIMEOUT_MS: '8000' } });
}, 60_000);
afterAll(() => hub.close());

beforeEach(() => {
  // A payment completes by the database's clock, which this test leaves alone.
  hub.clock.set(Date.now());
  for (const name of ['Retrieval', 'Escalation']) {
    hub.acquirer.partner.on(`disputes/initiate${name}`, () => ({ result: DONE }));
    hub.wallet.partner.on(`disputes/response${name}`, () => ({ result: DONE }));
  }
});
afterEach(async () => {
  hub.wallet.reset();
  await settled();
  await hub.posted();
  expect(await hub.faults()).toEqual([]);
  const checks = await runChecks(hub.database.dataSource, disputeChecks);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

/** Does what is due, until nothing is. */
async function settled(): Promise<void> {
  do {
    await hub.app.get(DisputeMessages).idle();
    await hub.app.get(RefundCalls).idle();
  } while ((await hub.app.get(DisputeRunner).runDue()) > 0);
  await hub.passTime(0);
}

async function passDays(days: number): Promise<void> {
  hub.clock.advance(days * DAY_MS);
  await settled();
}

async function paid(amount = 1_000): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
  const reply = await hub.acquirer.pay(body);
  expect(reply.result.resultStatus).toBe('S');
  return reply['paymentId'] as string;
}

let serial = 0;
function nextId(): string {
  serial += 1;
  return `w-dispute-${String(serial)}`;
}

function retrieve(paymentRequestId: string, disputeRequestId = nextId()): Promise<HubReply> {
  const body = { disputeRequestId, paymentRequestId, disputeReason: 'Not mine' };
  return hub.wallet.partner.send('disputes/initiateRetrieval', body);
}

function escalate(
  paymentRequestId: string,
  amount: number,
  disputeRequestId = nextId(),
): Promise<HubReply> {
  return hub.wallet.partner.send('disputes/initiateEscalation', {
    disputeRequestId,
    paymentRequestId,
    escalationAmount: yen(amount),
  });
}

function respond(name: 'Retrieval' | 'Escalation', body: object): Promise<HubReply> {
  return hub.acquirer.send(`disputes/response${name}`, body);
}

interface Stored {
  readonly id: string;
  readonly state: string;
  readonly duty_kind: string | null;
}

async function newest(paymentId: string): Promise<Stored> {
  const [row] = await hub.database.dataSource.query<Stored[]>(
    'SELECT * FROM disputes WHERE payment_id = $1 ORDER BY completed_at IS NULL DESC, number DESC LIMIT 1',
    [paymentId],
  );
  if (row === undefined) throw new Error(`no dispute of ${paymentId}`);
  return row;
}

/** What the user has back, in the payment's currency, by the wallet's own record. */
function givenBack(paymentId: string): bigint {
  return [...hub.wallet.refunds.values()]
    .filter((refund) => refund['paymentRequestId'] === paymentId)
    .reduce((sum, refund) => sum + BigInt((refund['refundAmount'] as { value: string }).value), 0n);
}

const PAPERS = {
  attachments: [
    {
      attachmentType: 'RECEIPT',
      attachmentName: 'receipt.pdf',
      mediaType: 'application/pdf',
      sizeBytes: 20_480,
      sha256: 'ab'.repeat(32),
    },
  ],
  orderStatus: 'DELIVERED',
  transactionReceipt: { receiptNumber: 'R-77' },
};

describe('a retrieval', () => {
  it('goes to the acquirer, and its answer with the evidence goes back', async () => {
    const payment = await paid();
    const id = nextId();
    const started = await retrieve(payment, id);
    expect(started).toMatchObject({ result: DONE, disputeRequestId: id });
    expect(Date.parse(String(started['responseDueTime'])) - hub.clock.nowMs()).toBe(20 * DAY_MS);
    await settled();
    const asked = hub.acquirer.partner.callsTo('disputes/initiateRetrieval').at(-1);
    expect(asked).toMatchObject({ paymentId: payment, disputeReason: 'Not mine' });
    const answer = {
      disputeRequestId: asked?.['disputeRequestId'],
      responseCode: '0001',
      evidence: PAPERS,
    };
    expect((await respond('Retrieval', answer)).result).toEqual(DONE);
    await settled();
    expect(hub.wallet.partner.callsTo('disputes/responseRetrieval').at(-1)).toMatchObject({
      disputeRequestId: id,
      paymentRequestId: payment,
      responseCode: '0001',
      responseTimeout: 'false',
      evidence: PAPERS,
    });
    expect(await newest(payment)).toMatchObject({ state: 'answered', duty_kind: null });
  });

  it('is repeated with the same answer, and refused with another content', async () => {
    const payment = await paid();
    const other = await paid();
    const id = nextId();
    const replies = await Promise.all([1, 2, 3].map(() => retrieve(payment, id)));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(await hub.count('disputes WHERE payment_id = $1', [payment])).toBe(1);
    expect((await retrieve(other, id)).result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
    expect((await escalate(payment, 10, id)).result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
    await settled();
  });

  it('runs one at a time, five times at most, however many come at once', async () => {
    const payment = await paid();
    for (let number = 1; number <= 5; number++) {
      const crowd = await Promise.all([1, 2, 3].map(() => retrieve(payment)));
      const codes = crowd.map(({ result }) => result.resultCode).sort();
      expect(codes).toEqual(['PROCESS_FAIL', 'PROCESS_FAIL', 'SUCCESS']);
      const { id } = await newest(payment);
      const answer = { disputeRequestId: id, responseCode: '0003' };
      expect((await respond('Retrieval', answer)).result).toEqual(DONE);
      // The first answer stays, whatever a repeat says.
      const repeated = await respond('Retrieval', { ...answer, responseCode: '0001' });
      expect(repeated.result).toEqual(DONE);
    }
    expect((await retrieve(payment)).result.resultCode).toBe('PROCESS_FAIL');
    expect(await hub.count('disputes WHERE payment_id = $1', [payment])).toBe(5);
  });

  it('is closed as overdue on day 20, and the wallet hears it', async () => {
    const payment = await paid();
    await retrieve(payment);
    const { id } = await newest(payment);
    hub.clock.advance(20 * DAY_MS - 1);
    await settled();
    expect((await newest(payment)).state).toBe('open');
    hub.clock.advance(1);
    const late = await respond('Retrieval', { disputeRequestId: id, responseCode: '0001' });
    expect(late.result.resultCode).toBe('ORDER_IS_CLOSED');
    await settled();
    expect((await newest(payment)).state).toBe('overdue');
    expect(hub.wallet.partner.callsTo('disputes/responseRetrieval').at(-1)).toMatchObject({
      paymentRequestId: payment,
      responseCode: '0003',
      responseTimeout: 'true',
    });
  });

  it('is told to an acquirer that was away, until it acknowledges', async () => {
    const payment = await paid();
    hub.acquirer.partner.on('disputes/initiateRetrieval', () => ({ result: failed('SYSTEM') }));
    const before = hub.acquirer.partner.callsTo('disputes/initiateRetrieval').length;
    await retrieve(payment);
    for (const gapMs of DISPUTE_GAPS_MS) {
      await settled();
      hub.clock.advance(gapMs);
    }
    hub.acquirer.partner.on('disputes/initiateRetrieval', () => ({ result: DONE }));
    await settled();
    const sent = hub.acquirer.partner.callsTo('disputes/initiateRetrieval').length - before;
    expect(sent).toBe(DISPUTE_GAPS_MS.length + 1);
    expect((await newest(payment)).duty_kind).toBeNull();
    await passDays(20);
  });
});

describe('an escalation', () => {
  it('that is refused moves no money', async () => {
    const payment = await paid();
    await escalate(payment, 1_000);
    const { id } = await newest(payment);
    const answer = { disputeRequestId: id, refundType: 'REFUSE_REFUND' };
    expect((await respond('Escalation', answer)).result).toEqual(DONE);
    const other = await respond('Escalation', { ...answer, refundType: 'ACCEPT_REFUND' });
    expect(other.result.resultCode).toBe('REPEAT_REQ_INCONSISTENT');
    await passDays(20);
    expect((await newest(payment)).state).toBe('refused');
    expect(givenBack(payment)).toBe(0n);
  });

  it('that the acquirer accepts and refunds by itself is refunded once', async () => {
    const payment = await paid();
    await escalate(payment, 800);
    const { id } = await newest(payment);
    const answer = {
      disputeRequestId: id,
      refundType: 'ACCEPT_PARTIAL_REFUND',
      refundAmount: yen(300),
      plannedRefundTime: wireTime(hub.clock.nowMs() + 2 * DAY_MS),
    };
    expect((await respond('Escalation', answer)).result).toEqual(DONE);
    expect((await respond('Escalation', answer)).result).toEqual(DONE);
    const refunded = await hub.acquirer.send('payments/refund', {
      paymentId: payment,
      refundRequestId: `own-${id}`,
      refundAmount: yen(300),
    });
    expect(refunded.result).toEqual(DONE);
    await passDays(2);
    expect((await newest(payment)).state).toBe('refunded');
    expect(givenBack(payment)).toBe(300n);
  });

  it('that was accepted and only partly refunded in time is completed by the hub', async () => {
    const payment = await paid();
    await escalate(payment, 800);
    const { id } = await newest(payment);
    await respond('Escalation', { disputeRequestId: id, refundType: 'ACCEPT_REFUND' });
    await hub.acquirer.send('payments/refund', {
      paymentId: payment,
      refundRequestId: `part-${id}`,
      refundAmount: yen(500),
    });
    hub.clock.advance(5 * DAY_MS - 1);
    await settled();
    expect(givenBack(payment)).toBe(500n);
    hub.clock.advance(1);
    await settled();
    expect(givenBack(payment)).toBe(800n);
    hub.clock.advance(3_600_000);
    await settled();
    expect((await newest(payment)).state).toBe('refunded');
  });

  it('that nobody answers counts as accepted, and two hub processes refund it once', async () => {
    const payment = await paid();
    await escalate(payment, 1_000);
    hub.clock.advance(10 * DAY_MS);
    const second = await hub.another();
    try {
      const runners = [hub.app.get(DisputeRunner), second.app.get(DisputeRunner)];
      await Promise.all(runners.flatMap((runner) => [runner.runDue(), runner.runDue()]));
      await settled();
    } finally {
      await second.close();
    }
    expect(givenBack(payment)).toBe(1_000n);
    expect(await hub.count('refunds WHERE payment_id = $1', [payment])).toBe(1);
    expect(hub.wallet.partner.callsTo('disputes/responseEscalation').at(-1)).toMatchObject({
      paymentRequestId: payment,
      refundType: 'ACCEPT_REFUND',
      refundAmount: yen(1_000),
      responseTimeout: 'true',
    });
    hub.clock.advance(3_600_000);
    await settled();
    expect((await newest(payment)).state).toBe('refunded');
  });

  it('ends without money where the user’s own wallet refuses it', async () => {
    const payment = await paid();
    hub.wallet.partner.on('payments/refund', () => ({ result: failed('USER_STATUS_ABNORMAL') }));
    await escalate(payment, 400);
    await passDays(10);
    hub.clock.advance(3_600_000);
    await settled();
    expect((await newest(payment)).state).toBe('refundRefused');
  });

  it('asks for no more than is left, in the payment’s currency', async () => {
    const payment = await paid();
    await hub.acquirer.send('payments/refund', {
      paymentId: payment,
      refundRequestId: `before-${payment.slice(-10)}`,
      refundAmount: yen(600),
    });
    expect((await escalate(payment, 401)).result.resultCode).toBe('REFUND_AMOUNT_EXCEED');
    const foreign = await hub.wallet.partner.send('disputes/initiateEscalation', {
      disputeRequestId: nextId(),
      paymentRequestId: payment,
      escalationAmount: { currency: 'THB', value: '100' },
    });
    expect(foreign.result.resultCode).toBe('PARAM_ILLEGAL');
    expect((await escalate(payment, 400)).result).toEqual(DONE);
    await passDays(10);
    expect(givenBack(payment)).toBe(1_000n);
  });
});

it('runs through the longest dispute there can be: day 360, then 10, 25 less a moment, 10 and 5', async () => {
  const payment = await paid();
  const [row] = await hub.database.dataSource.query<{ completed_at: Date }[]>(
    'SELECT completed_at FROM payments WHERE id = $1',
    [payment],
  );
  hub.clock.set((row?.completed_at.getTime() ?? Number.NaN) + 360 * DAY_MS - 1);
  await settled();
  expect((await escalate(payment, 900)).result).toEqual(DONE);
  hub.clock.advance(1);
  expect((await retrieve(payment)).result.resultCode).toBe('PROCESS_FAIL');
  hub.clock.advance(10 * DAY_MS - 2);
  const first = await newest(payment);
  const refusal = { disputeRequestId: first.id, refundType: 'REFUSE_REFUND' };
  expect((await respond('Escalation', refusal)).result).toEqual(DONE);
  await settled();
  hub.clock.advance(25 * DAY_MS - 1);
  expect((await escalate(payment, 900)).result).toEqual(DONE);
  hub.clock.advance(10 * DAY_MS - 1);
  const second = await newest(payment);
  const consent = { disputeRequestId: second.id, refundType: 'ACCEPT_REFUND' };
  expect((await respond('Escalation', consent)).result).toEqual(DONE);
  // The acquirer's own window is long over; what is owed is refunded all the same.
  const own = await hub.acquirer.send('payments/refund', {
    paymentId: payment,
    refundRequestId: `late-${second.id}`,
    refundAmount: yen(900),
  });
  expect(own.result.resultCode).toBe('REFUND_WINDOW_EXCEED');
  await passDays(5);
  expect(givenBack(payment)).toBe(900n);
  await passDays(1);
  expect((await newest(payment)).state).toBe('refunded');
  expect((await escalate(payment, 100)).result.resultCode).toBe('PROCESS_FAIL');
});

it('refuses a second escalation when its 25 days are over', async () => {
  const payment = await paid();
  await escalate(payment, 100);
  const { id } = await newest(payment);
  await respond('Escalation', { disputeRequestId: id, refundType: 'REFUSE_REFUND' });
  await passDays(25);
  const late = await escalate(payment, 100);
  expect(late.result.resultCode).toBe('PROCESS_FAIL');
  expect(late.result.resultMessage).toContain('25 days');
});

it('is a matter of the two parties alone', async () => {
  const payment = await paid();
  const before = hub.otherAcquirer.partner.calls.length;
  const body = { disputeRequestId: nextId(), paymentRequestId: payment };
  const stranger = await hub.otherWallet.partner.send('disputes/initiateRetrieval', body);
  expect(stranger.result.resultCode).toBe('ORDER_NOT_EXIST');
  const acting = await hub.acquirer.send('disputes/initiateRetrieval', body);
  expect(acting.result.resultCode).toBe('ACCESS_DENIED');
  await retrieve(payment);
  const { id } = await newest(payment);
  const answer = { disputeRequestId: id, responseCode: '0001' };
  const meddling = await hub.otherAcquirer.send('disputes/responseRetrieval', answer);
  expect(meddling.result.resultCode).toBe('ORDER_NOT_EXIST');
  await settled();
  expect(hub.otherAcquirer.partner.calls).toHaveLength(before);
  const seen = await fetch(`${hub.url}/api/disputes/${id}`);
  expect(await seen.json()).toMatchObject({ id, state: 'open', wallet: 'truemoney' });
  const own = await fetch(`${hub.url}/api/participants/acq_kamogawa/disputes?payment=${payment}`);
  expect(await own.json()).toMatchObject({ items: [{ id }], nextCursor: null });
  const foreign = await fetch(`${hub.url}/api/participants/acq_sumida/disputes/${id}`);
  expect(foreign.status).toBe(404);
  await passDays(20);
});
