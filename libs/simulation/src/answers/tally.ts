import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type { Ground } from './ground.js';

/** Dollars of one pair over the period; names say whether what refunds took back is off. */
export const PAIR_USD = [
  'value',
  'mdr',
  'margin',
  'refunded',
  'mdrNet',
  'marginNet',
  'marginReturnedNet',
  'interchangeCreditedNet',
  'interchangeChargedNet',
  'schemeFeeWallet',
  'schemeFeeAcquirer',
] as const;
export type PairUsd = (typeof PAIR_USD)[number];

/** Money summed over clearing days, in minor units by pair and column and in dollars. */
export interface Tally {
  /** `minor[pair * MONEY_COLUMNS.length + column]`. */
  readonly minor: Float64Array;
  readonly usd: Readonly<Record<PairUsd, Float64Array>>;
  /** `days.…[clearingDay * destinations + destination]`. */
  readonly days: {
    readonly payments: Float64Array;
    readonly paymentMinor: Float64Array;
    readonly usd: Float64Array;
  };
}

/** One pass over all money. Scheme fees are kept with refunds, everything else goes back. */
export function tallyOf(ground: Ground, totals: Totals): Tally {
  const { world, pairs, clearingDays } = ground;
  const columns = MONEY_COLUMNS.length;
  const minor = new Float64Array(pairs.length * columns);
  const usd = Object.fromEntries(
    PAIR_USD.map((name) => [name, new Float64Array(pairs.length)]),
  ) as Record<PairUsd, Float64Array>;
  const cells = clearingDays * world.destinations.length;
  const days = {
    payments: new Float64Array(cells),
    paymentMinor: new Float64Array(cells),
    usd: new Float64Array(cells),
  };
  const destinationOf = pairs.map(({ acquirer }) => world.acquirers[acquirer]?.destination ?? -1);
  for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
    const rates = clearingDay * world.currencies.length;
    for (let pair = 0; pair < pairs.length; pair++) {
      const cell = clearingDay * pairs.length + pair;
      const at = cell * columns;
      const money = (column: number): number => totals.money[at + column] ?? 0;
      const paymentMinor = money(MONEY.paymentMinor);
      if (paymentMinor === 0) continue;
      for (let column = 0; column < columns; column++)
        add(minor, pair * columns + column, money(column));
      const shop = ground.usd[rates + (ground.shopCurrency[pair] ?? 0)] ?? 0;
      const wallet = ground.usd[rates + (ground.walletCurrency[pair] ?? 0)] ?? 0;
      const settled = ground.usd[rates + (ground.settlementCurrency[pair] ?? 0)] ?? 0;
      const refunded = totals.refundedMinor[cell] ?? 0;
      const kept = 1 - refunded / paymentMinor;
      const value = paymentMinor * shop;
      add(usd.value, pair, value);
      add(usd.refunded, pair, refunded * shop);
      add(usd.mdr, pair, money(MONEY.mdrMinor) * shop);
      add(usd.mdrNet, pair, money(MONEY.mdrMinor) * shop * kept);
      add(usd.margin, pair, money(MONEY.fxMarginMinor) * wallet);
      add(usd.marginNet, pair, money(MONEY.fxMarginMinor) * wallet * kept);
      add(usd.marginReturnedNet, pair, money(MONEY.interchangeMarginMinor) * wallet * kept);
      add(usd.interchangeCreditedNet, pair, money(MONEY.interchangeCreditedMinor) * wallet * kept);
      add(usd.interchangeChargedNet, pair, money(MONEY.interchangeChargedMinor) * settled * kept);
      add(usd.schemeFeeWallet, pair, money(MONEY.schemeFeeWalletMinor) * wallet);
      add(usd.schemeFeeAcquirer, pair, money(MONEY.schemeFeeAcquirerMinor) * settled);
      const day = clearingDay * world.destinations.length + (destinationOf[pair] ?? 0);
      add(days.payments, day, money(MONEY.payments));
      add(days.paymentMinor, day, paymentMinor);
      add(days.usd, day, value);
    }
  }
  return { minor, usd, days };
}

/** Adds to an entry of a column in place. */
export function add(column: Float64Array, index: number, value: number): void {
  column[index] = (column[index] ?? 0) + value;
}

export function sum(column: Iterable<number>): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}
