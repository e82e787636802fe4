/**
 * Questions that take more than one play. Kernels and figures are loaded when one is asked.
 */
import type {
  ComparisonWithPlan,
  ExperimentSettings,
  RateOverlay,
  WhatIf,
} from './ask-experiments.js';
import type { PlanRequest, ScenarioPlan } from './plan-scenario.js';
import type { ExperimentWatch } from './player.js';
import type { Sweep, SweepPlan } from './sweep-scenario.js';
import type { Tornado } from './tornado-of.js';

export type { Comparison, SectionEffect } from './compare-scenarios.js';
export type {
  ComparisonWithPlan,
  ExperimentSettings,
  RateOverlay,
  WhatIf,
} from './ask-experiments.js';
export type { ExperimentWatch } from './player.js';
export type { Sweep, SweepPlan, SweptPoint } from './sweep-scenario.js';
export type { Tornado } from './tornado-of.js';
export type { PlayedDesign } from './whatif-designs.js';
export {
  changeWords,
  figureWords,
  intervalWords,
  percentWords,
  spreadWords,
} from './figure-words.js';
export { headlineNamed } from './headline-named.js';
export { DEFAULT_COSTS } from './plan-candidates.js';
export { tellPlan } from './tell-plan.js';
export type { PlanRequest, PlannedStep, ScenarioPlan } from './plan-scenario.js';
export { tellComparison } from './tell-comparison.js';

/** Two scenarios with the same random numbers, headline by headline. */
export async function compareShipped(
  base: string,
  other: string,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<ComparisonWithPlan> {
  const { askComparison } = await import('./ask-experiments.js');
  return askComparison(base, other, settings, watch);
}

/** Every figure at both of its ends, ranked by what it does to a headline. */
export async function tornadoShipped(
  scenario: string,
  headline: string,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<Tornado> {
  const { askTornado } = await import('./ask-experiments.js');
  return askTornado(scenario, headline, settings, watch);
}

/** A scenario with figures moved along axes. */
export async function sweepShipped(
  scenario: string,
  plan: SweepPlan,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<Sweep> {
  const { askSweep } = await import('./ask-experiments.js');
  return askSweep(scenario, plan, settings, watch);
}

/** One scenario under the usual settlement designs. */
export async function whatifShipped(
  scenario: string,
  overlay: RateOverlay,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<WhatIf> {
  const { askDesigns } = await import('./ask-experiments.js');
  return askDesigns(scenario, overlay, settings, watch);
}

/** Which next step adds most, and the best set of them. */
export async function planShipped(
  scenario: string,
  request: PlanRequest,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<ScenarioPlan> {
  const { askPlan } = await import('./ask-experiments.js');
  return askPlan(scenario, request, settings, watch);
}
