import { binomialCount, poissonCount } from '#simulation/random/counts';
import { amountAt, momentsOf, quantileTable, stretchesOf } from '#simulation/random/quantile-table';
import { pickShare, shareTable } from '#simulation/random/share-table';
import { PURPOSE, streamKey } from '#simulation/random/stream-key';
import { unitOf, Xoshiro128 } from '#simulation/random/xoshiro128';

/**
 * Goal: what is drawn follows the distribution it is said to follow.
 * Method: chances added up independently (factorials as logarithms, moments in closed form) against
 * the quantiles, and chi-square or moments of draws under fixed seeds. Thresholds are those that
 * a right sampler passes 9,999 times in 10,000.
 */
const BIN = { code: 1, day: 1 };
const source = (seed: number): Xoshiro128 =>
  new Xoshiro128(streamKey(seed, 0, BIN, PURPOSE.assumption));

const LN_FACTORIALS = [0];
function lnFactorial(n: number): number {
  for (let k = LN_FACTORIALS.length; k <= n; k++) {
    LN_FACTORIALS.push((LN_FACTORIALS[k - 1] ?? 0) + Math.log(k));
  }
  return LN_FACTORIALS[n] ?? 0;
}

describe('counts', () => {
  it.each([0.01, 0.7, 5, 60, 399, 401, 3_000])('poisson of mean %d', (mean) => {
    let below = 0;
    const from = Math.max(0, Math.floor(mean - 8 * Math.sqrt(mean) - 8));
    for (let k = 0; k < from; k++) below += Math.exp(k * Math.log(mean) - mean - lnFactorial(k));
    let checked = 0;
    const wrong: number[] = [];
    for (let k = from; k < mean + 7 * Math.sqrt(mean) + 7; k++) {
      const chance = Math.exp(k * Math.log(mean) - mean - lnFactorial(k));
      // The count is k exactly where the cumulative chance passes the draw: look on both sides.
      const slack = mean > 400 ? 1e-4 : 1e-11;
      const [first, last] = [below + slack, below + chance - slack];
      below += chance;
      if (last <= first) continue;
      if (poissonCount(mean, first) !== k || poissonCount(mean, last) !== k) wrong.push(k);
      checked += 1;
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(mean < 1 ? 1 : 6);
  });

  it('grows with the mean under the same draw', () => {
    const draws = source(5);
    for (let i = 0; i < 100; i++) {
      const unit = draws.nextFine();
      let last = 0;
      for (const mean of [0, 1, 3, 10, 50, 200, 300, 600, 900, 5_000, 1e6]) {
        const count = poissonCount(mean, unit);
        expect(count).toBeGreaterThanOrEqual(last);
        last = count;
      }
    }
    expect(() => poissonCount(-1, 0.5)).toThrow('not negative');
  });

  it.each([
    [10, 0.3],
    [500, 0.02],
    [40, 0.9],
    [9_000, 0.2],
  ])('binomial of %d trials at %d', (trials, chance) => {
    const draws = source(trials);
    const n = 8_000;
    let [sum, squares] = [0, 0];
    let most = 0;
    for (let i = 0; i < n; i++) {
      const count = binomialCount(trials, chance, draws.nextFine());
      most = Math.max(most, count);
      sum += count;
      squares += count * count;
    }
    expect(most).toBeLessThanOrEqual(trials);
    const [mean, variance] = [trials * chance, trials * chance * (1 - chance)];
    expect(Math.abs(sum / n - mean)).toBeLessThan(3.9 * Math.sqrt(variance / n));
    // The variance of a variance estimate is about 2 σ⁴ / n for shapes this near the normal.
    const estimate = squares / n - (sum / n) ** 2;
    expect(Math.abs(estimate / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect([binomialCount(trials, 0, 0.5), binomialCount(trials, 1, 0.5)]).toEqual([0, trials]);
  });
});

describe('shares', () => {
  const weights = [3, 0, 0.001, 12.5, 7, 0, 1e-9, 4, 0];

  it('are picked as often as they weigh', () => {
    const table = shareTable(weights, 4);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draws = source(3);
    const n = 100_000;
    const counts = weights.map(() => 0);
    for (let i = 0; i < n; i++) counts[pickShare(table, draws.next())]! += 1;
    let chiSquare = 0;
    for (const [i, weight] of weights.entries()) {
      if (weight === 0) expect(counts[i]).toBe(0);
      const expected = (n * weight) / total;
      if (expected > 5) chiSquare += (counts[i]! - expected) ** 2 / expected;
    }
    expect(chiSquare).toBeLessThan(23.5); // 4 degrees of freedom
  });

  it('are cut at the same draws however many slots there are, and cover all of them', () => {
    const tables = [1, 6, 12].map((bits) => shareTable(weights, bits));
    const edges = [...tables[0]!.edges];
    expect(edges.at(-1)).toBe(2 ** 32);
    for (const edge of edges) {
      for (const word of [edge - 1, edge].filter((x) => x >= 0 && x < 2 ** 32)) {
        const wanted = edges.findIndex((upper) => word < upper);
        expect(tables.map((table) => pickShare(table, word))).toEqual([wanted, wanted, wanted]);
      }
    }
  });

  it('refuses weights that are none', () => {
    expect(() => shareTable([0, 0])).toThrow('all be zero');
    expect(() => shareTable([1, -1])).toThrow('not negative');
    expect(() => shareTable([1, Number.NaN])).toThrow('not negative');
    expect(() => shareTable([])).toThrow('1 to 65,534');
  });
});

describe('amounts', () => {
  const wide = { medianMinor: 2_400, sigma: 0.9, minMinor: 1, maxMinor: 1e9, stepMinor: 1 };

  it('have the moments of the log-normal they are drawn from', () => {
    const { mean, variance } = momentsOf(quantileTable(wide));
    const s2 = wide.sigma ** 2;
    const exactMean = wide.medianMinor * Math.exp(s2 / 2);
    // A line between two quantiles lies above a convex curve, and one draw in 2^23 is cut off.
    expect(Math.abs(mean / exactMean - 1)).toBeLessThan(2e-5);
    expect(Math.abs(variance / (exactMean ** 2 * (Math.exp(s2) - 1)) - 1)).toBeLessThan(2e-4);
  });

  it('come out with the moments the table says, in steps, within limits', () => {
    const amount = { ...wide, minMinor: 155, maxMinor: 60_007, stepMinor: 10 };
    const table = quantileTable(amount);
    const draws = source(11);
    const n = 100_000;
    let [sum, least, most, uneven] = [0, Infinity, 0, 0];
    for (let i = 0; i < n; i++) {
      const minor = amountAt(table, draws.next());
      uneven += minor % 10;
      sum += minor;
      least = Math.min(least, minor);
      most = Math.max(most, minor);
    }
    const { mean, variance } = momentsOf(table);
    expect(Math.abs(sum / n - mean)).toBeLessThan(3.9 * Math.sqrt(variance / n));
    expect([least, most, uneven]).toEqual([160, 60_000, 0]);
  });

  it('are made of stretches in ascending order that make up the whole', () => {
    const stretches = stretchesOf(quantileTable(wide));
    expect(stretches.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const ends = stretches.flatMap(({ from, to }) => [from, to]);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
  });

  it('keep their order: a greater draw never gives a smaller amount', () => {
    const table = quantileTable(wide);
    let [last, fell] = [0, 0];
    for (let word = 0; word < 2 ** 32; word += 1_047_293) {
      const minor = amountAt(table, word);
      if (minor < last) fell += 1;
      last = minor;
    }
    expect(fell).toBe(0);
    const half = amountAt(table, 2 ** 31);
    expect(half).toBe(wide.medianMinor);
    expect(unitOf(2 ** 31)).toBeCloseTo(0.5, 9);
  });

  it('refuses limits with no price between them', () => {
    expect(() => quantileTable({ ...wide, minMinor: 101, maxMinor: 109, stepMinor: 10 })).toThrow(
      'no multiple',
    );
  });
});
