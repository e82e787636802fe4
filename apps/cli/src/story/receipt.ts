import { PAYMENT_STATES, isFinal, type PaymentState } from '#domain/payments/state-machine';
import type { PartnerResult } from '#domain/rejection';
import type { PaymentExplanation } from '#contracts/operator/payments';
import type { Colour, Paint } from '../verbs/paint.js';

/** What somebody holds in the hand after paying, or after trying to. */
export interface Attempt {
  /** What the payer's or the cashier's screen said last. */
  readonly result: PartnerResult;
  /** Null when the hub took no payment up. */
  readonly explanation: PaymentExplanation | null;
  /** Whether the hub goes on serving after this command. */
  readonly hubStays: boolean;
}

/** The receipt of an attempt to pay: what it came to, what it cost, and what happens next. */
export function receiptText({ result, explanation, hubStays }: Attempt, paint: Paint): string {
  if (explanation === null) {
    const { resultStatus, resultCode, resultMessage } = result;
    const verdict = resultStatus === 'U' ? 'Not known whether it is paid.' : 'Not paid.';
    return paint('red', `${verdict} ${resultStatus} ${resultCode}: ${resultMessage}`);
  }
  const { payment, quotes } = explanation;
  const quote = quotes[0];
  const state = payment.state as PaymentState;
  const [colour, title] = headOf(state);
  const charged = state === 'succeeded' ? payment.payToAmount?.text : undefined;
  const lines = [
    paint(colour, title),
    `  to        ${payment.merchantName}`,
    `  amount    ${payment.paymentAmount.text}`,
    `  charged   ${charged ?? chargedText(state, payment.payToAmount?.text)}`,
  ];
  if (quote !== undefined && quote.base !== quote.counter) {
    const day = quote.pinned ? ` (figures of ${quote.legs[0]?.asOf ?? '?'})` : '';
    lines.push(`  rate      1 ${quote.base} = ${quote.price} ${quote.counter}${day}`);
  }
  lines.push(
    `  wallet    ${payment.wallet ?? '?'} (simulated), via ${payment.acquirer}`,
    `  payment   ${payment.id}`,
    `  time      ${payment.completedAt ?? payment.createdAt}`,
  );
  if (payment.decline !== null) {
    const { code, detail, by } = payment.decline;
    lines.push(`  reason    ${code}: ${detail} (${by})`);
  }
  lines.push(...openLines(explanation, hubStays));
  lines.push('', paint('dim', `npm run -s wayfare -- why ${payment.id}`));
  return lines.join('\n');
}

function headOf(state: PaymentState): readonly [Colour, string] {
  switch (state) {
    case 'succeeded':
      return ['green', 'PAID'];
    case 'declined':
      return ['red', 'NOT PAID: declined'];
    case 'closed':
      return ['red', 'NOT PAID: the order is closed'];
    case 'cancelled':
      return ['red', 'NOT PAID: reversed'];
    case 'cancelling':
      return ['yellow', 'NOT PAID: being reversed'];
    case 'awaitingPayer':
      return ['yellow', 'NOT PAID YET'];
    case 'authorising':
    case 'pushing':
      return ['yellow', 'NOT KNOWN YET whether it is paid'];
  }
}

function chargedText(state: PaymentState, wouldBe: string | undefined): string {
  if (state === 'cancelled') return 'nothing; a debit, if there was one, was given back';
  return isFinal(state) || wouldBe === undefined ? 'nothing' : `${wouldBe}, if it is paid`;
}

/** Without this somebody would take an open payment for a lost one, and pay twice. */
function openLines(
  { payment, nextDuty, entries }: PaymentExplanation,
  hubStays: boolean,
): string[] {
  const state = payment.state as PaymentState;
  if (isFinal(state)) {
    return entries.some((entry) => entry.state === 'staged')
      ? ['  books     staged; posted as soon as the clearing queue works']
      : [];
  }
  const next = nextDuty === null ? 'nothing is due' : `${taskOf(nextDuty)}, ${timeOf(nextDuty)}`;
  return [
    `  state     ${state}: ${PAYMENT_STATES[state]}`,
    `  next      ${next}`,
    hubStays
      ? '            The hub sees it through by itself; do not pay again before it has ended.'
      : '            The hub started for this command has ended; the next one (npm start) sees it through.',
  ];
}

type Duty = NonNullable<PaymentExplanation['nextDuty']>;

function taskOf({ kind, attempt }: Duty): string {
  const tried = attempt === 0 ? '' : ` (tried ${String(attempt)} times so far)`;
  switch (kind) {
    case 'inquireWallet':
      return `the hub asks the wallet what came of it${tried}; after the last time it cancels`;
    case 'inquirePush':
      return `the hub asks the acquirer what came of it${tried}; after the last time it cancels`;
    case 'cancelAtWallet':
      return `the hub has the wallet give back the money${tried}, until the wallet confirms`;
    case 'pushToAcquirer':
      return `the hub tells the acquirer${tried}`;
    case 'notifyAcquirer':
      return `the hub notifies the acquirer${tried}`;
    case 'expireOrder':
      return 'the hub closes the order if nobody has paid';
    default:
      return `${kind}${tried}`;
  }
}

function timeOf({ dueAt }: Duty): string {
  return `due ${dueAt.slice(11, 19)} UTC`;
}
