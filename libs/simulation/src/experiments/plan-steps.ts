import { FROM_NOUGHT } from '../statistics/bounds.js';
import { summarise } from '../statistics/summarise.js';
import { chooseBest, type Chosen } from './choose-best.js';
import { worthOf, type Candidate, type ReachModel } from './reach-model.js';
import { latinColumn, valueAt } from './sample-assumptions.js';

/** One candidate by itself, and what it adds where all other chosen ones are done. */
export interface RankedStep {
  readonly candidate: Candidate;
  /** US dollars of spending a period that could be paid by wallet and could not before. */
  readonly addsUsd: number;
  /** 95 of 100 times between these, for what its own figures may be wrong by. */
  readonly lowUsd: number;
  readonly highUsd: number;
  readonly addsPercent: number;
}

export interface StepPlan {
  /** Reachable spending as things are. */
  readonly reachedUsd: number;
  /** By what each adds alone, the largest first. */
  readonly steps: readonly RankedStep[];
  readonly best: {
    readonly steps: readonly Candidate[];
    readonly addsUsd: number;
    readonly cost: number;
    readonly proof: Chosen['proof'];
    /** What the steps would add if they shared nothing and needed nothing of each other. */
    readonly sumOfAloneUsd: number;
  };
  /** Taking the largest one after the other, within the same limits: what the best set beats. */
  readonly bySize: { readonly steps: readonly Candidate[]; readonly addsUsd: number };
}

export interface PlanLimits {
  readonly most: number;
  readonly budget: number | null;
}

const DRAWS = 64;

/** Ranks next steps and finds the best set of them within a number and a budget. */
export function planSteps(
  model: ReachModel,
  candidates: readonly Candidate[],
  limits: PlanLimits,
  seed: number,
): StepPlan {
  const worth = worthOf(model, candidates);
  const reachedUsd = worth([]);
  const alone = candidates.map((_, item) => worth([item]) - reachedUsd);
  const spreads = spreadsOf(model, candidates, alone, seed);
  const order = candidates
    .map((_, item) => item)
    .sort((a, b) => (alone[b] ?? 0) - (alone[a] ?? 0) || a - b);
  const steps = order.flatMap((item): RankedStep[] => {
    const candidate = candidates[item];
    const addsUsd = alone[item] ?? 0;
    const spread = spreads[item] ?? { low: addsUsd, high: addsUsd };
    if (candidate === undefined) return [];
    const addsPercent = reachedUsd > 0 ? (addsUsd / reachedUsd) * 100 : 0;
    return [{ candidate, addsUsd, lowUsd: spread.low, highUsd: spread.high, addsPercent }];
  });
  const costs = candidates.map(({ cost }) => cost);
  const chosen = chooseBest({ costs, ...limits, worth });
  const largest = bySize(order, costs, limits);
  const named = (items: readonly number[]): Candidate[] =>
    items.flatMap((item) => candidates[item] ?? []);
  return {
    reachedUsd,
    steps,
    best: {
      steps: named(chosen.items),
      addsUsd: chosen.worth - reachedUsd,
      cost: chosen.items.reduce((sum, item) => sum + (costs[item] ?? 0), 0),
      proof: chosen.proof,
      sumOfAloneUsd: chosen.items.reduce((sum, item) => sum + (alone[item] ?? 0), 0),
    },
    bySize: { steps: named(largest), addsUsd: worth(largest) - reachedUsd },
  };
}

/** The largest affordable one after the other, whatever they share. */
function bySize(
  order: readonly number[],
  costs: readonly number[],
  { most, budget }: PlanLimits,
): number[] {
  const taken: number[] = [];
  let spent = 0;
  for (const item of order) {
    const cost = costs[item] ?? 0;
    if (taken.length >= most || (budget !== null && spent + cost > budget)) continue;
    taken.push(item);
    spent += cost;
  }
  return taken.sort((a, b) => a - b);
}

/** What each candidate adds where its figures are drawn: a hypercube over all of them. */
function spreadsOf(
  model: ReachModel,
  candidates: readonly Candidate[],
  alone: readonly number[],
  seed: number,
): readonly { readonly low: number; readonly high: number }[] {
  const columns = new Map<string, readonly number[]>();
  const chanceOf = (name: string, draw: number): number => {
    const column = columns.get(name) ?? latinColumn(name, DRAWS, seed);
    columns.set(name, column);
    return column[draw] ?? 0.5;
  };
  const drawn: number[][] = candidates.map(() => []);
  for (let draw = 0; draw < DRAWS; draw++) {
    const worth = worthOf(model, candidates, (figure, name) =>
      valueAt(figure, chanceOf(name, draw)),
    );
    const base = worth([]);
    for (const [item, values] of drawn.entries()) values.push(worth([item]) - base);
  }
  const names = candidates.map(({ id }) => id);
  const stated = new Map(names.map((id, item) => [id, alone[item] ?? 0]));
  const draws = new Map(names.map((id, item) => [id, drawn[item] ?? []]));
  const samples = new Map(names.map((id, item) => [id, [alone[item] ?? 0]]));
  return summarise(samples, { stated, draws }, { boundsOf: () => FROM_NOUGHT });
}
