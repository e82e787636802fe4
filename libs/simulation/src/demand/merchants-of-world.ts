import { power } from '../random/exact-math.js';
import type { MerchantTable } from '../world.js';
import { yearsSince, type WorldCast } from './cast-of-world.js';
import { needed, type WorldInput } from './world-input.js';

/** More than any market has; a slip of three digits should not fill the memory. */
const MOST_MERCHANTS = 60_000_000;
const POPULARITY_PLACES = 4_097;
/** A tenth of a cell's merchants get two fifths of its visits: u^2.5 of a uniform u. */
const POPULARITY_EXPONENT = 2.5;

/**
 * Merchants that take the wallets, spread over areas and categories by their shares. Every cell
 * has at least one, since travellers are sent to each.
 */
export function merchantsOf(input: WorldInput, cast: WorldCast): MerchantTable {
  const { areas, categories, acquirers, destinations } = cast;
  const perCell = new Float64Array(areas.length * categories.length);
  for (const [destination, { market }] of destinations.entries()) {
    const total = merchantsIn(input, market);
    if (total === undefined) continue;
    const cells: number[] = [];
    const weights: number[] = [];
    for (const [a, area] of areas.entries()) {
      if (area.destination !== destination) continue;
      const share = input.figures.areas.find(({ id }) => id === area.id)?.merchantShare ?? 0;
      for (const [c, category] of input.figures.categories.entries()) {
        cells.push(a * categories.length + c);
        weights.push(share * category.merchantShare);
      }
    }
    if (total < cells.length) {
      input.notes.fault(
        `/acceptance/merchants/${market}`,
        `${String(total)} merchants are too few: ${market} has ${String(cells.length)} areas and kinds of shop.`,
      );
      continue;
    }
    const parts = largestRemainder(total - cells.length, weights);
    for (const [at, cell] of cells.entries()) perCell[cell] = 1 + (parts[at] ?? 0);
  }
  const cellStart = new Uint32Array(perCell.length + 1);
  for (let cell = 0; cell < perCell.length; cell++) {
    cellStart[cell + 1] = (cellStart[cell] ?? 0) + (perCell[cell] ?? 0);
  }
  const count = cellStart[perCell.length] ?? 0;
  const acquirerOf = new Uint8Array(count);
  for (const [a, area] of areas.entries()) {
    const from = cellStart[a * categories.length] ?? 0;
    const until = cellStart[(a + 1) * categories.length] ?? 0;
    const own = acquirers.flatMap(({ destination }, index) =>
      destination === area.destination ? [index] : [],
    );
    const pattern = acquirerPattern(own);
    for (let merchant = from; merchant < until; merchant++) {
      acquirerOf[merchant] = pattern[merchant % pattern.length] ?? 0;
    }
  }
  return { count, cellStart, acquirerOf, popularity: popularityTable(), links: cast.links };
}

/** Of a destination, at the middle of the period. */
function merchantsIn(input: WorldInput, market: string): number | undefined {
  const { acceptance } = input.scenario;
  const pointer = `/acceptance/merchants/${market}`;
  const stated = needed(
    input,
    acceptance.merchants[market],
    pointer,
    `How many merchants ${market} has`,
  );
  const total = Math.round(stated * merchantGrowth(input));
  if (total > MOST_MERCHANTS) {
    input.notes.fault(
      pointer,
      `${market} would come to more than ${String(MOST_MERCHANTS)} merchants: lower them, or acceptance.growthPercentPerYear.`,
    );
    return undefined;
  }
  return total;
}

/** Merchants at the middle of the period for one at `asOf`. */
export function merchantGrowth(input: WorldInput): number {
  const { asOf, growthPercentPerYear } = input.scenario.acceptance;
  const years = yearsSince(input, asOf);
  if (years === undefined) {
    input.notes.fault('/acceptance/asOf', `${asOf} is not a date like 2024-03-31.`);
    return 1;
  }
  return power(1 + growthPercentPerYear.value / 100, years);
}

/** Splits a whole number by weights; what is left over goes to the largest remainders. */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map((value) => Math.floor(value));
  const missing = total - parts.reduce((sum, part) => sum + part, 0);
  const order = exact
    .map((value, at) => ({ rest: value - Math.floor(value), at }))
    .sort((a, b) => b.rest - a.rest || a.at - b.at);
  for (const { at } of order.slice(0, missing)) parts[at] = (parts[at] ?? 0) + 1;
  return parts;
}

/**
 * Which acquirer serves the n-th merchant: the first of a market has twice the merchants of the
 * second and three times those of the third, mixed so that popular and quiet shops split alike.
 */
export function acquirerPattern(acquirers: readonly number[]): readonly number[] {
  const PLACES = 64;
  const weights = acquirers.map((_, rank) => 1 / (rank + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const owed = weights.map(() => 0);
  return Array.from({ length: PLACES }, () => {
    let most = 0;
    for (const [rank, weight] of weights.entries()) {
      owed[rank] = (owed[rank] ?? 0) + weight / all;
      if ((owed[rank] ?? 0) > (owed[most] ?? 0)) most = rank;
    }
    owed[most] = (owed[most] ?? 0) - 1;
    return acquirers[most] ?? 0;
  });
}

function popularityTable(): Float64Array {
  const table = new Float64Array(POPULARITY_PLACES);
  for (let place = 1; place < POPULARITY_PLACES; place++) {
    table[place] = power(place / (POPULARITY_PLACES - 1), POPULARITY_EXPONENT);
  }
  return table;
}
