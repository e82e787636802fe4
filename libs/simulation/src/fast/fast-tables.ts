import { invariant } from '#domain/invariant';
import { isoDate } from '#domain/rates/calendar-day';
import { quantileTable, TABLE_LENGTH } from '../random/quantile-table.js';
import { shareTable, type ShareTable } from '../random/share-table.js';
import { flowCode } from '../random/stream-key.js';
import { pairsOf, type Pair } from '../totals.js';
import type { Conduct, Flow, MerchantTable, Outage, Ticket, World } from '../world.js';
import { legBook, type LegBook } from './leg-book.js';

/** Edges are even, so that halves of draws can be compared with halves of edges. */
const EDGES = 2_147_483_648;

/** What kinds of purchases are told apart from fits 13 bits. */
export const MOST_CATEGORIES = 300;

/**
 * A world as the fast kernel holds it: everything a draw or a decision looks up, in columns. Plain
 * data, so that one copy serves all threads.
 */
export interface FastTables {
  readonly firstDay: number;
  readonly days: number;
  readonly areas: number;
  readonly categories: number;
  readonly wallets: number;
  readonly acquirers: number;
  readonly pairs: readonly Pair[];
  /** `[wallet * acquirers + acquirer]`: index of the pair, −1 where the two are not linked. */
  readonly pairOf: Int32Array;
  readonly flows: readonly FlowTables[];
  readonly merchants: MerchantTable;
  /** Quantile tables of all tickets, one after another; see `FlowTables.ticketStart`. */
  readonly quantiles: Float64Array;
  /** By calendar month, 0 to 11, of each day of the period. */
  readonly months: Uint8Array;
  /** By wallet: days of the period (inclusive, exclusive) on which it is connected. */
  readonly walletFrom: Int32Array;
  readonly walletUntil: Int32Array;
  readonly walletLimitMinor: Float64Array;
  readonly legs: LegBook;
  readonly outages: readonly Outage[];
  readonly conduct: ConductEdges;
}

export interface FlowTables {
  /** Names the flow's streams, see `flowCode`. */
  readonly code: number;
  readonly intended: Float64Array;
  readonly dayKinds: Uint8Array;
  /** Undefined where nothing weighs anything: no day may then expect a purchase. */
  readonly kinds: readonly (ShareTable | undefined)[];
  readonly areas: readonly (ShareTable | undefined)[];
  readonly epochs: readonly {
    readonly fromDay: number;
    readonly wallets: ShareTable | undefined;
  }[];
  /** By category: where its quantiles begin, and the step of its amounts. */
  readonly ticketStart: Uint32Array;
  readonly ticketStep: Float64Array;
  readonly largestTicket: number;
  /** By category: draws below are of shops that take wallets. */
  readonly acceptance: Float64Array;
  readonly utcOffsetMinutes: number;
  readonly minMinor: number;
  readonly maxMinor: number;
  readonly interchangeBps: number;
  readonly schemeFeeAcquirerBps: number;
  readonly schemeFeeWalletBps: number;
  readonly mdrBps: number;
  /** Indexes of the pairs that can meet here. */
  readonly pairs: Uint32Array;
}

/**
 * Where one draw of conduct falls: below each edge its outcome, in the order of `OUTCOMES`; not
 * below `refunded` it is paid and refunded later. Each chance is one given those before it did
 * not happen, so one draw serves all of them.
 */
export interface ConductEdges {
  readonly abandoned: number;
  readonly insufficientFunds: number;
  readonly riskRefused: number;
  readonly timedOut: number;
  readonly refunded: number;
}

/** Tables take a moment to make, and a world is played many times. */
const made = new WeakMap<World, FastTables>();

/** The tables of a world, made when they are first asked for. */
export function tablesOf(world: World): FastTables {
  const before = made.get(world);
  if (before !== undefined) return before;
  const tables = fastTables(world);
  made.set(world, tables);
  return tables;
}

export function fastTables(world: World): FastTables {
  const pairs = pairsOf(world);
  const acquirers = world.acquirers.length;
  const pairOf = new Int32Array(world.wallets.length * acquirers).fill(-1);
  pairs.forEach(({ wallet, acquirer }, index) => {
    pairOf[wallet * acquirers + acquirer] = index;
  });
  invariant(
    world.categories.length <= MOST_CATEGORIES,
    `the kernel plays at most ${String(MOST_CATEGORIES)} categories`,
  );
  const intervals = world.merchants.popularity.length - 1;
  invariant(
    intervals >= 2 && (intervals & (intervals - 1)) === 0,
    'popularity has a power of two of intervals, at least two',
  );
  const tickets = new TicketColumn();
  const flows = world.flows.map((flow) => flowTables(world, flow, pairs, tickets));
  return {
    firstDay: world.firstDay,
    days: world.days,
    areas: world.areas.length,
    categories: world.categories.length,
    wallets: world.wallets.length,
    acquirers,
    pairs,
    pairOf,
    flows,
    merchants: world.merchants,
    quantiles: tickets.column(),
    months: Uint8Array.from(
      { length: world.days },
      (_, day) => Number(isoDate(world.firstDay + day).slice(5, 7)) - 1,
    ),
    walletFrom: Int32Array.from(world.wallets, ({ fromDay }) => fromDay - world.firstDay),
    walletUntil: Int32Array.from(world.wallets, ({ untilDay }) => untilDay - world.firstDay),
    walletLimitMinor: Float64Array.from(world.wallets, ({ wallet }) =>
      Number(wallet.perPaymentLimit.minor),
    ),
    legs: legBook(world),
    outages: world.outages,
    conduct: conductEdges(world.conduct),
  };
}

/** Tickets are shared by many flows; each distinct one has its quantiles once. */
class TicketColumn {
  private readonly starts = new Map<string, number>();
  private readonly parts: Float64Array[] = [];

  startOf(ticket: Ticket): number {
    const { medianMinor, sigma, minMinor, maxMinor, stepMinor } = ticket;
    const key = [medianMinor, sigma, minMinor, maxMinor, stepMinor].join();
    const known = this.starts.get(key);
    if (known !== undefined) return known;
    const start = this.parts.length * TABLE_LENGTH;
    this.parts.push(quantileTable(ticket).quantiles);
    this.starts.set(key, start);
    return start;
  }

  column(): Float64Array {
    const column = new Float64Array(this.parts.length * TABLE_LENGTH);
    this.parts.forEach((part, index) => column.set(part, index * TABLE_LENGTH));
    return column;
  }
}

function flowTables(
  world: World,
  flow: Flow,
  pairs: readonly Pair[],
  tickets: TicketColumn,
): FlowTables {
  const destination = world.destinations[flow.destination];
  const origin = world.origins[flow.origin];
  invariant(destination !== undefined && origin !== undefined, 'a flow has two ends');
  const { corridor } = flow;
  const here = pairs.flatMap(({ wallet, acquirer }, index) => {
    const meets =
      world.wallets[wallet]?.origin === flow.origin &&
      world.acquirers[acquirer]?.destination === flow.destination;
    return meets ? [index] : [];
  });
  return {
    code: flowCode(origin, destination.market),
    intended: flow.intended,
    dayKinds: flow.dayKinds,
    kinds: flow.hourWeights.map((weights) => tableOf(weights, 14)),
    areas: flow.areaWeights.map((weights) => tableOf(weights, 12)),
    epochs: flow.walletEpochs.map(({ fromDay, weights }) => ({
      fromDay: fromDay - world.firstDay,
      wallets: tableOf(weights, 10),
    })),
    ticketStart: Uint32Array.from(flow.tickets, (ticket) => tickets.startOf(ticket)),
    ticketStep: Float64Array.from(flow.tickets, ({ stepMinor }) => stepMinor),
    largestTicket: flow.tickets.reduce((most, { maxMinor }) => Math.max(most, maxMinor), 0),
    acceptance: flow.acceptance.map(edgeOf),
    utcOffsetMinutes: destination.utcOffsetMinutes,
    minMinor: Number(corridor.minPayment.minor),
    maxMinor: Number(corridor.maxPayment.minor),
    interchangeBps: corridor.interchangeBps,
    schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
    schemeFeeWalletBps: corridor.schemeFeeWalletBps,
    mdrBps: flow.mdrBps,
    pairs: Uint32Array.from(here),
  };
}

function tableOf(weights: Float64Array, slotBits: number): ShareTable | undefined {
  return weights.some((weight) => weight > 0) ? shareTable(weights, slotBits) : undefined;
}

/** The draw below which so great a share of all lies. */
function edgeOf(share: number): number {
  return Math.floor(share * EDGES + 0.5) * 2;
}

function conductEdges(conduct: Conduct): ConductEdges {
  let left = 1;
  const edge = (chance: number): number => {
    invariant(chance >= 0 && chance <= 1, 'a chance lies between 0 and 1');
    left *= 1 - chance;
    return edgeOf(1 - left);
  };
  const abandoned = edge(conduct.abandoned);
  const insufficientFunds = edge(conduct.insufficientFunds);
  const riskRefused = edge(conduct.riskRefused);
  const timedOut = edge(conduct.timedOut);
  const refunded = edgeOf(1 - left * conduct.refunded);
  return { abandoned, insufficientFunds, riskRefused, timedOut, refunded };
}
