import type { MeanInterval } from './intervals.js';

/** When a figure is sure enough: either bound suffices, the second for figures near zero. */
export interface Tolerance {
  /** Half-width against the mean, e.g. 0.01. */
  readonly relative: number;
  /** Half-width in the figure's own unit. */
  readonly absolute: number;
}

/** Fewer say too little of their own spread: an interval that happens to be narrow would stop. */
export const LEAST_REPLICATIONS = 5;

export interface Precision {
  readonly sure: boolean;
  /** Half-width against the mean; null where the mean is zero or nothing is known. */
  readonly relativeError: number | null;
  /** Replications that would suffice, judging by those so far. */
  readonly wanted: number;
}

/**
 * Whether a figure is as sure as was asked. Half-widths fall with the square root of the
 * replications, which tells how many would do; stopping at the first moment of luck is made
 * unlikely by `LEAST_REPLICATIONS`.
 */
export function precisionOf(interval: MeanInterval, tolerance: Tolerance): Precision {
  const { mean, halfWidth, replications } = interval;
  const allowed = Math.max(Math.abs(mean) * tolerance.relative, tolerance.absolute);
  if (halfWidth === null) {
    return { sure: false, relativeError: null, wanted: LEAST_REPLICATIONS };
  }
  const relativeError = mean === 0 ? null : halfWidth / Math.abs(mean);
  const ratio = allowed > 0 ? halfWidth / allowed : halfWidth > 0 ? Number.POSITIVE_INFINITY : 0;
  const wanted = Math.max(Math.ceil(replications * ratio * ratio), LEAST_REPLICATIONS);
  return { sure: ratio <= 1 && replications >= LEAST_REPLICATIONS, relativeError, wanted };
}

export interface Progress {
  readonly sure: boolean;
  /** The figure that is least sure, and its error. */
  readonly worst: { readonly id: string; readonly relativeError: number | null } | null;
  /** Replications to play before looking again: at most twice what there is, never above `most`. */
  readonly next: number;
}

/** What to do after some replications: stop, or how many more to play. */
export function progressOf(
  intervals: ReadonlyMap<string, MeanInterval>,
  toleranceOf: (id: string) => Tolerance,
  most: number,
): Progress {
  let sure = true;
  let wanted = LEAST_REPLICATIONS;
  let done = 0;
  let worst: Progress['worst'] = null;
  for (const [id, interval] of intervals) {
    const precision = precisionOf(interval, toleranceOf(id));
    done = interval.replications;
    sure &&= precision.sure;
    if (worst === null || precision.wanted > wanted) {
      worst = { id, relativeError: precision.relativeError };
    }
    wanted = Math.max(wanted, precision.wanted);
  }
  const next = sure ? 0 : Math.max(1, Math.min(wanted - done, Math.max(done, LEAST_REPLICATIONS)));
  return { sure, worst, next: Math.max(0, Math.min(next, most - done)) };
}
