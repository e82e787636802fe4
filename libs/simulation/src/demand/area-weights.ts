import type { DemandFigures } from '../demand-figures.js';
import type { Area } from '../world.js';
import type { WorldInput } from './world-input.js';

/** The origin under which figures of all other origins together are kept. */
export const ALL_OTHERS = 'ZZ';

/**
 * Where travellers of an origin spend their days, month by month: the nights of their nationality
 * by area, shifted through the year as the foreign nights of each area are. A destination without
 * areas of its own is one area.
 */
export function areaWeightsOf(
  input: WorldInput,
  areas: readonly Area[],
  destination: number,
  market: string,
  origin: string,
): Float64Array[] {
  const shares = staysOf(input.figures, market, origin);
  const monthsOf = new Map(input.figures.areaMonths.map(({ area, months }) => [area, months]));
  const rows = Array.from({ length: 12 }, () => new Float64Array(areas.length));
  for (const [month, row] of rows.entries()) {
    let total = 0;
    for (const [index, area] of areas.entries()) {
      if (area.destination !== destination) continue;
      const share = shares === undefined ? 1 : (shares.get(area.id) ?? 0);
      const weight = share * seasonOf(monthsOf.get(area.id), month);
      row[index] = weight;
      total += weight;
    }
    for (let index = 0; index < row.length; index++) row[index] = (row[index] ?? 0) / total;
  }
  return rows;
}

/** A month against the mean month of the area. */
function seasonOf(months: readonly number[] | undefined, month: number): number {
  if (months === undefined) return 1;
  const mean = months.reduce((sum, nights) => sum + nights, 0) / 12;
  return mean === 0 ? 1 : (months[month] ?? 0) / mean;
}

function staysOf(
  figures: DemandFigures,
  destination: string,
  origin: string,
): ReadonlyMap<string, number> | undefined {
  const of = (who: string): Map<string, number> =>
    new Map(
      figures.stays
        .filter((stay) => stay.destination === destination && stay.origin === who)
        .map(({ area, share }) => [area, share]),
    );
  const own = of(origin);
  if (own.size > 0) return own;
  const everyone = of(ALL_OTHERS);
  if (everyone.size === 0) return undefined;
  return shiftedByRepeat(figures, destination, origin, everyone);
}

/**
 * Travellers who come again leave the big cities. For an origin whose stays nobody counted, the
 * stays of all others are shifted until the share outside the big cities is what the line through
 * the counted origins gives for its share of repeat visitors.
 */
function shiftedByRepeat(
  figures: DemandFigures,
  destination: string,
  origin: string,
  everyone: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const repeat = figures.spending.find(
    (line) => line.destination === destination && line.origin === origin,
  )?.repeatPercent;
  const line = regionalLine(figures, destination);
  if (repeat === undefined || repeat === null || line === undefined) return everyone;
  const cities = new Set(figures.areas.filter(({ bigCity }) => bigCity).map(({ id }) => id));
  const now = regionalShare(everyone, cities);
  const wanted = line.at(repeat);
  return new Map(
    [...everyone].map(([area, share]) => [
      area,
      cities.has(area) ? (share * (1 - wanted)) / (1 - now) : (share * wanted) / now,
    ]),
  );
}

function regionalShare(shares: ReadonlyMap<string, number>, cities: ReadonlySet<string>): number {
  let [regional, all] = [0, 0];
  for (const [area, share] of shares) {
    all += share;
    if (!cities.has(area)) regional += share;
  }
  return regional / all;
}

/** Least squares through (repeat percent, regional share) of the origins that have both. */
function regionalLine(
  figures: DemandFigures,
  destination: string,
): { at: (repeatPercent: number) => number } | undefined {
  const cities = new Set(figures.areas.filter(({ bigCity }) => bigCity).map(({ id }) => id));
  const points = figures.spending.flatMap(({ origin, repeatPercent, destination: where }) => {
    if (where !== destination || repeatPercent === null) return [];
    const own = figures.stays.filter(
      (stay) => stay.destination === destination && stay.origin === origin,
    );
    if (own.length === 0) return [];
    const y = regionalShare(new Map(own.map(({ area, share }) => [area, share])), cities);
    return [{ x: repeatPercent, y }];
  });
  if (points.length < 3) return undefined;
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope =
    mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) * (point.x - x));
  // The line is of shares: it stays within what the counted origins show.
  const [least, most] = [
    Math.min(...points.map((point) => point.y)),
    Math.max(...points.map((point) => point.y)),
  ];
  return { at: (percent) => Math.min(most, Math.max(least, y + slope * (percent - x))) };
}
