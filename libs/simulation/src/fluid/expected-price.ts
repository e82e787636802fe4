import { currencyOf } from '#domain/currency';
import { invariant } from '#domain/invariant';
import { amountRounding } from '#domain/rates/convert';
import { MONEY, MONEY_COLUMNS } from '../totals.js';
import type { Flow, World } from '../world.js';
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
 * Expected money of one purchase, before it is known whether limits let it through: of all nodes
 * up to each one, so that what lies between two limits is a difference.
 * `below[node * COLUMNS + column]`.
 */
export interface PriceBelow {
  readonly below: Float64Array;
  readonly leg: PriceLeg;
}

/**
 * Prices every node as the rules price a payment, with each rounding where the rules round, and
 * sums up. Doubles, not integers: an expected value has no minor unit. Conversions by themselves
 * round in nobody's favour, yet a fee of a third of a cent rounds to nothing every time, so a rate
 * times a mean would be wrong just where fees are small.
 */
export function priceNodes(
  world: World,
  flow: Flow,
  markupBps: number,
  nodes: TicketNodes,
  leg: PriceLeg,
): PriceBelow {
  const { corridor } = flow;
  const shop = world.destinations[flow.destination]?.currency ?? 0;
  const sameAsPayer = leg.payer === shop;
  const sameAsAcquirer = leg.settlement === shop;
  const price = sameAsPayer ? 1 : leg.payerMid * (1 + markupBps / 10_000);
  const payerStep = Number(amountRounding(world.currencies[leg.payer] ?? '').increment);
  const settleStep = Number(amountRounding(world.currencies[leg.settlement] ?? '').increment);
  const below = new Float64Array((nodes.amounts.length + 1) * COLUMNS);
  for (let node = 0; node < nodes.amounts.length; node++) {
    const amount = nodes.amounts[node] ?? 0;
    const share = nodes.shares[node] ?? 0;
    const interchange = rounded((amount * corridor.interchangeBps) / 10_000);
    const payTo = sameAsPayer ? amount : Math.max(payerStep, stepped(amount * price, payerStep));
    const credited = sameAsPayer ? interchange : rounded(interchange * price);
    const feeWallet = rounded((payTo * corridor.schemeFeeWalletBps) / 10_000);
    const settlement = sameAsAcquirer ? amount : stepped(amount * leg.settlementMid, settleStep);
    const charged = sameAsAcquirer ? interchange : rounded(interchange * leg.settlementMid);
    const feeAcquirer = rounded((settlement * corridor.schemeFeeAcquirerBps) / 10_000);
    const from = node * COLUMNS;
    const add = (column: number, value: number): void => {
      below[from + COLUMNS + column] = (below[from + column] ?? 0) + share * value;
    };
    add(MONEY.payments, 1);
    add(MONEY.paymentMinor, amount);
    add(MONEY.payToMinor, payTo);
    add(MONEY.interchangeCreditedMinor, credited);
    add(MONEY.schemeFeeWalletMinor, feeWallet);
    add(
      MONEY.fxMarginMinor,
      sameAsPayer ? 0 : rounded(amount * price) - rounded(amount * leg.payerMid),
    );
    add(
      MONEY.interchangeMarginMinor,
      sameAsPayer ? 0 : rounded(interchange * price) - rounded(interchange * leg.payerMid),
    );
    add(MONEY.walletOwesMinor, payTo - credited + feeWallet);
    add(MONEY.settlementMinor, settlement);
    add(MONEY.interchangeChargedMinor, charged);
    add(MONEY.schemeFeeAcquirerMinor, feeAcquirer);
    add(MONEY.acquirerReceivesMinor, settlement - charged - feeAcquirer);
    add(MONEY.mdrMinor, rounded((amount * flow.mdrBps) / 10_000));
  }
  return { below, leg };
}

function rounded(value: number): number {
  return Math.floor(value + 0.5);
}

function stepped(value: number, step: number): number {
  return Math.floor(value / step + 0.5) * step;
}
