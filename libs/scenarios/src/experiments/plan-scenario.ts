import { ExplainedError } from '#platform/explained-error';
import { planSteps, type RankedStep, type StepPlan } from '#simulation/experiments/plan-steps';
import { reachModel, type Candidate, type ReachModel } from '#simulation/experiments/reach-model';
import type { Figure, JoiningWallet, Scenario } from '#simulation/scenario';
import type { World } from '#simulation/world';
import { loadFigures, loadNetwork } from '../figures/index.js';
import { loadScenario } from '../scenario-files/load-scenario.js';
import { shippedNames } from '../scenario-files/shipped-scenarios.js';
import {
  linkCandidates,
  marketCandidates,
  segmentCandidates,
  walletCandidates,
  type StepCosts,
} from './plan-candidates.js';
import { figureWords } from './figure-words.js';
import type { ExperimentWatch, Player } from './player.js';

export interface PlanRequest {
  readonly pick: number;
  readonly budget: number | null;
  readonly costs: StepCosts;
  readonly kinds: readonly Candidate['kind'][];
  readonly seed: number;
}

export interface PlannedStep extends RankedStep {
  readonly reason: string;
}

export interface ScenarioPlan extends Omit<StepPlan, 'steps'> {
  readonly scenario: { readonly name: string; readonly title: string };
  readonly request: PlanRequest;
  readonly steps: readonly PlannedStep[];
  /** What was not looked at, and why. */
  readonly remarks: readonly string[];
}

/** Of on-site spending, what the probe of each origin wishes for. */
const PROBE_PERCENT = 1;

/**
 * Which next wallet, market, segment of shops or link adds most spending that can be paid by
 * wallet, and the best set of such steps within a number and a budget.
 */
export function planScenario(
  scenario: Scenario,
  request: PlanRequest,
  player: Pick<Player, 'compile'>,
  watch: ExperimentWatch = {},
): ScenarioPlan {
  watch.onProgress?.('looking for next steps', 0);
  const prospects = shippedProspects();
  const remarks: string[] = [];
  const model = modelOf(scenario, prospects, player, remarks);
  const all: Candidate[] = [
    ...walletCandidates(scenario, prospects, request.costs),
    ...linkCandidates(scenario, loadNetwork(), model, request.costs),
    ...marketCandidates(scenario, model, request.costs),
    ...segmentCandidates(model, request.costs),
  ];
  const candidates = all.filter(({ kind }) => request.kinds.includes(kind));
  if (candidates.length === 0) {
    throw new ExplainedError(
      `there is no next step of these kinds for ${scenario.name}; ask for others with --kinds`,
    );
  }
  watch.onProgress?.('choosing a set', 0.5);
  const limits = { most: request.pick, budget: request.budget };
  const plan = planSteps(model, candidates, limits, request.seed);
  return {
    ...plan,
    scenario: { name: scenario.name, title: scenario.title },
    request,
    steps: plan.steps.map((step) => ({ ...step, reason: reasonOf(step.candidate, model) })),
    remarks,
  };
}

/** The same for wallets that a scenario brings and another does not have: in which order? */
export function planJoining(
  base: Scenario,
  joining: readonly JoiningWallet[],
  limits: Pick<PlanRequest, 'pick' | 'seed' | 'costs'>,
  player: Pick<Player, 'compile'>,
): ScenarioPlan {
  const remarks: string[] = [];
  const origins = [...new Set([...base.corridors.origins, ...joining.map(({ origin }) => origin)])];
  const { destinations } = base.corridors;
  const model = modelFrom(base, { origins, destinations }, player);
  const candidates = walletCandidates(base, joining, limits.costs);
  const request: PlanRequest = { ...limits, budget: null, kinds: ['wallet'] };
  const plan = planSteps(model, candidates, { most: limits.pick, budget: null }, limits.seed);
  return {
    ...plan,
    scenario: { name: base.name, title: base.title },
    request,
    steps: plan.steps.map((step) => ({ ...step, reason: reasonOf(step.candidate, model) })),
    remarks,
  };
}

function shippedProspects(): JoiningWallet[] {
  const all = shippedNames().flatMap((name) => loadScenario(name).wallets.joining);
  return [...new Map(all.map((wallet) => [wallet.id, wallet])).values()];
}

/** All markets that can be compiled; where some cannot, those of the scenario alone. */
function modelOf(
  scenario: Scenario,
  prospects: readonly JoiningWallet[],
  player: Pick<Player, 'compile'>,
  remarks: string[],
): ReachModel {
  const figures = loadFigures();
  const known = Object.keys(scenario.wallets.wishPercentByOrigin);
  const joined = prospects
    .filter(({ destinations }) =>
      destinations.some((market) => scenario.corridors.destinations.includes(market)),
    )
    .map(({ origin }) => origin);
  const { corridors } = scenario;
  const near = {
    origins: [...new Set([...corridors.origins, ...joined])],
    destinations: corridors.destinations,
  };
  const wide = {
    origins: [...new Set([...near.origins, ...known])],
    destinations: [
      ...new Set([...corridors.destinations, ...figures.destinations.map(({ market }) => market)]),
    ],
  };
  for (const [index, reach] of [wide, { ...near, origins: wide.origins }, near].entries()) {
    try {
      const model = modelFrom(scenario, reach, player);
      if (index > 0) remarks.push('Some markets have too few figures to be looked at.');
      return model;
    } catch (error) {
      if (!(error instanceof ExplainedError) || index === 2) throw error;
    }
  }
  throw new ExplainedError(`${scenario.name} cannot be planned for`);
}

function modelFrom(
  scenario: Scenario,
  reach: Scenario['corridors'],
  player: Pick<Player, 'compile'>,
): ReachModel {
  const probe: Figure = { value: PROBE_PERCENT, because: 'A probe', quality: 'fictional' };
  const none: Figure = { ...probe, value: 0 };
  const probes = reach.origins.map((origin): JoiningWallet => ({
    id: `probe_${origin.toLowerCase()}`,
    name: `Probe of ${origin}`,
    origin,
    currency: 'USD',
    joins: scenario.period.from,
    wishPercent: probe,
    cannibalisationPercent: none,
    destinations: reach.destinations,
  }));
  const isStanding = new Set(scenario.corridors.origins);
  const world = player.compile({
    ...scenario,
    corridors: {
      origins: reach.origins,
      destinations: reach.destinations,
    },
    wallets: {
      ...scenario.wallets,
      joining: [
        ...scenario.wallets.joining.filter(({ origin }) => isStanding.has(origin)),
        ...probes,
      ],
    },
    // Shocks strike what is played; a plan is for years without.
    shocks: [],
  });
  return reachModel(world, PROBE_PERCENT / 100, wishOf(scenario, world), scenario.corridors);
}

/** What wallets without the probe wish for on a corridor, from the shares of the last epoch. */
function wishOf(
  scenario: Scenario,
  world: World,
): (origin: string, destination: string) => { wish: number; figure: Figure | null } {
  const wishes = new Map<string, number>();
  for (const flow of world.flows) {
    const weights = flow.walletEpochs.at(-1)?.weights ?? new Float64Array();
    let [probe, others] = [0, 0];
    for (const [wallet, weight] of weights.entries()) {
      const isProbe = world.wallets[wallet]?.wallet.id.startsWith('probe_') === true;
      if (isProbe) probe += weight;
      else others += weight;
    }
    const origin = world.origins[flow.origin] ?? '';
    const destination = world.destinations[flow.destination]?.market ?? '';
    // Weights are percent of on-site purchases, so the probe's own is the measure.
    const wish = probe > 0 ? (others / probe) * (PROBE_PERCENT / 100) : 0;
    wishes.set(`${origin} ${destination}`, Math.min(wish, 0.99));
  }
  return (origin, destination) => ({
    wish: wishes.get(`${origin} ${destination}`) ?? 0,
    figure: scenario.wallets.wishPercentByOrigin[origin] ?? null,
  });
}

function reasonOf(candidate: Candidate, { flows, world }: ReachModel): string {
  switch (candidate.kind) {
    case 'wallet':
    case 'link': {
      const { origin, destinations, wishPercent, cannibalisationPercent } = candidate;
      const own = flows.filter(
        (flow) => flow.origin === origin && destinations.includes(flow.destination),
      );
      const spend = own.reduce((sum, flow) => sum + flow.spendUsd, 0);
      const taken =
        own.some(({ wish }) => wish > 0) && cannibalisationPercent.value > 0
          ? `, ${String(cannibalisationPercent.value)} % of it from wallets of the network`
          : '';
      return (
        `Travellers from ${origin} spend ${figureWords(spend, 'usd')} at counters; its users wish ` +
        `to pay ${wishPercent.value.toFixed(1)} % of it with this wallet${taken}.`
      );
    }
    case 'market': {
      const own = flows.filter((flow) => flow[candidate.side] === candidate.market);
      const open = own.filter(({ isOpen }) =>
        candidate.side === 'origin' ? isOpen.destination : isOpen.origin,
      );
      const spend = open.reduce((sum, flow) => sum + flow.spendUsd, 0);
      const who = candidate.side === 'origin' ? 'They spend' : 'Travellers of the network spend';
      return `${who} ${figureWords(spend, 'usd')} at counters there, with wallets that exist.`;
    }
    case 'segment': {
      const area = world.areas.findIndex(({ id }) => id === candidate.area);
      const category = world.categories.findIndex(({ id }) => id === candidate.category);
      const at = area * world.categories.length + category;
      const spend = flows.reduce((sum, flow) => sum + (flow.segmentUsd[at] ?? 0) * flow.wish, 0);
      const accepted = flows[0]?.acceptance[category] ?? 0;
      return (
        `${figureWords(spend, 'usd')} a period is meant for a wallet there, and ` +
        `${(100 - accepted * 100).toFixed(0)} % of it meets shops that take none; half of them are won.`
      );
    }
  }
}
