import type { Answers } from '#simulation/answers/answers';
import type { HeadlineDefinition } from '#simulation/answers/headlines';
import type { Fidelity, Scenario } from '#simulation/scenario';
import type { AssumptionSpread, Summary } from '#simulation/statistics/summarise';
import type { Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import type { SettlementPaths } from './settlement-paths.js';

/** What to play. Everything a run depends on is here: the same request gives the same numbers. */
export interface RunRequest {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly fidelity: Fidelity;
  /** Replications to play; the fewest of them when `untilRelativeError` is given. */
  readonly replications: number;
  /** Go on until every headline is this sure (half-width against mean), e.g. 0.01. */
  readonly untilRelativeError: number | null;
  readonly mostReplications: number;
  /** Draws of the uncertain figures; 0 leaves the assumptions' share of intervals out. */
  readonly assumptionDraws: number;
}

export type Stage = 'preparing' | 'playing' | 'assumptions' | 'writing';

/** How far a run is; a number is null until it can be known. */
export interface RunProgress {
  readonly stage: Stage;
  /** Of the stage `writing`: what is played for the report just now; `share` and `etaSeconds` are its own. */
  readonly part?: { readonly name: string; readonly step: string };
  readonly replicationsDone: number;
  /** By what is known now: a run until a relative error learns it as it goes. */
  readonly replicationsPlanned: number;
  /** Purchases decided so far, in all replications. */
  readonly purchases: number;
  readonly purchasesPerSecond: number | null;
  /** 0 to 1, of the present plan. */
  readonly share: number;
  readonly etaSeconds: number | null;
  /** The least sure headline, and its half-width against its mean. */
  readonly widest: { readonly id: string; readonly relativeError: number | null } | null;
}

/** A headline with its interval, as files, pages and terminals show it. */
export interface HeadlineResult {
  readonly id: string;
  readonly title: string;
  readonly unit: HeadlineDefinition['unit'];
  readonly better: HeadlineDefinition['better'];
  readonly mean: number;
  /** 95 %, sampling and assumptions together. */
  readonly low: number;
  readonly high: number;
  /** What chance alone does; null where that is not known. */
  readonly samplingHalfWidth: number | null;
  /** Its 95 % interval, lopsided where the figure is near a bound that it cannot pass. */
  readonly samplingLow: number | null;
  readonly samplingHigh: number | null;
  readonly assumption: AssumptionSpread | null;
  /** Which kernel the mean comes from, and which one the spread of assumptions. */
  readonly fidelity: Fidelity;
  readonly assumptionFidelity: Fidelity | null;
}

/** A run as `run.json` holds it: no clock and no machine in it, so equal runs are equal bytes. */
export interface SimulationRun {
  readonly wayfareRun: 1;
  readonly scenario: {
    readonly name: string;
    readonly title: string;
    readonly hash: string;
    readonly from: string;
    readonly to: string;
  };
  readonly seed: number;
  readonly fidelity: Fidelity;
  readonly product: string;
  readonly replications: number;
  readonly replicationsAsked: number;
  /** True when it was interrupted: what is here is whole, and less than was asked. */
  readonly partial: boolean;
  readonly precision: {
    readonly asked: number | null;
    /** Null where no precision was asked for. */
    readonly reached: boolean | null;
    readonly widest: RunProgress['widest'];
  };
  /** All replications together. */
  readonly purchases: number;
  readonly payments: number;
  readonly merchants: number;
  readonly assumptionDraws: number;
  readonly resultHash: string;
  /** What a reader should know of how the world was made. */
  readonly remarks: readonly string[];
  readonly headlines: readonly HeadlineResult[];
  /** Of the mean of all replications. */
  readonly answers: Answers;
}

/** A run, and what it was made of, for those who write pages about it. */
export interface PlayedRun {
  readonly run: SimulationRun;
  readonly scenario: Scenario;
  readonly world: World;
  /** Headlines of each replication, in order. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  /** The mean replication: not made of whole payments. */
  readonly mean: Totals;
  /** Of the mean of all replications. */
  readonly paths: SettlementPaths;
}

export function headlineResult(
  definition: HeadlineDefinition,
  summary: Summary,
  fidelity: Fidelity,
): HeadlineResult {
  const { id, title, unit, better } = definition;
  const { mean, low, high, sampling, chance, assumption } = summary;
  return {
    id,
    title,
    unit,
    better,
    mean,
    low,
    high,
    samplingHalfWidth: sampling.halfWidth,
    samplingLow: chance?.low ?? null,
    samplingHigh: chance?.high ?? null,
    assumption,
    fidelity,
    assumptionFidelity: assumption === null ? null : 'fluid',
  };
}
