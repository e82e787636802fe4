import type { AmountView } from '#contracts/operator/amount';
import type { DisputeExplanation, DisputeView } from '#contracts/operator/disputes';
import type { Dispute, DisputeRecord } from '#domain/disputes/dispute';
import { formatMoney, money, type Money } from '#domain/money';
import type { EvidenceGiven } from './dispute-repository.js';
import { isoOf } from './dispute-row.js';

export function disputeView(dispute: Dispute): DisputeView {
  const { amount, acceptedMinor, duty } = dispute;
  return {
    id: dispute.id,
    kind: dispute.kind,
    number: dispute.number,
    state: dispute.state,
    payment: dispute.paymentId,
    wallet: dispute.walletId,
    walletRequestId: dispute.walletRequestId,
    acquirer: dispute.acquirerId,
    reason: dispute.reason,
    escalationAmount: amount === null ? null : amountView(amount),
    acceptedAmount:
      amount === null || acceptedMinor === null
        ? null
        : amountView(money(amount.currency, acceptedMinor)),
    responseCode: dispute.responseCode,
    refundType: dispute.refundType,
    startedAt: isoOf(dispute.startedAtMs),
    answerDueAt: isoOf(dispute.answerDueAtMs),
    settledAt: isoOrNull(dispute.settledAtMs),
    refundDueAt: isoOrNull(dispute.refundDueAtMs),
    completedAt: isoOrNull(dispute.completedAtMs),
    clockDueAt: isoOrNull(dispute.clockDueAtMs),
    owed:
      duty === null
        ? null
        : { message: duty.kind, attempt: duty.attempt, dueAt: isoOf(duty.dueAtMs) },
    traceId: dispute.traceId,
  };
}

export function disputeExplanationView(
  dispute: Dispute,
  timeline: readonly DisputeRecord[],
  evidence: readonly EvidenceGiven[],
): DisputeExplanation {
  return {
    ...disputeView(dispute),
    evidence: evidence.map((given) => ({
      by: given.by,
      at: isoOf(given.atMs),
      evidence: given.evidence,
    })),
    timeline: timeline.map((record) => ({
      at: isoOf(record.atMs),
      event: record.event,
      from: record.from,
      to: record.to,
      detail: record.detail,
    })),
  };
}

function amountView(amount: Money): AmountView {
  return {
    currency: amount.currency,
    value: amount.minor.toString(),
    text: formatMoney(amount),
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoOf(atMs);
}
