import { percent } from './corridors.js';
import type { Ground } from './ground.js';
import type { Headlines } from './headlines.js';
import { movedMinor, type SettlementParts } from './settlement-answer.js';
import type { WalletExposure } from './settlement/exposure.js';
import { sum } from './tally.js';
import type { ArrivedValue } from './targets.js';

export type SettlementHeadlines = Pick<
  Headlines,
  | 'obligationsUsd'
  | 'nettingPercent'
  | 'hubOffsetPercent'
  | 'liquidityUsd'
  | 'liquidityLowerUsd'
  | 'liquidityUpperUsd'
  | 'hubFundingPeakUsd'
  | 'turnoverRatio'
  | 'delayIndicator'
  | 'hoursToFunds'
  | 'prefundBreachHours'
  | 'capBreachHours'
  | 'peakCapUsePercent'
>;

/**
 * Sums over currencies and participants at the period's mean mid of each currency: cycles and
 * participants differ too much in size to weigh them by anything but worth.
 */
export function settlementHeadlinesOf(
  ground: Ground,
  { flows, netting, liquidity, obligations }: SettlementParts,
  exposures: readonly WalletExposure[],
): SettlementHeadlines {
  const { world } = ground;
  const rates = meanRates(ground);
  const worth = (of: (currency: number) => number): number =>
    sum(world.currencies.map((_, currency) => of(currency) * (rates[currency] ?? 0)));
  const gross = worth((currency) => netting.gross[currency] ?? 0);
  const moved = worth((currency) => movedMinor(ground, netting, currency));
  const hubBoth = worth((c) => (netting.hubIn[c] ?? 0) + (netting.hubOut[c] ?? 0));
  const hubOpen = worth((c) => netting.hubOpen[c] ?? 0);
  const used = worth((c) => liquidity.used[c] ?? 0);
  const byWorth = (column: Float64Array, from = 0): number => {
    const { currency, count } = flows.participants;
    let total = 0;
    for (let n = from; n < count; n++) total += (column[n] ?? 0) * (rates[currency[n] ?? 0] ?? 0);
    return total;
  };
  const { wallets } = flows.participants;
  const most = byWorth(obligations.mostHours);
  const arrived = byWorth(obligations.settledValue, wallets);
  return {
    obligationsUsd: byWorth(obligations.pays) + byWorth(obligations.receives),
    nettingPercent: percent(gross - moved, gross),
    hubOffsetPercent: percent(hubBoth - hubOpen, hubBoth),
    liquidityUsd: used / world.days,
    liquidityLowerUsd: worth((c) => liquidity.lower[c] ?? 0) / world.days,
    liquidityUpperUsd: worth((c) => liquidity.upper[c] ?? 0) / world.days,
    hubFundingPeakUsd: largestPayOut(flows.participants, obligations, rates),
    turnoverRatio: used === 0 ? 0 : gross / used,
    delayIndicator: most === 0 ? 0 : byWorth(obligations.waitedHours) / most,
    hoursToFunds: arrived === 0 ? 0 : byWorth(obligations.waitedHours, wallets) / arrived,
    prefundBreachHours: sum(exposures.map(({ hoursBeyondPrefund }) => hoursBeyondPrefund)),
    capBreachHours: sum(exposures.map(({ hoursBeyondCap }) => hoursBeyondCap)),
    peakCapUsePercent: Math.max(
      0,
      ...exposures.map(({ peak }, wallet) =>
        percent(
          peak,
          (world.settlement.capMinor[wallet] ?? 0) + (world.settlement.prefundMinor[wallet] ?? 0),
        ),
      ),
    ),
  };
}

/** What acquirers were due in all, and of it what came within an hour, in dollars. */
export function arrivedValueOf(
  ground: Ground,
  { flows, obligations }: SettlementParts,
): ArrivedValue {
  const rates = meanRates(ground);
  const { currency, count, wallets } = flows.participants;
  let [value, withinHour] = [0, 0];
  for (let n = wallets; n < count; n++) {
    const rate = rates[currency[n] ?? 0] ?? 0;
    value += (obligations.settledValue[n] ?? 0) * rate;
    withinHour += (obligations.withinHour[n] ?? 0) * rate;
  }
  return { value, withinHour };
}

function largestPayOut(
  { count, wallets, currency }: SettlementParts['flows']['participants'],
  { dueOn, dueDays }: SettlementParts['obligations'],
  rates: Float64Array,
): number {
  let largest = 0;
  for (let day = 0; day < dueDays; day++) {
    let paid = 0;
    for (let n = wallets; n < count; n++) {
      const minor = dueOn[day * count + n] ?? 0;
      if (minor < 0) paid -= minor * (rates[currency[n] ?? 0] ?? 0);
    }
    if (paid > largest) largest = paid;
  }
  return largest;
}

/** Dollars of one minor unit of each currency, mean over the period's days. */
function meanRates({ world, usd }: Ground): Float64Array {
  const count = world.currencies.length;
  const means = new Float64Array(count);
  for (let day = 1; day <= world.days; day++) {
    for (let currency = 0; currency < count; currency++) {
      means[currency] = (means[currency] ?? 0) + (usd[day * count + currency] ?? 0) / world.days;
    }
  }
  return means;
}
