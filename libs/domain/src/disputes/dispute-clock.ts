import { formatMoney, money, type Money } from '../money.js';
import type { Payment } from '../payments/payment.js';
import { stands, type Refund } from '../refunds/refund.js';
import { moveDispute, type Dispute, type DisputeDecision } from './dispute.js';
import { owe } from './tell-partners.js';

/** How often a refund that is under way is looked at. */
const LOOK_AGAIN_MS = 3_600_000;

export interface ClockContext {
  readonly dispute: Dispute;
  readonly payment: Payment;
  /** All refunds of the payment, oldest first. */
  readonly refunds: readonly Refund[];
}

/** `refund` is what the hub makes now, under the acquirer's name. */
export interface ClockDecision extends DisputeDecision {
  readonly refund: { readonly requestId: string; readonly amount: Money } | null;
}

/**
 * What the clock does to a dispute when its time has come. A retrieval nobody answered is closed. An
 * escalation nobody answered counts as accepted in full, in the payer's favour, and an accepted
 * refund that was not made in time is made by the hub: silence must not be the cheaper answer
 * (docs/decisions/0027-disputes-end-by-themselves.md).
 */
export function decideClock(context: ClockContext, nowMs: number): ClockDecision {
  const { dispute } = context;
  if (dispute.clockDueAtMs === null || nowMs < dispute.clockDueAtMs) return idle(dispute);
  if (dispute.state === 'accepted') return seeThrough(context, nowMs);
  if (dispute.state !== 'open') return idle(dispute);
  if (dispute.kind === 'retrieval' || dispute.amount === null) {
    return {
      ...moveDispute(dispute, 'unanswered', nowMs, 'Closed as overdue.', {
        settledAtMs: nowMs,
        completedAtMs: nowMs,
        clockDueAtMs: null,
        duty: owe('tellWallet', nowMs, 0),
      }),
      refund: null,
    };
  }
  const detail = `${formatMoney(dispute.amount)} counts as accepted; the hub refunds it.`;
  return {
    ...moveDispute(dispute, 'unanswered', nowMs, detail, {
      acceptedMinor: dispute.amount.minor,
      settledAtMs: nowMs,
      refundDueAtMs: nowMs,
      clockDueAtMs: nowMs,
      duty: owe('tellWallet', nowMs, 0),
    }),
    refund: null,
  };
}

/** Refunds since the start of the escalation count for it, whoever made them. */
function seeThrough({ dispute, payment, refunds }: ClockContext, nowMs: number): ClockDecision {
  const ended = { completedAtMs: nowMs, clockDueAtMs: null };
  const { currency } = payment.paymentAmount;
  const show = (minor: bigint): string => formatMoney(money(currency, minor));
  if (payment.state !== 'succeeded') {
    const detail = `Payment ${payment.id} is ${payment.state}.`;
    return still(moveDispute(dispute, 'paymentReversed', nowMs, detail, ended));
  }
  const acceptedMinor = dispute.acceptedMinor ?? 0n;
  const since = refunds.filter(({ id }) => !dispute.refundsBefore.includes(id));
  const done = sumOf(since.filter(({ state }) => state === 'succeeded'));
  if (done >= acceptedMinor) {
    const detail = `${show(done)} refunded of ${show(acceptedMinor)} accepted.`;
    return still(moveDispute(dispute, 'refundDone', nowMs, detail, ended));
  }
  const own = since.filter(({ acquirerRequestId }) => isOwn(dispute, acquirerRequestId));
  const refused = own.find(({ state }) => state === 'declined');
  if (refused !== undefined) {
    const why = refused.decline?.detail ?? 'no reason given';
    const detail = `${refused.id} of ${formatMoney(refused.amount)}: ${why}`;
    return still(moveDispute(dispute, 'refundRefused', nowMs, detail, ended));
  }
  const later = { clockDueAtMs: nowMs + LOOK_AGAIN_MS };
  const missing = acceptedMinor - sumOf(since.filter(stands));
  if (missing <= 0n) {
    const detail = `${show(done)} of ${show(acceptedMinor)} is confirmed.`;
    return still(moveDispute(dispute, 'refundAwaited', nowMs, detail, later));
  }
  const requestId = `${dispute.id}-${String(own.length + 1)}`;
  const detail = `${show(missing)} by the hub, as ${requestId}.`;
  return {
    ...moveDispute(dispute, 'refundMade', nowMs, detail, later),
    refund: { requestId, amount: money(currency, missing) },
  };
}

/** The hub's own refunds for a dispute are named after it. */
function isOwn(dispute: Dispute, requestId: string): boolean {
  return requestId.startsWith(`${dispute.id}-`);
}

function sumOf(refunds: readonly Refund[]): bigint {
  return refunds.reduce((sum, { amount }) => sum + amount.minor, 0n);
}

function idle(dispute: Dispute): ClockDecision {
  return { dispute, record: null, refund: null };
}

function still(decision: DisputeDecision): ClockDecision {
  return { ...decision, refund: null };
}
