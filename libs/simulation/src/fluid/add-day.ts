import { OUTCOMES } from '../outcomes.js';
import { MONEY, type Totals } from '../totals.js';
import type { AmountSums } from './amount-sums.js';
import { COLUMNS } from './expected-price.js';
import type { DayProfile, PairProfile } from './day-profile.js';
import { addAt, type FluidSums } from './fluid-sums.js';
import type { DayPrices } from './price-book.js';

const HOURS = 24;

/** Adds a profile's money, for so many purchases on a day, at that day's rates. */
export function addDayMoney(
  sums: FluidSums,
  profile: DayProfile,
  day: number,
  firstPlace: number,
  purchases: number,
  prices: ReadonlyMap<number, DayPrices>,
  refunded: number,
): void {
  const { totals, variances } = sums;
  for (const pair of profile.pairs) {
    const ofDay = prices.get(pair.settlement);
    if (ofDay === undefined) continue;
    const { scales, squares } = ofDay;
    addHours(totals, pair, pair.owes, pair.receives, day, firstPlace, purchases, scales);
    addHours(
      variances,
      pair,
      pair.owesSquare,
      pair.receivesSquare,
      day,
      firstPlace,
      purchases,
      squares,
    );
    const clearingDay = day + 1 + Math.floor(firstPlace / HOURS);
    addColumns(totals, pair, pair.money, clearingDay, purchases, scales, refunded);
    addColumns(variances, pair, pair.moneySquare, clearingDay, purchases, squares, refunded);
  }
}

function addHours(
  into: Totals,
  { pair }: PairProfile,
  owes: Float64Array,
  receives: Float64Array,
  day: number,
  firstPlace: number,
  purchases: number,
  scales: Float64Array,
): void {
  const [payer, settlement] = [
    scales[MONEY.walletOwesMinor] ?? 1,
    scales[MONEY.acquirerReceivesMinor] ?? 1,
  ];
  for (let place = 0; place < owes.length; place++) {
    const at = ((day + 1) * HOURS + firstPlace + place) * into.pairs.length + pair;
    const owed = owes[place] ?? 0;
    if (owed !== 0) addAt(into.owes, at, purchases * payer * owed);
    const received = receives[place] ?? 0;
    if (received !== 0) addAt(into.receives, at, purchases * settlement * received);
  }
}

function addColumns(
  into: Totals,
  { pair }: PairProfile,
  money: Float64Array,
  clearingDay: number,
  purchases: number,
  scales: Float64Array,
  refunded: number,
): void {
  for (let day = 0; day * COLUMNS < money.length; day++) {
    const cell = (clearingDay + day) * into.pairs.length + pair;
    const from = day * COLUMNS;
    if ((money[from] ?? 0) === 0) continue;
    for (let column = 0; column < COLUMNS; column++) {
      const value = purchases * (scales[column] ?? 1) * (money[from + column] ?? 0);
      addAt(into.money, cell * COLUMNS + column, value);
    }
    const paid = purchases * (money[from + MONEY.paymentMinor] ?? 0);
    addAt(into.refundedMinor, cell, refunded * paid);
  }
}

/** Adds what of a profile does not depend on the day, for the purchases of all its days. */
export function addProfile(
  { totals, variances }: FluidSums,
  profile: DayProfile,
  flow: number,
  purchases: number,
): void {
  const add = (
    sums: AmountSums,
    count: 'outcomes' | 'categoryCount' | 'areaCount',
    minor: 'outcomeMinor' | 'categoryMinor' | 'areaMinor',
    from: number,
  ): void => {
    for (let at = 0; at < sums.count.length; at++) {
      const counted = purchases * (sums.count[at] ?? 0);
      if (counted === 0) continue;
      addAt(totals[count], from + at, counted);
      addAt(variances[count], from + at, counted);
      addAt(totals[minor], from + at, purchases * (sums.minor[at] ?? 0));
      addAt(variances[minor], from + at, purchases * (sums.square[at] ?? 0));
    }
  };
  add(profile.outcomes, 'outcomes', 'outcomeMinor', flow * OUTCOMES.length);
  const categories = profile.categories.count.length;
  add(profile.categories, 'categoryCount', 'categoryMinor', flow * categories);
  add(profile.areas, 'areaCount', 'areaMinor', 0);
}
