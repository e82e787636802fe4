import type { Answers } from '#simulation/answers/answers';
import type { AnswerWatch } from '#simulation/answers/answers-of';
import type { Scenario } from '#simulation/scenario';
import type { MeanInterval } from '#simulation/statistics/intervals';
import type { Totals } from '#simulation/totals';
import type { World } from '#simulation/world';

export interface PlayOptions {
  readonly seed: number;
  /** Replications from `first`, `count` of them. */
  readonly first: number;
  readonly count: number;
  readonly signal: AbortSignal | undefined;
  /** Called for every replication once, in order, each as soon as it is whole. */
  readonly onReplication: (replication: number, totals: Totals) => void;
  /** Purchases decided since the last call, by any thread. */
  readonly onPurchases: (count: number) => void;
}

/**
 * A kernel with the threads it runs on. It comes back when all are played, or early, with whole
 * replications only, once the signal is aborted.
 */
export type Play = (world: World, options: PlayOptions) => Promise<void>;

/** Worked out move by move, so that Ctrl-C gets its turn between them. */
export interface ChanceMoves {
  /** @returns whether there are more to make */
  move(): boolean;
  /** By headline; those of which chance is not known are missing. */
  intervals(): ReadonlyMap<string, MeanInterval>;
}

/** What a run is composed of, so that it can be tried without any of it. */
export interface RunParts {
  /** A world, and what a reader should know of how it was made. */
  readonly compile: (scenario: Scenario) => {
    readonly world: World;
    readonly remarks: readonly string[];
  };
  readonly play: Play;
  readonly answer: (world: World, totals: Totals, watch: AnswerWatch) => Answers;
  /** Expected totals of a scenario's world, to try many assumptions quickly. */
  readonly expect: (world: World) => Totals;
  /** What chance does to one replication of a kernel that draws nothing; absent for the others. */
  readonly chance?: (world: World) => ChanceMoves;
  readonly draw: (scenario: Scenario, count: number, seed: number) => readonly Scenario[];
  /** Gives the event loop a turn, so that Ctrl-C and progress get theirs between long steps. */
  readonly breathe: () => Promise<void>;
}
