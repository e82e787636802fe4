import { isoDate } from '#domain/rates/calendar-day';
import type { Pair } from '../totals.js';
import type { Flow, Ticket, World } from '../world.js';
import { placeMix, type PlaceMix } from './acquirer-mix.js';
import { hourPlaces, type HourPlaces } from './day-hours.js';
import { conductChances, type Passage } from './passage.js';
import { PriceBook } from './price-book.js';
import { ticketNodes, type TicketNodes } from './ticket-nodes.js';

const HOURS = 24;

/** What of a world is the same for all flows and passes, worked out once. */
export interface WorldParts {
  readonly world: World;
  readonly shares: Float64Array;
  readonly pairs: readonly Pair[];
  /** `pairOf[wallet * acquirers + acquirer]`, −1 where the two are not linked. */
  readonly pairOf: Int32Array;
  /** Calendar month (0 to 11) of each day. */
  readonly months: Uint8Array;
  /** Flows share tickets: each is boiled down once. */
  readonly nodesOf: (ticket: Ticket) => TicketNodes;
}

export function worldParts(world: World, shares: Float64Array, pairs: readonly Pair[]): WorldParts {
  const pairOf = new Int32Array(world.wallets.length * world.acquirers.length).fill(-1);
  for (const [index, { wallet, acquirer }] of pairs.entries()) {
    pairOf[wallet * world.acquirers.length + acquirer] = index;
  }
  const months = Uint8Array.from(
    { length: world.days },
    (_, day) => Number(isoDate(world.firstDay + day).slice(5, 7)) - 1,
  );
  const known = new Map<string, TicketNodes>();
  const nodesOf = (ticket: Ticket): TicketNodes => {
    const { medianMinor, sigma, minMinor, maxMinor, stepMinor } = ticket;
    const key = [medianMinor, sigma, minMinor, maxMinor, stepMinor].join(' ');
    const nodes = known.get(key) ?? ticketNodes(ticket);
    known.set(key, nodes);
    return nodes;
  };
  return { world, shares, pairs, pairOf, months, nodesOf };
}

/** What of a flow is the same every day, or every day of a kind or month. */
export interface FlowParts {
  readonly flow: Flow;
  readonly index: number;
  readonly utcOffsetMinutes: number;
  readonly places: HourPlaces;
  readonly nodes: readonly TicketNodes[];
  /** By kind of day: `share[category * 24 + hour]`, adding up to 1. */
  readonly hourShares: readonly [Float64Array, Float64Array];
  /** The same, all hours together. */
  readonly categoryShares: readonly [Float64Array, Float64Array];
  /** Of what payer and wallet are asked to pay, the share that is paid. */
  readonly paidOfAsked: number;
  /** Acquirers of the destination. */
  readonly acquirers: readonly number[];
  readonly mixOf: (month: number) => PlaceMix;
  readonly bookOf: (payer: number, settlement: number) => PriceBook;
  /** Passages once worked out, by wallet, settlement currency and reference. */
  readonly passages: Map<string, Passage>;
}

export function flowParts(
  { world, shares, nodesOf }: WorldParts,
  index: number,
  flow: Flow,
): FlowParts {
  const nodes = flow.tickets.map(nodesOf);
  const mixes = new Map<number, PlaceMix>();
  const books = new Map<number, PriceBook>();
  const hourShares = [sharesOf(flow.hourWeights[0]), sharesOf(flow.hourWeights[1])] as const;
  const offset = world.destinations[flow.destination]?.utcOffsetMinutes ?? 0;
  return {
    flow,
    index,
    utcOffsetMinutes: offset,
    places: hourPlaces(offset),
    nodes,
    hourShares,
    categoryShares: [byCategory(hourShares[0]), byCategory(hourShares[1])],
    paidOfAsked: conductChances(world.conduct).at(-1)?.chance ?? 0,
    acquirers: world.acquirers.flatMap(({ destination }, acquirer) =>
      destination === flow.destination ? [acquirer] : [],
    ),
    passages: new Map(),
    mixOf: (month) => {
      const mix = mixes.get(month) ?? placeMix(world, flow, month, shares);
      mixes.set(month, mix);
      return mix;
    },
    bookOf: (payer, settlement) => {
      const key = payer * world.currencies.length + settlement;
      const markupBps = world.fx.markupBps[index] ?? 0;
      const book = books.get(key) ?? new PriceBook(world, flow, markupBps, payer, settlement);
      books.set(key, book);
      return book;
    },
  };
}

/** Weights as shares; all zero where nothing weighs anything. */
export function sharesOf(weights: Float64Array): Float64Array {
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

function byCategory(hourShares: Float64Array): Float64Array {
  return Float64Array.from({ length: hourShares.length / HOURS }, (_, category) =>
    hourShares
      .subarray(category * HOURS, (category + 1) * HOURS)
      .reduce((sum, share) => sum + share, 0),
  );
}

/** Shares of a flow's wallets on a day: of the last epoch that has begun. */
export function walletSharesOn(flow: Flow, dayNumber: number): Float64Array {
  let weights = flow.walletEpochs[0]?.weights ?? new Float64Array();
  for (const epoch of flow.walletEpochs) if (epoch.fromDay <= dayNumber) weights = epoch.weights;
  return sharesOf(weights);
}
