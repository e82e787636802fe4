import type { AcquirerId, CycleId, PaymentId, RefundId, WalletId } from '../ids.js';
import type { Money } from '../money.js';
import type { Decline } from '../payments/payment.js';
import type { RefundPrice } from './price-refund.js';
import type { RefundBooking } from './refund-entry.js';

export const REFUND_STATES = {
  processing: 'Accepted and irrevocable; the wallet is asked until it answers finally.',
  succeeded: 'The user has the money back. Final.',
  declined: 'Refused by the hub, which moved nothing, or finally by the wallet. Final.',
} as const;

export type RefundState = keyof typeof REFUND_STATES;

export const REFUND_EVENTS = {
  accepted: 'The hub took the refund: it is within the payment, the window and the cap.',
  refused: 'The hub refused the refund.',
  walletRefunded: 'The wallet gave the money back.',
  walletRefused: 'The wallet refused, finally.',
  walletUnknown: 'The wallet gave no final answer; it is asked again by the timetable.',
} as const;

export type RefundEvent = keyof typeof REFUND_EVENTS;

/** When the wallet is asked next; kept as long as a refund is processing. */
export interface RefundDuty {
  /** How often it was asked so far. */
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** One refund as every decision sees it. */
export interface Refund {
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  readonly acquirerId: AcquirerId;
  /** The acquirer's own id of the refund, unique for ever per acquirer. */
  readonly acquirerRequestId: string;
  readonly walletId: WalletId | null;
  readonly state: RefundState;
  /** In the payment's currency. */
  readonly amount: Money;
  readonly reason: string | null;
  /** Null when the hub refused: nothing was priced. */
  readonly price: RefundPrice | null;
  /** Set when it is booked. */
  readonly booking: RefundBooking | null;
  /** What it takes of the acquirer's refund cap, minor units of the settlement currency. */
  readonly heldMinor: bigint;
  /** What its success released of the wallet's exposure, minor units of the wallet's currency. */
  readonly releasedMinor: bigint | null;
  readonly createdAtMs: number;
  readonly completedAtMs: number | null;
  readonly cycleId: CycleId | null;
  /** The wallet's own id of it. */
  readonly walletRefundId: string | null;
  readonly decline: Decline | null;
  readonly duty: RefundDuty | null;
  readonly traceId: string;
}

/** What happened, as the timeline keeps it. */
export interface RefundRecord {
  readonly refundId: RefundId;
  readonly event: RefundEvent;
  readonly from: RefundState | null;
  readonly to: RefundState;
  readonly atMs: number;
  readonly detail: string;
}

/** True for a refund that counts against its payment: money has moved or is to move. */
export function stands(refund: Pick<Refund, 'state'>): boolean {
  return refund.state !== 'declined';
}
