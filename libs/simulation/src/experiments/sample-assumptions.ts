import { invariant } from '#domain/invariant';
import { normalQuantile } from '../random/exact-math.js';
import { PURPOSE, streamKey } from '../random/stream-key.js';
import { Xoshiro128 } from '../random/xoshiro128.js';
import type { Figure, Scenario } from '../scenario.js';
import { NORMAL_95 } from '../statistics/summarise.js';
import { agreeable, uncertainFigures, withFigures } from './figures-of.js';

/** Half of what a range leaves outside: it holds 95 of 100. */
const TAIL = 0.025;

/**
 * The scenario with its uncertain figures drawn `count` times, as a Latin hypercube: every figure
 * takes one value from each of `count` equally likely slices of its range, in an order of its own.
 * Each figure is normal on either side of its value, with the ends of its range where 95 of 100
 * lie, and never leaves the range, so that a drawn scenario is one that a person could have
 * written (`CUT_DEVIATION` gives back what the cut takes away). Figures are taken to be
 * independent of each other. Each has its own stream, named by its path: a figure more leaves the
 * draws of the others as they were.
 */
export function sampleAssumptions(scenario: Scenario, count: number, seed: number): Scenario[] {
  invariant(Number.isInteger(count) && count >= 1, 'assumptions are drawn a whole number of times');
  const columns = uncertainFigures(scenario).map(({ path, figure }) => ({
    path,
    values: latinColumn(path, count, seed).map((chance) =>
      agreeable(path, valueAt(figure, chance)),
    ),
  }));
  return Array.from({ length: count }, (_, draw) =>
    withFigures(scenario, new Map(columns.map(({ path, values }) => [path, values[draw] ?? 0]))),
  );
}

/** A figure's value at a chance between 0 and 1, within its range. */
export function valueAt({ value, range }: Figure, chance: number): number {
  if (range === undefined) return value;
  const z = normalQuantile(TAIL + (1 - 2 * TAIL) * chance);
  const arm = z < 0 ? value - range.low : range.high - value;
  return Math.min(range.high, Math.max(range.low, value + (z / NORMAL_95) * arm));
}

/**
 * One number from each of `count` slices of (0, 1), shuffled, by a stream that bears the name's
 * hashes: also what a sweep over a hypercube is made of.
 */
export function latinColumn(name: string, count: number, seed: number): number[] {
  const bin = { code: hashOf(name, 0x811c_9dc5), day: hashOf(name, 0x9e37_79b9) };
  const random = new Xoshiro128(streamKey(seed, 0, bin, PURPOSE.assumption));
  const slices = Array.from({ length: count }, (_, slice) => slice);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.nextFine() * (last + 1));
    [slices[last], slices[other]] = [slices[other] ?? 0, slices[last] ?? 0];
  }
  return slices.map((slice) => (slice + random.nextFine()) / count);
}

/** FNV-1a over the characters' codes, from a basis that makes two hashes of one name differ. */
function hashOf(name: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x0100_0193);
  }
  return hash >>> 0;
}
