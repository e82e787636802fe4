/**
 * Goal: what the hub owes is done at the published times, to the millisecond, and inquiries end
 * in a cancel. Method: a clock that jumps from one due time to the next, and partners that never
 * give a final answer.
 */
import { CASE_COMPLETION, CASE_NOW_MS, CASE_TTL_MS, casePayment } from '#testkit/payment-cases';
import { decideAdvance, type AdvanceCommand } from './decide-advance.js';
import { PAYER_DECIDES_GAP_MS } from './decide-open.js';
import { nextCancel, PUBLISHED_DUTY_POLICY } from './duty.js';
import type { Payment } from './payment.js';

const S = 1_000;
const NEVER_MS = Number.MAX_SAFE_INTEGER;

function advance(payment: Payment, command: AdvanceCommand, nowMs: number): Payment {
  const context = {
    payment,
    reserve: undefined,
    completion: CASE_COMPLETION,
    cancelWindowOpen: true,
    policy: PUBLISHED_DUTY_POLICY,
  };
  return decideAdvance(context, command, nowMs).payment;
}

/** Lets each duty fall due and be answered; returns the gaps until the duty changes its kind. */
function gapsUntilDone(
  first: Payment,
  answer: (attempt: number) => AdvanceCommand,
): { gaps: number[]; last: Payment; atMs: number } {
  let payment = first;
  let atMs = CASE_NOW_MS;
  const kind = first.duty?.kind;
  const gaps: number[] = [];
  while (payment.duty !== null && payment.duty.kind === kind && gaps.length < 50) {
    gaps.push(payment.duty.dueAtMs - atMs);
    atMs = payment.duty.dueAtMs;
    payment = advance(payment, answer(payment.duty.attempt), atMs);
  }
  return { gaps, last: payment, atMs };
}

describe('inquiries about a result that is not known', () => {
  // docs/sources.md A1.6: 4 s, 4 s, 30 s, 60 s three times, 5 min twice.
  const TIMETABLE = [4 * S, 4 * S, 30 * S, 60 * S, 60 * S, 60 * S, 300 * S, 300 * S];
  const silence = (kind: 'walletUnknown' | 'acquirerUnknown') => (attempt: number) =>
    ({ kind, attempt, reason: 'silence' }) as const;

  it('follow the timetable at the wallet and end in a cancel', () => {
    const opened = casePayment('authorising', { expiresAtMs: NEVER_MS });
    const asked = advance(opened, silence('walletUnknown')(0), CASE_NOW_MS);
    const { gaps, last } = gapsUntilDone(asked, silence('walletUnknown'));
    expect(gaps).toEqual(TIMETABLE);
    expect(last.state).toBe('cancelling');
    expect(last.duty?.kind).toBe('cancelAtWallet');
    expect(last.decline).toMatchObject({ code: 'ORDER_IS_CLOSED', by: 'hub' });
    expect(last.notificationOwed).toBe(true);
  });

  it('follow the same timetable at the acquirer of a push', () => {
    const pushed = casePayment('pushing', { mode: 'nationalQr' });
    const asked = advance(pushed, silence('acquirerUnknown')(0), CASE_NOW_MS);
    const { gaps, last } = gapsUntilDone(asked, silence('acquirerUnknown'));
    expect(gaps).toEqual(TIMETABLE);
    expect(last.state).toBe('cancelling');
  });

  it('end with the first answer after the time to pay is over', () => {
    const opened = casePayment('authorising');
    const asked = advance(opened, silence('walletUnknown')(0), CASE_NOW_MS);
    const { last, atMs } = gapsUntilDone(asked, silence('walletUnknown'));
    expect(last.state).toBe('cancelling');
    // 518 s of the timetable lie within the ten minutes, the next inquiry beyond them.
    expect(atMs - CASE_NOW_MS).toBe(818 * S);
    expect(atMs).toBeGreaterThan(CASE_NOW_MS + CASE_TTL_MS);
  });

  it('begin when the front door can no longer be waiting for the wallet', () => {
    const { duty } = casePayment('authorising');
    expect(duty).toEqual({ kind: 'inquireWallet', attempt: 0, dueAtMs: CASE_NOW_MS + 9 * S });
  });

  it('are asked once a minute while a payer decides, and at the very end of the time', () => {
    const opened = casePayment('authorising', {
      mode: 'orderCode',
      expiresAtMs: CASE_NOW_MS + 150 * S,
      duty: { kind: 'inquireWallet', attempt: 0, dueAtMs: CASE_NOW_MS + PAYER_DECIDES_GAP_MS },
    });
    const { gaps, last } = gapsUntilDone(opened, silence('walletUnknown'));
    expect(gaps).toEqual([60 * S, 60 * S, 30 * S]);
    expect(last.state).toBe('cancelling');
  });
});

describe('cancels', () => {
  it('are asked at growing gaps for as long as it takes', () => {
    const asked = advance(
      casePayment('authorising', { mode: 'userPresented' }),
      { kind: 'cancel' },
      CASE_NOW_MS,
    );
    expect(asked.duty).toMatchObject({ attempt: 0, dueAtMs: CASE_NOW_MS + 9 * S });
    const { gaps, last } = gapsUntilDone(asked, (attempt) => ({
      kind: 'cancelUnknown',
      attempt,
      reason: 'silence',
    }));
    expect(gaps).toHaveLength(50);
    expect(gaps.slice(0, 8)).toEqual([9 * S, 2 * S, 3 * S, 3 * S, 5 * S, 5 * S, 60 * S, 60 * S]);
    expect(new Set(gaps.slice(6))).toEqual(new Set([60 * S]));
    expect(last.state).toBe('cancelling');
  });
});

describe('cancels of another timetable', () => {
  it('repeat the last gap, whatever it is', () => {
    const policy = { ...PUBLISHED_DUTY_POLICY, cancelGapsMs: [10, 700] };
    const gaps = [0, 1, 2, 40].map((attempt) => nextCancel(attempt, policy, 0).dueAtMs);
    expect(gaps).toEqual([10, 700, 700, 700]);
  });
});

describe('notifications', () => {
  it('are sent eight times within 25 hours, then the acquirer has to inquire', () => {
    const paid = advance(
      casePayment('authorising', { mode: 'orderCode' }),
      { kind: 'walletPaid', walletPaymentId: null },
      CASE_NOW_MS,
    );
    const failed = (attempt: number): AdvanceCommand => ({
      kind: 'notificationFailed',
      attempt,
      reason: 'silence',
    });
    // The first is sent at once by whoever decided; it fails here at the same instant.
    const { gaps, last } = gapsUntilDone(advance(paid, failed(1), CASE_NOW_MS), failed);
    const minutes = gaps.map((gap) => gap / 60_000);
    expect(minutes).toEqual([4, 10, 15, 60, 120, 360, 900]);
    expect(minutes.reduce((a, b) => a + b, 0)).toBeLessThan(25 * 60);
    expect(last).toMatchObject({ state: 'succeeded', duty: null, notificationOwed: true });
  });
});
