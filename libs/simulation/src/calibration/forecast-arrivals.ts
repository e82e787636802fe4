import type { DemandFigures } from '../demand-figures.js';
import { power } from '../random/exact-math.js';

/** Twelve months by origin. */
export type MonthsByOrigin = ReadonlyMap<string, readonly number[]>;

export interface ForecastTerms {
  /** Nothing of a later year is looked at. */
  readonly fitYear: number;
  readonly predictYear: number;
  /** Months of the level, and of the one before it that the trend is taken from. */
  readonly windowMonths: number;
  /** What of the trend is left after each month. */
  readonly damping: number;
}

/** A half-year against the one before; four fifths of the trend last into the next month. */
export const USUAL_TERMS = { windowMonths: 6, damping: 0.8 } as const;

/** A month's trend is at most so much; a reopening border is not a trend. */
const [LEAST_TREND, MOST_TREND] = [0.9, 1.1];

/** Arrivals of one destination in one year, origins of which are in `only` where that is given. */
export function arrivalsOf(
  figures: DemandFigures,
  destination: string,
  year: number,
): MonthsByOrigin {
  return new Map(
    figures.arrivals
      .filter((line) => line.destination === destination && line.year === year)
      .map(({ origin, months }) => [origin, months]),
  );
}

/** Years whose arrivals are known up to the fit, oldest first. */
export function knownYears(figures: DemandFigures, destination: string, until: number): number[] {
  const years = figures.arrivals
    .filter((line) => line.destination === destination && line.year <= until)
    .map(({ year }) => year);
  return [...new Set(years)].sort((a, b) => a - b);
}

/**
 * Arrivals by origin and month of a year to come: the level of the last months without their
 * season, carried on by a damped trend, with a season put back. The season of a month is the
 * median over the years that are known, each freed from what all origins had in common that year,
 * and the season of all origins together: one boycott or one border does not make a season.
 */
export function forecastArrivals(
  figures: DemandFigures,
  destination: string,
  terms: ForecastTerms,
): MonthsByOrigin {
  const years = knownYears(figures, destination, terms.fitYear);
  const byYear = years.map((year) => arrivalsOf(figures, destination, year));
  const last = byYear.at(-1) ?? new Map<string, readonly number[]>();
  const origins = [...last.keys()].filter((origin) => byYear.every((months) => months.has(origin)));
  const totals = byYear.map((months) => sumOver(months, origins));
  const reference = totals[0] ?? [];
  const common = sharesOf(reference);
  const forecast = new Map<string, readonly number[]>();
  for (const origin of origins) {
    const own = byYear.map((months, at) =>
      sharesOf(
        (months.get(origin) ?? []).map(
          (count, month) =>
            (count * (reference[month] ?? 0)) / Math.max(totals[at]?.[month] ?? 0, 1),
        ),
      ),
    );
    const season = sharesOf(
      common.map((share, month) => median([share, ...own.map((shares) => shares[month] ?? 0)])),
    );
    forecast.set(origin, carriedOn(last.get(origin) ?? [], season, terms));
  }
  return forecast;
}

function carriedOn(
  months: readonly number[],
  season: readonly number[],
  terms: ForecastTerms,
): number[] {
  const { windowMonths: window, damping } = terms;
  const level = levelOf(months, season, 12 - window, 12);
  const before = levelOf(months, season, 12 - 2 * window, 12 - window);
  const trend =
    level > 0 && before > 0
      ? Math.min(MOST_TREND, Math.max(LEAST_TREND, power(level / before, 1 / window)))
      : 1;
  const yearsAhead = (terms.predictYear - terms.fitYear - 1) * 12;
  return season.map((share, month) => {
    const ahead = yearsAhead + month + 1 + Math.floor((window - 1) / 2);
    const steps = damping === 0 ? 0 : (damping * (1 - power(damping, ahead))) / (1 - damping);
    return level * share * power(trend, steps);
  });
}

/** A year's arrivals as these months have them, without their season. */
function levelOf(
  months: readonly number[],
  season: readonly number[],
  from: number,
  until: number,
): number {
  const sum = (values: readonly number[]): number =>
    values.slice(from, until).reduce((total, value) => total + value, 0);
  const share = sum(season);
  return share > 0 ? sum(months) / share : 0;
}

function sharesOf(months: readonly number[]): number[] {
  const all = months.reduce((sum, month) => sum + month, 0);
  return months.map((month) => (all > 0 ? month / all : 1 / 12));
}

function sumOver(months: MonthsByOrigin, origins: readonly string[]): number[] {
  return Array.from({ length: 12 }, (_, month) =>
    origins.reduce((sum, origin) => sum + (months.get(origin)?.[month] ?? 0), 0),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

/** Yardsticks that anybody could use without a model. */
export const YARDSTICKS = ['lastYear', 'growthOfTotal', 'lastQuarter'] as const;
export type Yardstick = (typeof YARDSTICKS)[number];

/**
 * The same year by a rule of thumb: last year once more; last year with the growth of the total
 * between the last two years that are known, a year; or its last quarter four times, in the shape
 * of last year.
 */
export function yardstickArrivals(
  figures: DemandFigures,
  destination: string,
  terms: Pick<ForecastTerms, 'fitYear' | 'predictYear'>,
  yardstick: Yardstick,
): MonthsByOrigin {
  const years = knownYears(figures, destination, terms.fitYear);
  const last = arrivalsOf(figures, destination, terms.fitYear);
  const total = (months: MonthsByOrigin): number =>
    [...months.values()].reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0), 0);
  const before = years.at(-2);
  let factorOf = (_months: readonly number[]): number => 1;
  if (yardstick === 'growthOfTotal' && before !== undefined) {
    const growth = total(last) / total(arrivalsOf(figures, destination, before));
    const factor = power(growth, (terms.predictYear - terms.fitYear) / (terms.fitYear - before));
    factorOf = () => factor;
  } else if (yardstick === 'lastQuarter') {
    factorOf = (months) => {
      const year = months.reduce((a, b) => a + b, 0);
      return year > 0 ? (4 * months.slice(9).reduce((a, b) => a + b, 0)) / year : 1;
    };
  }
  return new Map(
    [...last].map(([origin, months]) => {
      const factor = factorOf(months);
      return [origin, months.map((month) => month * factor)];
    }),
  );
}
