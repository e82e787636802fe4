import type { CycleId, EntryId } from '../ids.js';
import { HUB, type AccountRef, type JournalEntry } from '../journal.js';
import { formatMoney, money } from '../money.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import {
  accountOf,
  openMinor,
  type Obligation,
  type ObligationState,
  type SettlementPaymentId,
} from './obligation.js';

/** One attempt to move money for an obligation: `in` from the participant, `out` to it. */
export interface SettlementPayment {
  readonly id: SettlementPaymentId;
  readonly obligation: Obligation;
  readonly direction: 'in' | 'out';
  readonly minor: bigint;
  /** Until the bank's answer is final. */
  readonly open: boolean;
}

/** What the settlement bank said; a confirmation of less than was asked is a partial settlement. */
export type BankAnswer =
  | { readonly kind: 'confirmed'; readonly minor: bigint; readonly bankReference: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface AnswerDecision {
  readonly paymentState: 'confirmed' | 'partial' | 'failed';
  readonly obligationState: ObligationState;
  readonly confirmedMinor: bigint;
  /** Whether another attempt is due on the next business day. */
  readonly retry: boolean;
  /** Null when no money moved. */
  readonly entry: JournalEntry | null;
  /** What the participant's exposure falls by; negative where a credit was paid out. */
  readonly releasedMinor: bigint;
}

/**
 * Books what the bank says about one settlement payment. Only here exposure is released: money
 * that is netted, instructed or promised is not yet there (docs/settlement.md).
 *
 * @param entryRef id of the entry, and the settlement phase of the obligation's cycle
 */
export function decideAnswer(
  payment: SettlementPayment,
  answer: BankAnswer,
  entryRef: { readonly id: EntryId; readonly cycleId: CycleId },
): Outcome<AnswerDecision> {
  const { obligation } = payment;
  if (!payment.open) {
    return rejected('PRECONDITION_FAILED', `${payment.id} has its final answer already.`);
  }
  if (answer.kind === 'failed') {
    return accepted({
      paymentState: 'failed',
      obligationState: obligation.settledMinor > 0n ? 'partly' : 'failed',
      confirmedMinor: 0n,
      retry: true,
      entry: null,
      releasedMinor: 0n,
    });
  }
  const { minor } = answer;
  if (minor <= 0n || minor > payment.minor || minor > openMinor(obligation)) {
    const asked = formatMoney(money(obligation.currency, payment.minor));
    return rejected('PARAM_ILLEGAL', `Confirm more than nothing and at most ${asked}.`, 'minor');
  }
  const complete = minor === openMinor(obligation);
  return accepted({
    paymentState: minor === payment.minor ? 'confirmed' : 'partial',
    obligationState: complete ? 'settled' : 'partly',
    confirmedMinor: minor,
    retry: !complete,
    entry: entryOf(payment, minor, entryRef),
    releasedMinor: releaseOf(payment, minor),
  });
}

/** Incoming money lands on our account at the bank and clears what the participant owed. */
function entryOf(
  payment: SettlementPayment,
  minor: bigint,
  ref: { readonly id: EntryId; readonly cycleId: CycleId },
): JournalEntry {
  const { obligation } = payment;
  const nostro: AccountRef = { owner: HUB, kind: 'nostro', currency: obligation.currency };
  const kind = payment.direction === 'in' ? 'settlementReceived' : 'settlementPaid';
  const sign = payment.direction === 'in' ? 1n : -1n;
  return {
    id: ref.id,
    kind,
    event: `${payment.id}:${kind}`,
    paymentId: null,
    cycleId: ref.cycleId,
    lines: [
      { account: nostro, minor: sign * minor },
      { account: accountOf(obligation), minor: -sign * minor },
    ],
  };
}

/**
 * What arrives releases as much; once nothing is open, everything that is left of what the cycle
 * held. That is less than nothing where its refunds lowered the exposure of another cycle.
 */
function releaseOf({ obligation, direction }: SettlementPayment, minor: bigint): bigint {
  const held = obligation.exposureMinor - obligation.releasedMinor;
  if (minor === openMinor(obligation)) return held;
  if (direction === 'out') return 0n;
  if (held < 0n) return 0n;
  return minor < held ? minor : held;
}
