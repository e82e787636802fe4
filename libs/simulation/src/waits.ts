import { invariant } from '#domain/invariant';

/** How the wait for a wallet can end: with its answer, or with a cancel because none came. */
export const WAIT_ENDS = ['answered', 'cancelled'] as const;
export type WaitEnd = (typeof WAIT_ENDS)[number];

/** Up to some four seconds every millisecond has a bin of its own. */
const FINE_BITS = 12;
const FINE = 2 ** FINE_BITS;
/** Beyond, as many to each doubling: none is wider than a 2048th of its wait. */
const PLACES = FINE / 2;
const MOST_BITS = 23;
/** Two hours and twenty minutes; a hub gives up long before. */
const LONGEST_MS = 2 ** MOST_BITS - 1;

/** Bins of each end. */
export const WAIT_BINS = FINE + (MOST_BITS - FINE_BITS) * PLACES;

export function countWait(waits: Float64Array, end: WaitEnd, waitMs: number): void {
  const at = WAIT_ENDS.indexOf(end) * WAIT_BINS + binOf(Math.round(waitMs));
  waits[at] = (waits[at] ?? 0) + 1;
}

/** How many waits ended so. */
export function waitsOf(waits: Float64Array, end: WaitEnd): number {
  const start = WAIT_ENDS.indexOf(end) * WAIT_BINS;
  let count = 0;
  for (let bin = 0; bin < WAIT_BINS; bin++) count += waits[start + bin] ?? 0;
  return count;
}

/**
 * The wait that so great a share of those counted stay below: milliseconds, within a bin the line,
 * so that it is off by less than a 2048th of itself.
 *
 * @param ends whose waits are taken together; some must have been counted
 * @param share 0 to 1
 */
export function waitQuantile(waits: Float64Array, ends: readonly WaitEnd[], share: number): number {
  const wanted = share * ends.reduce((sum, end) => sum + waitsOf(waits, end), 0);
  invariant(wanted > 0, 'a quantile is asked of waits that were counted');
  const starts = ends.map((end) => WAIT_ENDS.indexOf(end) * WAIT_BINS);
  let [before, last] = [0, 0];
  for (let bin = 0; bin < WAIT_BINS; bin++) {
    let count = 0;
    for (const start of starts) count += waits[start + bin] ?? 0;
    if (count === 0) continue;
    const [from, until] = edgesOf(bin);
    // Waits are whole milliseconds: each stands for half of one on either side.
    if (before + count >= wanted) return from - 0.5 + ((wanted - before) / count) * (until - from);
    before += count;
    last = until;
  }
  return last - 0.5;
}

function binOf(waitMs: number): number {
  invariant(waitMs >= 0 && waitMs <= LONGEST_MS, 'a wait is over before the hub gives up');
  if (waitMs < FINE) return waitMs;
  const bits = 31 - Math.clz32(waitMs);
  const place = (waitMs >> (bits - FINE_BITS + 1)) - PLACES;
  return FINE + (bits - FINE_BITS) * PLACES + place;
}

/** First millisecond of a bin, and the first after it. */
function edgesOf(bin: number): readonly [from: number, until: number] {
  if (bin < FINE) return [bin, bin + 1];
  const doubling = Math.floor((bin - FINE) / PLACES);
  const wide = 2 ** (doubling + 1);
  const from = (PLACES + ((bin - FINE) % PLACES)) * wide;
  return [from, from + wide];
}
