import type { CycleId } from '../ids.js';
import { formatMoney } from '../money.js';
import type { Rejection } from '../rejection.js';
import { payerDecides } from './decide-open.js';
import { nextCancel, nextInquiry, nextNotification, type Duty, type DutyPolicy } from './duty.js';
import type { Decline, Instruction, Payment, PaymentRecord, ReservationChange } from './payment.js';
import { heldMinor, reservePayer, type ReserveContext } from './reserve-payer.js';
import { nextState, type PaymentEvent } from './state-machine.js';

/** Something that happened to a payment: a partner's answer, the clock, a wish. */
export type AdvanceCommand =
  | { readonly kind: 'identifyPayer'; readonly customerId: string; readonly walletId: string }
  | { readonly kind: 'walletPaid'; readonly walletPaymentId: string | null }
  | { readonly kind: 'walletRefused'; readonly decline: Decline }
  | { readonly kind: 'walletUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'cancelConfirmed' }
  | { readonly kind: 'cancelUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'acquirerAccepted'; readonly acquirerPaymentId: string | null }
  | { readonly kind: 'acquirerRefused'; readonly decline: Decline }
  | { readonly kind: 'acquirerUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'acquirerNotified' }
  | { readonly kind: 'notificationFailed'; readonly reason: string; readonly attempt: number };

/** The cycle a completion falls into, read under the shared lock (design section 4). */
export interface Completion {
  readonly cycleId: CycleId;
  readonly completedAtMs: number;
}

export interface AdvanceContext {
  readonly payment: Payment;
  /** Present for `identifyPayer`. */
  readonly reserve: ReserveContext | undefined;
  /** Present for every command that may complete the payment. */
  readonly completion: Completion | undefined;
  /** Whether the payment's cycle may still be changed by a cancel. */
  readonly cancelWindowOpen: boolean;
  readonly policy: DutyPolicy;
}

/** `entry` tells which journal entry the commit must stage; it is built from the payment. */
export interface AdvanceDecision {
  readonly payment: Payment;
  readonly record: PaymentRecord | null;
  readonly change: ReservationChange | null;
  readonly instruction: Instruction | null;
  readonly entry: 'cleared' | 'cancelled' | null;
  /** Why nothing changed, where the caller must be told. */
  readonly rejection: Rejection | null;
}

/**
 * The one rule by which a payment moves. Repeats and latecomers change nothing and are answered
 * from the state: a late success never revives a cancelled payment.
 */
export function decideAdvance(
  context: AdvanceContext,
  command: AdvanceCommand,
  nowMs: number,
): AdvanceDecision {
  switch (command.kind) {
    case 'identifyPayer':
      return identifyPayer(context, command, nowMs);
    case 'walletPaid':
      return walletPaid(context, command.walletPaymentId, nowMs);
    case 'walletRefused':
      return walletRefused(context, command.decline, nowMs);
    case 'walletUnknown':
      return walletUnknown(context, command, nowMs);
    case 'expire':
      return expire(context, nowMs);
    case 'cancel':
      return cancel(context, nowMs);
    case 'cancelConfirmed':
      return cancelConfirmed(context, nowMs, 'The wallet confirmed the reversal.');
    case 'cancelUnknown':
      return move(context, 'cancelUnknown', nowMs, command.reason, {
        duty: nextCancel(command.attempt, context.policy, nowMs),
      });
    case 'acquirerAccepted':
      return acquirerAccepted(context, command.acquirerPaymentId, nowMs);
    case 'acquirerRefused':
      return startCancel(context, 'acquirerRefused', nowMs, command.decline);
    case 'acquirerUnknown':
      return acquirerUnknown(context, command, nowMs);
    case 'acquirerNotified':
      return move(context, 'acquirerNotified', nowMs, 'The acquirer acknowledged the result.', {
        duty: null,
        notificationOwed: false,
      });
    case 'notificationFailed':
      return notificationFailed(context, command, nowMs);
  }
}

function identifyPayer(
  context: AdvanceContext,
  command: { readonly customerId: string; readonly walletId: string },
  nowMs: number,
): AdvanceDecision {
  const { payment } = context;
  const samePayer =
    payment.payer?.walletId === command.walletId && payment.payer.customerId === command.customerId;
  if (samePayer) return unchanged(payment, null);
  if (payment.state !== 'awaitingPayer' || nowMs >= payment.expiresAtMs) {
    return unchanged(payment, closedOrder(payment));
  }
  if (context.reserve === undefined) return unchanged(payment, closedOrder(payment));
  const reserved = reservePayer(context.reserve, payment.paymentAmount, command.customerId, nowMs);
  if (!reserved.ok) {
    const turned = move(context, 'payerTurnedAway', nowMs, reserved.rejection.detail, {});
    return { ...turned, rejection: reserved.rejection };
  }
  const { payer, change } = reserved.value;
  const detail = `${formatMoney(payment.paymentAmount)} costs the payer ${formatMoney(payer.price.payToAmount)} at quote ${payer.payerQuote.id}; reserved.`;
  const moved = move(context, 'payerIdentified', nowMs, detail, {
    payer,
    duty: payerDecides(payment.expiresAtMs, nowMs),
  });
  return { ...moved, change };
}

function walletPaid(
  context: AdvanceContext,
  walletPaymentId: string | null,
  nowMs: number,
): AdvanceDecision {
  const { payment } = context;
  if (payment.mode === 'nationalQr') {
    const pushed = move(context, 'walletDebited', nowMs, 'The wallet debited the payer.', {
      walletPaymentId,
      duty: { kind: 'pushToAcquirer', attempt: 0, dueAtMs: nowMs + context.policy.takeoverMs },
    });
    return pushed.record === null
      ? pushed
      : { ...pushed, instruction: { kind: 'pushToAcquirer', paymentId: payment.id } };
  }
  return complete(context, 'walletPaid', nowMs, 'The wallet debited the payer.', {
    walletPaymentId,
  });
}

function acquirerAccepted(
  context: AdvanceContext,
  acquirerPaymentId: string | null,
  nowMs: number,
): AdvanceDecision {
  const done = complete(context, 'acquirerAccepted', nowMs, 'The acquirer took the payment.', {
    acquirerPaymentId,
  });
  // A pushed payment is known to the acquirer by its own answer: no notification is owed.
  return done.record === null
    ? done
    : {
        ...done,
        instruction: null,
        payment: { ...done.payment, duty: null, notificationOwed: false },
      };
}

function complete(
  context: AdvanceContext,
  event: 'walletPaid' | 'acquirerAccepted',
  nowMs: number,
  detail: string,
  patch: Partial<Payment>,
): AdvanceDecision {
  const { payment, completion } = context;
  if (completion === undefined || payment.payer === null) return unchanged(payment, null);
  const told = tellAcquirer(context, nowMs);
  const moved = move(context, event, nowMs, `${detail} Assigned to cycle ${completion.cycleId}.`, {
    ...patch,
    ...told.patch,
    completedAtMs: completion.completedAtMs,
    cycleId: completion.cycleId,
  });
  if (moved.record === null) return moved;
  const held = heldMinor(payment.payer);
  return {
    ...moved,
    change: changeOf(payment, -held, payment.payer.price.walletOwes.minor, 0n),
    instruction: told.instruction,
    entry: 'cleared',
  };
}

function walletRefused(context: AdvanceContext, decline: Decline, nowMs: number): AdvanceDecision {
  const { payment } = context;
  if (payment.state === 'cancelling') {
    return cancelConfirmed(context, nowMs, 'The wallet never debited the payer.');
  }
  const told = tellAcquirer(context, nowMs);
  const detail = `${decline.code}: ${decline.detail}`;
  const moved = move(context, 'walletRefused', nowMs, detail, {
    ...told.patch,
    decline,
    completedAtMs: nowMs,
  });
  if (moved.record === null) return moved;
  return { ...moved, change: release(payment), instruction: told.instruction };
}

function walletUnknown(
  context: AdvanceContext,
  command: { readonly reason: string; readonly attempt: number },
  nowMs: number,
): AdvanceDecision {
  const { payment, policy } = context;
  if (payment.mode !== 'userPresented') {
    return nowMs >= payment.expiresAtMs
      ? expire(context, nowMs)
      : move(context, 'walletUnknown', nowMs, command.reason, {
          duty: payerDecides(payment.expiresAtMs, nowMs),
        });
  }
  const duty =
    nowMs >= payment.expiresAtMs
      ? undefined
      : nextInquiry('inquireWallet', command.attempt, policy, nowMs);
  return duty === undefined
    ? startCancel(context, 'inquiryExhausted', nowMs, timedOut(command.reason))
    : move(context, 'walletUnknown', nowMs, command.reason, { duty, notificationOwed: true });
}

function acquirerUnknown(
  context: AdvanceContext,
  command: { readonly reason: string; readonly attempt: number },
  nowMs: number,
): AdvanceDecision {
  const duty = nextInquiry('inquirePush', command.attempt, context.policy, nowMs);
  return duty === undefined
    ? startCancel(context, 'inquiryExhausted', nowMs, timedOut(command.reason))
    : move(context, 'acquirerUnknown', nowMs, command.reason, { duty });
}

function expire(context: AdvanceContext, nowMs: number): AdvanceDecision {
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

function cancel(context: AdvanceContext, nowMs: number): AdvanceDecision {
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

function startCancel(
  context: AdvanceContext,
  event: PaymentEvent,
  nowMs: number,
  decline: Decline,
): AdvanceDecision {
  const { payment, policy } = context;
  const moved = move(context, event, nowMs, `${decline.code}: ${decline.detail}`, {
    decline,
    notificationOwed: true,
    duty: { kind: 'cancelAtWallet', attempt: 0, dueAtMs: nowMs + policy.takeoverMs },
  });
  return moved.record === null
    ? moved
    : { ...moved, instruction: { kind: 'cancelAtWallet', paymentId: payment.id } };
}

function cancelConfirmed(context: AdvanceContext, nowMs: number, detail: string): AdvanceDecision {
  const { payment } = context;
  const event = 'cancelConfirmed';
  const told = tellAcquirer(context, nowMs);
  const wasCleared = payment.cycleId !== null;
  const moved = move(context, event, nowMs, detail, {
    ...told.patch,
    ...(wasCleared ? {} : { completedAtMs: nowMs }),
  });
  if (moved.record === null || payment.payer === null) return moved;
  return {
    ...moved,
    change: wasCleared
      ? changeOf(payment, 0n, -payment.payer.price.walletOwes.minor, -usedBy(payment))
      : release(payment),
    instruction: told.instruction,
    entry: wasCleared ? 'cancelled' : null,
  };
}

function notificationFailed(
  context: AdvanceContext,
  command: { readonly reason: string; readonly attempt: number },
  nowMs: number,
): AdvanceDecision {
  const duty = nextNotification(command.attempt, context.policy, nowMs) ?? null;
  const detail =
    duty === null
      ? `${command.reason} No further notification is sent; the acquirer can inquire.`
      : command.reason;
  return move(context, 'notificationFailed', nowMs, detail, { duty });
}

function tellAcquirer(
  { payment, policy }: AdvanceContext,
  nowMs: number,
): { readonly patch: Partial<Payment>; readonly instruction: Instruction | null } {
  const owed =
    payment.notificationOwed || payment.mode === 'orderCode' || payment.mode === 'entryCode';
  const duty: Duty = { kind: 'notifyAcquirer', attempt: 1, dueAtMs: nowMs + policy.takeoverMs };
  return owed
    ? {
        patch: { duty, notificationOwed: true },
        instruction: { kind: 'notifyAcquirer', paymentId: payment.id },
      }
    : { patch: { duty: null, notificationOwed: false }, instruction: null };
}

function release(payment: Payment): ReservationChange | null {
  return payment.payer === null
    ? null
    : changeOf(payment, -heldMinor(payment.payer), 0n, -usedBy(payment));
}

function usedBy(payment: Payment): bigint {
  return payment.payer?.price.payToAmount.minor ?? 0n;
}

function changeOf(
  payment: Payment,
  reserved: bigint,
  outstanding: bigint,
  used: bigint,
): ReservationChange | null {
  if (payment.payer === null) return null;
  const { walletId, customerId, price, usageDay } = payment.payer;
  const { currency } = price.payToAmount;
  return { walletId, customerId, currency, usageDay, reserved, outstanding, used };
}

function timedOut(reason: string): Decline {
  return {
    code: 'ORDER_IS_CLOSED',
    detail: `No final answer by the end of the inquiry timetable (${reason}).`,
    by: 'hub',
  };
}

function closedOrder(payment: Payment): Rejection {
  return {
    code: 'ORDER_IS_CLOSED',
    detail: `Order ${payment.id} is ${payment.state}; ask the shop for a new code.`,
    field: 'codeValue',
  };
}

function unchanged(payment: Payment, rejection: Rejection | null): AdvanceDecision {
  return { payment, record: null, change: null, instruction: null, entry: null, rejection };
}

function move(
  context: AdvanceContext,
  event: PaymentEvent,
  nowMs: number,
  detail: string,
  patch: Partial<Payment>,
): AdvanceDecision {
  const { payment } = context;
  const to = nextState(payment.state, event);
  if (to === undefined) return unchanged(payment, null);
  return {
    payment: { ...payment, ...patch, state: to },
    record: { paymentId: payment.id, event, from: payment.state, to, atMs: nowMs, detail },
    change: null,
    instruction: null,
    entry: null,
    rejection: null,
  };
}
