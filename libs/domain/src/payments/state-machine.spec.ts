/**
 * Goal: the published table is a sound machine: nothing unreachable, nothing without a way out,
 * finals final, every word explained. Method: the table as a graph, and what may never be an edge.
 */
import {
  FINAL_STATES,
  isFinal,
  nextState,
  PAYMENT_EVENTS,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
  type PaymentEvent,
  type PaymentState,
} from './state-machine.js';

const states = Object.keys(PAYMENT_STATES) as PaymentState[];
const events = Object.keys(PAYMENT_EVENTS) as PaymentEvent[];
/** States in which `decideOpen` may begin a payment. */
const FIRST: readonly PaymentState[] = ['awaitingPayer', 'authorising', 'declined'];

function reach(from: readonly PaymentState[]): Set<PaymentState> {
  const seen = new Set(from);
  for (let size = -1; size !== seen.size;) {
    size = seen.size;
    for (const { from: at, to } of PAYMENT_TRANSITIONS) if (seen.has(at)) seen.add(to);
  }
  return seen;
}

describe('the published state machine', () => {
  it('has no state that cannot be reached', () => {
    expect([...reach(FIRST)].sort()).toEqual([...states].sort());
  });

  it('has a way to an end from everywhere', () => {
    for (const state of states) {
      expect([...reach([state])].some(isFinal)).toBe(true);
    }
  });

  it('uses every event it explains, and explains every word it uses', () => {
    expect(new Set(PAYMENT_TRANSITIONS.map(({ event }) => event))).toEqual(new Set(events));
    for (const { from, event, to } of PAYMENT_TRANSITIONS) {
      expect(PAYMENT_STATES[from]).toMatch(/\.$/);
      expect(PAYMENT_STATES[to]).toMatch(/\.$/);
      expect(PAYMENT_EVENTS[event]).toMatch(/\.$/);
    }
  });

  it('leaves a final state only to take a success back', () => {
    const exits = PAYMENT_TRANSITIONS.filter(({ from, to }) => isFinal(from) && from !== to);
    expect(exits).toEqual([{ from: 'succeeded', event: 'cancelRequested', to: 'cancelling' }]);
  });

  it('never leads from a reversal back to money', () => {
    expect([...reach(['cancelling'])].sort()).toEqual(['cancelled', 'cancelling']);
    expect([...reach(['declined'])]).toEqual(['declined']);
    expect([...reach(['closed'])]).toEqual(['closed']);
  });

  it('reaches success only by the word of the one who took the money', () => {
    const ways = PAYMENT_TRANSITIONS.filter(({ from, to }) => to === 'succeeded' && from !== to);
    expect(ways.map(({ from, event }) => `${from} ${event}`).sort()).toEqual([
      'authorising walletPaid',
      'pushing acquirerAccepted',
    ]);
  });

  it('calls final exactly what owes no decision', () => {
    expect([...FINAL_STATES].sort()).toEqual(['cancelled', 'closed', 'declined', 'succeeded']);
  });

  it('answers every pair of state and event as the table says, and nothing else', () => {
    const listed = new Map(PAYMENT_TRANSITIONS.map((t) => [`${t.from} ${t.event}`, t.to]));
    expect(listed.size).toBe(PAYMENT_TRANSITIONS.length);
    for (const state of states) {
      for (const event of events) {
        expect(nextState(state, event)).toBe(listed.get(`${state} ${event}`));
      }
    }
  });
});
