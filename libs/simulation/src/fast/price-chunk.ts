import { invariant } from '#domain/invariant';
import { SLOTS, type BinTerms, type LegColumn } from './bin-terms.js';
import type { ChunkVerdict } from './decide-chunk.js';
import { categoryOf, type DrawnChunk } from './draw-bin.js';
import { exactSteps, feeOf, nearestSteps } from './price-leg.js';

/**
 * Sums of a bin, `[(slot * pairs + pair) * BIN_COLUMNS + column]`: what cannot be worked out from
 * other sums, because each payment rounds by itself.
 */
export const BIN_COLUMNS = 12;
export const BIN = {
  payments: 0,
  payment: 1,
  payTo: 2,
  credited: 3,
  feeWallet: 4,
  margin: 5,
  interchangeMargin: 6,
  settlement: 7,
  charged: 8,
  feeAcquirer: 9,
  mdr: 10,
  refunded: 11,
} as const;

export interface BinSums {
  readonly sums: Float64Array;
  /** By category and by area: payments, then shop's currency. */
  readonly categories: Float64Array;
  readonly areas: Float64Array;
}

export function binSums(pairs: number, categories: number, areas: number): BinSums {
  return {
    sums: new Float64Array(SLOTS * pairs * BIN_COLUMNS),
    categories: new Float64Array(categories * 2),
    areas: new Float64Array(areas * 2),
  };
}

const MINUTES = 60 / 4_294_967_296;

/** The clearing hour of a purchase, counted from the bin's first. */
export function slotOf(terms: BinTerms, chunk: DrawnChunk, at: number, hour: number): number {
  const { lateMinutes } = terms;
  if (lateMinutes === 0) return hour;
  return hour + Math.floor(((chunk.moment[at] ?? 0) * MINUTES + lateMinutes) / 60);
}

/**
 * Prices the paid purchases of a chunk as `pricePayment` does and adds them up. Each sum is an
 * integer in a double, exact below 2^53.
 *
 * @param refunded draws of conduct from here on are refunded later
 * @param into of this bin
 */
export function priceChunk(
  terms: BinTerms,
  chunk: DrawnChunk,
  verdict: ChunkVerdict,
  refunded: number,
  into: BinSums,
): void {
  const { trusted, price, mid, wire, settle, settleMinor, pairs } = terms;
  const { interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps, mdrBps } = terms.flow;
  const { kind, area, amountMinor, conduct } = chunk;
  const { paid, paidAt, paidPair } = verdict;
  const { sums } = into;
  for (let j = 0; j < paid; j++) {
    const at = paidAt[j] ?? 0;
    const pair = paidPair[j] ?? 0;
    const amount = amountMinor[at] ?? 0;
    const kindOf = kind[at] ?? 0;
    const category = categoryOf(kindOf);
    const interchange = feeOf(amount, interchangeBps);
    const atPrice = stepsOf(amount, price, pair, trusted);
    const credited = stepsOf(interchange, price, pair, trusted);
    const payTo = wireOf(amount, atPrice, wire, pair, trusted);
    const step = settle.steps[pair] ?? 1;
    const settlement = stepsOf(amount, settle, pair, trusted) * step;
    const slot = slotOf(terms, chunk, at, kindOf - category * 24);
    const to = (slot * pairs + pair) * BIN_COLUMNS;
    add(sums, to, 1);
    add(sums, to + 1, amount);
    add(sums, to + 2, payTo);
    add(sums, to + 3, credited);
    add(sums, to + 4, feeOf(payTo, schemeFeeWalletBps));
    add(sums, to + 5, atPrice - stepsOf(amount, mid, pair, trusted));
    add(sums, to + 6, credited - stepsOf(interchange, mid, pair, trusted));
    add(sums, to + 7, settlement);
    add(sums, to + 8, stepsOf(interchange, settleMinor, pair, trusted));
    add(sums, to + 9, feeOf(settlement, schemeFeeAcquirerBps));
    add(sums, to + 10, feeOf(amount, mdrBps));
    if ((conduct[at] ?? 0) >= refunded) add(sums, to + 11, amount);
    add(into.categories, category * 2, 1);
    add(into.categories, category * 2 + 1, amount);
    const place = area[at] ?? 0;
    add(into.areas, place * 2, 1);
    add(into.areas, place * 2 + 1, amount);
  }
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

/** Steps of a pair's conversion: by the double, or where it cannot be trusted by the fraction. */
function stepsOf(amount: number, legs: LegColumn, pair: number, trusted: number): number {
  const near = nearestSteps(amount, legs.rates[pair] ?? 0, trusted);
  return near < 0 ? exactly(amount, legs, pair) : near;
}

function exactly(amount: number, legs: LegColumn, pair: number): number {
  const leg = legs.exact[pair];
  invariant(leg !== undefined, 'a pair that meets has its conversions');
  return exactSteps(amount, leg);
}

/** What the payer is shown: the price, at least one step, and in rupiah whole hundreds of minor units. */
function wireOf(
  amount: number,
  atPrice: number,
  wire: LegColumn,
  pair: number,
  trusted: number,
): number {
  const step = wire.steps[pair] ?? 1;
  const steps = step === 1 ? atPrice : stepsOf(amount, wire, pair, trusted);
  return Math.max(steps, 1) * step;
}

/** What one payment's columns are, for whoever looks at payments one by one. */
export interface PricedPurchase {
  readonly payTo: number;
  readonly credited: number;
  readonly feeWallet: number;
  readonly walletOwes: number;
  readonly settlement: number;
  readonly charged: number;
  readonly feeAcquirer: number;
  readonly acquirerReceives: number;
  readonly margin: number;
  readonly interchangeMargin: number;
  readonly mdr: number;
}

/** The same prices for one purchase: what `priceChunk` adds up. */
export function pricePurchase(terms: BinTerms, amount: number, pair: number): PricedPurchase {
  const { trusted, price, mid, wire, settle, settleMinor, flow } = terms;
  const interchange = feeOf(amount, flow.interchangeBps);
  const atPrice = stepsOf(amount, price, pair, trusted);
  const credited = stepsOf(interchange, price, pair, trusted);
  const payTo = wireOf(amount, atPrice, wire, pair, trusted);
  const feeWallet = feeOf(payTo, flow.schemeFeeWalletBps);
  const settlement = stepsOf(amount, settle, pair, trusted) * (settle.steps[pair] ?? 1);
  const charged = stepsOf(interchange, settleMinor, pair, trusted);
  const feeAcquirer = feeOf(settlement, flow.schemeFeeAcquirerBps);
  return {
    payTo,
    credited,
    feeWallet,
    walletOwes: payTo - credited + feeWallet,
    settlement,
    charged,
    feeAcquirer,
    acquirerReceives: settlement - charged - feeAcquirer,
    margin: atPrice - stepsOf(amount, mid, pair, trusted),
    interchangeMargin: credited - stepsOf(interchange, mid, pair, trusted),
    mdr: feeOf(amount, flow.mdrBps),
  };
}
