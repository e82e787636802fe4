import { invariant } from '#domain/invariant';
import type { Outage } from '../world.js';
import type { FastTables, FlowTables } from './fast-tables.js';
import type { DayLegs } from './leg-book.js';
import { checkFeeRange, LARGEST, stepsOf, trustedDistance, type PriceLeg } from './price-leg.js';

const DAY_MS = 86_400_000;

/**
 * Everything that decides and prices the purchases of one bin, looked up once a bin. Pairs are
 * numbered anew, from 0, among those that can meet in the flow (`flow.pairs`), so that the columns
 * money is added up in are short.
 */
export interface BinTerms {
  readonly flow: FlowTables;
  /** `[wallet * acquirers + acquirer]`: pair of this flow; −1 not linked, or not connected today. */
  readonly pairAt: Int32Array;
  /** By wallet: the largest amount, shop's currency, that its limit of one payment allows. */
  readonly walletMost: Float64Array;
  /** How many pairs can meet in the flow. */
  readonly pairs: number;
  /** At the price and at mid, to the minor unit; and as the payer is shown it. */
  readonly price: LegColumn;
  readonly mid: LegColumn;
  readonly wire: LegColumn;
  /** What acquirers are owed, as it crosses the wire; and to the minor unit. */
  readonly settle: LegColumn;
  readonly settleMinor: LegColumn;
  /** By pair: 1 where every amount is a whole number of minor units, no coarser step in sight. */
  readonly isPlain: Uint8Array;
  /** See `trustedDistance`; for all conversions of the bin. */
  readonly trusted: number;
  /** When the local day begins, UTC milliseconds. */
  readonly dayStartMs: number;
  /** Clearing hour (see `Totals`) that the first of the bin's slots is; 25 slots cover a day. */
  readonly firstHour: number;
  /** The first slot of the second clearing day that the local day has a part of. */
  readonly secondPart: number;
  /** Minutes by which local hours begin before clearing hours do: 0 at most places. */
  readonly lateMinutes: number;
  /** Those that may strike here today. */
  readonly outages: readonly Outage[];
}

/** One conversion of each pair. */
export interface LegColumn {
  readonly rates: Float64Array;
  readonly steps: Float64Array;
  readonly exact: readonly PriceLeg[];
}

/** Slots of a bin: a local day touches at most so many clearing hours. */
export const SLOTS = 25;

export function binTerms(tables: FastTables, flowIndex: number, day: number): BinTerms {
  const flow = tables.flows[flowIndex];
  invariant(flow !== undefined, `the world has no flow ${String(flowIndex)}`);
  const { legs, wallets, acquirers, days } = tables;
  const pairs = [...flow.pairs].map((pair) => tables.pairs[pair] ?? { wallet: 0, acquirer: 0 });
  const legAt = (index: Int32Array, party: number, parties: number): DayLegs => {
    const found = legs.days[index[(flowIndex * parties + party) * days + day] ?? -1];
    invariant(found !== undefined, 'the conversions of all pairs that can meet are made');
    return found;
  };
  const payerLegs = pairs.map(({ wallet }) => legAt(legs.payer, wallet, wallets));
  const settlementLegs = pairs.map(({ acquirer }) => legAt(legs.settlement, acquirer, acquirers));
  const walletMost = new Float64Array(wallets);
  pairs.forEach(({ wallet }, pair) => {
    const leg = payerLegs[pair]?.wire;
    if (leg === undefined || (walletMost[wallet] ?? 0) > 0) return;
    walletMost[wallet] = largestWithin(tables.walletLimitMinor[wallet] ?? 0, leg);
  });
  const localMinutes = 1_440 + 480 - flow.utcOffsetMinutes;
  const firstHour = day * 24 + Math.floor(localMinutes / 60);
  return {
    flow,
    pairAt: pairsOfDay(tables, flow, day),
    walletMost,
    pairs: pairs.length,
    price: legColumn(payerLegs.map(({ price }) => price)),
    mid: legColumn(payerLegs.map(({ mid }) => mid)),
    wire: legColumn(payerLegs.map(({ wire }) => wire)),
    settle: legColumn(settlementLegs.map(({ wire }) => wire)),
    settleMinor: legColumn(settlementLegs.map(({ price }) => price)),
    isPlain: Uint8Array.from(payerLegs, ({ wire }, pair) =>
      wire.step === 1 && settlementLegs[pair]?.wire.step === 1 ? 1 : 0,
    ),
    trusted: trustedFor(flow, [...payerLegs, ...settlementLegs]),
    dayStartMs: dayStartMs(tables, flow, day),
    firstHour,
    secondPart: (Math.floor(firstHour / 24) + 1) * 24 - firstHour,
    lateMinutes: localMinutes - Math.floor(localMinutes / 60) * 60,
    outages: outagesOf(tables, flow, day),
  };
}

function legColumn(exact: readonly PriceLeg[]): LegColumn {
  return {
    rates: Float64Array.from(exact, ({ rate }) => rate),
    steps: Float64Array.from(exact, ({ step }) => step),
    exact,
  };
}

function pairsOfDay(tables: FastTables, flow: FlowTables, day: number): Int32Array {
  const pairAt = new Int32Array(tables.wallets * tables.acquirers).fill(-1);
  flow.pairs.forEach((global, local) => {
    const { wallet = 0, acquirer = 0 } = tables.pairs[global] ?? {};
    const isConnected =
      day >= (tables.walletFrom[wallet] ?? 0) && day < (tables.walletUntil[wallet] ?? 0);
    if (isConnected) pairAt[wallet * tables.acquirers + acquirer] = local;
  });
  return pairAt;
}

/** The largest amount whose converted worth stays within a limit; amounts convert monotonically. */
function largestWithin(limitMinor: number, leg: PriceLeg): number {
  const trusted = trustedDistance(LARGEST);
  const worth = (amount: number): number =>
    Math.max(leg.step, stepsOf(amount, leg, trusted) * leg.step);
  let amount = Math.min(Math.floor(limitMinor / leg.step / leg.rate), LARGEST);
  while (amount > 0 && worth(amount) > limitMinor) amount -= 1;
  while (amount < LARGEST && worth(amount + 1) <= limitMinor) amount += 1;
  return amount;
}

function trustedFor(flow: FlowTables, legs: readonly DayLegs[]): number {
  const rate = legs.reduce((most, { price, mid }) => Math.max(most, price.rate, mid.rate), 1);
  const most = flow.largestTicket * rate;
  for (const bps of [
    flow.interchangeBps,
    flow.schemeFeeAcquirerBps,
    flow.schemeFeeWalletBps,
    flow.mdrBps,
  ]) {
    checkFeeRange(most, bps);
  }
  return trustedDistance(most);
}

function dayStartMs(tables: FastTables, flow: FlowTables, day: number): number {
  return (tables.firstDay + day) * DAY_MS - flow.utcOffsetMinutes * 60_000;
}

function outagesOf(tables: FastTables, flow: FlowTables, day: number): Outage[] {
  const startMs = dayStartMs(tables, flow, day);
  return tables.outages.filter(
    ({ fromMs, untilMs }) => fromMs < startMs + DAY_MS && untilMs > startMs,
  );
}
