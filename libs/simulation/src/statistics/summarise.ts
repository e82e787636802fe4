import { invariant } from '#domain/invariant';
import { meanInterval, type MeanInterval } from './intervals.js';
import { meanOf } from './sample.js';

/** Values of one figure, by its id: one for each replication, or for each draw of assumptions. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * A figure played at drawn assumptions, each draw by the same kernel and the same random numbers
 * as `stated`, which is its value where every assumption is as written.
 */
export interface AssumptionPlay {
  readonly stated: ReadonlyMap<string, number>;
  readonly draws: Samples;
}

/**
 * A figure and the two reasons why it may be wrong. More replications narrow `sampling`; only
 * better knowledge of the figures narrows `assumption`. `low` and `high` hold both, taken to be
 * independent: 95 of 100 times the truth should lie between, if the model is right.
 */
export interface Summary {
  readonly id: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly sampling: MeanInterval;
  /** Null where no figure of the scenario has a range, or none were drawn. */
  readonly assumption: AssumptionSpread | null;
}

export interface AssumptionSpread {
  /** How far the figure may lie below and above for want of knowledge; 95 of 100 times. */
  readonly below: number;
  readonly above: number;
  /** Half of the way between: for one number beside the sampling half-width. */
  readonly halfWidth: number;
  /** Mean over the draws less the value at the stated assumptions: what lopsided ranges do. */
  readonly shift: number;
  readonly draws: number;
}

/** Of a normal variable, how far 95 of 100 lie from its mean, in standard deviations. */
export const NORMAL_95 = 1.959963984540054;

/**
 * Standard deviation of a normal variable that is kept within ±`NORMAL_95`, as drawn assumptions
 * are: √(1 − 2 z φ(z) / 0.95). Dividing by it gives back what the ranges meant, so that a figure
 * in proportion to one assumption is exactly as uncertain as that assumption.
 */
export const CUT_DEVIATION = 0.8711151571806666;

export function summarise(samples: Samples, assumptions: AssumptionPlay | null): Summary[] {
  return [...samples].map(([id, values]) => {
    const sampling = meanInterval(values);
    const assumption = spreadOf(id, assumptions);
    const chance = sampling.halfWidth ?? 0;
    return {
      id,
      mean: sampling.mean,
      low: sampling.mean - hypotenuse(chance, assumption?.below ?? 0),
      high: sampling.mean + hypotenuse(chance, assumption?.above ?? 0),
      sampling,
      assumption,
    };
  });
}

function spreadOf(id: string, assumptions: AssumptionPlay | null): AssumptionSpread | null {
  const draws = assumptions?.draws.get(id);
  const stated = assumptions?.stated.get(id);
  if (draws === undefined || stated === undefined || draws.length === 0) return null;
  invariant(draws.length >= 2, 'assumptions are drawn twice at least');
  const away = draws.map((value) => value - stated);
  const below = reach(away.filter((value) => value < 0));
  const above = reach(away.filter((value) => value > 0));
  return {
    below,
    above,
    halfWidth: (below + above) / 2,
    shift: meanOf(away),
    draws: draws.length,
  };
}

/** Root mean square of one side's deviations, as 95 of 100 times. */
function reach(deviations: readonly number[]): number {
  if (deviations.length === 0) return 0;
  const squares = meanOf(deviations.map((value) => value * value));
  return (NORMAL_95 / CUT_DEVIATION) * Math.sqrt(squares);
}

function hypotenuse(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}
