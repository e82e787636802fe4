/**
 * Goal: a refund is taken exactly when payment, window, amount and cap allow it, is seen through by
 * a timetable without an end, and gives back and releases what it should. Method: one success of
 * the case network, varied a condition at a time; dates are checked against the calendar's own.
 */
import { CASE_NOW_MS, casePayment } from '#testkit/payment-cases';
import type { Payment } from '../payments/payment.js';
import type { PaymentState } from '../payments/state-machine.js';
import { decideRefundAnswer } from './advance-refund.js';
import { decideRefund, type RefundCap } from './decide-refund.js';
import type { Refund } from './refund.js';
import { nextRefundDuty, REFUND_GAPS_MS } from './refund-timetable.js';
import { refundWindowEndMs } from './refund-window.js';

const WIDE: RefundCap = {
  acquirerName: 'Kamogawa',
  limit: 1_000_000n,
  used: 0n,
  owes: -1_000_000n,
};

interface Choices {
  readonly payment?: Payment;
  readonly before?: readonly Refund[];
  readonly cap?: Partial<RefundCap>;
  readonly minor?: bigint;
  readonly currency?: string;
  readonly nowMs?: number;
}

function refund(choices: Choices = {}): Refund {
  return decideRefund(
    {
      payment: choices.payment ?? casePayment('succeeded'),
      before: choices.before ?? [],
      cap: { ...WIDE, ...choices.cap },
      takeoverMs: 9_000,
    },
    {
      id: 'ref_1',
      acquirerRequestId: 'req-r1',
      amount: { currency: choices.currency ?? 'JPY', minor: choices.minor ?? 500n },
      reason: null,
      traceId: '0'.repeat(32),
    },
    choices.nowMs ?? CASE_NOW_MS + 1_000,
  ).refund;
}

describe('a refund is taken', () => {
  it('of a success, with a duty from the first moment', () => {
    expect(refund()).toMatchObject({
      state: 'processing',
      duty: { attempt: 0, dueAtMs: CASE_NOW_MS + 10_000 },
      heldMinor: 0n,
    });
  });

  it.each<[PaymentState, string]>([
    ['awaitingPayer', 'PROCESS_FAIL'],
    ['authorising', 'PROCESS_FAIL'],
    ['pushing', 'PROCESS_FAIL'],
    ['declined', 'ORDER_IS_CLOSED'],
    ['closed', 'ORDER_IS_CLOSED'],
    ['cancelling', 'ORDER_IS_CLOSED'],
    ['cancelled', 'ORDER_IS_CLOSED'],
  ])('and not of a payment that is %s', (state, code) => {
    expect(refund({ payment: casePayment(state) })).toMatchObject({
      state: 'declined',
      decline: { code, by: 'hub' },
      price: null,
      duty: null,
    });
  });

  it('up to what is left, and not one yen more', () => {
    const first = refund({ minor: 700n });
    expect(refund({ before: [first], minor: 500n }).state).toBe('processing');
    expect(refund({ before: [first], minor: 501n }).decline?.code).toBe('REFUND_AMOUNT_EXCEED');
  });

  it('in the currency of the payment only', () => {
    expect(refund({ currency: 'THB' }).decline?.code).toBe('PARAM_ILLEGAL');
  });
});

describe('the cap', () => {
  it('is held only for what the hub does not owe the acquirer', () => {
    const debit = refund().price?.acquirerDebit.minor ?? 0n;
    expect(refund({ cap: { owes: -debit } }).heldMinor).toBe(0n);
    expect(refund({ cap: { owes: -debit + 10n } }).heldMinor).toBe(10n);
    expect(refund({ cap: { owes: 77n } }).heldMinor).toBe(debit);
  });

  it('refuses a debt above it, and holds above it, to the unit', () => {
    const debit = refund().price?.acquirerDebit.minor ?? 0n;
    const cap = { owes: 0n, limit: debit };
    expect(refund({ cap }).state).toBe('processing');
    for (const tighter of [{ owes: 1n }, { used: 1n }, { limit: debit - 1n }]) {
      const refused = refund({ cap: { ...cap, ...tighter } });
      expect(refused.decline?.code).toBe('PROCESS_FAIL');
      expect(refused.decline?.detail).toContain('refund cap');
    }
  });
});

describe('the window', () => {
  it.each([
    ['2026-11-21T03:00:00Z', '2027-11-21T03:00:00Z'],
    ['2023-03-01T00:00:00+08:00', '2024-03-01T00:00:00+08:00'],
    ['2023-02-28T23:59:59+08:00', '2024-02-28T23:59:59+08:00'],
    ['2024-02-28T12:00:00+08:00', '2025-02-28T12:00:00+08:00'],
    ['2024-02-29T12:00:00+08:00', '2025-03-01T12:00:00+08:00'],
    ['2024-03-01T00:00:00+08:00', '2025-03-01T00:00:00+08:00'],
    ['2024-12-31T23:00:00+08:00', '2025-12-31T23:00:00+08:00'],
    ['2099-06-01T00:00:00+08:00', '2100-06-01T00:00:00+08:00'],
  ])('of a payment of %s ends on %s', (from, to) => {
    expect(new Date(refundWindowEndMs(Date.parse(from))).toISOString()).toBe(
      new Date(to).toISOString(),
    );
  });

  it('never outlasts the 366 days that a wallet accepts, nor falls short of 365', () => {
    const dayMs = 86_400_000;
    for (let day = 0; day < 1_500; day++) {
      const at = Date.UTC(2023, 0, 1) + day * dayMs;
      const days = (refundWindowEndMs(at) - at) / dayMs;
      expect([365, 366]).toContain(days);
    }
  });

  it('is closed at its end', () => {
    const payment = casePayment('succeeded');
    const endMs = refundWindowEndMs(payment.completedAtMs ?? 0);
    expect(refund({ nowMs: endMs - 1 }).state).toBe('processing');
    expect(refund({ nowMs: endMs }).decline?.code).toBe('REFUND_WINDOW_EXCEED');
  });
});

describe('an answer of the wallet', () => {
  const booking = {
    usd: {
      payer: { numerator: 1n, denominator: 32n },
      settlement: { numerator: 1n, denominator: 160n },
    },
    ofToday: true,
    positionsBefore: { payer: 0n, settlement: 0n },
  };
  const context = (walletOutstanding: bigint, taken = refund({ cap: { owes: 0n } })) => ({
    refund: taken,
    completion: { cycleId: 'cyc_20261121', completedAtMs: CASE_NOW_MS + 5 } as const,
    booking,
    walletOutstanding,
    gapsMs: REFUND_GAPS_MS,
  });
  const paidBack = { kind: 'walletRefunded', walletRefundId: 'w-1' } as const;

  it('of success releases the exposure by the credit, and never below nothing', () => {
    const credit = refund().price?.walletCredit.minor ?? 0n;
    for (const [outstanding, released] of [
      [credit + 1n, credit],
      [credit - 1n, credit - 1n],
      [0n, 0n],
    ] as const) {
      const decision = decideRefundAnswer(context(outstanding), paidBack, CASE_NOW_MS + 9);
      expect(decision.walletOutstanding).toBe(-released);
      expect(decision.refund).toMatchObject({ state: 'succeeded', releasedMinor: released });
    }
  });

  it('of success turns what was reserved of the cap into what is owed', () => {
    const decision = decideRefundAnswer(context(0n), paidBack, CASE_NOW_MS + 9);
    const held = decision.refund.heldMinor;
    expect(held).toBeGreaterThan(0n);
    expect([decision.acquirerReserved, decision.acquirerOutstanding]).toEqual([-held, held]);
    expect(decision.refunded).toBe(0n);
  });

  it('of refusal gives everything back', () => {
    const decline = { code: 'RISK_REJECT', detail: 'No.', by: 'wallet' } as const;
    const taken = refund({ cap: { owes: 0n } });
    const decision = decideRefundAnswer(
      context(0n, taken),
      { kind: 'walletRefused', decline },
      CASE_NOW_MS + 9,
    );
    expect(decision).toMatchObject({
      acquirerReserved: -taken.heldMinor,
      acquirerOutstanding: 0n,
      refunded: -500n,
      refund: { state: 'declined', heldMinor: 0n, duty: null },
    });
  });

  it('changes nothing of what is final', () => {
    const { refund: done } = decideRefundAnswer(context(0n), paidBack, CASE_NOW_MS + 9);
    const decline = { code: 'RISK_REJECT', detail: 'No.', by: 'wallet' } as const;
    for (const late of [
      paidBack,
      { kind: 'walletRefused', decline } as const,
      { kind: 'walletUnknown', reason: 'late', attempt: 3 } as const,
    ]) {
      const decision = decideRefundAnswer(context(0n, done), late, CASE_NOW_MS + 99);
      expect(decision).toMatchObject({ refund: done, record: null, walletOutstanding: 0n });
    }
  });

  it('that is none is asked for again, for ever', () => {
    const gaps = Array.from({ length: 12 }, (_, n) => nextRefundDuty(n, REFUND_GAPS_MS, 0).dueAtMs);
    expect(gaps.slice(0, 3)).toEqual([2_000, 3_000, 3_000]);
    expect(gaps.slice(-4)).toEqual([3_600_000, 3_600_000, 3_600_000, 3_600_000]);
  });
});
