import { ExplainedError } from '#platform/explained-error';
import { backtest, type BacktestReport } from '#simulation/calibration/backtest';
import { knownYears, USUAL_TERMS } from '#simulation/calibration/forecast-arrivals';
import { EXIT_INVALID_WORLD } from '../figures/compile-scenario.js';
import { loadFigures } from '../figures/load-figures.js';
import { readActualArrivals } from './actual-arrivals.js';

export interface BacktestRequest {
  readonly fitYear: number;
  readonly predictYear: number;
  /** Path of a CSV file with the later year's arrivals; null takes the shipped ones. */
  readonly actual: string | null;
  readonly windowMonths?: number;
  readonly damping?: number;
}

/** Only Japan's arrivals are published by origin and month. */
const DESTINATION = 'JP';
const FURTHEST_YEARS = 3;

export function backtestShipped(request: BacktestRequest): BacktestReport {
  const { fitYear, predictYear } = request;
  const figures = loadFigures();
  const invalid = (message: string): never => {
    throw new ExplainedError(message, { exitCode: EXIT_INVALID_WORLD });
  };
  const years = knownYears(figures, DESTINATION, Infinity);
  if (!years.includes(fitYear)) {
    invalid(
      `There are no arrivals of ${String(fitYear)} to fit on: ${years.join(', ')} are known.`,
    );
  }
  if (predictYear <= fitYear || predictYear > fitYear + FURTHEST_YEARS) {
    invalid(
      `${String(predictYear)} is not one to ${String(FURTHEST_YEARS)} years after ${String(fitYear)}: choose --predict accordingly.`,
    );
  }
  const windowMonths = request.windowMonths ?? USUAL_TERMS.windowMonths;
  const damping = request.damping ?? USUAL_TERMS.damping;
  if (![2, 3, 4, 6].includes(windowMonths))
    invalid('A window has 2, 3, 4 or 6 months: the year is split into two.');
  if (!(damping >= 0 && damping < 1))
    invalid('What is left of a trend after a month is from 0 to below 1.');
  const actual = request.actual === null ? null : readActualArrivals(request.actual, predictYear);
  return backtest(figures, DESTINATION, { fitYear, predictYear, windowMonths, damping }, actual);
}
