/**
 * Goal: who may dispute what and until when, what an answer may say, and what the clock does, hold
 * to the millisecond and to the minor unit. Method: one success of the case network, varied a
 * condition at a time; limits are written out here as docs/sources.md A4.4 has them.
 */
import { casePayment } from '#testkit/payment-cases';
import type { Payment } from '../payments/payment.js';
import type { Refund } from '../refunds/refund.js';
import { decideAnswer, type DisputeAnswer } from './answer-dispute.js';
import { decideClock } from './dispute-clock.js';
import {
  DISPUTE_STATES,
  DISPUTE_TRANSITIONS,
  OPEN_DISPUTE_STATES,
  type Dispute,
  type DisputeKind,
} from './dispute.js';
import { decideStart } from './start-dispute.js';
import { dutyAfterSending, DISPUTE_GAPS_MS } from './tell-partners.js';

const DAY_MS = 86_400_000;
const PAYMENT = casePayment('succeeded');
const PAID_MS = PAYMENT.completedAtMs ?? Number.NaN;
const FULL = PAYMENT.paymentAmount.minor;
const yen = (minor: bigint) => ({ currency: 'JPY', minor });

interface Choices {
  readonly kind?: DisputeKind;
  readonly payment?: Payment;
  readonly before?: readonly Dispute[];
  readonly minor?: bigint;
  readonly nowMs?: number;
}

function start(choices: Choices = {}) {
  const kind = choices.kind ?? 'escalation';
  return decideStart(
    { payment: choices.payment ?? PAYMENT, before: choices.before ?? [], refunds: ['ref_old'] },
    {
      id: 'dsp_1',
      kind,
      walletId: 'truemoney',
      walletRequestId: 'w1',
      reason: null,
      amount: kind === 'retrieval' ? null : yen(choices.minor ?? FULL),
      traceId: '0'.repeat(32),
    },
    choices.nowMs ?? PAID_MS + DAY_MS,
  );
}

function started(choices: Choices = {}): Dispute {
  const outcome = start(choices);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value.dispute;
}

function codeOf(outcome: { ok: boolean; rejection?: { code: string } }): string {
  return outcome.rejection?.code ?? 'taken';
}

/** A dispute that ended `settledAtMs`, number `number`. */
function ended(kind: DisputeKind, number: number, settledAtMs: number): Dispute {
  return {
    ...started({ kind }),
    number,
    state: kind === 'retrieval' ? 'answered' : 'refused',
    settledAtMs,
    completedAtMs: settledAtMs,
    clockDueAtMs: null,
  };
}

describe('the table of states', () => {
  it('names every state, and leaves a final one never', () => {
    const reached = new Set(DISPUTE_TRANSITIONS.map(({ to }) => to));
    expect([...reached].sort()).toEqual(Object.keys(DISPUTE_STATES).sort());
    const left = DISPUTE_TRANSITIONS.flatMap(({ from }) => from ?? []);
    expect(new Set(left)).toEqual(new Set(OPEN_DISPUTE_STATES));
  });
});

describe('a dispute starts', () => {
  it.each(['retrieval', 'escalation'] as const)('a %s until day 360, not at it', (kind) => {
    expect(codeOf(start({ kind, nowMs: PAID_MS + 360 * DAY_MS - 1 }))).toBe('taken');
    const late = start({ kind, nowMs: PAID_MS + 360 * DAY_MS });
    expect(codeOf(late)).toBe('DISPUTE_WINDOW_EXCEED');
  });

  it.each([
    ['retrieval', 5],
    ['escalation', 2],
  ] as const)('a %s at most %i times', (kind, most) => {
    const before = Array.from({ length: most }, (_, index) => ended(kind, index + 1, PAID_MS));
    expect(codeOf(start({ kind, before: before.slice(1) }))).toBe('taken');
    expect(codeOf(start({ kind, before }))).toBe('DISPUTE_LIMIT_EXCEED');
  });

  it('only while no other of its kind is open, refunds to come included', () => {
    for (const state of ['open', 'accepted'] as const) {
      const running = { ...started(), state };
      expect(codeOf(start({ before: [running] }))).toBe('PRECONDITION_FAILED');
    }
  });

  it('a second escalation within 25 days of the end of the first, whatever the payment’s age', () => {
    const endMs = PAID_MS + 369 * DAY_MS;
    const before = [ended('escalation', 1, endMs)];
    expect(codeOf(start({ before, nowMs: endMs + 25 * DAY_MS - 1 }))).toBe('taken');
    const late = start({ before, nowMs: endMs + 25 * DAY_MS });
    expect(codeOf(late)).toBe('DISPUTE_WINDOW_EXCEED');
  });

  it('for no more than is not refunded, and only of what is paid', () => {
    const payment = { ...PAYMENT, refundedMinor: 1n };
    expect(codeOf(start({ payment, minor: FULL - 1n }))).toBe('taken');
    expect(codeOf(start({ payment, minor: FULL }))).toBe('REFUND_AMOUNT_EXCEED');
    for (const state of ['authorising', 'declined', 'cancelled'] as const) {
      expect(codeOf(start({ payment: casePayment(state) }))).toBe('PRECONDITION_FAILED');
    }
  });
});

describe('an answer', () => {
  const escalation = started({ minor: 800n });
  const nowMs = escalation.startedAtMs + DAY_MS;
  const part = (minor: bigint, change: object = {}): DisputeAnswer => ({
    kind: 'escalation',
    refundType: 'ACCEPT_PARTIAL_REFUND',
    refundAmount: yen(minor),
    plannedRefundAtMs: null,
    ...change,
  });

  it('comes before the time is over: 20 days for a retrieval, 10 for an escalation', () => {
    const retrieval = started({ kind: 'retrieval' });
    const papers = { kind: 'retrieval', responseCode: '0002' } as const;
    const at = (dispute: Dispute, days: number) => dispute.startedAtMs + days * DAY_MS;
    expect(codeOf(decideAnswer(retrieval, papers, at(retrieval, 20) - 1))).toBe('taken');
    expect(codeOf(decideAnswer(retrieval, papers, at(retrieval, 20)))).toBe('DISPUTE_IS_CLOSED');
    expect(codeOf(decideAnswer(escalation, part(1n), at(escalation, 10) - 1))).toBe('taken');
    expect(codeOf(decideAnswer(escalation, part(1n), at(escalation, 10)))).toBe(
      'DISPUTE_IS_CLOSED',
    );
    expect(codeOf(decideAnswer(escalation, papers, nowMs))).toBe('PARAM_ILLEGAL');
  });

  it('accepts at most what was asked, and all of it when it says all', () => {
    const all = { refundType: 'ACCEPT_REFUND' };
    expect(codeOf(decideAnswer(escalation, part(800n), nowMs))).toBe('taken');
    expect(codeOf(decideAnswer(escalation, part(801n), nowMs))).toBe('PARAM_ILLEGAL');
    expect(codeOf(decideAnswer(escalation, part(799n, all), nowMs))).toBe('PARAM_ILLEGAL');
    const silent = part(1n, { refundAmount: null });
    expect(codeOf(decideAnswer(escalation, silent, nowMs))).toBe('PARAM_ILLEGAL');
    const whole = decideAnswer(escalation, part(1n, { ...all, refundAmount: null }), nowMs);
    expect(whole).toMatchObject({ ok: true, value: { dispute: { acceptedMinor: 800n } } });
  });

  it('plans the refund within 5 days, which is also the default', () => {
    const planned = (atMs: number) =>
      codeOf(decideAnswer(escalation, part(1n, { plannedRefundAtMs: atMs }), nowMs));
    expect(planned(nowMs + 5 * DAY_MS)).toBe('taken');
    expect(planned(nowMs + 5 * DAY_MS + 1)).toBe('PARAM_ILLEGAL');
    expect(planned(nowMs - 1)).toBe('PARAM_ILLEGAL');
    expect(decideAnswer(escalation, part(1n), nowMs)).toMatchObject({
      value: { dispute: { refundDueAtMs: nowMs + 5 * DAY_MS, clockDueAtMs: nowMs + 5 * DAY_MS } },
    });
  });
});

describe('the clock', () => {
  const escalation = started({ minor: 800n });
  const accepted: Dispute = {
    ...escalation,
    state: 'accepted',
    refundType: 'ACCEPT_REFUND',
    acceptedMinor: 800n,
    settledAtMs: escalation.startedAtMs,
    refundDueAtMs: escalation.startedAtMs,
    clockDueAtMs: escalation.startedAtMs,
  };
  const refund = (minor: bigint, change: Partial<Refund> = {}) =>
    ({
      id: 'ref_1',
      state: 'succeeded',
      amount: yen(minor),
      acquirerRequestId: 'own',
      decline: null,
      ...change,
    }) as Refund;
  const act = (dispute: Dispute, refunds: readonly Refund[] = [], payment = PAYMENT) =>
    decideClock({ dispute, payment, refunds }, dispute.clockDueAtMs ?? Number.NaN);

  it('does nothing a moment too early', () => {
    const early = decideClock(
      { dispute: escalation, payment: PAYMENT, refunds: [] },
      escalation.answerDueAtMs - 1,
    );
    expect(early).toEqual({ dispute: escalation, record: null, refund: null });
  });

  it('closes a retrieval, and takes an unanswered escalation as accepted in full', () => {
    expect(act(started({ kind: 'retrieval' }))).toMatchObject({ dispute: { state: 'overdue' } });
    const lapsed = act(escalation);
    expect(lapsed).toMatchObject({
      dispute: { state: 'accepted', acceptedMinor: 800n, refundType: null },
    });
    expect(act(lapsed.dispute).refund).toEqual({ requestId: 'dsp_1-1', amount: yen(800n) });
  });

  it('refunds what the acquirer has not, counting what is under way, not what is older', () => {
    const older = refund(100n, { id: 'ref_old' });
    const refusedOwn = refund(50n, { state: 'declined' });
    const found = act(accepted, [
      older,
      refusedOwn,
      refund(300n),
      refund(1n, { state: 'processing' }),
    ]);
    expect(found.refund).toEqual({ requestId: 'dsp_1-1', amount: yen(499n) });
    const whole = act(accepted, [refund(799n), refund(1n, { state: 'processing' })]);
    expect(whole).toMatchObject({ refund: null, dispute: { state: 'accepted' } });
    expect(whole.dispute.clockDueAtMs).toBeGreaterThan(accepted.clockDueAtMs ?? Infinity);
  });

  it('ends when the money is back, when the wallet refuses it, or when the payment is gone', () => {
    expect(act(accepted, [refund(800n)]).dispute.state).toBe('refunded');
    const declined = refund(800n, { state: 'declined', acquirerRequestId: 'dsp_1-1' });
    expect(act(accepted, [declined]).dispute.state).toBe('refundRefused');
    expect(act(accepted, [], casePayment('cancelled')).dispute.state).toBe('reversed');
  });
});

describe('a message', () => {
  it('is sent until acknowledged, and a slow answer to an older one changes nothing', () => {
    const dispute = started();
    const first = dispute.duty;
    if (first === null) throw new Error('nothing is owed');
    expect(dutyAfterSending(dispute, first, true, 0)).toBeNull();
    const again = dutyAfterSending(dispute, first, false, 1_000);
    expect(again).toEqual({ ...first, attempt: 1, dueAtMs: 1_000 + (DISPUTE_GAPS_MS[0] ?? 0) });
    const newer = { ...dispute, duty: { ...first, kind: 'tellWallet' as const } };
    expect(dutyAfterSending(newer, first, true, 0)).toEqual(newer.duty);
  });
});
