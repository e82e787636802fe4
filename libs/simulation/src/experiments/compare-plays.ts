import { HEADLINES, absoluteTolerance, type HeadlineDefinition } from '../answers/headlines.js';
import { pairedInterval, type PairedInterval } from '../statistics/intervals.js';
import { meanOf } from '../statistics/sample.js';
import type { Samples } from '../statistics/summarise.js';

/** One headline of two scenarios, and whether the second is the better one. */
export interface ComparedHeadline {
  readonly headline: HeadlineDefinition;
  readonly paired: PairedInterval;
  /**
   * `unchanged`: equal, or so nearly that nobody would tell. `slight`: a difference that is known,
   * below the headline's own tolerance. `unclear`: more replications would have to tell. `moved`:
   * there is a difference, and it matters.
   */
  readonly standing: 'unchanged' | 'slight' | 'unclear' | 'moved';
  /** `even`: nothing that is known to have moved, or a matter of view. */
  readonly merit: 'better' | 'worse' | 'even';
}

/**
 * Two scenarios side by side, replication by replication: both must have been played with the same
 * seed, so that the same travellers meet the same luck in both.
 *
 * @param areExpected one expected value each, in which there is no luck
 */
export function comparePlays(
  base: Samples,
  other: Samples,
  areExpected = false,
): ComparedHeadline[] {
  return HEADLINES.flatMap((headline) => {
    const [before, after] = [base.get(headline.id), other.get(headline.id)];
    if (before === undefined || after === undefined) return [];
    const paired = pairedInterval(before, after, areExpected);
    const valueUsd = meanOf(base.get('valueUsd') ?? [0]);
    const standing = standingOf(paired, absoluteTolerance(headline.id, { valueUsd }));
    const merit = standing === 'moved' ? meritOf(headline, paired) : 'even';
    return [{ headline, paired, standing, merit }];
  });
}

/** Of the tolerance, and of the figure itself: below either of them a difference is none. */
const SEEN = { tolerance: 0.01, share: 0.005 } as const;

function standingOf(
  { base, difference: { mean, halfWidth }, verdict }: PairedInterval,
  tolerance: number,
): ComparedHeadline['standing'] {
  if (verdict === 'same') return 'unchanged';
  const size = Math.abs(mean);
  if (verdict !== 'unclear') {
    if (size > tolerance) return 'moved';
    // A figure that stands far below its tolerance may still have become another one.
    const isSeen = size > tolerance * SEEN.tolerance && size > Math.abs(base) * SEEN.share;
    return isSeen ? 'slight' : 'unchanged';
  }
  // Nought lies in the interval; where all of it is too small to matter, that is an answer too.
  const isNarrow = halfWidth !== null && size + halfWidth <= tolerance;
  return isNarrow ? 'unchanged' : 'unclear';
}

function meritOf(
  { better }: HeadlineDefinition,
  { verdict }: PairedInterval,
): ComparedHeadline['merit'] {
  if (better === 'neither' || verdict === 'same' || verdict === 'unclear') return 'even';
  return verdict === better ? 'better' : 'worse';
}
