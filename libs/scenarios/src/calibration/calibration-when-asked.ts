import type { BacktestReport } from '#simulation/calibration/backtest';
import type { CalibrationOptions, CalibrationRun } from './calibrate-scenario.js';
import type { BacktestRequest } from './backtest-shipped.js';
import type { Scenario } from '#simulation/scenario';

/**
 * Holds a scenario against published totals, and fits it to them where asked. The kernel and the
 * figures are loaded now, not when the command line starts.
 *
 * @throws ExplainedError with exit code 3 where a scenario is no world or cannot be fitted
 */
export async function calibrateScenario(
  scenario: Scenario,
  options: CalibrationOptions,
): Promise<CalibrationRun> {
  const { calibrate } = await import('./calibrate-scenario.js');
  return calibrate(scenario, options);
}

/**
 * Predicts a year from the years before it, and says how far off that was.
 *
 * @throws ExplainedError with exit code 3 for years without figures or a file that does not fit
 */
export async function backtestArrivals(request: BacktestRequest): Promise<BacktestReport> {
  const { backtestShipped } = await import('./backtest-shipped.js');
  return backtestShipped(request);
}
