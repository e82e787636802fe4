/**
 * Goal: a limit is the last amount that passes: equal passes, one minor unit more is refused, and
 * the refusal names the record that set the limit. Method: each limit alone at its edge, all
 * others far away.
 */
import { caseCorridor, caseWallet } from '#testkit/network-cases';
import type { RejectionCode } from '../rejection.js';
import { checkLimits, type LimitContext } from './check-limits.js';

const FAR = 10n ** 15n;

interface Amounts {
  readonly payment: bigint;
  readonly payTo: bigint;
  readonly reservation: bigint;
}

function contextOf(change: Partial<LimitContext> = {}): LimitContext {
  return {
    wallet: caseWallet({
      perPaymentLimit: { currency: 'THB', minor: FAR },
      perDayLimit: { currency: 'THB', minor: FAR },
    }),
    corridor: caseCorridor({
      minPayment: { currency: 'JPY', minor: 1n },
      maxPayment: { currency: 'JPY', minor: FAR },
    }),
    exposure: { reserved: 0n, outstanding: 0n, cap: FAR, prefund: 0n },
    usedToday: 0n,
    ...change,
  };
}

function codeOf(context: LimitContext, change: Partial<Amounts>): RejectionCode | 'accepted' {
  const amounts = { payment: 1_000n, payTo: 200n, reservation: 190n, ...change };
  const outcome = checkLimits(
    context,
    { currency: 'JPY', minor: amounts.payment },
    { currency: 'THB', minor: amounts.payTo },
    { currency: 'THB', minor: amounts.reservation },
  );
  return outcome.ok ? 'accepted' : outcome.rejection.code;
}

describe('limits of a payment', () => {
  it('takes the smallest payment of the corridor and nothing below', () => {
    const context = contextOf({
      corridor: caseCorridor({ minPayment: { currency: 'JPY', minor: 100n } }),
    });
    expect(codeOf(context, { payment: 100n })).toBe('accepted');
    expect(codeOf(context, { payment: 99n })).toBe('AMOUNT_BELOW_MINIMUM');
  });

  it('takes the largest payment of the corridor and nothing above', () => {
    const context = contextOf({
      corridor: caseCorridor({ maxPayment: { currency: 'JPY', minor: 750_000n } }),
    });
    expect(codeOf(context, { payment: 750_000n })).toBe('accepted');
    expect(codeOf(context, { payment: 750_001n })).toBe('PAYMENT_AMOUNT_EXCEED_LIMIT');
  });

  it("counts the wallet's limit of a payment in what the payer pays", () => {
    const wallet = caseWallet({ perPaymentLimit: { currency: 'THB', minor: 5_000n } });
    const context = contextOf({ wallet });
    expect(codeOf(context, { payTo: 5_000n })).toBe('accepted');
    expect(codeOf(context, { payTo: 5_001n })).toBe('PAYMENT_AMOUNT_EXCEED_LIMIT');
  });

  it('adds what the payer used today, in what the payer pays', () => {
    const wallet = caseWallet({ perDayLimit: { currency: 'THB', minor: 10_000n } });
    const context = contextOf({ wallet, usedToday: 9_000n });
    expect(codeOf(context, { payTo: 1_000n })).toBe('accepted');
    expect(codeOf(context, { payTo: 1_001n })).toBe('USER_AMOUNT_EXCEED_LIMIT');
  });

  it('holds reserved, outstanding and the new reservation under the cap', () => {
    const exposure = { reserved: 300n, outstanding: 500n, cap: 1_000n, prefund: 0n };
    expect(codeOf(contextOf({ exposure }), { reservation: 200n })).toBe('accepted');
    expect(codeOf(contextOf({ exposure }), { reservation: 201n })).toBe('NET_DEBIT_CAP_EXCEEDED');
  });

  it('counts prefunding as cover', () => {
    const exposure = { reserved: 300n, outstanding: 500n, cap: 0n, prefund: 1_000n };
    expect(codeOf(contextOf({ exposure }), { reservation: 200n })).toBe('accepted');
    expect(codeOf(contextOf({ exposure }), { reservation: 201n })).toBe('NET_DEBIT_CAP_EXCEEDED');
  });

  it('stops growth, and nothing else, when a cap was lowered below what is owed', () => {
    const exposure = { reserved: 0n, outstanding: 500n, cap: 100n, prefund: 0n };
    expect(codeOf(contextOf({ exposure }), { reservation: 0n })).toBe('NET_DEBIT_CAP_EXCEEDED');
  });

  it.each([
    [{ payment: FAR + 1n }, 'cor_TH_JP@1'],
    [{ payTo: FAR + 1n }, 'truemoney@1'],
  ])('names the record that refuses %p', (amounts, record) => {
    const all = { payment: 1_000n, payTo: 200n, reservation: 190n, ...amounts };
    const outcome = checkLimits(
      contextOf(),
      { currency: 'JPY', minor: all.payment },
      { currency: 'THB', minor: all.payTo },
      { currency: 'THB', minor: all.reservation },
    );
    expect(outcome).toMatchObject({
      ok: false,
      rejection: {
        field: 'paymentAmount.value',
        detail: expect.stringContaining(record) as unknown,
      },
    });
  });
});
