import type { CurrencyCode } from '../currency.js';
import { HUB } from '../journal.js';
import type { ObligationRole } from '../settlement/obligation.js';
import { OBLIGATION_ACCOUNTS } from '../settlement/obligation.js';
import { netFlows, type CurrencyNetting, type PairFlow } from './net-flows.js';

/** What one account moved in the cycle, all owners and currencies; debits positive. */
export interface BookTotal {
  readonly owner: string;
  readonly account: string;
  readonly currency: CurrencyCode;
  /** The currency a dollar equivalent stands for; else null. */
  readonly of: CurrencyCode | null;
  readonly minor: bigint;
}

export interface ProvenObligation {
  readonly participant: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly own: bigint;
  readonly carriedIn: bigint;
  readonly minor: bigint;
  readonly minimum: bigint;
  readonly state: 'due' | 'carried' | 'held' | 'settled';
  /** ISO day; null unless due. */
  readonly valueDate: string | null;
  readonly currencies: readonly CurrencyCode[];
  readonly reason: string;
}

/**
 * Everything a stranger needs to recompute what a cycle came to: what moved between whom, what the
 * books say, and what was made of it (docs/settlement.md, "The proof").
 */
export interface NettingProof {
  readonly cycle: string;
  readonly flows: readonly PairFlow[];
  readonly books: readonly BookTotal[];
  readonly models: readonly CurrencyNetting[];
  readonly obligations: readonly ProvenObligation[];
}

/** One thing that was looked at; `faults` names each difference in a sentence. */
export interface ProofFinding {
  readonly name: string;
  readonly what: string;
  readonly faults: readonly string[];
}

/** Looks at every claim of a proof by computing it again. Any fault means: do not pay by it. */
export function checkProof(proof: NettingProof): ProofFinding[] {
  return [
    finding('models', 'Gross, bilateral and multilateral figures follow from the flows.', [
      ...modelFaults(proof),
    ]),
    finding(
      'books-follow-flows',
      'What each participant moved in the books is what its flows say.',
      [...bookFaults(proof)],
    ),
    finding('zero-sum', 'All accounts of a currency, the hub included, sum to zero.', [
      ...zeroSumFaults(proof),
    ]),
    finding(
      'obligations-follow-books',
      'Each obligation is its account’s total, and none is missing.',
      [...obligationFaults(proof)],
    ),
    finding('amounts-due', 'Carried amounts are added, and only small or undated ones wait.', [
      ...dueFaults(proof),
    ]),
  ];
}

function finding(name: string, what: string, faults: readonly string[]): ProofFinding {
  return { name, what, faults };
}

function* modelFaults({ flows, models }: NettingProof): Generator<string> {
  const expected = new Map(netFlows(flows).map((net) => [net.currency, net]));
  for (const given of models) {
    const net = expected.get(given.currency);
    expected.delete(given.currency);
    if (net === undefined) yield `${given.currency}: there are no flows`;
    else yield* differences(given.currency, shapeOf(given), shapeOf(net));
  }
  for (const currency of expected.keys()) yield `${currency}: the figures are missing`;
}

function shapeOf(net: CurrencyNetting): Map<string, bigint> {
  return new Map<string, bigint>([
    ['gross transfers', BigInt(net.gross.transfers)],
    ['gross value', net.gross.minor],
    ['bilateral transfers', BigInt(net.bilateral.transfers)],
    ['bilateral value', net.bilateral.minor],
    ['multilateral transfers', BigInt(net.multilateral.transfers)],
    ['multilateral value', net.multilateral.minor],
    ['saved by bilateral netting (bps)', net.bilateralSavedBps],
    ['saved by multilateral netting (bps)', net.multilateralSavedBps],
    ['position of the hub', net.hub],
    ...net.positions.map(({ participant, minor }): [string, bigint] => [
      `position of ${participant}`,
      minor,
    ]),
  ]);
}

function* differences(
  where: string,
  given: ReadonlyMap<string, bigint>,
  expected: ReadonlyMap<string, bigint>,
): Generator<string> {
  for (const name of new Set([...given.keys(), ...expected.keys()])) {
    const says = given.get(name) ?? 0n;
    const is = expected.get(name) ?? 0n;
    if (says !== is) yield `${where}: ${name} says ${says}, computed ${is}`;
  }
}

function* bookFaults({ flows, books }: NettingProof): Generator<string> {
  const booked = sums(
    books.filter(({ owner }) => owner !== HUB),
    ({ owner, currency }) => `${owner} ${currency}`,
    ({ minor }) => minor,
  );
  const flowed = sums(
    flows,
    ({ participant, currency }) => `${participant} ${currency}`,
    ({ pays, receives }) => pays - receives,
  );
  yield* differences('books', booked, flowed);
}

function* zeroSumFaults({ books, models }: NettingProof): Generator<string> {
  const all = sums(
    books,
    ({ currency }) => currency,
    ({ minor }) => minor,
  );
  for (const [currency, minor] of all) {
    if (minor !== 0n) yield `${currency}: the books sum to ${minor}`;
  }
  const hub = sums(
    books.filter(({ owner }) => owner === HUB),
    ({ currency }) => currency,
    ({ minor }) => minor,
  );
  for (const model of models) {
    const total = model.positions.reduce((sum, { minor }) => sum + minor, model.hub);
    if (total !== 0n) yield `${model.currency}: positions sum to ${total} with the hub`;
    const own = hub.get(model.currency) ?? 0n;
    if (own !== model.hub)
      yield `${model.currency}: the hub's books say ${own}, its position ${model.hub}`;
  }
}

function* obligationFaults({ books, obligations }: NettingProof): Generator<string> {
  const booked = sums(
    books.filter(({ owner }) => owner !== HUB),
    ({ owner, account, currency }) => `${owner} ${account} ${currency}`,
    ({ minor }) => minor,
  );
  const owed = sums(
    obligations,
    ({ participant, role, currency }) => `${participant} ${OBLIGATION_ACCOUNTS[role]} ${currency}`,
    ({ own }) => own,
  );
  yield* differences('obligation', owed, booked);
}

function* dueFaults({ obligations }: NettingProof): Generator<string> {
  for (const o of obligations) {
    const where = `${o.participant} ${o.currency}`;
    if (o.minor !== o.own + o.carriedIn) {
      yield `${where}: ${o.own} and ${o.carriedIn} carried in are not ${o.minor}`;
    }
    const magnitude = o.minor < 0n ? -o.minor : o.minor;
    const small = magnitude < o.minimum;
    const waits = o.minor === 0n ? 'settled' : small ? 'carried' : null;
    const right = waits === null ? o.state === 'due' || o.state === 'held' : o.state === waits;
    if (!right) yield `${where}: ${o.minor} with a minimum of ${o.minimum} cannot be ${o.state}`;
    if ((o.state === 'due') !== (o.valueDate !== null)) {
      yield `${where}: ${o.state} with value date ${o.valueDate ?? 'none'}`;
    }
  }
}

function sums<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  minorOf: (item: T) => bigint,
): Map<string, bigint> {
  const result = new Map<string, bigint>();
  for (const item of list) {
    result.set(keyOf(item), (result.get(keyOf(item)) ?? 0n) + minorOf(item));
  }
  return result;
}
