import type { DisputeId, RefundId } from '../ids.js';
import { formatMoney, money, type Money } from '../money.js';
import type { Payment } from '../payments/payment.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import {
  DISPUTE_TERMS,
  isOpen,
  SECOND_ESCALATION_WITHIN_MS,
  type Dispute,
  type DisputeDecision,
  type DisputeKind,
} from './dispute.js';
import { owe } from './tell-partners.js';

export interface StartContext {
  readonly payment: Payment;
  /** The payment's disputes of this kind, in the order of their numbers. */
  readonly before: readonly Dispute[];
  /** All refunds of the payment. */
  readonly refunds: readonly RefundId[];
}

export interface StartCommand {
  readonly id: DisputeId;
  readonly kind: DisputeKind;
  readonly walletId: string;
  readonly walletRequestId: string;
  readonly reason: string | null;
  /** Given for an escalation, null for a retrieval. */
  readonly amount: Money | null;
  readonly traceId: string;
}

/** Starts a dispute or refuses it; a refusal leaves nothing behind (docs/sources.md A4.4). */
export function decideStart(
  { payment, before, refunds }: StartContext,
  command: StartCommand,
  nowMs: number,
): Outcome<DisputeDecision> {
  const { kind } = command;
  const terms = DISPUTE_TERMS[kind];
  if (payment.state !== 'succeeded' || payment.completedAtMs === null) {
    return rejected(
      'PRECONDITION_FAILED',
      `Payment ${payment.id} is ${payment.state}; only a payment that is paid can be disputed.`,
      'paymentRequestId',
    );
  }
  const running = before.find(isOpen);
  if (running !== undefined) {
    return rejected(
      'PRECONDITION_FAILED',
      `${running.walletRequestId} is still open; one ${kind} of a payment runs at a time.`,
    );
  }
  if (before.length >= terms.most) {
    return rejected(
      'DISPUTE_LIMIT_EXCEED',
      `Payment ${payment.id} has had ${String(before.length)} ${kind}s, the most there may be.`,
    );
  }
  const late = refusalOfTime(kind, payment.completedAtMs, before, nowMs);
  if (late !== undefined) return late;
  const tooMuch = refusalOfAmount(payment, command.amount);
  if (tooMuch !== undefined) return tooMuch;
  return accepted(
    started(payment, { number: before.length + 1, refundsBefore: refunds }, command, nowMs),
  );
}

function started(
  payment: Payment,
  place: Pick<Dispute, 'number' | 'refundsBefore'>,
  command: StartCommand,
  nowMs: number,
): DisputeDecision {
  const answerDueAtMs = nowMs + DISPUTE_TERMS[command.kind].answerWithinMs;
  return {
    dispute: {
      ...command,
      paymentId: payment.id,
      acquirerId: payment.acquirerId,
      ...place,
      state: 'open',
      responseCode: null,
      refundType: null,
      acceptedMinor: null,
      startedAtMs: nowMs,
      answerDueAtMs,
      settledAtMs: null,
      refundDueAtMs: null,
      completedAtMs: null,
      clockDueAtMs: answerDueAtMs,
      duty: owe('tellAcquirer', nowMs),
    },
    record: {
      disputeId: command.id,
      event: 'started',
      from: null,
      to: 'open',
      atMs: nowMs,
      detail: `${command.kind} ${String(place.number)} of at most ${String(DISPUTE_TERMS[command.kind].most)}${
        command.amount === null ? '' : ` for ${formatMoney(command.amount)}`
      }.`,
    },
  };
}

/** The first ones count from the payment, a second escalation from the end of the first. */
function refusalOfTime(
  kind: DisputeKind,
  paidAtMs: number,
  before: readonly Dispute[],
  nowMs: number,
): Outcome<never> | undefined {
  const first = before[0]?.settledAtMs;
  if (kind === 'escalation' && typeof first === 'number') {
    return nowMs < first + SECOND_ESCALATION_WITHIN_MS
      ? undefined
      : rejected(
          'DISPUTE_WINDOW_EXCEED',
          'A second escalation begins within 25 days of the answer to the first; they are over.',
        );
  }
  return nowMs < paidAtMs + DISPUTE_TERMS[kind].startWithinMs
    ? undefined
    : rejected(
        'DISPUTE_WINDOW_EXCEED',
        `The time for this ${kind}, 360 days from the payment, is over.`,
      );
}

function refusalOfAmount(payment: Payment, amount: Money | null): Outcome<never> | undefined {
  if (amount === null) return undefined;
  const { currency, minor } = payment.paymentAmount;
  if (amount.currency !== currency) {
    return rejected(
      'PARAM_ILLEGAL',
      `escalationAmount must be in ${currency}, the currency of the payment.`,
      'escalationAmount.currency',
    );
  }
  const left = minor - payment.refundedMinor;
  return amount.minor <= left
    ? undefined
    : rejected(
        'REFUND_AMOUNT_EXCEED',
        `${formatMoney(money(currency, left))} of the payment is not refunded, less than ${formatMoney(amount)}.`,
        'escalationAmount.value',
      );
}
