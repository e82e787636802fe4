/**
 * Goal: every command on every state does what the scheme says, and nothing where it says
 * nothing. Method: one matrix, written from the payment flows and not from the table of moves;
 * then what each kind of end does to counters, books and partners.
 */
import {
  CASE_COMPLETION,
  CASE_NOW_MS,
  CASE_TTL_MS,
  casePayment,
  caseReserve,
} from '#testkit/payment-cases';
import { decideAdvance, type AdvanceCommand, type AdvanceDecision } from './decide-advance.js';
import { PUBLISHED_DUTY_POLICY } from './duty.js';
import type { Payment } from './payment.js';
import type { PaymentState } from './state-machine.js';

const decline = { code: 'USER_BALANCE_NOT_ENOUGH', detail: 'Too poor.', by: 'wallet' } as const;

const COMMANDS = {
  identifyPayer: { kind: 'identifyPayer', walletId: 'truemoney', customerId: 'cust-2' },
  walletPaid: { kind: 'walletPaid', walletPaymentId: 'w-1' },
  walletRefused: { kind: 'walletRefused', decline },
  walletUnknown: { kind: 'walletUnknown', reason: 'silence', attempt: 0 },
  expire: { kind: 'expire' },
  cancel: { kind: 'cancel' },
  cancelConfirmed: { kind: 'cancelConfirmed' },
  cancelUnknown: { kind: 'cancelUnknown', reason: 'silence', attempt: 0 },
  cancelTakenAsDone: { kind: 'cancelTakenAsDone', reason: 'Ana and Ben.' },
  acquirerAccepted: { kind: 'acquirerAccepted', acquirerPaymentId: 'a-1' },
  acquirerRefused: { kind: 'acquirerRefused', decline: { ...decline, by: 'acquirer' } },
  acquirerUnknown: { kind: 'acquirerUnknown', reason: 'silence', attempt: 0 },
  acquirerNotified: { kind: 'acquirerNotified' },
  notificationFailed: { kind: 'notificationFailed', reason: 'silence', attempt: 1 },
} as const satisfies Record<AdvanceCommand['kind'], AdvanceCommand>;

const STATES: readonly PaymentState[] = [
  'awaitingPayer',
  'authorising',
  'pushing',
  'succeeded',
  'declined',
  'closed',
  'cancelling',
  'cancelled',
];

/** Where each command leads from each of `STATES`; `.` for a command that changes nothing. */
const MATRIX: Record<AdvanceCommand['kind'], string> = {
  identifyPayer: 'authorising . . . . . . .',
  walletPaid: '. succeeded . . . . . cancelled',
  walletRefused: '. declined . . . . cancelled .',
  walletUnknown: '. authorising . . . . . .',
  expire: 'closed cancelling . . . . . .',
  cancel: 'closed cancelling cancelling cancelling . . . .',
  cancelConfirmed: '. . . . . . cancelled .',
  cancelUnknown: '. . . . . . cancelling .',
  // Of a cleared payment it does; the one here never moved money.
  cancelTakenAsDone: '. . . . . . . .',
  acquirerAccepted: '. . succeeded . . . . .',
  acquirerRefused: '. . cancelling . . . . .',
  acquirerUnknown: '. . pushing . . . . .',
  acquirerNotified: '. . . succeeded declined . . cancelled',
  notificationFailed: '. . . succeeded declined . . cancelled',
};

const NOTIFYING = { kind: 'notifyAcquirer', attempt: 1, dueAtMs: CASE_NOW_MS } as const;
const REVERSING = { kind: 'cancelAtWallet', attempt: 0, dueAtMs: CASE_NOW_MS } as const;

function paymentIn(state: PaymentState, change: Partial<Payment> = {}): Payment {
  const duty =
    state === 'cancelling'
      ? REVERSING
      : state === 'succeeded' || state === 'declined' || state === 'cancelled'
        ? NOTIFYING
        : undefined;
  return casePayment(state, {
    mode: state === 'pushing' ? 'nationalQr' : 'userPresented',
    ...(duty === undefined ? {} : { duty }),
    ...change,
  });
}

function decide(
  payment: Payment,
  command: AdvanceCommand,
  options: { nowMs?: number; cancelWindowOpen?: boolean } = {},
): AdvanceDecision {
  return decideAdvance(
    {
      payment,
      reserve: command.kind === 'identifyPayer' ? caseReserve({ mode: payment.mode }) : undefined,
      completion: CASE_COMPLETION,
      cancelWindowOpen: options.cancelWindowOpen ?? true,
      policy: PUBLISHED_DUTY_POLICY,
    },
    command,
    options.nowMs ?? CASE_NOW_MS + 1_000,
  );
}

describe('every command on every state', () => {
  const cases = Object.entries(MATRIX).flatMap(([kind, row]) =>
    row.split(' ').map((to, index) => [kind, STATES[index], to] as const),
  );

  it('is stated', () => {
    expect(cases).toHaveLength(Object.keys(COMMANDS).length * STATES.length);
  });

  it.each(cases)('%s on %s: %s', (kind, state, to) => {
    const payment = paymentIn(state ?? 'closed');
    const decision = decide(payment, COMMANDS[kind as AdvanceCommand['kind']]);
    if (to === '.') {
      expect(decision).toMatchObject({ record: null, change: null, instruction: null });
      expect(decision.payment).toBe(payment);
      expect(decision.entry).toBeNull();
    } else {
      expect(decision.record).toMatchObject({ from: state, to });
      expect(decision.payment.state).toBe(to);
      expect(decision.record?.detail).toMatch(/\S/);
    }
  });

  it('leaves no unfinished payment without a duty', () => {
    for (const [kind, state] of cases) {
      const command = COMMANDS[kind as AdvanceCommand['kind']];
      const { payment } = decide(paymentIn(state ?? 'closed'), command);
      const unfinished = ['awaitingPayer', 'authorising', 'pushing', 'cancelling'];
      if (unfinished.includes(payment.state)) expect(payment.duty).not.toBeNull();
    }
  });
});

describe('a success', () => {
  const held = paymentIn('authorising').payer?.price.walletOwes.minor ?? 0n;

  it('turns what was reserved into what is owed, books it, and names its cycle', () => {
    const { change, entry, payment } = decide(paymentIn('authorising'), COMMANDS.walletPaid);
    expect(held).toBeGreaterThan(0n);
    expect(change).toMatchObject({ reserved: -held, outstanding: held, used: 0n });
    expect(entry).toBe('cleared');
    expect(payment).toMatchObject({ ...CASE_COMPLETION, walletPaymentId: 'w-1' });
  });

  it('is not notified when the acquirer hears it by its own call', () => {
    const waits = decide(paymentIn('authorising'), { ...COMMANDS.walletPaid, acquirerWaits: true });
    expect(waits.instruction).toBeNull();
    expect(waits.payment).toMatchObject({ duty: null, notificationOwed: false });
  });

  it('is notified to an acquirer that was answered U, or not at all', () => {
    const unknown = decide(paymentIn('authorising'), COMMANDS.walletUnknown).payment;
    const answered = { ...COMMANDS.walletPaid, acquirerWaits: true };
    for (const decision of [
      decide(paymentIn('authorising'), COMMANDS.walletPaid),
      decide(unknown, answered),
    ]) {
      expect(decision.instruction?.kind).toBe('notifyAcquirer');
      expect(decision.payment).toMatchObject({ notificationOwed: true });
      expect(decision.payment.duty).toMatchObject({ kind: 'notifyAcquirer', attempt: 1 });
    }
  });

  it.each(['orderCode', 'entryCode'] as const)('by %s is always notified', (mode) => {
    const decision = decide(paymentIn('authorising', { mode }), COMMANDS.walletPaid);
    expect(decision.instruction?.kind).toBe('notifyAcquirer');
  });

  it('by national code is first pushed to the acquirer, whose yes needs no notification', () => {
    const pushed = decide(paymentIn('authorising', { mode: 'nationalQr' }), COMMANDS.walletPaid);
    expect(pushed.payment.state).toBe('pushing');
    expect(pushed).toMatchObject({ change: null, entry: null });
    expect(pushed.instruction?.kind).toBe('pushToAcquirer');
    expect(pushed.payment.duty?.kind).toBe('pushToAcquirer');
    const done = decide(pushed.payment, COMMANDS.acquirerAccepted);
    expect(done).toMatchObject({ entry: 'cleared', instruction: null });
    expect(done.payment.duty).toBeNull();
  });
});

describe('a reversal', () => {
  it('releases what was held, and books nothing, when money never moved', () => {
    const payment = paymentIn('cancelling', { notificationOwed: true });
    const { change, entry, instruction } = decide(payment, COMMANDS.cancelConfirmed);
    const { walletOwes, payToAmount } = payment.payer?.price ?? {};
    expect(change).toMatchObject({
      reserved: -(walletOwes?.minor ?? 0n),
      outstanding: 0n,
      used: -(payToAmount?.minor ?? 0n),
    });
    expect(entry).toBeNull();
    expect(instruction?.kind).toBe('notifyAcquirer');
  });

  it('of a success books a contra entry and gives the exposure back', () => {
    const { payment } = decide(paymentIn('succeeded'), COMMANDS.cancel);
    const { change, entry, instruction } = decide(payment, COMMANDS.cancelConfirmed);
    expect(change).toMatchObject({ reserved: 0n });
    expect(change?.outstanding).toBe(-(payment.payer?.price.walletOwes.minor ?? 0n));
    expect(entry).toBe('cancelled');
    // The acquirer asked for it; its own call and its inquiries tell it the end.
    expect(instruction).toBeNull();
  });

  it('of a success is refused once its window is over', () => {
    const decision = decide(paymentIn('succeeded'), COMMANDS.cancel, { cancelWindowOpen: false });
    expect(decision.rejection?.code).toBe('CANCEL_WINDOW_EXCEED');
    expect(decision.record).toBeNull();
  });

  it('of a refused push tells the wallet first and the acquirer after', () => {
    const refused = decide(paymentIn('pushing'), COMMANDS.acquirerRefused);
    expect(refused.instruction?.kind).toBe('cancelAtWallet');
    const reversed = decide(refused.payment, COMMANDS.cancelConfirmed);
    expect(reversed.instruction?.kind).toBe('notifyAcquirer');
    expect(reversed.payment.decline).toMatchObject({ by: 'acquirer' });
  });

  it('is owed again for a debit that comes after it, once, without touching the counters', () => {
    const late = decide(paymentIn('cancelled', { duty: null }), COMMANDS.walletPaid);
    expect(late.payment.state).toBe('cancelled');
    expect(late.instruction?.kind).toBe('cancelAtWallet');
    expect(late).toMatchObject({ change: null, entry: null });
    expect(decide(late.payment, COMMANDS.walletPaid).record).toBeNull();
    const asked = decide(late.payment, COMMANDS.cancelUnknown);
    expect(asked.payment.duty).toMatchObject({ kind: 'cancelAtWallet', attempt: 1 });
    const confirmed = decide(asked.payment, COMMANDS.cancelConfirmed);
    expect(confirmed).toMatchObject({ change: null, entry: null });
    expect(confirmed.payment).toMatchObject({ state: 'cancelled', duty: null });
  });
});

describe('a reversal that two operators take as done', () => {
  const stuck = decide(
    decide(paymentIn('succeeded'), COMMANDS.cancel).payment,
    COMMANDS.cancelUnknown,
  ).payment;
  const taken = decide(stuck, COMMANDS.cancelTakenAsDone);

  it('books the contra entry, gives the exposure back, and goes on asking the wallet', () => {
    expect(taken.payment.state).toBe('cancelled');
    expect(taken.entry).toBe('cancelled');
    expect(taken.change?.outstanding).toBe(-(stuck.payer?.price.walletOwes.minor ?? 0n));
    expect(taken.change?.used).toBe(-(stuck.payer?.price.payToAmount.minor ?? 0n));
    expect(taken.payment.duty).toEqual(stuck.duty);
    const asked = decide(taken.payment, { ...COMMANDS.cancelUnknown, attempt: 1 });
    expect(asked.payment.duty).toMatchObject({ kind: 'cancelAtWallet', attempt: 2 });
  });

  it('is booked once, whether the wallet confirms later or it is taken so again', () => {
    const again = decide(taken.payment, COMMANDS.cancelTakenAsDone);
    expect(again.rejection?.code).toBe('PRECONDITION_FAILED');
    const confirmed = decide(taken.payment, COMMANDS.cancelConfirmed);
    expect(confirmed).toMatchObject({ change: null, entry: null });
    expect(confirmed.payment).toMatchObject({ state: 'cancelled', duty: null });
    expect(decide(confirmed.payment, COMMANDS.walletPaid).instruction?.kind).toBe('cancelAtWallet');
  });

  it('is not for a payment whose money never moved: its reservation stays', () => {
    const decision = decide(paymentIn('cancelling'), COMMANDS.cancelTakenAsDone);
    expect(decision).toMatchObject({ change: null, rejection: { code: 'PRECONDITION_FAILED' } });
  });
});

describe('answers that come twice', () => {
  it('of a notification: a late failure takes nothing back', () => {
    const told = decide(paymentIn('succeeded'), COMMANDS.acquirerNotified).payment;
    expect(told.duty).toBeNull();
    expect(decide(told, COMMANDS.notificationFailed).record).toBeNull();
  });

  it('of a payer: the same one is answered as before, another is turned away', () => {
    const waiting = paymentIn('awaitingPayer', { mode: 'orderCode' });
    const taken = decide(waiting, COMMANDS.identifyPayer).payment;
    expect(taken.payer?.customerId).toBe('cust-2');
    const again = decide(taken, COMMANDS.identifyPayer);
    expect(again).toMatchObject({ record: null, rejection: null });
    const other = decide(taken, { ...COMMANDS.identifyPayer, customerId: 'cust-3' });
    expect(other.rejection?.code).toBe('ORDER_IS_CLOSED');
  });
});

describe('an order with a code out', () => {
  const order = paymentIn('awaitingPayer', { mode: 'orderCode' });

  it('stays open for others when a payer is turned away', () => {
    const poor = caseReserve({ mode: 'orderCode', exposure: { cap: 0n } });
    const context = {
      payment: order,
      reserve: poor,
      completion: undefined,
      cancelWindowOpen: true,
      policy: PUBLISHED_DUTY_POLICY,
    };
    const decision = decideAdvance(context, COMMANDS.identifyPayer, CASE_NOW_MS);
    expect(decision.rejection?.code).toBe('NET_DEBIT_CAP_EXCEEDED');
    expect(decision.payment.state).toBe('awaitingPayer');
    expect(decision.record?.event).toBe('payerTurnedAway');
    expect(decision.change).toBeNull();
  });

  it('takes a payer until the last millisecond of its time', () => {
    const endMs = CASE_NOW_MS + CASE_TTL_MS;
    const inTime = decide(order, COMMANDS.identifyPayer, { nowMs: endMs - 1 });
    expect(inTime.payment.state).toBe('authorising');
    const late = decide(order, COMMANDS.identifyPayer, { nowMs: endMs });
    expect(late.rejection?.code).toBe('ORDER_IS_CLOSED');
    expect(late.record).toBeNull();
  });
});
