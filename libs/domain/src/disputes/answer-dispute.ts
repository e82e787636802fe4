import { formatMoney, type Money } from '../money.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import {
  moveDispute,
  REFUND_WITHIN_MS,
  RESPONSE_CODES,
  type Dispute,
  type DisputeDecision,
  type RefundType,
  type ResponseCode,
} from './dispute.js';
import { owe } from './tell-partners.js';

/** The acquirer's answer, by the kind of what it answers. */
export type DisputeAnswer =
  | { readonly kind: 'retrieval'; readonly responseCode: ResponseCode }
  | {
      readonly kind: 'escalation';
      readonly refundType: RefundType;
      /** Needed for a part; for all of it, absent or the escalation's own. */
      readonly refundAmount: Money | null;
      /** When the acquirer means to refund; null: as late as it may. */
      readonly plannedRefundAtMs: number | null;
    };

/**
 * Takes the acquirer's answer. The same answer again changes nothing; another one is refused, and
 * so is one that comes when the time is over, whether or not the clock has acted yet.
 */
export function decideAnswer(
  dispute: Dispute,
  answer: DisputeAnswer,
  nowMs: number,
): Outcome<DisputeDecision> {
  if (answer.kind !== dispute.kind) {
    return rejected(
      'PARAM_ILLEGAL',
      `${dispute.id} is of kind ${dispute.kind}; answer it by the operation of that kind.`,
      'disputeRequestId',
    );
  }
  const was = dispute.responseCode ?? dispute.refundType;
  if (was !== null) return repeat(dispute, answer);
  if (dispute.state !== 'open' || nowMs >= dispute.answerDueAtMs) {
    return rejected(
      'DISPUTE_IS_CLOSED',
      `The time to answer ${dispute.id} is over; it was closed without an answer.`,
      'disputeRequestId',
    );
  }
  if (answer.kind === 'retrieval') {
    const { responseCode } = answer;
    return accepted(
      moveDispute(dispute, 'answered', nowMs, `${responseCode}: ${RESPONSE_CODES[responseCode]}`, {
        responseCode,
        settledAtMs: nowMs,
        completedAtMs: nowMs,
        clockDueAtMs: null,
        duty: owe('tellWallet', nowMs),
      }),
    );
  }
  return answerEscalation(dispute, answer, nowMs);
}

type EscalationAnswer = Extract<DisputeAnswer, { kind: 'escalation' }>;

function answerEscalation(
  dispute: Dispute,
  answer: EscalationAnswer,
  nowMs: number,
): Outcome<DisputeDecision> {
  const { refundType } = answer;
  const common = { refundType, settledAtMs: nowMs, duty: owe('tellWallet', nowMs) };
  if (refundType === 'REFUSE_REFUND') {
    return accepted(
      moveDispute(dispute, 'refused', nowMs, 'Nothing is refunded.', {
        ...common,
        completedAtMs: nowMs,
        clockDueAtMs: null,
      }),
    );
  }
  const amount = acceptedAmount(dispute, answer);
  if (!amount.ok) return amount;
  const latestMs = nowMs + REFUND_WITHIN_MS;
  const plannedMs = answer.plannedRefundAtMs ?? latestMs;
  if (plannedMs < nowMs || plannedMs > latestMs) {
    return rejected(
      'PARAM_ILLEGAL',
      'plannedRefundTime must be from now on and within 5 days of the answer.',
      'plannedRefundTime',
    );
  }
  return accepted(
    moveDispute(dispute, 'accepted', nowMs, `${formatMoney(amount.value)} is to be refunded.`, {
      ...common,
      acceptedMinor: amount.value.minor,
      refundDueAtMs: plannedMs,
      clockDueAtMs: plannedMs,
    }),
  );
}

function acceptedAmount(dispute: Dispute, answer: EscalationAnswer): Outcome<Money> {
  const asked = dispute.amount;
  const { refundAmount, refundType } = answer;
  const field = 'refundAmount.value';
  if (asked === null) return rejected('PARAM_ILLEGAL', `${dispute.id} asks for no money.`, field);
  if (refundAmount === null) {
    return refundType === 'ACCEPT_REFUND'
      ? accepted(asked)
      : rejected('PARAM_ILLEGAL', 'refundAmount is required for a partial refund.', 'refundAmount');
  }
  if (refundAmount.currency !== asked.currency) {
    return rejected(
      'PARAM_ILLEGAL',
      `refundAmount must be in ${asked.currency}, the currency of the payment.`,
      'refundAmount.currency',
    );
  }
  const fits =
    refundType === 'ACCEPT_REFUND'
      ? refundAmount.minor === asked.minor
      : refundAmount.minor <= asked.minor;
  if (fits) return accepted(refundAmount);
  const bound = refundType === 'ACCEPT_REFUND' ? 'exactly' : 'at most';
  return rejected(
    'PARAM_ILLEGAL',
    `refundAmount is ${bound} ${formatMoney(asked)} for ${refundType}, not ${formatMoney(refundAmount)}.`,
    field,
  );
}

/** What must not change in a repeat: nothing for a retrieval, type and amount for the other (A1.5). */
function repeat(dispute: Dispute, answer: DisputeAnswer): Outcome<DisputeDecision> {
  const unchanged = accepted({ dispute, record: null });
  if (answer.kind === 'retrieval') return unchanged;
  const minor =
    answer.refundType === 'REFUSE_REFUND'
      ? null
      : (answer.refundAmount?.minor ?? dispute.amount?.minor ?? null);
  const field =
    answer.refundType !== dispute.refundType
      ? 'refundType'
      : minor !== dispute.acceptedMinor
        ? 'refundAmount'
        : undefined;
  return field === undefined
    ? unchanged
    : rejected(
        'REPEAT_REQ_INCONSISTENT',
        `${dispute.id} was answered with another ${field}.`,
        field,
      );
}
