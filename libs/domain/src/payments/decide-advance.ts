import { formatMoney } from '../money.js';
import type { Rejection } from '../rejection.js';
import {
  changeOf,
  move,
  release,
  tellAcquirer,
  unchanged,
  type AdvanceCommand,
  type AdvanceContext,
  type AdvanceDecision,
} from './advance.js';
import { payerDecides } from './decide-open.js';
import {
  cancel,
  cancelConfirmed,
  cancelUnknown,
  expire,
  reverseLateDebit,
  startCancel,
  takeCancelAsDone,
} from './decide-reversal.js';
import { nextInquiry, nextNotification } from './duty.js';
import type { Decline, Payment, PaymentPatch } from './payment.js';
import { heldMinor, reservePayer } from './reserve-payer.js';

export type { AdvanceCommand, AdvanceContext, AdvanceDecision } from './advance.js';

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
      return walletPaid(context, command, nowMs);
    case 'walletRefused':
      return walletRefused(context, command, nowMs);
    case 'walletUnknown':
      return walletUnknown(context, command, nowMs);
    case 'expire':
      return expire(context, nowMs);
    case 'cancel':
      return cancel(context, nowMs);
    case 'cancelConfirmed':
      return cancelConfirmed(
        context,
        'cancelConfirmed',
        nowMs,
        'The wallet confirmed the reversal.',
      );
    case 'cancelUnknown':
      return cancelUnknown(context, command, nowMs);
    case 'cancelTakenAsDone':
      return takeCancelAsDone(context, command.reason, nowMs);
    case 'acquirerAccepted':
      return acquirerAccepted(context, command.acquirerPaymentId, nowMs);
    case 'acquirerRefused':
      return startCancel(context, 'acquirerRefused', nowMs, command.decline);
    case 'acquirerUnknown':
      return acquirerUnknown(context, command, nowMs);
    case 'acquirerNotified':
      return move(context, 'acquirerNotified', nowMs, 'The acquirer acknowledged the result.', {
        duty: context.payment.duty?.kind === 'notifyAcquirer' ? null : context.payment.duty,
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
  command: Extract<AdvanceCommand, { kind: 'walletPaid' }>,
  nowMs: number,
): AdvanceDecision {
  const { payment } = context;
  const { walletPaymentId } = command;
  if (payment.state === 'cancelled') return reverseLateDebit(context, nowMs);
  if (payment.mode === 'nationalQr') {
    const pushed = move(context, 'walletDebited', nowMs, 'The wallet debited the payer.', {
      walletPaymentId,
      duty: { kind: 'pushToAcquirer', attempt: 0, dueAtMs: nowMs + context.policy.takeoverMs },
    });
    return pushed.record === null
      ? pushed
      : { ...pushed, instruction: { kind: 'pushToAcquirer', paymentId: payment.id } };
  }
  const detail = 'The wallet debited the payer.';
  return complete(context, 'walletPaid', nowMs, detail, { walletPaymentId }, command.acquirerWaits);
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
  patch: PaymentPatch,
  acquirerWaits = false,
): AdvanceDecision {
  const { payment, completion } = context;
  if (completion === undefined || payment.payer === null) return unchanged(payment, null);
  const told = tellAcquirer(context, nowMs, acquirerWaits);
  const done: PaymentPatch = {
    walletPaymentId: patch.walletPaymentId ?? payment.walletPaymentId,
    acquirerPaymentId: patch.acquirerPaymentId ?? payment.acquirerPaymentId,
    duty: told.patch.duty ?? null,
    notificationOwed: told.patch.notificationOwed ?? false,
    completedAtMs: completion.completedAtMs,
    cycleId: completion.cycleId,
  };
  const tell = `${detail} Assigned to cycle ${completion.cycleId}.`;
  const { payment: after, record } = move(context, event, nowMs, tell, done);
  if (record === null) return unchanged(payment, null);
  const held = heldMinor(payment.payer);
  return {
    payment: after,
    record,
    change: changeOf(payment, -held, payment.payer.price.walletOwes.minor, 0n),
    instruction: told.instruction,
    entry: 'cleared',
    rejection: null,
  };
}

function walletRefused(
  context: AdvanceContext,
  command: Extract<AdvanceCommand, { kind: 'walletRefused' }>,
  nowMs: number,
): AdvanceDecision {
  const { payment } = context;
  const { decline } = command;
  if (payment.state === 'cancelling') {
    const detail = `The wallet holds nothing of the payer: ${decline.code}.`;
    return cancelConfirmed(context, 'walletRefused', nowMs, detail);
  }
  const told = tellAcquirer(context, nowMs, command.acquirerWaits ?? false);
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

function notificationFailed(
  context: AdvanceContext,
  command: { readonly reason: string; readonly attempt: number },
  nowMs: number,
): AdvanceDecision {
  // Two notifications may be under way; the one that failed takes back nothing of the other.
  if (context.payment.duty?.kind !== 'notifyAcquirer') return unchanged(context.payment, null);
  const duty = nextNotification(command.attempt, context.policy, nowMs) ?? null;
  const detail =
    duty === null
      ? `${command.reason} No further notification is sent; the acquirer can inquire.`
      : command.reason;
  return move(context, 'notificationFailed', nowMs, detail, { duty });
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
