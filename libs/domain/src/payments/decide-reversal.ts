import {
  changeOf,
  move,
  release,
  tellAcquirer,
  unchanged,
  usedBy,
  type AdvanceContext,
  type AdvanceDecision,
} from './advance.js';
import { nextCancel } from './duty.js';
import type { Decline, PaymentPatch } from './payment.js';
import type { PaymentEvent } from './state-machine.js';

/** The time to pay is over: an order without a payer closes, anything begun is reversed. */
export function expire(context: AdvanceContext, nowMs: number): AdvanceDecision {
  const { payment } = context;
  if (payment.state === 'awaitingPayer') {
    return move(context, 'expired', nowMs, 'Nobody paid before the order expired.', {
      duty: null,
      completedAtMs: nowMs,
    });
  }
  return startCancel(context, 'expired', nowMs, {
    code: 'ORDER_IS_CLOSED',
    detail: 'The time to pay is over and the wallet has no final answer.',
    by: 'hub',
  });
}

/** The acquirer wants the payment not to have happened, whatever became of it. */
export function cancel(context: AdvanceContext, nowMs: number): AdvanceDecision {
  const { payment } = context;
  if (payment.state === 'awaitingPayer') {
    return move(context, 'cancelRequested', nowMs, 'The acquirer withdrew the order.', {
      duty: null,
      completedAtMs: nowMs,
    });
  }
  if (payment.state === 'succeeded' && !context.cancelWindowOpen) {
    return unchanged(payment, {
      code: 'CANCEL_WINDOW_EXCEED',
      detail: `The cancel window of payment ${payment.id} is over; refund it instead.`,
    });
  }
  if (payment.refundedMinor > 0n) {
    return unchanged(payment, {
      code: 'PRECONDITION_FAILED',
      detail: `Payment ${payment.id} is being refunded, or was; refund what is left of it instead.`,
    });
  }
  const decision = startCancel(context, 'cancelRequested', nowMs, {
    code: 'ORDER_IS_CLOSED',
    detail: 'Cancelled by the acquirer.',
    by: 'acquirer',
  });
  // The acquirer asked, so it learns the end from its own answer and inquiries.
  return decision.record === null
    ? decision
    : { ...decision, payment: { ...decision.payment, notificationOwed: false } };
}

export function startCancel(
  context: AdvanceContext,
  event: PaymentEvent,
  nowMs: number,
  decline: Decline,
): AdvanceDecision {
  return reverse(context, event, nowMs, `${decline.code}: ${decline.detail}`, {
    decline,
    notificationOwed: true,
  });
}

/**
 * A wallet that debits after its cancel was taken as done must give the money back. The payment
 * stays cancelled; only the reversal is owed once more.
 */
export function reverseLateDebit(context: AdvanceContext, nowMs: number): AdvanceDecision {
  const { payment } = context;
  if (payment.duty?.kind === 'cancelAtWallet') return unchanged(payment, null);
  const detail = 'The wallet debited the payer after the reversal; it is reversed again.';
  return reverse(context, 'walletPaid', nowMs, detail, {});
}

function reverse(
  context: AdvanceContext,
  event: PaymentEvent,
  nowMs: number,
  detail: string,
  patch: PaymentPatch,
): AdvanceDecision {
  const { payment, policy } = context;
  const moved = move(context, event, nowMs, detail, {
    ...patch,
    duty: { kind: 'cancelAtWallet', attempt: 0, dueAtMs: nowMs + policy.takeoverMs },
  });
  return moved.record === null
    ? moved
    : { ...moved, instruction: { kind: 'cancelAtWallet', paymentId: payment.id } };
}

/** The wallet has reversed, or says that there is nothing to reverse. */
export function cancelConfirmed(
  context: AdvanceContext,
  event: 'cancelConfirmed' | 'walletRefused',
  nowMs: number,
  detail: string,
): AdvanceDecision {
  const { payment } = context;
  if (payment.state === 'cancelled' && payment.duty?.kind !== 'cancelAtWallet') {
    return unchanged(payment, null);
  }
  const told = tellAcquirer(context, nowMs, !payment.notificationOwed);
  const wasCleared = payment.cycleId !== null;
  const again = payment.state === 'cancelled';
  const moved = move(context, event, nowMs, detail, {
    ...told.patch,
    ...(wasCleared || again ? {} : { completedAtMs: nowMs }),
  });
  if (moved.record === null || payment.payer === null) return moved;
  if (again) return { ...moved, instruction: told.instruction };
  return {
    ...moved,
    change: wasCleared
      ? changeOf(payment, 0n, -payment.payer.price.walletOwes.minor, -usedBy(payment))
      : release(payment),
    instruction: told.instruction,
    entry: wasCleared ? 'cancelled' : null,
  };
}

export function cancelUnknown(
  context: AdvanceContext,
  command: { readonly reason: string; readonly attempt: number },
  nowMs: number,
): AdvanceDecision {
  const { payment, policy } = context;
  // Two cancels may be under way; the slower one's silence takes nothing back.
  if (payment.duty?.kind !== 'cancelAtWallet') return unchanged(payment, null);
  return move(context, 'cancelUnknown', nowMs, command.reason, {
    duty: nextCancel(command.attempt, policy, nowMs),
  });
}

/**
 * A wallet that never confirms must not keep a whole cycle from being netted. The acquirer was told
 * that the payment is void, so the books say so too: the contra entry is posted in the payment's own
 * cycle and nobody pays for it. The payer is still owed the money, so the duty to ask the wallet
 * stays as it is. What money never moved for holds up no cycle and keeps its reservation.
 */
export function takeCancelAsDone(
  context: AdvanceContext,
  reason: string,
  nowMs: number,
): AdvanceDecision {
  const { payment } = context;
  if (payment.state !== 'cancelling' || payment.cycleId === null || payment.payer === null) {
    return unchanged(payment, {
      code: 'PRECONDITION_FAILED',
      detail: `Payment ${payment.id} holds up no cycle by a cancel: it is ${payment.state}.`,
    });
  }
  const moved = move(context, 'cancelTakenAsDone', nowMs, reason, {});
  return {
    ...moved,
    change: changeOf(payment, 0n, -payment.payer.price.walletOwes.minor, -usedBy(payment)),
    entry: 'cancelled',
  };
}
