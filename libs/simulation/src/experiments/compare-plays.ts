import { HEADLINES, absoluteTolerance, type HeadlineDefinition } from '../answers/headlines.js';
import { pairedInterval, type PairedInterval } from '../statistics/intervals.js';
import { meanOf } from '../statistics/sample.js';
import type { Samples } from '../statistics/summarise.js';

/** One headline of two scenarios, and whether the second is the better one. */
export interface ComparedHeadline {
  readonly headline: HeadlineDefinition;
  readonly paired: PairedInterval;
  /**
   * `even`: no difference that the replications can tell, one below the headline's own tolerance,
   * or one that is a matter of view.
   */
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
    const isNoted = Math.abs(paired.difference.mean) > absoluteTolerance(headline.id, { valueUsd });
    return [{ headline, paired, merit: isNoted ? meritOf(headline, paired) : 'even' }];
  });
}

function meritOf(
  { better }: HeadlineDefinition,
  { verdict }: PairedInterval,
): ComparedHeadline['merit'] {
  if (better === 'neither' || verdict === 'same' || verdict === 'unclear') return 'even';
  return verdict === better ? 'better' : 'worse';
}
