import {
  FINAL_STATES,
  isFinal,
  PAYMENT_EVENTS,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
  type PaymentEvent,
  type PaymentState,
} from '#domain/payments/state-machine';
import { markdownTable } from './markdown-table.js';

/** States in which a payment may begin, in the order a reader meets them. */
const BEGINNINGS: readonly PaymentState[] = ['awaitingPayer', 'authorising', 'declined'];

const HEAD = `# The life of a payment

This page is written by \`npm run generate\` from the table that decides payments
(\`libs/domain/src/payments/state-machine.ts\`), so it cannot say anything else than the program
does. An event on a state that has no arrow for it changes nothing; its sender is answered from the
state. In particular, a late "paid" never turns a reversal back into a payment: it only makes the
reversal owed once more.
`;

/** The page `docs/payment-states.md`: the machine as a picture and as two tables. */
export function paymentStatesPage(): string {
  const states = Object.entries(PAYMENT_STATES) as [PaymentState, string][];
  const events = Object.entries(PAYMENT_EVENTS) as [PaymentEvent, string][];
  const stateRows = states.map(([state, meaning]) => [`\`${state}\``, meaning, exitsOf(state)]);
  const eventRows = events.map(([event, meaning]) => [`\`${event}\``, meaning, movesOf(event)]);
  return `${HEAD}
${diagram()}

## States

${markdownTable(['State', 'Meaning', 'Where it may lead'], stateRows)}

## Events

${markdownTable(['Event', 'Meaning', 'Moves'], eventRows)}
`;
}

function diagram(): string {
  const arrows = new Map<string, string[]>();
  for (const { from, event, to } of PAYMENT_TRANSITIONS) {
    const arrow = `${from} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
  }
  const lines = [
    ...BEGINNINGS.map((state) => `[*] --> ${state}`),
    ...[...arrows].map(([arrow, events]) => `${arrow}: ${events.join(', ')}`),
    ...FINAL_STATES.map((state) => `${state} --> [*]`),
  ];
  return ['```mermaid', 'stateDiagram-v2', ...lines.map((line) => `    ${line}`), '```'].join('\n');
}

function exitsOf(state: PaymentState): string {
  const next = PAYMENT_TRANSITIONS.filter(({ from, to }) => from === state && to !== state);
  const names = [...new Set(next.map(({ to }) => `\`${to}\``))];
  if (names.length === 0) return 'nowhere';
  return isFinal(state) ? `${names.join(', ')} (within the cancel window)` : names.join(', ');
}

function movesOf(event: PaymentEvent): string {
  return PAYMENT_TRANSITIONS.filter((transition) => transition.event === event)
    .map(({ from, to }) => (from === to ? `stays \`${from}\`` : `\`${from}\` to \`${to}\``))
    .join(', ');
}
