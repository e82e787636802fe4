import type { CycleId } from '../ids.js';
import type { Rejection } from '../rejection.js';
import type { Duty, DutyPolicy } from './duty.js';
import {
  steppedPayment,
  type Decline,
  type Instruction,
  type Payment,
  type PaymentPatch,
  type PaymentRecord,
  type ReservationChange,
} from './payment.js';
import { heldMinor, type ReserveContext } from './reserve-payer.js';
import { nextState, type PaymentEvent } from './state-machine.js';

/** Something that happened to a payment: a partner's answer, the clock, a wish. */
export type AdvanceCommand =
  | { readonly kind: 'identifyPayer'; readonly customerId: string; readonly walletId: string }
  | {
      readonly kind: 'walletPaid';
      readonly walletPaymentId: string | null;
      /** The acquirer's own call still waits and will carry this result, so none is notified. */
      readonly acquirerWaits?: boolean;
    }
  | {
      readonly kind: 'walletRefused';
      readonly decline: Decline;
      readonly acquirerWaits?: boolean;
    }
  | { readonly kind: 'walletUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'cancelConfirmed' }
  | { readonly kind: 'cancelUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'cancelTakenAsDone'; readonly reason: string }
  | { readonly kind: 'acquirerAccepted'; readonly acquirerPaymentId: string | null }
  | { readonly kind: 'acquirerRefused'; readonly decline: Decline }
  | { readonly kind: 'acquirerUnknown'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'acquirerNotified' }
  | { readonly kind: 'notificationFailed'; readonly reason: string; readonly attempt: number };

/** The cycle a completion falls into, read under the shared lock (docs/clearing.md). */
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

export function unchanged(payment: Payment, rejection: Rejection | null): AdvanceDecision {
  return { payment, record: null, change: null, instruction: null, entry: null, rejection };
}

/** Takes the step the table allows, or none. */
export function move(
  context: AdvanceContext,
  event: PaymentEvent,
  nowMs: number,
  detail: string,
  patch: PaymentPatch,
): AdvanceDecision {
  const { payment } = context;
  const to = nextState(payment.state, event);
  if (to === undefined) return unchanged(payment, null);
  return {
    payment: steppedPayment(payment, to, patch),
    record: { paymentId: payment.id, event, from: payment.state, to, atMs: nowMs, detail },
    change: null,
    instruction: null,
    entry: null,
    rejection: null,
  };
}

/**
 * How the acquirer hears of a final result. Whoever answered its call with U, or never answered
 * it, owes a notification; one that still waits for its answer has it at once.
 */
export function tellAcquirer(
  { payment, policy }: AdvanceContext,
  nowMs: number,
  acquirerWaits: boolean,
): { readonly patch: PaymentPatch; readonly instruction: Instruction | null } {
  const owed = payment.notificationOwed || (payment.mode !== 'nationalQr' && !acquirerWaits);
  const duty: Duty = { kind: 'notifyAcquirer', attempt: 1, dueAtMs: nowMs + policy.takeoverMs };
  return owed
    ? {
        patch: { duty, notificationOwed: true },
        instruction: { kind: 'notifyAcquirer', paymentId: payment.id },
      }
    : { patch: { duty: null, notificationOwed: false }, instruction: null };
}

/** Gives back what was held for a payment that will not happen. */
export function release(payment: Payment): ReservationChange | null {
  return payment.payer === null
    ? null
    : changeOf(payment, -heldMinor(payment.payer), 0n, -usedBy(payment));
}

/** What a payment takes of its payer's day, minor units of the wallet's currency. */
export function usedBy(payment: Payment): bigint {
  return payment.payer?.price.payToAmount.minor ?? 0n;
}

export function changeOf(
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
