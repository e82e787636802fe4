import { exp, ln } from '../random/exact-math.js';
import type { MeanInterval } from './intervals.js';

/** Between what a figure lies whatever happens; null where it may go on for ever. */
export interface Bounds {
  readonly least: number | null;
  readonly most: number | null;
}

export const UNBOUNDED: Bounds = { least: null, most: null };
/** Counts, amounts and times. */
export const FROM_NOUGHT: Bounds = { least: 0, most: null };
/** Shares in percent, and as parts of one. */
export const OF_HUNDRED: Bounds = { least: 0, most: 100 };
export const OF_ONE: Bounds = { least: 0, most: 1 };

/** Without a bound that a value lies beyond, which shows that it is none. */
export function boundsOfAll({ least, most }: Bounds, values: readonly number[]): Bounds {
  return {
    least: least !== null && values.some((value) => value < least) ? null : least,
    most: most !== null && values.some((value) => value > most) ? null : most,
  };
}

export interface Ends {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % interval of a mean that cannot leave its bounds. Student's interval takes the spread
 * for the same wherever the true mean lies, and so reaches below nothing where counts are rare. Of
 * figures with a bound the spread is known to fall as they come near it: the variance goes with
 * the distance, as of counts, or with the product of both distances, as of shares. Asking which
 * true means would leave what was seen within Student's `t` of their own spread gives a score
 * interval (Wilson 1927, with the variance the replications showed in place of the binomial one):
 * it equals Student's far from the bounds, never leaves them, and is lopsided near them.
 *
 * Null where one replication tells nothing.
 */
export function endsOfMean({ mean, halfWidth }: MeanInterval, bounds: Bounds): Ends | null {
  if (halfWidth === null) return null;
  const { least, most } = bounds;
  const fromLeast = least === null ? Number.POSITIVE_INFINITY : mean - least;
  const fromMost = most === null ? Number.POSITIVE_INFINITY : most - mean;
  if (halfWidth === 0 || fromLeast <= 0 || fromMost <= 0) {
    return { low: mean - halfWidth, high: mean + halfWidth };
  }
  if (least !== null && most !== null) {
    const square = (halfWidth * halfWidth) / (fromLeast * fromMost);
    const all = most - least;
    const share = fromLeast / all;
    const root = Math.sqrt(square * share * (1 - share) + (square * square) / 4);
    const [down, up] = [share + square / 2 + root, 1 - share + square / 2 + root];
    // By the product of both roots: a difference of near equals would lose its digits.
    return {
      low: least + (all * share * share) / down,
      high: most - (all * (1 - share) * (1 - share)) / up,
    };
  }
  const [down, up] = [ratioOf(halfWidth / fromLeast), ratioOf(halfWidth / fromMost)];
  if (least !== null) return { low: least + fromLeast / down, high: least + fromLeast * down };
  if (most !== null) return { low: most - fromMost * up, high: most - fromMost / up };
  return { low: mean - halfWidth, high: mean + halfWidth };
}

/** By what a distance from one bound is divided and multiplied; 1 + x for a small x. */
function ratioOf(x: number): number {
  const root = Math.sqrt(1 + (x * x) / 4) + x / 2;
  return root * root;
}

/**
 * One side of a figure as a scale without an end, on which reaches can be added: towards a bound
 * the logarithm of the distance that is left to it (half of it is as far again as all to half),
 * towards none the figure's own unit.
 */
export interface Side {
  /** How far a value lies out from another; infinite at the bound itself. */
  reach(from: number, to: number): number;
  /** The value that lies so far out. */
  at(from: number, reach: number): number;
}

export function sideBelow({ least }: Bounds): Side {
  return sideTo(least, -1);
}

export function sideAbove({ most }: Bounds): Side {
  return sideTo(most, 1);
}

function sideTo(bound: number | null, sign: 1 | -1): Side {
  if (bound === null) {
    return {
      reach: (from, to) => (to - from) * sign,
      at: (from, reach) => from + reach * sign,
    };
  }
  const left = (value: number): number => (bound - value) * sign;
  return {
    reach: (from, to) => {
      if (left(to) >= left(from)) return 0;
      return left(to) <= 0 ? Number.POSITIVE_INFINITY : ln(left(from) / left(to));
    },
    at: (from, reach) =>
      reach === 0 || left(from) <= 0 ? from : bound - left(from) * exp(-reach) * sign,
  };
}
