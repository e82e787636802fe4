import { currencyOf } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { amountRounding } from '#domain/rates/convert';
import { MONEY, MONEY_COLUMNS } from '../totals.js';
import type { Flow, World } from '../world.js';
import { addAt } from './fluid-sums.js';
import type { TicketNodes } from './ticket-nodes.js';

export const COLUMNS = MONEY_COLUMNS.length;

/** Minor units of `to` for one minor unit of `from` at a day's mid, as a double. */
export function minorMid(world: World, day: number, from: number, to: number): number {
  if (from === to) return 1;
  const mid = world.fx.mids[day]?.[from * world.currencies.length + to];
  const [base, counter] = [world.currencies[from] ?? '', world.currencies[to] ?? ''];
  invariant(mid !== undefined, `no rate ${base}/${counter} on day ${String(day)} of the period`);
  let price = Number(mid.numerator) / Number(mid.denominator);
  let shift = currencyOf(counter).exponent - currencyOf(base).exponent;
  for (; shift > 0; shift--) price *= 10;
  for (; shift < 0; shift++) price /= 10;
  return price;
}

/** What a payment is priced with: marked up on the payer's side, mid on the acquirer's. */
export interface PriceLeg {
  readonly payer: number;
  readonly settlement: number;
  /** Mid prices of the day, minor per minor; 1 within one currency. */
  readonly payerMid: number;
  readonly settlementMid: number;
}

/**
 * Expected money of one purchase whose amount lies between two nodes, by column; of those beyond,
 * nothing. Every node is priced as the rules price a payment, with each rounding where the rules
 * round. Doubles, not integers: an expected value has no minor unit. Conversions by themselves
 * round in nobody's favour, yet a fee of a third of a cent rounds to nothing every time, so a rate
 * times a mean would be wrong just where fees are small.
 *
 * @param low, top nodes as `nodesBelow` counts them, fractions included
 */
export function priceBetween(
  world: World,
  flow: Flow,
  markupBps: number,
  nodes: TicketNodes,
  leg: PriceLeg,
  low: number,
  top: number,
): Float64Array {
  const { interchangeBps, schemeFeeWalletBps, schemeFeeAcquirerBps } = flow.corridor;
  const shop = world.destinations[flow.destination]?.currency ?? 0;
  const [payerIsShop, settledInShop] = [leg.payer === shop, leg.settlement === shop];
  const { payerMid, settlementMid } = leg;
  const price = payerIsShop ? 1 : payerMid * (1 + markupBps / 10_000);
  const payerStep = stepOf(world, leg.payer);
  const settleStep = stepOf(world, leg.settlement);
  const sums = new Float64Array(COLUMNS);
  for (let node = Math.floor(low); node < top; node++) {
    const part = Math.min(top, node + 1) - Math.max(low, node);
    const amount = nodes.amounts[node] ?? 0;
    const share = part * (nodes.shares[node] ?? 0);
    const interchange = rounded((amount * interchangeBps) / 10_000);
    const payTo = payerIsShop ? amount : Math.max(payerStep, stepped(amount * price, payerStep));
    const credited = payerIsShop ? interchange : rounded(interchange * price);
    const feeWallet = rounded((payTo * schemeFeeWalletBps) / 10_000);
    const settlement = settledInShop ? amount : stepped(amount * settlementMid, settleStep);
    const charged = settledInShop ? interchange : rounded(interchange * settlementMid);
    const feeAcquirer = rounded((settlement * schemeFeeAcquirerBps) / 10_000);
    const margin = payerIsShop ? 0 : rounded(amount * price) - rounded(amount * payerMid);
    const returned = payerIsShop ? 0 : credited - rounded(interchange * payerMid);
    addAt(sums, MONEY.payments, share);
    addAt(sums, MONEY.paymentMinor, share * amount);
    addAt(sums, MONEY.payToMinor, share * payTo);
    addAt(sums, MONEY.interchangeCreditedMinor, share * credited);
    addAt(sums, MONEY.schemeFeeWalletMinor, share * feeWallet);
    addAt(sums, MONEY.fxMarginMinor, share * margin);
    addAt(sums, MONEY.interchangeMarginMinor, share * returned);
    addAt(sums, MONEY.walletOwesMinor, share * (payTo - credited + feeWallet));
    addAt(sums, MONEY.settlementMinor, share * settlement);
    addAt(sums, MONEY.interchangeChargedMinor, share * charged);
    addAt(sums, MONEY.schemeFeeAcquirerMinor, share * feeAcquirer);
    addAt(sums, MONEY.acquirerReceivesMinor, share * (settlement - charged - feeAcquirer));
    addAt(sums, MONEY.mdrMinor, share * rounded((amount * flow.mdrBps) / 10_000));
  }
  return sums;
}

function stepOf(world: World, currency: number): number {
  return Number(amountRounding(world.currencies[currency] ?? '').increment);
}

function rounded(value: number): number {
  return Math.floor(value + 0.5);
}

function stepped(value: number, step: number): number {
  return Math.floor(value / step + 0.5) * step;
}
