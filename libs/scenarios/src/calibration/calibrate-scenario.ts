import { ExplainedError } from '#platform/explained-error';
import { fit, judge, type CalibrationReport } from '#simulation/calibration/calibrate';
import { playFluid } from '#simulation/fluid/play-fluid';
import type { Scenario } from '#simulation/scenario';
import { compileScenario, EXIT_INVALID_WORLD } from '../figures/compile-scenario.js';
import { loadFigures } from '../figures/load-figures.js';

export interface CalibrationOptions {
  /** Move the free parameters until the fitted targets are met. */
  readonly fit: boolean;
}

export interface CalibrationRun {
  readonly report: CalibrationReport;
  /** Worlds that were played to fit; 0 where nothing was fitted. */
  readonly evaluations: number;
}

/** Calibrates on expected values: no chance is in them, so an error is the model's own. */
export function calibrate(scenario: Scenario, options: CalibrationOptions): CalibrationRun {
  const figures = loadFigures();
  const expect = (asked: Scenario) => {
    const { world } = compileScenario(asked);
    return { world, totals: playFluid(world).totals };
  };
  if (!options.fit) return { report: judge(scenario, figures, expect), evaluations: 0 };
  const fitted = fit(scenario, figures, expect);
  if (!fitted.ok) {
    const { parameter, low, high, target } = fitted.freedom;
    throw new ExplainedError(
      `${target} cannot be met: ${parameter} would have to be ${fitted.wanted.toFixed(1)}, and ` +
        `more than ${String(high)} or less than ${String(low)} contradicts what is known of it.`,
      { exitCode: EXIT_INVALID_WORLD },
    );
  }
  return {
    report: judge(fitted.scenario, figures, expect, scenario),
    evaluations: fitted.evaluations,
  };
}
