import type { MonthsByOrigin } from './forecast-arrivals.js';

/** What came true: months may be missing, and then are not judged. */
export type ActualByOrigin = ReadonlyMap<string, readonly (number | null)[]>;

/** How far a forecast was off, over the months that came true; fractions, 0.05 is 5 %. */
export interface ForecastError {
  readonly months: number;
  readonly forecast: number;
  readonly actual: number;
  /** Mean absolute error of the months against each month. */
  readonly mape: number;
  /** Sum against sum: positive is too high. */
  readonly bias: number;
  /** Root mean square error against the mean month. */
  readonly nrmse: number;
}

/** Null where no month of both is there, or nobody came. */
export function errorOf(
  forecast: readonly number[],
  actual: readonly (number | null)[],
): ForecastError | null {
  let [months, sum, came, absolute, square] = [0, 0, 0, 0, 0];
  for (const [month, real] of actual.entries()) {
    if (real === null || real <= 0) continue;
    const guess = forecast[month] ?? 0;
    months += 1;
    sum += guess;
    came += real;
    absolute += Math.abs(guess - real) / real;
    square += (guess - real) * (guess - real);
  }
  if (months === 0) return null;
  const mean = came / months;
  return {
    months,
    forecast: sum,
    actual: came,
    mape: absolute / months,
    bias: sum / came - 1,
    nrmse: Math.sqrt(square / months) / mean,
  };
}

export interface OriginError extends ForecastError {
  readonly origin: string;
}

/** Errors by origin, largest origin first, and of all origins together. */
export interface ErrorTable {
  readonly origins: readonly OriginError[];
  readonly total: ForecastError | null;
  /** Error of each origin's year weighted by its visitors: what a reader of one origin meets. */
  readonly weightedAbsolute: number;
}

/**
 * @param total months of all origins as published, where the sum of the origins falls short of it
 */
export function errorTable(
  forecast: MonthsByOrigin,
  actual: ActualByOrigin,
  total: readonly (number | null)[] | null,
): ErrorTable {
  const origins: OriginError[] = [];
  for (const [origin, months] of actual) {
    const guess = forecast.get(origin);
    const error = guess === undefined ? null : errorOf(guess, months);
    if (error !== null) origins.push({ origin, ...error });
  }
  origins.sort((a, b) => b.actual - a.actual || (a.origin < b.origin ? -1 : 1));
  const came = origins.reduce((sum, { actual: all }) => sum + all, 0);
  const off = origins.reduce((sum, { actual: all, bias }) => sum + Math.abs(bias) * all, 0);
  return {
    origins,
    total: totalError(forecast, actual, total),
    weightedAbsolute: came > 0 ? off / came : 0,
  };
}

function totalError(
  forecast: MonthsByOrigin,
  actual: ActualByOrigin,
  total: readonly (number | null)[] | null,
): ForecastError | null {
  const judged =
    total === null ? [...actual.keys()].filter((o) => forecast.has(o)) : [...forecast.keys()];
  const guess = Array.from({ length: 12 }, (_, month) =>
    judged.reduce((sum, origin) => sum + (forecast.get(origin)?.[month] ?? 0), 0),
  );
  const real =
    total ??
    Array.from({ length: 12 }, (_, month) => {
      let sum = 0;
      for (const origin of judged) {
        const own = actual.get(origin)?.[month] ?? null;
        // A month in which one origin is not known yet has no total to be judged by.
        if (own === null) return null;
        sum += own;
      }
      return sum;
    });
  return errorOf(guess, real);
}
