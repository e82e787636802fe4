/**
 * Goal: a payment begins in one of three ways, each with all it needs: waiting with an expiry,
 * reserved with a duty, or declined with a reason that the partner wire knows. Method: one case a
 * way, and every limit and missing piece by name.
 */
import { ALL_MODES, caseNetwork, caseWallet } from '#testkit/network-cases';
import {
  CASE_NOW_MS,
  CASE_TTL_MS,
  caseOpenCommand,
  caseOpened,
  caseReserve,
  type CaseReserve,
} from '#testkit/payment-cases';
import { decideOpen } from './decide-open.js';
import { PUBLISHED_DUTY_POLICY } from './duty.js';

describe('opening a payment', () => {
  it('without a payer waits until it expires and reserves nothing', () => {
    const { payment, change, instruction, records } = caseOpened({
      mode: 'orderCode',
      payer: null,
    });
    expect(payment).toMatchObject({ state: 'awaitingPayer', payer: null });
    expect(payment.duty).toEqual({
      kind: 'expireOrder',
      attempt: 0,
      dueAtMs: CASE_NOW_MS + CASE_TTL_MS,
    });
    expect([change, instruction]).toEqual([null, null]);
    expect(records).toMatchObject([{ event: 'opened', from: null, to: 'awaitingPayer' }]);
  });

  it('for a shown code reserves, then charges the wallet', () => {
    const { payment, change, instruction } = caseOpened();
    expect(payment.state).toBe('authorising');
    expect(instruction).toEqual({ kind: 'chargeWallet', paymentId: payment.id });
    expect(change).toMatchObject({
      walletId: 'truemoney',
      customerId: 'cust-1',
      usageDay: '2026-11-21',
      reserved: payment.payer?.price.walletOwes.minor,
      outstanding: 0n,
      used: payment.payer?.price.payToAmount.minor,
    });
    expect(change?.reserved).toBeGreaterThan(0n);
  });

  it.each(ALL_MODES.filter((mode) => mode !== 'userPresented'))(
    'by %s reserves and leaves the debit to the payer',
    (mode) => {
      const { payment, instruction } = caseOpened({ mode });
      expect(payment.state).toBe('authorising');
      expect(instruction).toBeNull();
      expect(payment.duty).toMatchObject({ kind: 'inquireWallet', dueAtMs: CASE_NOW_MS + 60_000 });
    },
  );

  it('refused beforehand is stored with the code partners know', () => {
    const { payment, change } = caseOpened({
      refusal: { code: 'AMOUNT_BELOW_MINIMUM', detail: 'Too little.' },
    });
    expect(payment.decline).toEqual({ code: 'PARAM_ILLEGAL', detail: 'Too little.', by: 'hub' });
    expect(payment).toMatchObject({ state: 'declined', duty: null, payer: null });
    expect(payment.refusedWalletId).toBe('truemoney');
    expect(change).toBeNull();
  });
});

describe('a payer who cannot be reserved', () => {
  const cases: readonly (readonly [string, CaseReserve, string, RegExp])[] = [
    ['net debit cap', { exposure: { cap: 1n } }, 'PROCESS_FAIL', /net debit cap of THB 0\.01/],
    [
      'daily limit',
      { usedToday: 10_000_000n },
      'USER_AMOUNT_EXCEED_LIMIT',
      /a day \(truemoney@1\)/,
    ],
    [
      'limit of a payment',
      {
        network: caseNetwork({
          wallets: [caseWallet({ perPaymentLimit: { currency: 'THB', minor: 1n } })],
        }),
      },
      'PAYMENT_AMOUNT_EXCEED_LIMIT',
      /a payment \(truemoney@1\)/,
    ],
    [
      'suspension',
      { network: caseNetwork({ wallets: [caseWallet({ status: 'suspended' })] }) },
      'INVALID_CONTRACT',
      /suspended/,
    ],
    ['missing acceptance', { walletId: 'kplus' }, 'BUSINESS_NOT_SUPPORT', /K PLUS/],
    ['missing wallet', { walletId: 'nobody' }, 'INVALID_CLIENT', /nobody/],
    ['missing corridor', { network: caseNetwork({ corridors: [] }) }, 'INVALID_CONTRACT', /TH.*JP/],
  ];

  it.each(cases)('for the %s is declined and explained', (_, reserve, code, words) => {
    const { payment, change, instruction } = caseOpened({}, reserve);
    expect(payment.state).toBe('declined');
    expect(payment.decline?.code).toBe(code);
    expect(payment.decline?.detail).toMatch(words);
    expect([change, instruction, payment.payer]).toEqual([null, null, null]);
  });

  it('without an exposure account is declined, not let through', () => {
    const context = { ...caseReserve(), exposure: undefined };
    const { payment } = decideOpen(context, caseOpenCommand(), PUBLISHED_DUTY_POLICY, CASE_NOW_MS);
    expect(payment.decline?.code).toBe('INVALID_CONTRACT');
  });

  it('with an expired quote is told to scan again', () => {
    const afterMs = CASE_NOW_MS + CASE_TTL_MS + 60_000;
    for (const [nowMs, state] of [
      [afterMs - 1, 'authorising'],
      [afterMs, 'declined'],
    ] as const) {
      const { payment } = decideOpen(
        caseReserve(),
        caseOpenCommand(),
        PUBLISHED_DUTY_POLICY,
        nowMs,
      );
      expect(payment.state).toBe(state);
      if (state === 'declined') expect(payment.decline?.code).toBe('ORDER_IS_CLOSED');
    }
  });

  it.each(['payerQuote', 'settlementQuote'] as const)('needs a %s that still holds', (leg) => {
    const context = caseReserve();
    if (!context.quotes.ok) throw new Error('the case has no quotes');
    const quotes = context.quotes.value;
    for (const [expiresAtMs, state] of [
      [CASE_NOW_MS + 1, 'authorising'],
      [CASE_NOW_MS, 'declined'],
    ] as const) {
      const value = { ...quotes, [leg]: { ...quotes[leg], expiresAtMs } };
      const { payment } = decideOpen(
        { ...context, quotes: { ok: true, value } },
        caseOpenCommand(),
        PUBLISHED_DUTY_POLICY,
        CASE_NOW_MS,
      );
      expect(payment.state).toBe(state);
    }
  });
});
