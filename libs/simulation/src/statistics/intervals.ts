import { invariant } from '#domain/invariant';
import { correlationOf, meanOf, varianceOf } from './sample.js';
import { studentQuantile } from './student-t.js';

export const LEVEL = 0.95;

/**
 * Where the expected value of a figure lies, as far as the replications tell. It shrinks with more
 * of them; what the assumptions may be wrong by is told apart, see `summarise`.
 */
export interface MeanInterval {
  readonly mean: number;
  /** Half of the 95 % interval; null for a single replication, which tells nothing of it. */
  readonly halfWidth: number | null;
  /** Of one replication: how much years differ by chance alone. */
  readonly standardDeviation: number;
  readonly replications: number;
}

export function meanInterval(values: readonly number[]): MeanInterval {
  const replications = values.length;
  const standardDeviation = Math.sqrt(varianceOf(values));
  return {
    mean: meanOf(values),
    halfWidth:
      replications < 2
        ? null
        : (studentQuantile(LEVEL, replications - 1) * standardDeviation) / Math.sqrt(replications),
    standardDeviation,
    replications,
  };
}

/**
 * A difference between two scenarios that were played with the same random numbers, replication by
 * replication. Chance that struck both alike cancels; `correlation` says how much of it did.
 */
export interface PairedInterval {
  readonly base: number;
  readonly other: number;
  /** other − base. */
  readonly difference: MeanInterval;
  /** Of the base's mean; null where that is zero. */
  readonly differencePercent: number | null;
  /** Achieved between the two; null where one of them does not vary. */
  readonly correlation: number | null;
  /** Replications that independent random numbers would need for one of these; null as before. */
  readonly savedFactor: number | null;
  readonly verdict: Verdict;
}

/**
 * `same`: equal in every replication. `unclear`: the interval holds zero. The words are of
 * numbers, not of merit: whether more is better is the headline's to say.
 */
export type Verdict = 'more' | 'less' | 'same' | 'unclear';

/** @param areExpected expected values instead of played ones: any difference is a clear one */
export function pairedInterval(
  base: readonly number[],
  other: readonly number[],
  areExpected = false,
): PairedInterval {
  invariant(base.length === other.length, 'pairs come from the same replications');
  const difference = meanInterval(base.map((value, index) => (other[index] ?? 0) - value));
  const baseMean = meanOf(base);
  const spread = difference.standardDeviation * difference.standardDeviation;
  return {
    base: baseMean,
    other: meanOf(other),
    difference,
    differencePercent: baseMean === 0 ? null : (difference.mean / Math.abs(baseMean)) * 100,
    correlation: correlationOf(base, other),
    savedFactor: spread > 0 ? (varianceOf(base) + varianceOf(other)) / spread : null,
    verdict: verdictOf(difference, areExpected),
  };
}

function verdictOf(
  { mean, halfWidth, standardDeviation }: MeanInterval,
  areExpected: boolean,
): Verdict {
  if (mean === 0 && standardDeviation === 0) return 'same';
  if (!areExpected && (halfWidth === null || Math.abs(mean) <= halfWidth)) return 'unclear';
  return mean > 0 ? 'more' : 'less';
}
