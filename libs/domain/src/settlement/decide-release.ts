/** `credit` is what earlier falls could not take off, because nothing was left to take it from. */
interface ReleasableExposure {
  readonly outstanding: bigint;
  readonly credit: bigint;
}

interface DecidedFall {
  /** What the exposure really fell by; the rest is kept as credit. */
  readonly appliedMinor: bigint;
  readonly after: ReleasableExposure;
}

/**
 * An exposure is never below zero: what cannot be released now, because refunds made the
 * participant a creditor, is kept as credit and made good by the next release.
 *
 * @param minor what settlement lets go; negative where a credit that lowered it was paid out
 */
export function decideRelease(before: ReleasableExposure, minor: bigint): DecidedFall {
  const left = before.outstanding - before.credit - minor;
  const outstanding = left < 0n ? 0n : left;
  return {
    appliedMinor: before.outstanding - outstanding,
    after: { outstanding, credit: outstanding - left },
  };
}
