import { invariant } from '#domain/invariant';
import { BIN, BIN_COLUMNS, type BinSums } from './bin-sums.js';
import { SLOTS, type BinTerms, type LegColumn } from './bin-terms.js';
import type { ChunkVerdict } from './decide-chunk.js';
import type { DrawnChunk } from './draw-bin.js';
import { groupPaid } from './group-paid.js';
import { exactSteps, feeOf, nearestSteps, TEN_THOUSANDTH } from './price-leg.js';

/**
 * Prices the paid purchases of a chunk as `pricePayment` does and adds them up, group by group.
 * Each sum is an integer in a double, exact below 2^53.
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
  groupPaid(terms, chunk, verdict, refunded, into);
  const { next } = into.groups;
  let from = 0;
  for (let group = 0; group < next.length; group++) {
    const until = next[group] ?? 0;
    if (until > from) priceGroup(terms, group, from, until, into);
    from = until;
  }
}

/**
 * Prices one pair's purchases. All conversions of a purchase are made at once and trusted or not
 * together: then `pricePurchase` decides them one by one.
 */
function priceGroup(
  terms: BinTerms,
  group: number,
  from: number,
  until: number,
  { sums, dues, groups }: BinSums,
): void {
  const pair = group >>> 1;
  const to = group * BIN_COLUMNS;
  const { interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps, mdrBps } = terms.flow;
  const { sortedSlot, sortedAmount, sortedRefund } = groups;
  const rate = terms.price.rates[pair] ?? 0;
  const midRate = terms.mid.rates[pair] ?? 0;
  const settleRate = terms.settle.rates[pair] ?? 0;
  const chargeRate = terms.settleMinor.rates[pair] ?? 0;
  // Where amounts go in coarser steps, no product of clearances is enough.
  const doubtful = (terms.isPlain[pair] ?? 0) === 1 ? doubtfulBelow(terms.trusted) : 1;
  let [count, payment, payTo, credit, feeWallet, atMids] = [0, 0, 0, 0, 0, 0];
  let [creditMids, settlement, charge, feeAcquirer, mdr, refund] = [0, 0, 0, 0, 0, 0];
  for (let i = from; i < until; i++) {
    const amount = sortedAmount[i] ?? 0;
    const interchange = Math.floor((amount * interchangeBps + 5_000) * TEN_THOUSANDTH);
    const raisedPrice = amount * rate + 0.5;
    const raisedCredit = interchange * rate + 0.5;
    const raisedMid = amount * midRate + 0.5;
    const raisedCreditMid = interchange * midRate + 0.5;
    const raisedSettled = amount * settleRate + 0.5;
    const raisedCharged = interchange * chargeRate + 0.5;
    const atPrice = Math.floor(raisedPrice);
    const credited = Math.floor(raisedCredit);
    const atMid = Math.floor(raisedMid);
    const creditedAtMid = Math.floor(raisedCreditMid);
    const settled = Math.floor(raisedSettled);
    const charged = Math.floor(raisedCharged);
    const clear =
      clearanceOf(raisedPrice - atPrice) *
      clearanceOf(raisedCredit - credited) *
      clearanceOf(raisedMid - atMid) *
      clearanceOf(raisedCreditMid - creditedAtMid) *
      clearanceOf(raisedSettled - settled) *
      clearanceOf(raisedCharged - charged);
    const due = (pair * SLOTS + (sortedSlot[i] ?? 0)) * 2;
    refund += sortedRefund[i] ?? 0;
    if (clear < doubtful || atPrice < 1) {
      addOne(terms, amount, pair, sums, to, dues, due);
      continue;
    }
    const walletFee = Math.floor((atPrice * schemeFeeWalletBps + 5_000) * TEN_THOUSANDTH);
    const acquirerFee = Math.floor((settled * schemeFeeAcquirerBps + 5_000) * TEN_THOUSANDTH);
    add(dues, due, atPrice - credited + walletFee);
    add(dues, due + 1, settled - charged - acquirerFee);
    count += 1;
    payment += amount;
    payTo += atPrice;
    credit += credited;
    feeWallet += walletFee;
    atMids += atMid;
    creditMids += creditedAtMid;
    settlement += settled;
    charge += charged;
    feeAcquirer += acquirerFee;
    mdr += Math.floor((amount * mdrBps + 5_000) * TEN_THOUSANDTH);
  }
  const margins = [payTo - atMids, credit - creditMids] as const;
  const payer = [count, payment, payTo, credit, feeWallet] as const;
  const all = [...payer, ...margins, settlement, charge, feeAcquirer, mdr, refund];
  for (let column = 0; column < BIN_COLUMNS; column++) add(sums, to + column, all[column] ?? 0);
}

/** How far a fraction of one step lies from both its borders: a quarter in the middle, else less. */
function clearanceOf(fraction: number): number {
  return fraction * (1 - fraction);
}

/**
 * A product of six clearances below this may hold one that is too near a border. It takes the
 * place of the greatest of six distances, which would be five jumps that nobody could guess; of
 * ten thousand purchases one is suspected for nothing, and decided exactly all the same.
 */
function doubtfulBelow(trusted: number): number {
  return ((0.5 - trusted) / 4 ** 5) * 1.001;
}

function addOne(
  terms: BinTerms,
  amount: number,
  pair: number,
  sums: Float64Array,
  to: number,
  dues: Float64Array,
  due: number,
): void {
  const price = pricePurchase(terms, amount, pair);
  add(dues, due, price.walletOwes);
  add(dues, due + 1, price.acquirerReceives);
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
