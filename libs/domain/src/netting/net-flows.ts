import type { CurrencyCode } from '../currency.js';
import { invariant } from '../invariant.js';

/**
 * What one participant pays and receives in one currency because of its dealings with one other
 * participant: the finest thing that netting starts from. A payment of a Thai wallet at a Japanese
 * acquirer adds to two of them, one in baht (the wallet pays) and one in yen (the acquirer
 * receives); the hub stands on the other side of both and holds the difference of currencies.
 */
export interface PairFlow {
  readonly participant: string;
  readonly counterparty: string;
  readonly currency: CurrencyCode;
  /** What the counterparty pays or receives the same payments in. */
  readonly counterCurrency: CurrencyCode;
  /** Minor units, never negative: towards the hub. */
  readonly pays: bigint;
  /** Minor units, never negative: from the hub. */
  readonly receives: bigint;
  /** Payments and refunds in it. */
  readonly items: number;
}

/** How much money moves, and in how many transfers, if one settles this way. */
export interface ModelFigure {
  readonly transfers: number;
  /** Sum of all transfers, minor units. */
  readonly minor: bigint;
}

/** A participant's multilateral position: positive means that it pays the hub. */
export interface NetPosition {
  readonly participant: string;
  readonly minor: bigint;
}

/** The three ways to settle the same flows of one currency, side by side. */
export interface CurrencyNetting {
  readonly currency: CurrencyCode;
  /** Every payment and refund by itself. */
  readonly gross: ModelFigure;
  /** One transfer for each pair of participants, before the hub steps between. */
  readonly bilateral: ModelFigure;
  /** One transfer between each participant and the hub. */
  readonly multilateral: ModelFigure;
  /** By participant, in the order of their ids; those with nothing to settle are left out. */
  readonly positions: readonly NetPosition[];
  /** The hub's own position; with all others it sums to zero. */
  readonly hub: bigint;
  /** Of the gross value, what bilateral and multilateral netting need not move; basis points. */
  readonly bilateralSavedBps: bigint;
  readonly multilateralSavedBps: bigint;
}

interface Sums {
  readonly pairs: Map<string, bigint>;
  readonly participants: Map<string, bigint>;
  grossMinor: bigint;
  items: number;
}

/**
 * Nets the same flows in three ways, currency by currency. The hub is counterparty of every
 * obligation, so its position is the rest to zero. The order of the flows does not matter, and a
 * flow may come in several parts.
 */
export function netFlows(flows: readonly PairFlow[]): CurrencyNetting[] {
  const byCurrency = new Map<CurrencyCode, Sums>();
  for (const flow of flows) {
    invariant(flow.pays >= 0n && flow.receives >= 0n, 'a flow has two sides, none is negative');
    const sums = sumsOf(byCurrency, flow.currency);
    const net = flow.pays - flow.receives;
    add(sums.pairs, `${flow.participant}|${flow.counterparty}`, net);
    add(sums.participants, flow.participant, net);
    sums.grossMinor += flow.pays + flow.receives;
    sums.items += flow.items;
  }
  return [...byCurrency]
    .sort(([a], [b]) => compareText(a, b))
    .map(([currency, sums]) => nettingOf(currency, sums));
}

function nettingOf(currency: CurrencyCode, sums: Sums): CurrencyNetting {
  const gross: ModelFigure = { transfers: sums.items, minor: sums.grossMinor };
  const bilateral = figureOf([...sums.pairs.values()]);
  const positions = [...sums.participants]
    .map(([participant, minor]): NetPosition => ({ participant, minor }))
    .filter(({ minor }) => minor !== 0n)
    .sort((a, b) => compareText(a.participant, b.participant));
  const multilateral = figureOf(positions.map(({ minor }) => minor));
  return {
    currency,
    gross,
    bilateral,
    multilateral,
    positions,
    hub: -positions.reduce((sum, { minor }) => sum + minor, 0n),
    bilateralSavedBps: savedBps(gross, bilateral),
    multilateralSavedBps: savedBps(gross, multilateral),
  };
}

function figureOf(nets: readonly bigint[]): ModelFigure {
  const moved = nets.filter((minor) => minor !== 0n);
  return {
    transfers: moved.length,
    minor: moved.reduce((sum, minor) => sum + (minor < 0n ? -minor : minor), 0n),
  };
}

/** Rounded down, so that nobody is told of a saving that is not there. */
function savedBps(gross: ModelFigure, net: ModelFigure): bigint {
  return gross.minor === 0n ? 0n : ((gross.minor - net.minor) * 10_000n) / gross.minor;
}

function sumsOf(byCurrency: Map<CurrencyCode, Sums>, currency: CurrencyCode): Sums {
  const known = byCurrency.get(currency);
  if (known !== undefined) return known;
  const sums: Sums = { pairs: new Map(), participants: new Map(), grossMinor: 0n, items: 0 };
  byCurrency.set(currency, sums);
  return sums;
}

function add(sums: Map<string, bigint>, key: string, minor: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + minor);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
