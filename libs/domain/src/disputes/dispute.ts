import type { AcquirerId, DisputeId, PaymentId, RefundId, WalletId } from '../ids.js';
import { invariant } from '../invariant.js';
import type { Money } from '../money.js';

const DAY_MS = 86_400_000;

/** A wallet asks an acquirer for papers, or for the money back (docs/sources.md A4.4). */
export const DISPUTE_KINDS = {
  retrieval: 'The wallet asks for evidence of the sale.',
  escalation: 'The wallet asks for the money back.',
} as const;

export type DisputeKind = keyof typeof DISPUTE_KINDS;

/** Limits and clocks, in one place; days are 24 hours, counted from the moment (A4.4). */
export const DISPUTE_TERMS = {
  retrieval: { most: 5, startWithinMs: 360 * DAY_MS, answerWithinMs: 20 * DAY_MS },
  escalation: { most: 2, startWithinMs: 360 * DAY_MS, answerWithinMs: 10 * DAY_MS },
} as const satisfies Record<DisputeKind, object>;

/** A second escalation begins within this of the first one's answer or close. */
export const SECOND_ESCALATION_WITHIN_MS = 25 * DAY_MS;
/** An accepted refund is made within this of the answer. */
export const REFUND_WITHIN_MS = 5 * DAY_MS;

export const DISPUTE_STATES = {
  open: "Started by the wallet; the acquirer's answer is awaited.",
  answered: 'A retrieval the acquirer answered. Final.',
  overdue: 'A retrieval nobody answered in time. Final.',
  refused: 'An escalation the acquirer refused. Final.',
  accepted: 'An escalation to be refunded: accepted by the acquirer, or left without an answer.',
  refunded: 'The user has the money of the escalation back. Final.',
  refundRefused: "The user's own wallet refused the refund, finally. Final.",
  reversed: 'The payment itself was cancelled meanwhile, so nothing is left to refund. Final.',
} as const;

export type DisputeState = keyof typeof DISPUTE_STATES;

export const DISPUTE_EVENTS = {
  started: 'The wallet started it.',
  answered: 'The acquirer answered the retrieval.',
  accepted: 'The acquirer accepted to refund, in full or in part.',
  refused: 'The acquirer refused to refund.',
  unanswered: 'The time to answer ran out.',
  refundAwaited: 'A refund is under way, and the wallet has not confirmed it.',
  refundMade: 'The time to refund ran out, so the hub made the refund itself.',
  refundDone: 'The refunds that were made since the start cover what was accepted.',
  refundRefused: 'The wallet refused the refund that the hub made.',
  paymentReversed: 'The payment was cancelled.',
} as const;

export type DisputeEvent = keyof typeof DISPUTE_EVENTS;

export interface DisputeTransition {
  readonly kind: DisputeKind;
  readonly from: DisputeState | null;
  readonly event: DisputeEvent;
  readonly to: DisputeState;
}

/** Every legal move; the decisions, docs/disputes.md and the invariants read this table. */
export const DISPUTE_TRANSITIONS: readonly DisputeTransition[] = [
  { kind: 'retrieval', from: null, event: 'started', to: 'open' },
  { kind: 'retrieval', from: 'open', event: 'answered', to: 'answered' },
  { kind: 'retrieval', from: 'open', event: 'unanswered', to: 'overdue' },
  { kind: 'escalation', from: null, event: 'started', to: 'open' },
  { kind: 'escalation', from: 'open', event: 'accepted', to: 'accepted' },
  { kind: 'escalation', from: 'open', event: 'refused', to: 'refused' },
  { kind: 'escalation', from: 'open', event: 'unanswered', to: 'accepted' },
  { kind: 'escalation', from: 'accepted', event: 'refundAwaited', to: 'accepted' },
  { kind: 'escalation', from: 'accepted', event: 'refundMade', to: 'accepted' },
  { kind: 'escalation', from: 'accepted', event: 'refundDone', to: 'refunded' },
  { kind: 'escalation', from: 'accepted', event: 'refundRefused', to: 'refundRefused' },
  { kind: 'escalation', from: 'accepted', event: 'paymentReversed', to: 'reversed' },
];

const next = new Map<string, DisputeState>();
for (const { kind, from, event, to } of DISPUTE_TRANSITIONS) {
  invariant(!next.has(`${kind}/${String(from)}/${event}`), `two transitions for ${event}`);
  next.set(`${kind}/${String(from)}/${event}`, to);
}

/** Where an event leads, or undefined when the state does not take it. */
export function nextDisputeState(
  kind: DisputeKind,
  from: DisputeState | null,
  event: DisputeEvent,
): DisputeState | undefined {
  return next.get(`${kind}/${String(from)}/${event}`);
}

/** States in which the clock still has something to do; one dispute of a kind may be in them. */
export const OPEN_DISPUTE_STATES: readonly DisputeState[] = ['open', 'accepted'];

export function isOpen({ state }: Pick<Dispute, 'state'>): boolean {
  return OPEN_DISPUTE_STATES.includes(state);
}

/** What a retrieval brought, in the wire's words. */
export const RESPONSE_CODES = {
  '0001': 'All that was asked for.',
  '0002': 'A part of it.',
  '0003': 'Nothing.',
} as const;

export type ResponseCode = keyof typeof RESPONSE_CODES;

export const REFUND_TYPES = {
  ACCEPT_REFUND: 'The whole amount of the escalation is refunded.',
  ACCEPT_PARTIAL_REFUND: 'A part of it is refunded.',
  REFUSE_REFUND: 'Nothing is refunded.',
} as const;

export type RefundType = keyof typeof REFUND_TYPES;

/** A message the hub still owes a partner about a dispute. */
export interface DisputeDuty {
  readonly kind: 'tellAcquirer' | 'tellWallet';
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** One dispute as every decision sees it. */
export interface Dispute {
  readonly id: DisputeId;
  readonly kind: DisputeKind;
  readonly paymentId: PaymentId;
  readonly walletId: WalletId;
  /** The wallet's own id, unique for ever per wallet. */
  readonly walletRequestId: string;
  readonly acquirerId: AcquirerId;
  /** Counted from 1 per payment and kind. */
  readonly number: number;
  readonly state: DisputeState;
  readonly reason: string | null;
  /** What an escalation asks for, in the payment's currency; null for a retrieval. */
  readonly amount: Money | null;
  /** Refunds of the payment from before it; all others count for it, whoever made them. */
  readonly refundsBefore: readonly RefundId[];
  readonly responseCode: ResponseCode | null;
  /** Null until answered, and for ever where nobody answered. */
  readonly refundType: RefundType | null;
  /** What is to be refunded, minor units of the payment's currency. */
  readonly acceptedMinor: bigint | null;
  readonly startedAtMs: number;
  readonly answerDueAtMs: number;
  /** When it was answered, or the clock closed it; a second escalation counts from here. */
  readonly settledAtMs: number | null;
  /** By when the acquirer refunds by itself; afterwards the hub does. */
  readonly refundDueAtMs: number | null;
  readonly completedAtMs: number | null;
  /** When the clock acts next; null when final. */
  readonly clockDueAtMs: number | null;
  readonly duty: DisputeDuty | null;
  readonly traceId: string;
}

/** What happened, as the timeline keeps it. */
export interface DisputeRecord {
  readonly disputeId: DisputeId;
  readonly event: DisputeEvent;
  readonly from: DisputeState | null;
  readonly to: DisputeState;
  readonly atMs: number;
  readonly detail: string;
}

export interface DisputeDecision {
  readonly dispute: Dispute;
  /** Null when nothing changed. */
  readonly record: DisputeRecord | null;
}

/** Moves a dispute along the table; a move that is not in it is a fault of ours. */
export function moveDispute(
  dispute: Dispute,
  event: DisputeEvent,
  nowMs: number,
  detail: string,
  patch: Partial<Dispute>,
): DisputeDecision {
  const to = nextDisputeState(dispute.kind, dispute.state, event);
  invariant(to !== undefined, `${event} does not move a ${dispute.kind} that is ${dispute.state}`);
  return {
    dispute: { ...dispute, ...patch, state: to },
    record: { disputeId: dispute.id, event, from: dispute.state, to, atMs: nowMs, detail },
  };
}
