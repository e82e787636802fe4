import type { DemandFigures, Target } from '../demand-figures.js';
import type { Scenario } from '../scenario.js';
import { FREEDOMS, type Freedom } from './freedoms.js';
import { judgedTargets, modelled, type CalibrationGround } from './modelled-targets.js';

/** A published total beside the model's. */
export interface JudgedTarget {
  readonly target: Target;
  readonly modelled: number | null;
  /** Of the published figure, a fraction: 0.05 is 5 % too high. */
  readonly error: number | null;
  /** How the model's figure is read, or why there is none. */
  readonly how: string;
  /** The parameter that was chosen to meet it, for a fitted target. */
  readonly parameter: string | null;
}

/** A free parameter and where it stands. */
export interface UsedFreedom {
  readonly parameter: string;
  readonly what: string;
  readonly target: string;
  readonly low: number;
  readonly high: number;
  readonly value: number;
  /** Before fitting, where it was fitted now. */
  readonly before: number | null;
}

export interface CalibrationReport {
  readonly scenario: string;
  readonly targets: readonly JudgedTarget[];
  readonly freedoms: readonly UsedFreedom[];
}

/** Plays a scenario to what is expected to happen in it. */
export type Expect = (scenario: Scenario) => Pick<CalibrationGround, 'world' | 'totals'>;

/** Holds a scenario against everything that is published about it. */
export function judge(
  scenario: Scenario,
  figures: DemandFigures,
  expect: Expect,
  before: Scenario | null = null,
): CalibrationReport {
  const ground = { scenario, figures, ...expect(scenario) };
  const targets = judgedTargets(figures).map((target): JudgedTarget => {
    const found = modelled(ground, target);
    const freedom = FREEDOMS.find((one) => one.target === target.id);
    return {
      target,
      modelled: found.known ? found.value : null,
      error: found.known ? found.value / target.value - 1 : null,
      how: found.known ? found.how : found.why,
      parameter: freedom?.parameter ?? null,
    };
  });
  const judged = new Set(
    targets.filter(({ error }) => error !== null).map(({ target }) => target.id),
  );
  return {
    scenario: scenario.name,
    targets,
    freedoms: FREEDOMS.filter((freedom) => judged.has(freedom.target)).map((freedom) => ({
      parameter: freedom.parameter,
      what: freedom.what,
      target: freedom.target,
      low: freedom.low,
      high: freedom.high,
      value: freedom.valueOf(scenario),
      before: before === null ? null : freedom.valueOf(before),
    })),
  };
}

/** A fitted scenario, or the parameter that would have to leave its range. */
export type Fit =
  | { readonly ok: true; readonly scenario: Scenario; readonly evaluations: number }
  | { readonly ok: false; readonly freedom: Freedom; readonly wanted: number };

/** Errors smaller than this are met. */
const MET = 1e-4;
const MOST_ROUNDS = 6;

/**
 * Moves each free parameter until its target is met. Every one moves its own target nearly in
 * proportion and the others hardly, so each round sets a parameter by the proportion, and a few
 * rounds settle what they do to each other.
 */
export function fit(scenario: Scenario, figures: DemandFigures, expect: Expect): Fit {
  let fitted = scenario;
  let evaluations = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const ground = { scenario: fitted, figures, ...expect(fitted) };
    evaluations += 1;
    let largest = 0;
    for (const freedom of FREEDOMS) {
      const target = figures.targets.find(({ id }) => id === freedom.target);
      const found = target === undefined ? null : modelled(ground, target);
      if (target === undefined || found?.known !== true || found.value === 0) continue;
      const ratio = target.value / found.value;
      largest = Math.max(largest, Math.abs(1 / ratio - 1));
      if (Math.abs(1 / ratio - 1) < MET) continue;
      const wanted = nextValue(freedom, fitted, ratio);
      if (wanted < freedom.low || wanted > freedom.high) return { ok: false, freedom, wanted };
      fitted = freedom.moved(fitted, wanted);
    }
    if (largest < MET) break;
  }
  return { ok: true, scenario: fitted, evaluations };
}

/** Growth acts over a year and a half on the merchants of its target; the others in proportion. */
function nextValue(freedom: Freedom, scenario: Scenario, ratio: number): number {
  const now = freedom.valueOf(scenario);
  if (freedom.parameter !== 'acceptance.growthPercentPerYear') return now * ratio;
  return (1 + now / 100) * (1 + (ratio - 1) / 1.5) * 100 - 100;
}
