import { formatMoney } from '../money.js';
import type { Completion } from '../payments/advance.js';
import type { Decline } from '../payments/payment.js';
import type { RefundBooking } from './refund-entry.js';
import { nextRefundDuty } from './refund-timetable.js';
import type { Refund, RefundRecord } from './refund.js';

/** The wallet's answer to a refund. */
export type RefundAnswer =
  | { readonly kind: 'walletRefunded'; readonly walletRefundId: string | null }
  | { readonly kind: 'walletRefused'; readonly decline: Decline }
  | { readonly kind: 'walletUnknown'; readonly reason: string; readonly attempt: number };

export interface RefundAnswerContext {
  readonly refund: Refund;
  /** Present for `walletRefunded`: the cycle it falls into, and what it is booked at. */
  readonly completion: Completion | undefined;
  readonly booking: RefundBooking | undefined;
  /** What the wallet owes by its unsettled payments, minor units of its currency. */
  readonly walletOutstanding: bigint;
  readonly gapsMs: readonly number[];
}

/** What an answer changes beside the refund; amounts in minor units, negative to release. */
export interface RefundAnswerDecision {
  readonly refund: Refund;
  /** Null when nothing changed. */
  readonly record: RefundRecord | null;
  readonly walletOutstanding: bigint;
  readonly acquirerReserved: bigint;
  readonly acquirerOutstanding: bigint;
  /** Change of what of the payment counts as refunded, payment currency. */
  readonly refunded: bigint;
}

/**
 * Moves a refund by the wallet's answer. A final one changes nothing that is final already: the
 * wallet keeps to its first word, because it knows the refund by one id for ever.
 */
export function decideRefundAnswer(
  context: RefundAnswerContext,
  answer: RefundAnswer,
  nowMs: number,
): RefundAnswerDecision {
  const { refund } = context;
  if (refund.state !== 'processing' || refund.price === null) return unchanged(refund);
  switch (answer.kind) {
    case 'walletRefunded':
      return succeed(context, answer.walletRefundId, nowMs);
    case 'walletRefused': {
      const { decline } = answer;
      const detail = `${decline.code}: ${decline.detail}`;
      return {
        ...moved(refund, 'walletRefused', nowMs, detail, {
          state: 'declined',
          decline,
          heldMinor: 0n,
          completedAtMs: nowMs,
          duty: null,
        }),
        acquirerReserved: -refund.heldMinor,
        refunded: -refund.amount.minor,
      };
    }
    case 'walletUnknown':
      // Two askings may be under way; the slower one's silence takes nothing back.
      return moved(refund, 'walletUnknown', nowMs, answer.reason, {
        duty: nextRefundDuty(answer.attempt, context.gapsMs, nowMs),
      });
  }
}

function succeed(
  { refund, completion, booking, walletOutstanding }: RefundAnswerContext,
  walletRefundId: string | null,
  nowMs: number,
): RefundAnswerDecision {
  if (completion === undefined || booking === undefined || refund.price === null) {
    return unchanged(refund);
  }
  const credit = refund.price.walletCredit.minor;
  // A refund of what is settled already makes the wallet a creditor; exposure knows no credit.
  const releasedMinor = credit < walletOutstanding ? credit : walletOutstanding;
  const detail = `The wallet gave the user ${formatMoney(refund.price.payer.amount)}. Assigned to cycle ${completion.cycleId}.`;
  return {
    ...moved(refund, 'walletRefunded', nowMs, detail, {
      state: 'succeeded',
      walletRefundId,
      releasedMinor,
      booking,
      completedAtMs: completion.completedAtMs,
      cycleId: completion.cycleId,
      duty: null,
    }),
    walletOutstanding: -releasedMinor,
    acquirerReserved: -refund.heldMinor,
    acquirerOutstanding: refund.heldMinor,
  };
}

function unchanged(refund: Refund): RefundAnswerDecision {
  return {
    refund,
    record: null,
    walletOutstanding: 0n,
    acquirerReserved: 0n,
    acquirerOutstanding: 0n,
    refunded: 0n,
  };
}

function moved(
  refund: Refund,
  event: RefundRecord['event'],
  nowMs: number,
  detail: string,
  patch: Partial<Refund>,
): RefundAnswerDecision {
  const after = { ...refund, ...patch };
  return {
    ...unchanged(after),
    record: {
      refundId: refund.id,
      event,
      from: refund.state,
      to: after.state,
      atMs: nowMs,
      detail,
    },
  };
}
