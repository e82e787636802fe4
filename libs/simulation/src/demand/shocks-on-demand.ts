import { dayNumber } from '#domain/rates/calendar-day';
import { power } from '../random/exact-math.js';
import type { Shock } from '../scenario.js';
import type { Area } from '../world.js';
import { civilOf } from './civil-year.js';
import type { WorldInput } from './world-input.js';

/** First and last day of a shock within the period, as offsets; null where it lies outside. */
export function daysOfShock(
  input: WorldInput,
  shock: { readonly from: string; readonly to: string },
  pointer: string,
): { readonly first: number; readonly last: number } | null {
  const [from, to] = [dayNumber(shock.from), dayNumber(shock.to)];
  if (from === undefined || to === undefined || to < from) {
    input.notes.fault(
      `${pointer}/from`,
      `${shock.from} to ${shock.to} are not two dates in order.`,
    );
    return null;
  }
  const first = Math.max(0, from - input.firstDay);
  const last = Math.min(input.days - 1, to - input.firstDay);
  if (first <= last) return { first, last };
  input.notes.fault(`${pointer}/from`, `${shock.from} to ${shock.to} lies outside the period.`);
  return null;
}

/**
 * What a dearer or cheaper destination does to demand: visitors and what each spends there in
 * local money follow the price in the traveller's own money with constant elasticities, so that
 * −8 % and its undoing cancel out.
 */
export function rateEffect(
  input: WorldInput,
  currency: string,
): { readonly visitors: Float64Array; readonly spending: Float64Array } {
  const { visitorElasticity, spendElasticity } = input.scenario.fx;
  const visitors = new Float64Array(input.days).fill(1);
  const spending = new Float64Array(input.days).fill(1);
  for (const [at, shock] of input.scenario.shocks.entries()) {
    if (shock.kind !== 'rate' || shock.currency !== currency) continue;
    const span = daysOfShock(input, shock, `/shocks/${String(at)}`);
    const price = 1 + shock.percent.value / 100;
    if (span === null || price <= 0) continue;
    const [more, moreEach] = [
      power(price, -visitorElasticity.value),
      power(price, -spendElasticity.value),
    ];
    for (let day = span.first; day <= span.last; day++) {
      visitors[day] = (visitors[day] ?? 1) * more;
      spending[day] = (spending[day] ?? 1) * moreEach;
    }
  }
  return { visitors, spending };
}

type VisitorShock = Extract<Shock, { kind: 'visitors' }>;

/** The shocks on visitors that concern an origin and a destination, with the areas each names. */
export interface VisitorShockHere {
  readonly shock: VisitorShock;
  /** Indexes of the areas it hits; null for all. */
  readonly areas: readonly number[] | null;
  /** Its place among the scenario's shocks. */
  readonly at: number;
}

export function visitorShocksOf(
  input: WorldInput,
  areas: readonly Area[],
  destination: number,
  origin: string,
): readonly VisitorShockHere[] {
  return input.scenario.shocks.flatMap((shock, at): VisitorShockHere[] => {
    if (shock.kind !== 'visitors') return [];
    if (shock.origins !== null && !shock.origins.includes(origin)) return [];
    if (shock.percent.value < -100) {
      input.notes.fault(
        `/shocks/${String(at)}/percent`,
        'Visitors cannot fall by more than 100 %.',
      );
    }
    if (shock.areas === null) return [{ shock, areas: null, at }];
    const named = areas.flatMap((area, index) =>
      shock.areas?.includes(area.id) === true ? [index] : [],
    );
    if (named.length < shock.areas.length) {
      const known = areas.map(({ id }) => id).join(', ');
      input.notes.fault(`/shocks/${String(at)}/areas`, `An area is not known; there are ${known}.`);
    }
    const own = named.filter((index) => areas[index]?.destination === destination);
    return own.length === 0 ? [] : [{ shock, areas: own, at }];
  });
}

/** Visitors by day, and where they are by month, after all shocks on visitors. */
export interface ShockedVisitors {
  readonly factor: Float64Array;
  readonly areaWeights: readonly Float64Array[];
}

/**
 * Applies the shocks on visitors. One that hits some areas only changes how many are there in all,
 * day by day, and the mix of areas of its months: a month has one mix, the mean of its days, so
 * the year's totals of each area are right and its days within the month are smoothed.
 *
 * @param visitors weight of each day of the period when months are averaged
 */
export function shockedVisitors(
  input: WorldInput,
  shocks: readonly VisitorShockHere[],
  areaWeights: readonly Float64Array[],
  visitors: Float64Array,
): ShockedVisitors {
  const factor = new Float64Array(input.days).fill(1);
  if (shocks.length === 0) return { factor, areaWeights };
  const spans = shocks.map(({ shock, at }) => daysOfShock(input, shock, `/shocks/${String(at)}`));
  const sums = areaWeights.map((row) => new Float64Array(row.length));
  for (let day = 0; day < input.days; day++) {
    const { month } = civilOf(input.firstDay + day);
    const today = Float64Array.from(areaWeights[month] ?? []);
    for (const [n, { shock, areas }] of shocks.entries()) {
      const span = spans[n];
      if (span === null || span === undefined || day < span.first || day > span.last) continue;
      const change = 1 + shock.percent.value / 100;
      for (let area = 0; area < today.length; area++) {
        if (areas === null || areas.includes(area)) today[area] = (today[area] ?? 0) * change;
      }
    }
    factor[day] = today.reduce((sum, weight) => sum + weight, 0);
    const into = sums[month];
    for (let area = 0; into !== undefined && area < today.length; area++) {
      into[area] = (into[area] ?? 0) + (today[area] ?? 0) * (visitors[day] ?? 0);
    }
  }
  return {
    factor,
    areaWeights: sums.map((row, month) => {
      const total = row.reduce((sum, weight) => sum + weight, 0);
      return total === 0 ? (areaWeights[month] ?? row) : row.map((weight) => weight / total);
    }),
  };
}
