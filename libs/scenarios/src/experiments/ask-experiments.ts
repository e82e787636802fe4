import { ExplainedError } from '#platform/explained-error';
import type { Fidelity, Scenario } from '#simulation/scenario';
import { DEFAULT_SEED } from '../runs/defaults.js';
import { shippedParts } from '../runs/shipped-parts.js';
import { loadScenario, type LoadOptions } from '../scenario-files/load-scenario.js';
import { compareScenarios, type Comparison } from './compare-scenarios.js';
import { planJoining, planScenario, type PlanRequest, type ScenarioPlan } from './plan-scenario.js';
import { DEFAULT_COSTS } from './plan-candidates.js';
import { playerOf, type ExperimentWatch, type Player } from './player.js';
import { sweepScenario, type Sweep, type SweepPlan } from './sweep-scenario.js';
import { tornadoOf, type Tornado } from './tornado-of.js';
import { playDesigns, usualDesigns, type PlayedDesign } from './whatif-designs.js';

/** How an experiment plays; what is left out has a default that is told. */
export interface ExperimentSettings {
  readonly load?: LoadOptions;
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly fidelity?: Fidelity | undefined;
  readonly jobs?: number | undefined;
}

/** Rates of another year, or of a moved currency, over a whole scenario. */
export interface RateOverlay {
  readonly fxYear?: number | undefined;
  /** `JPY=-8`: percent by which a currency moves against all others, all through the period. */
  readonly shocks: readonly string[];
}

/** Enough that an interval of paired differences is not mostly its Student factor. */
const DEFAULT_REPLICATIONS = 6;

/** @throws ExplainedError for a scenario that is not valid (exit code 3) or Ctrl-C (130) */
export async function askComparison(
  base: string,
  other: string,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): Promise<ComparisonWithPlan> {
  const before = loadScenario(base, settings.load);
  const after = loadScenario(other, settings.load);
  const player = playerFor(settings.fidelity ?? before.run.fidelity, settings, watch);
  const sampling = samplingOf(settings, player.fidelity);
  const comparison = await compareScenarios(before, after, sampling, player, watch);
  const known = new Set(before.wallets.joining.map(({ id }) => id));
  const more = after.wallets.joining.filter(({ id }) => !known.has(id));
  if (more.length < LEAST_PLANNED) return { ...comparison, plan: null };
  const limits = { pick: PLANNED, seed: sampling.seed, costs: DEFAULT_COSTS };
  return { ...comparison, plan: planJoining(before, more, limits, player) };
}

/** Where the other scenario brings several wallets: which of them first. */
export interface ComparisonWithPlan extends Comparison {
  readonly plan: ScenarioPlan | null;
}

const LEAST_PLANNED = 2;
const PLANNED = 3;

export async function askTornado(
  name: string,
  headline: string,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): Promise<Tornado> {
  const scenario = loadScenario(name, settings.load);
  return tornadoOf(scenario, headline, playerFor('fluid', settings, watch), watch);
}

/** Fluid unless asked otherwise: a sweep is a shape, and shapes need no chance. */
export async function askSweep(
  name: string,
  plan: SweepPlan,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): Promise<Sweep> {
  const player = playerFor(settings.fidelity ?? 'fluid', settings, watch);
  const set = settings.load?.set ?? [];
  const load = (more: readonly string[]): Scenario =>
    loadScenario(name, { ...settings.load, set: [...set, ...more] });
  return sweepScenario(load, plan, samplingOf(settings, player.fidelity), player, watch);
}

export interface WhatIf {
  readonly scenario: { readonly name: string; readonly title: string };
  readonly rates: string;
  readonly designs: readonly PlayedDesign[];
}

export async function askDesigns(
  name: string,
  overlay: RateOverlay,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): Promise<WhatIf> {
  const { fxYear } = overlay;
  const years = fxYear === undefined ? [] : ['fx.path=history', `fx.year=${String(fxYear)}`];
  const set = [...(settings.load?.set ?? []), ...years];
  const scenario = withShocks(loadScenario(name, { ...settings.load, set }), overlay.shocks);
  const player = playerFor('fluid', settings, watch);
  return {
    scenario: { name: scenario.name, title: scenario.title },
    rates: ratesText(scenario, overlay.shocks),
    designs: await playDesigns(scenario, usualDesigns(scenario), player, watch),
  };
}

export function askPlan(
  name: string,
  request: PlanRequest,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): ScenarioPlan {
  const scenario = loadScenario(name, settings.load);
  return planScenario(scenario, request, playerFor('fluid', settings, watch), watch);
}

/** Lays moved currencies over a scenario's whole period. */
export function withShocks(scenario: Scenario, words: readonly string[]): Scenario {
  const shocks = words.map((word): Scenario['shocks'][number] => {
    const match = /^([A-Z]{3})=([+-]?\d+(?:\.\d+)?)$/.exec(word);
    if (match === null) {
      throw new ExplainedError(`${word} is not a shock: write a currency and percent, JPY=-8`, {
        exitCode: 2,
      });
    }
    const [, currency = '', percent] = match;
    const figure = { value: Number(percent), because: 'asked for', quality: 'estimated' } as const;
    return { kind: 'rate', currency, percent: figure, ...scenario.period };
  });
  return { ...scenario, shocks: [...scenario.shocks, ...shocks] };
}

function ratesText({ fx }: Scenario, shocks: readonly string[]): string {
  const path =
    fx.path === 'fixed'
      ? `rates of ${fx.on ?? 'one day'}, all through`
      : fx.year === null
        ? 'each day’s own rates'
        : `rates as they moved in ${String(fx.year)}`;
  return shocks.length === 0 ? path : `${path}, ${shocks.map((word) => `${word} %`).join(', ')}`;
}

function playerFor(
  fidelity: Fidelity,
  settings: ExperimentSettings,
  { signal }: ExperimentWatch,
): Player {
  return playerOf(shippedParts(fidelity, settings.jobs ?? 1), fidelity, signal);
}

function samplingOf(
  { seed, replications }: ExperimentSettings,
  fidelity: Fidelity,
): { readonly seed: number; readonly replications: number } {
  return {
    seed: seed ?? DEFAULT_SEED,
    replications: fidelity === 'fluid' ? 1 : (replications ?? DEFAULT_REPLICATIONS),
  };
}
