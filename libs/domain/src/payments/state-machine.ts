import { invariant } from '../invariant.js';

/**
 * The life of a payment, published as data: the decisions, the diagram in docs/, the `why`
 * command and the invariants all read this one table, so that a move that is not in it cannot
 * happen and cannot be documented either.
 */
export const PAYMENT_STATES = {
  awaitingPayer: 'An order with a code out; nobody is reserved yet.',
  authorising: "The payer is known and reserved; the wallet's final answer is awaited.",
  pushing: 'The payer is debited; the acquirer is being told (national QR).',
  succeeded: 'Paid. Final, unless cancelled before its cycle is final.',
  declined: 'Refused by the hub or the wallet. Final.',
  closed: 'Nobody paid before the order expired or was withdrawn. Final.',
  cancelling: "Being reversed; only the wallet's confirmation ends it, or two operators' word.",
  cancelled: 'Reversed, or certain never to have happened. Final; a late debit is reversed again.',
} as const;

export type PaymentState = keyof typeof PAYMENT_STATES;

export const PAYMENT_EVENTS = {
  payerIdentified: 'A wallet user took the order and was reserved.',
  payerTurnedAway: 'A wallet user could not take the order; it stays open for others.',
  walletPaid: 'The wallet debited the payer.',
  walletDebited: 'The wallet debited the payer; the acquirer must now take the payment.',
  walletRefused: 'The wallet refused, finally.',
  walletUnknown: 'The wallet gave no final answer; inquiries follow the timetable.',
  inquiryExhausted: 'The last inquiry of the timetable brought no final answer.',
  expired: 'The time to pay is over.',
  cancelRequested: 'The acquirer asked to cancel.',
  cancelConfirmed: 'The wallet confirmed the reversal.',
  cancelUnknown: 'The wallet did not confirm the reversal; it is asked again.',
  cancelTakenAsDone: 'Two operators took the reversal as done; the wallet is asked on.',
  acquirerAccepted: 'The acquirer took the pushed payment.',
  acquirerRefused: 'The acquirer refused the pushed payment.',
  acquirerUnknown: 'The acquirer gave no final answer; inquiries follow the timetable.',
  acquirerNotified: 'The acquirer acknowledged the notification.',
  notificationFailed: 'The acquirer did not acknowledge; the notification is sent again.',
} as const;

export type PaymentEvent = keyof typeof PAYMENT_EVENTS;

export interface Transition {
  readonly from: PaymentState;
  readonly event: PaymentEvent;
  readonly to: PaymentState;
}

/** Every legal move. An event on a state that is not listed here changes nothing. */
export const PAYMENT_TRANSITIONS: readonly Transition[] = [
  { from: 'awaitingPayer', event: 'payerIdentified', to: 'authorising' },
  { from: 'awaitingPayer', event: 'payerTurnedAway', to: 'awaitingPayer' },
  { from: 'awaitingPayer', event: 'expired', to: 'closed' },
  { from: 'awaitingPayer', event: 'cancelRequested', to: 'closed' },
  { from: 'authorising', event: 'walletPaid', to: 'succeeded' },
  { from: 'authorising', event: 'walletDebited', to: 'pushing' },
  { from: 'authorising', event: 'walletRefused', to: 'declined' },
  { from: 'authorising', event: 'walletUnknown', to: 'authorising' },
  { from: 'authorising', event: 'inquiryExhausted', to: 'cancelling' },
  { from: 'authorising', event: 'expired', to: 'cancelling' },
  { from: 'authorising', event: 'cancelRequested', to: 'cancelling' },
  { from: 'pushing', event: 'acquirerAccepted', to: 'succeeded' },
  { from: 'pushing', event: 'acquirerRefused', to: 'cancelling' },
  { from: 'pushing', event: 'acquirerUnknown', to: 'pushing' },
  { from: 'pushing', event: 'inquiryExhausted', to: 'cancelling' },
  { from: 'pushing', event: 'cancelRequested', to: 'cancelling' },
  { from: 'succeeded', event: 'cancelRequested', to: 'cancelling' },
  { from: 'succeeded', event: 'acquirerNotified', to: 'succeeded' },
  { from: 'succeeded', event: 'notificationFailed', to: 'succeeded' },
  { from: 'cancelling', event: 'cancelConfirmed', to: 'cancelled' },
  { from: 'cancelling', event: 'cancelUnknown', to: 'cancelling' },
  { from: 'cancelling', event: 'walletRefused', to: 'cancelled' },
  { from: 'cancelling', event: 'cancelTakenAsDone', to: 'cancelled' },
  { from: 'cancelled', event: 'walletPaid', to: 'cancelled' },
  { from: 'cancelled', event: 'cancelConfirmed', to: 'cancelled' },
  { from: 'cancelled', event: 'cancelUnknown', to: 'cancelled' },
  { from: 'declined', event: 'acquirerNotified', to: 'declined' },
  { from: 'declined', event: 'notificationFailed', to: 'declined' },
  { from: 'cancelled', event: 'acquirerNotified', to: 'cancelled' },
  { from: 'cancelled', event: 'notificationFailed', to: 'cancelled' },
];

const next = new Map<PaymentState, Map<PaymentEvent, PaymentState>>();
for (const { from, event, to } of PAYMENT_TRANSITIONS) {
  const events = next.get(from) ?? new Map<PaymentEvent, PaymentState>();
  invariant(!events.has(event), `two transitions for ${event} on ${from}`);
  next.set(from, events.set(event, to));
}

/** Where an event leads, or undefined when the state does not take it. */
export function nextState(from: PaymentState, event: PaymentEvent): PaymentState | undefined {
  return next.get(from)?.get(event);
}

/** States in which nothing is owed by a partner's decision any more. */
export const FINAL_STATES: readonly PaymentState[] = [
  'succeeded',
  'declined',
  'closed',
  'cancelled',
];

export function isFinal(state: PaymentState): boolean {
  return FINAL_STATES.includes(state);
}
