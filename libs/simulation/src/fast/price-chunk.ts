import { invariant } from '#domain/invariant';
import { SLOTS, type BinTerms, type LegColumn } from './bin-terms.js';
import type { ChunkVerdict } from './decide-chunk.js';
import { categoryOf, type DrawnChunk } from './draw-bin.js';
import { exactSteps, feeOf, nearestSteps, TEN_THOUSANDTH } from './price-leg.js';

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
 * integer in a double, exact below 2^53. All conversions of a purchase are made at once and
 * trusted or not together: then `pricePurchase` decides them one by one.
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
  const { trusted, price, mid, settle, settleMinor, pairs, lateMinutes } = terms;
  const { interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps, mdrBps } = terms.flow;
  const [prices, mids, plain] = [price.rates, mid.rates, terms.isPlain];
  const [settles, settleMinors] = [settle.rates, settleMinor.rates];
  const { kind, area, amountMinor, conduct } = chunk;
  const { paid, paidAt, paidPair } = verdict;
  const { sums, categories, areas } = into;
  for (let j = 0; j < paid; j++) {
    const at = paidAt[j] ?? 0;
    const pair = paidPair[j] ?? 0;
    const amount = amountMinor[at] ?? 0;
    const kindOf = kind[at] ?? 0;
    const category = categoryOf(kindOf);
    const hour = kindOf - category * 24;
    const slot = lateMinutes === 0 ? hour : slotOf(terms, chunk, at, hour);
    const to = (slot * pairs + pair) * BIN_COLUMNS;
    const interchange = Math.floor((amount * interchangeBps + 5_000) * TEN_THOUSANDTH);
    const [rate, midRate] = [prices[pair] ?? 0, mids[pair] ?? 0];
    const raisedPrice = amount * rate + 0.5;
    const raisedCredit = interchange * rate + 0.5;
    const raisedMid = amount * midRate + 0.5;
    const raisedCreditMid = interchange * midRate + 0.5;
    const raisedSettled = amount * (settles[pair] ?? 0) + 0.5;
    const raisedCharged = interchange * (settleMinors[pair] ?? 0) + 0.5;
    const atPrice = Math.floor(raisedPrice);
    const credited = Math.floor(raisedCredit);
    const atMid = Math.floor(raisedMid);
    const creditedAtMid = Math.floor(raisedCreditMid);
    const settled = Math.floor(raisedSettled);
    const charged = Math.floor(raisedCharged);
    const distance = Math.max(
      Math.max(Math.abs(raisedPrice - atPrice - 0.5), Math.abs(raisedCredit - credited - 0.5)),
      Math.max(Math.abs(raisedMid - atMid - 0.5), Math.abs(raisedCreditMid - creditedAtMid - 0.5)),
      Math.max(Math.abs(raisedSettled - settled - 0.5), Math.abs(raisedCharged - charged - 0.5)),
    );
    if (distance > trusted || (plain[pair] ?? 0) === 0 || atPrice < 1) {
      addOne(terms, amount, pair, sums, to);
    } else {
      sums[to] = (sums[to] ?? 0) + 1;
      add(sums, to + 1, amount);
      add(sums, to + 2, atPrice);
      add(sums, to + 3, credited);
      add(sums, to + 4, Math.floor((atPrice * schemeFeeWalletBps + 5_000) * TEN_THOUSANDTH));
      add(sums, to + 5, atPrice - atMid);
      add(sums, to + 6, credited - creditedAtMid);
      add(sums, to + 7, settled);
      add(sums, to + 8, charged);
      add(sums, to + 9, Math.floor((settled * schemeFeeAcquirerBps + 5_000) * TEN_THOUSANDTH));
      add(sums, to + 10, Math.floor((amount * mdrBps + 5_000) * TEN_THOUSANDTH));
    }
    if ((conduct[at] ?? 0) >= refunded) add(sums, to + 11, amount);
    add(categories, category * 2, 1);
    add(categories, category * 2 + 1, amount);
    add(areas, (area[at] ?? 0) * 2, 1);
    add(areas, (area[at] ?? 0) * 2 + 1, amount);
  }
}

function addOne(
  terms: BinTerms,
  amount: number,
  pair: number,
  sums: Float64Array,
  to: number,
): void {
  const price = pricePurchase(terms, amount, pair);
  add(sums, to + BIN.payments, 1);
  add(sums, to + BIN.payment, amount);
  add(sums, to + BIN.payTo, price.payTo);
  add(sums, to + BIN.credited, price.credited);
  add(sums, to + BIN.feeWallet, price.feeWallet);
  add(sums, to + BIN.margin, price.margin);
  add(sums, to + BIN.interchangeMargin, price.interchangeMargin);
  add(sums, to + BIN.settlement, price.settlement);
  add(sums, to + BIN.charged, price.charged);
  add(sums, to + BIN.feeAcquirer, price.feeAcquirer);
  add(sums, to + BIN.mdr, price.mdr);
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
