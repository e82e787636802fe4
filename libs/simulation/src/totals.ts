import { OUTCOMES } from './outcomes.js';
import { WAIT_BINS, WAIT_ENDS } from './waits.js';
import type { World } from './world.js';

/** Money of paid purchases; each in minor units of the currency named, except the first. */
export const MONEY_COLUMNS = [
  'payments',
  /** Shop's currency. */
  'paymentMinor',
  /** Wallet's currency, all that follow until the next remark. */
  'payToMinor',
  'interchangeCreditedMinor',
  'schemeFeeWalletMinor',
  'fxMarginMinor',
  /** Mark-up on interchange, which the hub gives back. */
  'interchangeMarginMinor',
  'walletOwesMinor',
  /** Acquirer's settlement currency, to the end. */
  'settlementMinor',
  'interchangeChargedMinor',
  'schemeFeeAcquirerMinor',
  'acquirerReceivesMinor',
  /** Shop's currency again: memo. */
  'mdrMinor',
] as const;

export type MoneyColumn = (typeof MONEY_COLUMNS)[number];
export const MONEY = Object.fromEntries(
  MONEY_COLUMNS.map((name, index) => [name, index]),
) as Readonly<Record<MoneyColumn, number>>;

/** A wallet and an acquirer that can meet, by index in the world. */
export interface Pair {
  readonly wallet: number;
  readonly acquirer: number;
}

/**
 * What a kernel counted in one replication. Every number is an integer in a double, so that parts
 * add up to the same bytes in any order and on any number of workers. A clearing hour is an hour
 * of the clearing day (UTC+8), counted from 00:00 of the period's first day less one day, since a
 * destination east of UTC+8 begins its day earlier: there are `(days + 2) * 24` of them.
 */
export interface Totals {
  readonly pairs: readonly Pair[];
  readonly clearingHours: number;
  /** `money[(clearingDay * pairs + pair) * MONEY_COLUMNS.length + column]`, clearing day = hour / 24. */
  readonly money: Float64Array;
  /** `owes[clearingHour * pairs + pair]`: walletOwesMinor; `receives` alike: acquirerReceivesMinor. */
  readonly owes: Float64Array;
  readonly receives: Float64Array;
  /** `count[(flow * OUTCOMES.length) + outcome]`, and what these purchases came to, shop's currency. */
  readonly outcomes: Float64Array;
  readonly outcomeMinor: Float64Array;
  /** Paid purchases by `flow * categories + category` and by area: count, then shop's currency. */
  readonly categoryCount: Float64Array;
  readonly categoryMinor: Float64Array;
  readonly areaCount: Float64Array;
  readonly areaMinor: Float64Array;
  /** `refundedMinor[clearingDay * pairs + pair]`: later refunded of what was paid that day, shop's currency. */
  readonly refundedMinor: Float64Array;
  /**
   * How long payments waited for their wallet: counts by `end * WAIT_BINS + bin`. All noughts from
   * kernels that know no moments.
   */
  readonly waits: Float64Array;
}

/** Pairs that are linked, in the order wallet, acquirer. */
export function pairsOf(world: World): Pair[] {
  const pairs: Pair[] = [];
  const { acquirers, wallets, merchants } = world;
  for (let wallet = 0; wallet < wallets.length; wallet++) {
    for (let acquirer = 0; acquirer < acquirers.length; acquirer++) {
      if (merchants.links[wallet * acquirers.length + acquirer] === 1) {
        pairs.push({ wallet, acquirer });
      }
    }
  }
  return pairs;
}

export function emptyTotals(world: World): Totals {
  const pairs = pairsOf(world);
  const clearingHours = (world.days + 2) * 24;
  const flows = world.flows.length;
  const zeros = (length: number): Float64Array => new Float64Array(length);
  return {
    pairs,
    clearingHours,
    money: zeros((clearingHours / 24) * pairs.length * MONEY_COLUMNS.length),
    owes: zeros(clearingHours * pairs.length),
    receives: zeros(clearingHours * pairs.length),
    outcomes: zeros(flows * OUTCOMES.length),
    outcomeMinor: zeros(flows * OUTCOMES.length),
    categoryCount: zeros(flows * world.categories.length),
    categoryMinor: zeros(flows * world.categories.length),
    areaCount: zeros(world.areas.length),
    areaMinor: zeros(world.areas.length),
    refundedMinor: zeros((clearingHours / 24) * pairs.length),
    waits: zeros(WAIT_ENDS.length * WAIT_BINS),
  };
}

/** The columns of totals in a fixed order, for adding up, hashing and sending between threads. */
export const TOTALS_COLUMNS = [
  'money',
  'owes',
  'receives',
  'outcomes',
  'outcomeMinor',
  'categoryCount',
  'categoryMinor',
  'areaCount',
  'areaMinor',
  'refundedMinor',
  'waits',
] as const satisfies readonly (keyof Totals)[];

/** Adds a part to the whole, in place. */
export function addTotals(into: Totals, part: Pick<Totals, (typeof TOTALS_COLUMNS)[number]>): void {
  for (const name of TOTALS_COLUMNS) {
    const [sum, more] = [into[name], part[name]];
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (more[i] ?? 0);
  }
}
