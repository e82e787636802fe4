import type {
  Dispute,
  DisputeDuty,
  DisputeKind,
  DisputeState,
  RefundType,
  ResponseCode,
} from '#domain/disputes/dispute';
import type { DisputeId, PaymentId, RefundId } from '#domain/ids';

/** One row of `disputes` as the driver returns it; `bigint` columns arrive as text. */
export interface DisputeRow {
  id: DisputeId;
  kind: DisputeKind;
  payment_id: PaymentId;
  wallet_id: string;
  wallet_request_id: string;
  acquirer_id: string;
  number: number;
  state: DisputeState;
  reason: string | null;
  currency: string | null;
  escalation_minor: string | null;
  accepted_minor: string | null;
  refunds_before: RefundId[];
  response_code: ResponseCode | null;
  refund_type: RefundType | null;
  started_at: Date;
  answer_due_at: Date;
  settled_at: Date | null;
  refund_due_at: Date | null;
  completed_at: Date | null;
  clock_due_at: Date | null;
  duty_kind: DisputeDuty['kind'] | null;
  duty_attempt: number | null;
  duty_due_at: Date | null;
  trace_id: string;
}

export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function disputeOf(row: DisputeRow): Dispute {
  const { duty_kind: kind, duty_attempt: attempt, duty_due_at: due } = row;
  return {
    id: row.id,
    kind: row.kind,
    paymentId: row.payment_id,
    walletId: row.wallet_id,
    walletRequestId: row.wallet_request_id,
    acquirerId: row.acquirer_id,
    number: row.number,
    state: row.state,
    reason: row.reason,
    amount:
      row.currency === null || row.escalation_minor === null
        ? null
        : { currency: row.currency, minor: BigInt(row.escalation_minor) },
    refundsBefore: row.refunds_before,
    responseCode: row.response_code,
    refundType: row.refund_type,
    acceptedMinor: row.accepted_minor === null ? null : BigInt(row.accepted_minor),
    startedAtMs: row.started_at.getTime(),
    answerDueAtMs: row.answer_due_at.getTime(),
    settledAtMs: msOrNull(row.settled_at),
    refundDueAtMs: msOrNull(row.refund_due_at),
    completedAtMs: msOrNull(row.completed_at),
    clockDueAtMs: msOrNull(row.clock_due_at),
    duty:
      kind === null || attempt === null || due === null
        ? null
        : { kind, attempt, dueAtMs: due.getTime() },
    traceId: row.trace_id,
  };
}

/** What changes after the start. */
export function disputeProgressOf(dispute: Dispute): object {
  const { duty } = dispute;
  return {
    id: dispute.id,
    state: dispute.state,
    accepted_minor: dispute.acceptedMinor?.toString() ?? null,
    response_code: dispute.responseCode,
    refund_type: dispute.refundType,
    settled_at: isoOrNull(dispute.settledAtMs),
    refund_due_at: isoOrNull(dispute.refundDueAtMs),
    completed_at: isoOrNull(dispute.completedAtMs),
    clock_due_at: isoOrNull(dispute.clockDueAtMs),
    duty_kind: duty?.kind ?? null,
    duty_attempt: duty?.attempt ?? null,
    duty_due_at: isoOrNull(duty?.dueAtMs ?? null),
  };
}

export function disputeRowOf(dispute: Dispute): object {
  return {
    ...disputeProgressOf(dispute),
    kind: dispute.kind,
    payment_id: dispute.paymentId,
    wallet_id: dispute.walletId,
    wallet_request_id: dispute.walletRequestId,
    acquirer_id: dispute.acquirerId,
    number: dispute.number,
    reason: dispute.reason,
    currency: dispute.amount?.currency ?? null,
    escalation_minor: dispute.amount?.minor.toString() ?? null,
    refunds_before: dispute.refundsBefore,
    started_at: isoOf(dispute.startedAtMs),
    answer_due_at: isoOf(dispute.answerDueAtMs),
    trace_id: dispute.traceId,
  };
}

function msOrNull(at: Date | null): number | null {
  return at === null ? null : at.getTime();
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoOf(atMs);
}
