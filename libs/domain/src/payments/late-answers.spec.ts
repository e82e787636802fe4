/**
 * Goal: in whatever order answers, timeouts and cancels arrive, a payment that was given up never
 * becomes a success, its counters return to where they were, and its books are closed exactly
 * once. Method: every sequence of up to five messages, for each way a payment can begin: not a
 * sample, all of them.
 */
import { CASE_COMPLETION, CASE_NOW_MS, caseOpened } from '#testkit/payment-cases';
import { decideAdvance, type AdvanceCommand } from './decide-advance.js';
import { PUBLISHED_DUTY_POLICY } from './duty.js';
import type { Payment } from './payment.js';
import { isFinal, type PaymentState } from './state-machine.js';

const decline = { code: 'RISK_REJECT', detail: 'No.', by: 'wallet' } as const;
const LAST_ATTEMPT = PUBLISHED_DUTY_POLICY.inquiryGapsMs.length;

const WALLET_SIDE: readonly AdvanceCommand[] = [
  { kind: 'walletPaid', walletPaymentId: 'w' },
  { kind: 'walletRefused', decline },
  { kind: 'walletUnknown', reason: 'silence', attempt: LAST_ATTEMPT },
  { kind: 'expire' },
  { kind: 'cancel' },
  { kind: 'cancelConfirmed' },
  { kind: 'cancelUnknown', reason: 'silence', attempt: 0 },
  { kind: 'cancelTakenAsDone', reason: 'Ana and Ben.' },
];
const PUSH_SIDE: readonly AdvanceCommand[] = [
  ...WALLET_SIDE,
  { kind: 'acquirerAccepted', acquirerPaymentId: 'a' },
  { kind: 'acquirerRefused', decline },
  { kind: 'acquirerUnknown', reason: 'silence', attempt: LAST_ATTEMPT },
];

interface Walk {
  readonly payment: Payment;
  readonly reserved: bigint;
  readonly outstanding: bigint;
  readonly used: bigint;
  readonly cleared: number;
  readonly contra: number;
  readonly seen: readonly PaymentState[];
}

function step(walk: Walk, command: AdvanceCommand): Walk {
  const { payment, change, entry, record } = decideAdvance(
    {
      payment: walk.payment,
      reserve: undefined,
      completion: CASE_COMPLETION,
      cancelWindowOpen: true,
      policy: PUBLISHED_DUTY_POLICY,
    },
    command,
    CASE_NOW_MS + 1_000,
  );
  // One more step of a walk nobody looks back on: appending would make this quadratic.
  return {
    payment,
    reserved: walk.reserved + (change?.reserved ?? 0n),
    outstanding: walk.outstanding + (change?.outstanding ?? 0n),
    used: walk.used + (change?.used ?? 0n),
    cleared: walk.cleared + (entry === 'cleared' ? 1 : 0),
    contra: walk.contra + (entry === 'cancelled' ? 1 : 0),
    seen: record === null ? walk.seen : [...walk.seen, payment.state],
  };
}

/** What is wrong with where a walk has come to, or undefined. */
function faultOf(walk: Walk): string | undefined {
  const { payment, seen, cleared, contra } = walk;
  const { state } = payment;
  const price = payment.payer?.price;
  const owes = price?.walletOwes.minor ?? 0n;
  const spent = price?.payToAmount.minor ?? 0n;
  const moneyMoved = payment.cycleId !== null;
  const over = state === 'declined' || state === 'closed' || state === 'cancelled';
  const givenUp = seen.findIndex((s) => s === 'cancelling' || s === 'cancelled');
  if (givenUp >= 0 && seen.slice(givenUp).includes('succeeded')) return 'revived';
  if (walk.reserved !== (over || moneyMoved ? 0n : owes)) return 'reserved';
  if (walk.outstanding !== (moneyMoved && !over ? owes : 0n)) return 'outstanding';
  if (walk.used !== (over ? 0n : spent)) return 'daily use';
  if (cleared !== (moneyMoved ? 1 : 0)) return 'cleared entries';
  if (contra !== (moneyMoved && state === 'cancelled' ? 1 : 0)) return 'contra entries';
  if (!isFinal(state) && payment.duty === null) return 'no duty';
  return undefined;
}

function walkAll(
  start: Walk,
  commands: readonly AdvanceCommand[],
  length: number,
  visit: (walk: Walk, path: readonly string[]) => void,
  path: readonly string[] = [],
): void {
  visit(start, path);
  if (length === 0) return;
  for (const command of commands) {
    walkAll(step(start, command), commands, length - 1, visit, [...path, command.kind]);
  }
}

function opened(mode: Payment['mode']): Walk {
  const { payment, change } = caseOpened({ mode });
  return {
    payment,
    reserved: change?.reserved ?? 0n,
    outstanding: 0n,
    used: change?.used ?? 0n,
    cleared: 0,
    contra: 0,
    seen: [payment.state],
  };
}

describe('all sequences of up to five messages', () => {
  it.each([
    ['userPresented', WALLET_SIDE, 37_449],
    ['orderCode', WALLET_SIDE, 37_449],
    ['nationalQr', PUSH_SIDE, 177_156],
  ] as const)('leave a payment by %s whole', (mode, commands, sequences) => {
    let visited = 0;
    const ends = new Set<PaymentState>();
    const faults: string[] = [];
    walkAll(opened(mode), commands, 5, (walk, path) => {
      visited += 1;
      ends.add(walk.payment.state);
      const fault = faultOf(walk);
      if (fault !== undefined) faults.push(`${path.join(' ')}: ${fault}`);
    });
    expect(faults.slice(0, 5)).toEqual([]);
    expect(visited).toBe(sequences);
    // The walk is worth something only if it comes everywhere.
    for (const state of ['authorising', 'succeeded', 'declined', 'cancelling', 'cancelled']) {
      expect(ends).toContain(state);
    }
  });

  it('would notice a revival', () => {
    const revived = { ...opened('userPresented'), seen: ['cancelled', 'succeeded'] as const };
    expect(faultOf(revived)).toBe('revived');
  });
});
