import { invariant } from '#domain/invariant';
import { exp, ln, normalQuantile } from './exact-math.js';

/** Below this mean a Poisson count is found by adding up its chances, above by expansion. */
const EXACT_MEAN = 400;

/**
 * How many events, where `mean` are expected: the Poisson quantile of `unit`. One draw serves any
 * mean, and a greater mean never gives a smaller count: two scenarios that differ in demand see
 * the same day, only fuller. Up to a mean of 400 it is exact to a double's rounding; above, the
 * Cornish–Fisher expansion is within 1e-4 of the true chances.
 *
 * @param unit strictly between 0 and 1, see `Xoshiro128.nextFine`
 */
export function poissonCount(mean: number, unit: number): number {
  invariant(mean >= 0 && mean < 2 ** 52, 'an expected count is a number that is not negative');
  if (mean === 0) return 0;
  if (mean <= EXACT_MEAN) return addedUp(exp(-mean), (k) => mean / k, unit, Infinity);
  const z = normalQuantile(unit);
  const root = Math.sqrt(mean);
  const exact = mean + root * z + (z * z - 1) / 6 + (z - z * z * z) / (72 * root);
  return Math.max(0, Math.floor(exact + 0.5));
}

/**
 * How many of `trials` succeed with chance `chance` each: the binomial quantile of `unit`, exact
 * for up to 400 expected successes (or failures), else by expansion.
 */
export function binomialCount(trials: number, chance: number, unit: number): number {
  invariant(Number.isSafeInteger(trials) && trials >= 0, 'trials are counted');
  invariant(chance >= 0 && chance <= 1, 'a chance lies between 0 and 1');
  if (chance > 0.5) return trials - binomialCount(trials, 1 - chance, 1 - unit);
  const mean = trials * chance;
  if (mean === 0) return 0;
  if (mean <= EXACT_MEAN) {
    const odds = chance / (1 - chance);
    const none = exp(trials * ln(1 - chance));
    return addedUp(none, (k) => ((trials - k + 1) / k) * odds, unit, trials);
  }
  const z = normalQuantile(unit);
  const deviation = Math.sqrt(mean * (1 - chance));
  const exact = mean + deviation * z + ((1 - 2 * chance) * (z * z - 1)) / 6;
  return Math.min(trials, Math.max(0, Math.floor(exact + 0.5)));
}

/** The first count whose cumulative chance reaches `unit`; `ratioTo(k)` leads from k − 1 to k. */
function addedUp(none: number, ratioTo: (k: number) => number, unit: number, most: number): number {
  let [chance, sum, count] = [none, none, 0];
  while (sum < unit && count < most) {
    count += 1;
    chance *= ratioTo(count);
    sum += chance;
    // Rounding may keep the sum below a draw next to 1; beyond here nothing more is added.
    if (chance < 1e-18 && count > 1 && sum > 0.5) break;
  }
  return count;
}
