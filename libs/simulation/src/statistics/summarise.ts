import { invariant } from '#domain/invariant';
import {
  UNBOUNDED,
  boundsOfAll,
  endsOfMean,
  sideAbove,
  sideBelow,
  type Bounds,
  type Ends,
  type Side,
} from './bounds.js';
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
 * independent: 95 of 100 times the truth should lie between, if the model is right. They never
 * leave the figure's bounds.
 */
export interface Summary {
  readonly id: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly sampling: MeanInterval;
  /** The ends that chance alone gives; null where it is not known. */
  readonly chance: Ends | null;
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

/** What is known of figures beside their samples. */
export interface Knowledge {
  readonly boundsOf?: (id: string) => Bounds;
  /** What chance does to a figure that was not drawn, where that is known. */
  readonly chance?: ReadonlyMap<string, MeanInterval>;
}

/** Of a normal variable, how far 95 of 100 lie from its mean, in standard deviations. */
export const NORMAL_95 = 1.959963984540054;

/**
 * Standard deviation of a normal variable that is kept within ±`NORMAL_95`, as drawn assumptions
 * are: √(1 − 2 z φ(z) / 0.95). Dividing by it gives back what the ranges meant, so that a figure
 * in proportion to one assumption is exactly as uncertain as that assumption.
 */
export const CUT_DEVIATION = 0.8711151571806666;

export function summarise(
  samples: Samples,
  assumptions: AssumptionPlay | null,
  { boundsOf, chance: known }: Knowledge = {},
): Summary[] {
  return [...samples].map(([id, values]) => {
    const sampling = known?.get(id) ?? meanInterval(values);
    const { mean } = sampling;
    const bounds = boundsOfAll(boundsOf?.(id) ?? UNBOUNDED, values);
    const chance = endsOfMean(sampling, bounds);
    const sides = { below: sideBelow(bounds), above: sideAbove(bounds) };
    const doubt = doubtOf(id, assumptions, sides);
    const below = doubt?.below ?? 0;
    const above = doubt?.above ?? 0;
    const { low, high } = chance ?? { low: mean, high: mean };
    return {
      id,
      mean,
      low: sides.below.at(mean, hypotenuse(sides.below.reach(mean, low), below)),
      high: sides.above.at(mean, hypotenuse(sides.above.reach(mean, high), above)),
      sampling,
      chance,
      assumption: doubt === null ? null : spreadAt(mean, doubt, sides),
    };
  });
}

interface Sides {
  readonly below: Side;
  readonly above: Side;
}

/** Reaches of what nobody knows, each on the scale of its side. */
interface Doubt {
  readonly below: number;
  readonly above: number;
  readonly shift: number;
  readonly draws: number;
}

function doubtOf(id: string, assumptions: AssumptionPlay | null, sides: Sides): Doubt | null {
  const draws = assumptions?.draws.get(id);
  const stated = assumptions?.stated.get(id);
  if (draws === undefined || stated === undefined || draws.length === 0) return null;
  invariant(draws.length >= 2, 'assumptions are drawn twice at least');
  const reaches = (side: Side, isThere: (value: number) => boolean): number =>
    reach(draws.filter(isThere).map((value) => side.reach(stated, value)));
  return {
    below: reaches(sides.below, (value) => value < stated),
    above: reaches(sides.above, (value) => value > stated),
    shift: meanOf(draws.map((value) => value - stated)),
    draws: draws.length,
  };
}

/** In the figure's own unit, from where its mean lies. */
function spreadAt(mean: number, doubt: Doubt, sides: Sides): AssumptionSpread {
  const below = mean - sides.below.at(mean, doubt.below);
  const above = sides.above.at(mean, doubt.above) - mean;
  const { shift, draws } = doubt;
  return { below, above, halfWidth: (below + above) / 2, shift, draws };
}

/** Root mean square of one side's reaches, as 95 of 100 times. */
function reach(reaches: readonly number[]): number {
  if (reaches.length === 0) return 0;
  if (reaches.includes(Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  const squares = meanOf(reaches.map((value) => value * value));
  return (NORMAL_95 / CUT_DEVIATION) * Math.sqrt(squares);
}

function hypotenuse(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}
