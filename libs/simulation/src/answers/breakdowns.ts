import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type {
  AcquirerAnswer,
  AreaAnswer,
  CategoryAnswer,
  DayAnswer,
  DestinationAnswer,
  ExposureAnswer,
  MonthAnswer,
  WalletAnswer,
} from './answers.js';
import { percent, type CorridorFigures } from './corridors.js';
import { clearingDate, clearingHourText, clearingMonth } from './dates.js';
import type { Ground } from './ground.js';
import type { WalletExposure } from './settlement/exposure.js';
import { sum, type PairUsd, type Tally } from './tally.js';

export function destinationsOf(
  ground: Ground,
  corridors: readonly CorridorFigures[],
): DestinationAnswer[] {
  const { destinations, currencies } = ground.world;
  return destinations.map(({ market, currency }) => {
    const own = corridors.filter(({ destination }) => destination === market);
    return {
      destination: market,
      payments: sum(own.map(({ payments }) => payments)),
      currency: currencies[currency] ?? '',
      paymentMinor: sum(own.map(({ paymentMinor }) => paymentMinor)),
      usd: sum(own.map(({ usd }) => usd)),
    };
  });
}

/** Sums of a tally over some of its pairs. */
function over(ground: Ground, tally: Tally, holds: (pair: number) => boolean) {
  const pairs = ground.pairs.map((_, pair) => pair).filter(holds);
  return {
    minor: (column: number): number =>
      sum(pairs.map((pair) => tally.minor[pair * MONEY_COLUMNS.length + column] ?? 0)),
    usd: (name: PairUsd): number => sum(pairs.map((pair) => tally.usd[name][pair] ?? 0)),
  };
}

export function walletsOf(
  ground: Ground,
  tally: Tally,
  exposures: readonly WalletExposure[],
): WalletAnswer[] {
  const { wallets, origins, currencies } = ground.world;
  return wallets.map(({ wallet, origin, currency }, index) => {
    const { minor, usd } = over(ground, tally, (pair) => ground.pairs[pair]?.wallet === index);
    return {
      wallet: wallet.id,
      name: wallet.name,
      origin: origins[origin] ?? '',
      currency: currencies[currency] ?? '',
      payments: minor(MONEY.payments),
      payToMinor: minor(MONEY.payToMinor),
      interchangeMinor: minor(MONEY.interchangeCreditedMinor),
      schemeFeeMinor: minor(MONEY.schemeFeeWalletMinor),
      owesMinor: minor(MONEY.walletOwesMinor),
      usd: usd('value'),
      revenueUsd: usd('interchangeCreditedNet') - usd('schemeFeeWallet'),
      exposure: exposureOf(ground, index, exposures[index]),
    };
  });
}

function exposureOf(
  ground: Ground,
  index: number,
  found: WalletExposure | undefined,
): ExposureAnswer {
  const { settlement } = ground.world;
  const [capMinor, prefundMinor] = [
    settlement.capMinor[index] ?? 0,
    settlement.prefundMinor[index] ?? 0,
  ];
  const peakMinor = found?.peak ?? 0;
  const at = found?.peakHour ?? -1;
  return {
    capMinor,
    prefundMinor,
    peakMinor,
    peakAt: at < 0 ? null : clearingHourText(ground, at),
    meanMinor: found?.mean ?? 0,
    peakPercent: percent(peakMinor, capMinor + prefundMinor),
    hoursBeyondPrefund: found?.hoursBeyondPrefund ?? 0,
    hoursBeyondCap: found?.hoursBeyondCap ?? 0,
    hoursLow: found?.hoursLow ?? 0,
    hoursCritical: found?.hoursCritical ?? 0,
    openMinor: found?.open ?? 0,
  };
}

export function acquirersOf(ground: Ground, tally: Tally): AcquirerAnswer[] {
  const { acquirers, destinations, currencies } = ground.world;
  return acquirers.map(({ acquirer, destination, currency }, index) => {
    const { minor, usd } = over(ground, tally, (pair) => ground.pairs[pair]?.acquirer === index);
    return {
      acquirer: acquirer.id,
      name: acquirer.name,
      destination: destinations[destination]?.market ?? '',
      currency: currencies[currency] ?? '',
      payments: minor(MONEY.payments),
      settlementMinor: minor(MONEY.settlementMinor),
      interchangeMinor: minor(MONEY.interchangeChargedMinor),
      schemeFeeMinor: minor(MONEY.schemeFeeAcquirerMinor),
      receivesMinor: minor(MONEY.acquirerReceivesMinor),
      usd: usd('value'),
      revenueUsd: usd('mdrNet') - usd('interchangeChargedNet') - usd('schemeFeeAcquirer'),
    };
  });
}

/** By destination, because a category's amounts have no common currency otherwise. */
export function categoriesOf(
  ground: Ground,
  totals: Totals,
  corridors: readonly CorridorFigures[],
): CategoryAnswer[] {
  const { categories, destinations, currencies, flows } = ground.world;
  return destinations.flatMap(({ market, currency }, destination) => {
    const own = flows.map((_, flow) => flow).filter((f) => flows[f]?.destination === destination);
    return categories.map(({ id, mcc, spend }, category) => {
      const cells = own.map((flow) => flow * categories.length + category);
      const minor = cells.map((cell) => totals.categoryMinor[cell] ?? 0);
      return {
        destination: market,
        category: id,
        mcc,
        spend,
        payments: sum(cells.map((cell) => totals.categoryCount[cell] ?? 0)),
        currency: currencies[currency] ?? '',
        paymentMinor: sum(minor),
        usd: sum(minor.map((amount, i) => amount * (corridors[own[i] ?? -1]?.usdPerMinor ?? 0))),
      };
    });
  });
}

/** Areas know no corridor: dollars at the destination's mean rate. */
export function areasOf(
  ground: Ground,
  totals: Totals,
  destinations: readonly DestinationAnswer[],
): AreaAnswer[] {
  return ground.world.areas.map(({ id, name, destination }, area) => {
    const place = destinations[destination];
    const paymentMinor = totals.areaMinor[area] ?? 0;
    const rate =
      place === undefined || place.paymentMinor === 0 ? 0 : place.usd / place.paymentMinor;
    return {
      destination: place?.destination ?? '',
      area: id,
      name,
      payments: totals.areaCount[area] ?? 0,
      currency: place?.currency ?? '',
      paymentMinor,
      usd: paymentMinor * rate,
    };
  });
}

export function daysOf(ground: Ground, tally: Tally): DayAnswer[] {
  const { destinations, currencies } = ground.world;
  const days: DayAnswer[] = [];
  for (let clearingDay = 0; clearingDay < ground.clearingDays; clearingDay++) {
    destinations.forEach(({ market, currency }, destination) => {
      const cell = clearingDay * destinations.length + destination;
      const payments = tally.days.payments[cell] ?? 0;
      if (payments === 0) return;
      days.push({
        day: clearingDate(ground, clearingDay),
        destination: market,
        payments,
        currency: currencies[currency] ?? '',
        paymentMinor: tally.days.paymentMinor[cell] ?? 0,
        usd: tally.days.usd[cell] ?? 0,
      });
    });
  }
  return days;
}

export function monthsOf(ground: Ground, tally: Tally): MonthAnswer[] {
  const months = new Map<string, { month: string; payments: number; usd: number }>();
  const { destinations } = ground.world;
  for (let clearingDay = 0; clearingDay < ground.clearingDays; clearingDay++) {
    const name = clearingMonth(ground, clearingDay);
    const month = months.get(name) ?? { month: name, payments: 0, usd: 0 };
    months.set(name, month);
    for (let destination = 0; destination < destinations.length; destination++) {
      const cell = clearingDay * destinations.length + destination;
      month.payments += tally.days.payments[cell] ?? 0;
      month.usd += tally.days.usd[cell] ?? 0;
    }
  }
  return [...months.values()];
}
