import { currencyOf } from '#domain/currency';
import { power } from '../random/exact-math.js';
import type { Destination, Flow } from '../world.js';
import { areaWeightsOf } from './area-weights.js';
import { arrivalsByDay, dayOfYear, presentByDay } from './arrivals-by-day.js';
import { corridorOf, yearOfDay, type WorldCast } from './cast-of-world.js';
import { firstOfYear, kindOfDay } from './civil-year.js';
import { minorPerYen } from './fx-of-world.js';
import { merchantGrowth } from './merchants-of-world.js';
import { hourWeightsOf, purchasesOf, type Spending } from './purchases-of-visitor.js';
import { rateEffect, shockedVisitors, visitorShocksOf } from './shocks-on-demand.js';
import { wishesOf } from './wallet-epochs.js';
import type { WorldInput } from './world-input.js';

/** Every origin in every destination where somebody travels and a wallet can be held out. */
export function flowsOf(input: WorldInput, cast: WorldCast): Flow[] {
  const flows: Flow[] = [];
  for (const [destination, place] of cast.destinations.entries()) {
    for (const [origin, home] of cast.origins.entries()) {
      if (home === place.market) continue;
      const flow = flowOf(input, cast, origin, destination, place);
      if (flow !== null) flows.push(flow);
    }
  }
  for (const [at, home] of cast.origins.entries()) {
    if (flows.some(({ origin }) => origin === at)) continue;
    input.notes.remark(`Travellers from ${home} are left out: see the reasons above.`);
  }
  if (flows.length === 0) {
    input.notes.fault(
      '/corridors',
      'No traveller of these origins can pay by wallet in these destinations.',
    );
  }
  return flows;
}

function flowOf(
  input: WorldInput,
  cast: WorldCast,
  origin: number,
  destination: number,
  place: Destination,
): Flow | null {
  const { scenario, figures, notes } = input;
  const home = cast.origins[origin] ?? '';
  const pair = `from ${home} to ${place.market}`;
  const visitors = visitorsOf(input, home, place);
  const spending = figures.spending.find(
    (line) =>
      line.destination === place.market &&
      line.origin === home &&
      line.year === scenario.spending.basisYear,
  );
  if (visitors === null || spending === undefined) {
    const what = visitors === null ? 'arrivals' : 'spending';
    notes.remark(
      `Nothing is known of ${what} ${pair} in the basis year, so that flow is left out.`,
    );
    return null;
  }
  const wishes = wishesOf(input, cast.wallets, origin, destination);
  if (wishes === null) {
    notes.remark(`No wallet ${pair} exists in the period, so that flow is left out.`);
    return null;
  }
  const homeCurrency =
    cast.wallets.find((wallet) => wallet.origin === origin)?.wallet.currency ?? '';
  const corridor = corridorOf(input, home, homeCurrency, place);
  const currency = cast.currencies[place.currency] ?? '';
  const yen = minorPerYen(input, currency, PRICE_LEVEL_YEAR, currencyOf(currency).exponent);
  if (corridor === undefined || yen === undefined) return null;
  const shocks = visitorShocksOf(input, cast.areas, destination, home);
  const usual = areaWeightsOf(input, cast.areas, destination, place.market, home);
  const { factor, areaWeights } = shockedVisitors(input, shocks, usual, visitors.present);
  const { count, tickets } = purchasesOf(input, spending, place, yen);
  const stays = { ...visitors, factor, wish: wishes.wish };
  return {
    origin,
    destination,
    corridor,
    mdrBps: Math.round(scenario.fees.mdrBps.value),
    ...purchasesByDay(input, place, spending, stays, count, currency),
    walletEpochs: wishes.epochs,
    areaWeights,
    hourWeights: hourWeightsOf(figures, count),
    dayKinds: dayKindsOf(input, place.market),
    acceptance: acceptanceOf(input),
    tickets,
  };
}

/** Price levels of destinations are of this year, see data/demand/destinations.jsonl. */
const PRICE_LEVEL_YEAR = 2024;

/** Arrivals and people present on each day of the period, before any shock; null if unknown. */
function visitorsOf(
  input: WorldInput,
  home: string,
  place: Destination,
): { readonly arriving: Float64Array; readonly present: Float64Array } | null {
  const { scenario, figures } = input;
  const { basisYear, growthPercentPerYear, growthPercentPerYearByOrigin, scalePercent } =
    scenario.visitors;
  const line = figures.arrivals.find(
    ({ destination, origin, year }) =>
      destination === place.market && origin === home && year === basisYear,
  );
  const nights = figures.spending.find(
    ({ destination, origin, year }) =>
      destination === place.market && origin === home && year === scenario.spending.basisYear,
  )?.nights;
  if (line === undefined || nights === undefined) return null;
  const growth = (growthPercentPerYearByOrigin[home] ?? growthPercentPerYear).value / 100;
  const arriving = new Float64Array(input.days);
  const present = new Float64Array(input.days);
  let year = NaN;
  let ofYear: Float64Array = new Float64Array();
  let there: Float64Array = new Float64Array();
  for (let offset = 0; offset < input.days; offset++) {
    const day = input.firstDay + offset;
    const own = yearOfDay(day);
    if (own !== year) {
      year = own;
      const factor = power(1 + growth, year - basisYear) * (scalePercent.value / 100);
      const months = line.months.map((month) => month * factor);
      ofYear = arrivalsByDay(months, year, figures.weekdays, figures.daysOff.get(home));
      there = presentByDay(ofYear, nights);
    }
    arriving[offset] = ofYear[dayOfYear(day)] ?? 0;
    present[offset] = there[dayOfYear(day)] ?? 0;
  }
  return { arriving, present };
}

interface Stays {
  readonly arriving: Float64Array;
  readonly present: Float64Array;
  /** Shocks on visitors, by day. */
  readonly factor: Float64Array;
  /** Share of on-site purchases whose payer would like to pay by wallet, by day. */
  readonly wish: Float64Array;
}

/** From people to purchases: everybody spends evenly over the nights of the stay. */
function purchasesByDay(
  input: WorldInput,
  place: Destination,
  spending: Spending,
  stays: Stays,
  perStay: Float64Array,
  currency: string,
): Pick<Flow, 'intended' | 'visitors' | 'spendMinor'> {
  const { spending: plan, wallets } = input.scenario;
  const rate = rateEffect(input, currency);
  const purchasesANight = perStay.reduce((sum, n) => sum + n, 0) / spending.nights;
  const minorANight = spending.perVisitorMinor / spending.nights;
  const adoption = wallets.adoptionGrowthPercentPerYear.value / 100;
  const middleOfBasis = firstOfYear(plan.basisYear) + 182.5;
  const intended = new Float64Array(input.days);
  const visitors = new Float64Array(input.days);
  const spendMinor = new Float64Array(input.days);
  let [most, mostStated] = [0, 0];
  for (let offset = 0; offset < input.days; offset++) {
    const day = input.firstDay + offset;
    const grown =
      power(1 + plan.growthPercentPerYear.value / 100, yearOfDay(day) - plan.basisYear) *
      (plan.scalePercent.value / 100);
    const people = (stays.factor[offset] ?? 1) * (rate.visitors[offset] ?? 1);
    const each = grown * (rate.spending[offset] ?? 1) * (stays.present[offset] ?? 0) * people;
    const stated = stays.wish[offset] ?? 0;
    const wished = stated * power(1 + adoption, (day - middleOfBasis) / 365.25);
    mostStated = Math.max(mostStated, stated);
    most = Math.max(most, wished);
    visitors[offset] = (stays.arriving[offset] ?? 0) * people;
    spendMinor[offset] = each * minorANight;
    intended[offset] = each * purchasesANight * Math.min(1, wished);
  }
  const pair = `Travellers from ${spending.origin} to ${place.market}`;
  if (mostStated > 1) {
    input.notes.fault(
      '/wallets',
      `${pair} would like to pay ${(mostStated * 100).toFixed(0)} % by wallet: lower wishPercentByOrigin or what joining wallets bring.`,
    );
  } else if (most > 1) {
    input.notes.remark(
      `${pair} would come to pay ${(most * 100).toFixed(0)} % by wallet; it is all, 100 %.`,
    );
  }
  return { intended, visitors, spendMinor };
}

function dayKindsOf(input: WorldInput, market: string): Uint8Array {
  const off = input.figures.daysOff.get(market);
  return Uint8Array.from({ length: input.days }, (_, offset) =>
    kindOfDay(input.firstDay + offset, off) === 0 ? 0 : 1,
  );
}

/** Chance that a purchase of a category happens where wallets are taken, at the period's middle. */
function acceptanceOf(input: WorldInput): Float64Array {
  const { acceptance } = input.scenario;
  const grown = power(merchantGrowth(input), acceptance.elasticityToMerchants.value);
  return Float64Array.from(input.figures.categories, ({ id }) => {
    const pointer = `/acceptance/percentByCategory/${id}`;
    const stated = acceptance.percentByCategory[id];
    if (stated === undefined) {
      input.notes.fault(
        pointer,
        `How often ${id} takes wallets is not stated: add acceptance.percentByCategory.${id}.`,
      );
      return 0;
    }
    if (stated.value < 0 || stated.value > 100) {
      input.notes.fault(pointer, `${String(stated.value)} is not a percentage from 0 to 100.`);
    }
    const share = (stated.value / 100) * (acceptance.scalePercent.value / 100) * grown;
    if (share > 1) {
      input.notes.remark(
        `Acceptance in ${id} would come to ${(share * 100).toFixed(1)} %; it is everywhere, 100 %.`,
      );
    }
    return Math.min(1, share);
  });
}
