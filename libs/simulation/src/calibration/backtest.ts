import type { DemandFigures, Target } from '../demand-figures.js';
import { power } from '../random/exact-math.js';
import {
  arrivalsOf,
  forecastArrivals,
  yardstickArrivals,
  YARDSTICKS,
  type ForecastTerms,
  type MonthsByOrigin,
  type Yardstick,
} from './forecast-arrivals.js';
import { errorTable, type ActualByOrigin, type ErrorTable } from './forecast-errors.js';

/** Months of a later year as they came in, with the published total where it is known. */
export interface ActualArrivals {
  readonly origins: ActualByOrigin;
  readonly total: readonly (number | null)[] | null;
}

/** A figure of a whole year, predicted and, where it is known, what came. */
export interface YearForecast {
  readonly what: string;
  readonly unit: string;
  readonly forecast: number;
  readonly actual: number | null;
  /** Of the forecast, a fraction. */
  readonly error: number | null;
  /** The same by repeating the last year. */
  readonly lastYear: number;
  readonly lastYearError: number | null;
  /** How it was made, and what it takes for granted. */
  readonly how: string;
}

export interface BacktestReport {
  readonly destination: string;
  readonly fitYear: number;
  readonly predictYear: number;
  readonly windowMonths: number;
  readonly damping: number;
  readonly forecast: MonthsByOrigin;
  /** Null where nothing of the predicted year is known. */
  readonly model: ErrorTable | null;
  readonly yardsticks: readonly {
    readonly yardstick: Yardstick;
    readonly errors: ErrorTable | null;
  }[];
  readonly years: readonly YearForecast[];
}

/**
 * Predicts a year with nothing later than the fit, and says how far off it was. What came is taken
 * from `actual`, or from the shipped figures of that year, and is looked at only afterwards.
 */
export function backtest(
  figures: DemandFigures,
  destination: string,
  terms: ForecastTerms,
  actual: ActualArrivals | null,
): BacktestReport {
  const known = untilYear(figures, terms.fitYear);
  const forecast = forecastArrivals(known, destination, terms);
  const came = actual ?? shippedActual(figures, destination, terms.predictYear);
  const judge = (guess: MonthsByOrigin): ErrorTable | null =>
    came === null ? null : errorTable(guess, came.origins, came.total);
  return {
    destination,
    fitYear: terms.fitYear,
    predictYear: terms.predictYear,
    windowMonths: terms.windowMonths,
    damping: terms.damping,
    forecast,
    model: judge(forecast),
    yardsticks: YARDSTICKS.map((yardstick) => ({
      yardstick,
      errors: judge(yardstickArrivals(known, destination, terms, yardstick)),
    })),
    years: yearForecasts(known, figures.targets, destination, terms, forecast),
  };
}

/** The figures as somebody had them at the end of a year: later ones are not there at all. */
function untilYear(figures: DemandFigures, year: number): DemandFigures {
  return {
    ...figures,
    arrivals: figures.arrivals.filter((line) => line.year <= year),
    spending: figures.spending.filter((line) => line.year <= year),
    targets: figures.targets.filter((target) => target.year <= year),
  };
}

function shippedActual(
  figures: DemandFigures,
  destination: string,
  year: number,
): ActualArrivals | null {
  const origins = arrivalsOf(figures, destination, year);
  return origins.size === 0 ? null : { origins, total: null };
}

/** Spending of the whole year; published for Japan only. */
function yearForecasts(
  known: DemandFigures,
  all: readonly Target[],
  destination: string,
  terms: ForecastTerms,
  forecast: MonthsByOrigin,
): YearForecast[] {
  if (destination !== 'JP') return [];
  const spent = totalsByYear(known.targets, 'japan-spending-');
  const visitors = totalsByYear(known.targets, 'japan-visitors-');
  const each = [...spent].flatMap(([year, yen]) => {
    const people = visitors.get(year);
    return people === undefined ? [] : [{ year, yen: yen / people }];
  });
  const last = each.at(-1);
  if (last?.year !== terms.fitYear) return [];
  const before = each.at(-2);
  const growth =
    before === undefined ? 1 : power(last.yen / before.yen, 1 / (last.year - before.year));
  const eachNext = last.yen * power(growth, terms.predictYear - last.year);
  const people = [...forecast.values()].reduce(
    (sum, own) => sum + own.reduce((a, b) => a + b, 0),
    0,
  );
  const came = totalsByYear(all, 'japan-spending-').get(terms.predictYear) ?? null;
  const cameVisitors = totalsByYear(all, 'japan-visitors-').get(terms.predictYear) ?? null;
  const lastSpent = spent.get(terms.fitYear) ?? 0;
  const grown = ((growth - 1) * 100).toFixed(1);
  const rows: YearForecast[] = [
    yearForecast(
      'Spending of one visitor',
      'JPY',
      eachNext,
      came === null || cameVisitors === null ? null : came / cameVisitors,
      last.yen,
      `${grown} % a year, as from ${String(before?.year ?? last.year)} to ${String(last.year)}`,
    ),
    yearForecast(
      'Spending of all visitors',
      'JPY',
      eachNext * people,
      came,
      lastSpent,
      'visitors times spending of one',
    ),
  ];
  const share = known.targets.find(({ id }) => id === 'japan-wallet-share-2024');
  const later = all.find(({ id }) => id === 'japan-wallet-share-2024');
  const used = share ?? later;
  if (used !== undefined) {
    const ofWallets = used.value / 100;
    const note =
      share === undefined
        ? `if wallets pay ${String(used.value)} %: a figure of ${String(used.year)}, which nobody had at the end of ${String(terms.fitYear)}, so this tests spending, not wallets`
        : `if wallets go on paying ${String(used.value)} %, as in ${String(used.year)}`;
    const paid = came === null || used.year !== terms.predictYear ? null : came * ofWallets;
    rows.push(
      yearForecast(
        'Paid by wallets',
        'JPY',
        eachNext * people * ofWallets,
        paid,
        lastSpent * ofWallets,
        note,
      ),
    );
  }
  return rows;
}

function totalsByYear(targets: readonly Target[], prefix: string): ReadonlyMap<number, number> {
  return new Map(
    targets
      .filter(({ id }) => id.startsWith(prefix))
      .map(({ year, value }): [number, number] => [year, value])
      .sort(([a], [b]) => a - b),
  );
}

function yearForecast(
  what: string,
  unit: string,
  forecast: number,
  actual: number | null,
  lastYear: number,
  how: string,
): YearForecast {
  const error = (guess: number): number | null => (actual === null ? null : guess / actual - 1);
  return {
    what,
    unit,
    forecast,
    actual,
    error: error(forecast),
    lastYear,
    lastYearError: error(lastYear),
    how,
  };
}
