/*
 * Goal: intervals are as wide as the theory says, neither luck nor a constant figure fools them,
 * and what chance does is told apart from what nobody knows.
 * Method: Student quantiles against the tables of textbooks and against the exact distribution for
 * one and two degrees; intervals by hand; coverage counted over many samples of a known law.
 */
import { uniforms } from '#testkit/uniform-draws';
import { meanInterval, pairedInterval } from './intervals.js';
import { LEAST_REPLICATIONS, precisionOf, progressOf } from './precision.js';
import { correlationOf, covarianceOf, meanOf, varianceOf } from './sample.js';
import { studentQuantile, studentWithin } from './student-t.js';
import { CUT_DEVIATION, NORMAL_95, summarise } from './summarise.js';

function normals(seed: number): () => number {
  const next = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

describe('Student quantiles', () => {
  it.each([
    // Two-sided 95 and 99 %, as printed in any textbook's table.
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.95, 5, 2.571],
    [0.95, 9, 2.262],
    [0.95, 10, 2.228],
    [0.95, 29, 2.045],
    [0.95, 30, 2.042],
    [0.95, 120, 1.98],
    [0.99, 1, 63.657],
    [0.99, 7, 3.499],
    [0.99, 60, 2.66],
    [0.9, 15, 1.753],
  ])('level %p, %p degrees: %p', (level, degrees, table) => {
    expect(studentQuantile(level, degrees)).toBeCloseTo(table, 3);
  });

  it('agree with the closed forms for one and two degrees', () => {
    expect(studentQuantile(0.95, 1)).toBeCloseTo(Math.tan((Math.PI * 0.95) / 2), 9);
    const p = 0.95;
    expect(studentQuantile(p, 2)).toBeCloseTo(p * Math.sqrt(2 / (1 - p * p)), 12);
    for (const t of [0.1, 1, 3, 50]) {
      expect(studentWithin(t, 1)).toBeCloseTo((2 / Math.PI) * Math.atan(t), 14);
    }
  });

  it('come down to the normal quantile, and round degrees down', () => {
    expect(studentQuantile(0.95, 1e9)).toBeCloseTo(NORMAL_95, 3);
    expect(studentQuantile(0.95, 1e9)).toBeGreaterThan(NORMAL_95);
    expect(studentQuantile(0.95, 4.9)).toBe(studentQuantile(0.95, 4));
    expect(() => studentQuantile(0.95, 0)).toThrow('two values');
  });
});

describe('an interval of a mean', () => {
  it('is that of a hand-worked sample', () => {
    // 2 4 4 4 5 5 7 9: mean 5, squares 32, deviation √(32/7), t(7) = 2.3646.
    const interval = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(interval.mean).toBe(5);
    expect(interval.standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(interval.halfWidth).toBeCloseTo((2.3646 * Math.sqrt(32 / 7)) / Math.sqrt(8), 4);
  });

  it('says nothing of its width after one replication', () => {
    expect(meanInterval([7])).toEqual({
      mean: 7,
      halfWidth: null,
      standardDeviation: 0,
      replications: 1,
    });
    expect(() => meanInterval([])).toThrow('needs a value');
  });

  it('holds the truth 95 of 100 times', () => {
    const draw = normals(20_251_122);
    let held = 0;
    const trials = 4_000;
    for (let trial = 0; trial < trials; trial++) {
      const { mean, halfWidth } = meanInterval([1, 2, 3, 4, 5].map(() => 10 + 3 * draw()));
      if (Math.abs(mean - 10) <= (halfWidth ?? 0)) held += 1;
    }
    // Four standard errors of a share of 0.95 in 4,000 trials.
    expect(Math.abs(held / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
  });

  it('keeps figures of many digits apart', () => {
    const large = 9e15;
    expect(varianceOf([large, large + 2, large + 4])).toBe(4);
    expect(meanOf([large, large + 2, large + 4])).toBe(large + 2);
    expect(covarianceOf([1, 2, 3], [6, 4, 2])).toBe(-2);
    expect(correlationOf([1, 2, 3], [6, 4, 2])).toBeCloseTo(-1, 12);
    expect(correlationOf([1, 2], [5, 5])).toBeNull();
  });
});

describe('a paired difference', () => {
  it('loses the chance that both share', () => {
    const draw = normals(7);
    const base = Array.from({ length: 20 }, () => 1_000 + 100 * draw());
    const other = base.map((value) => value + 5 + draw());
    const paired = pairedInterval(base, other);
    expect(paired.verdict).toBe('more');
    expect(paired.correlation).toBeGreaterThan(0.99);
    expect(paired.savedFactor).toBeGreaterThan(1_000);
    expect(Math.abs(paired.difference.mean - 5)).toBeLessThan(paired.difference.halfWidth! * 2);
    // The same two samples, not paired, could not tell them apart.
    const alone = meanInterval(base).halfWidth! + meanInterval(other).halfWidth!;
    expect(alone).toBeGreaterThan(20 * paired.difference.halfWidth!);
  });

  it('tells no change from an unclear one', () => {
    expect(pairedInterval([1, 2, 3], [1, 2, 3]).verdict).toBe('same');
    expect(pairedInterval([1, 2, 3], [0, 3, 3]).verdict).toBe('unclear');
    expect(pairedInterval([1, 2, 3], [0, 1, 2])).toMatchObject({
      verdict: 'less',
      differencePercent: -50,
      savedFactor: null,
    });
    expect(pairedInterval([0, 0], [1, 2]).differencePercent).toBeNull();
    expect(pairedInterval([5], [6]).verdict).toBe('unclear');
    expect(() => pairedInterval([1], [1, 2])).toThrow('same replications');
  });
});

describe('stopping', () => {
  const tolerance = { relative: 0.01, absolute: 0 };

  it('wants as many replications as the square root law says', () => {
    // Mean 100, deviation 2, n = 16: half-width 1.0657, allowed 1: 16 · 1.0657² = 18.2.
    const interval = { mean: 100, halfWidth: 1.0657, standardDeviation: 2, replications: 16 };
    const precision = precisionOf(interval, tolerance);
    expect(precision).toMatchObject({ sure: false, wanted: 19 });
    expect(precision.relativeError).toBeCloseTo(0.010657, 12);
  });

  it('is not fooled by two lucky replications, nor by a figure near zero', () => {
    const lucky = meanInterval([5, 5]);
    expect(precisionOf(lucky, tolerance).sure).toBe(false);
    const zero = meanInterval([1, -1, 2, -2, 0, 0]);
    expect(precisionOf(zero, tolerance)).toMatchObject({ sure: false, relativeError: null });
    expect(precisionOf(zero, { relative: 0.01, absolute: 5 }).sure).toBe(true);
    expect(precisionOf(meanInterval([0, 0, 0, 0, 0]), tolerance).sure).toBe(true);
  });

  it('goes on until every figure is sure or the most are done', () => {
    const wide = meanInterval([90, 110, 95, 105, 100]);
    const narrow = meanInterval([100, 100.1, 99.9, 100, 100]);
    const both = new Map([
      ['narrow', narrow],
      ['wide', wide],
    ]);
    const progress = progressOf(both, () => tolerance, 1_000);
    expect(progress).toMatchObject({ sure: false, next: 5, worst: { id: 'wide' } });
    expect(progressOf(both, () => tolerance, 7).next).toBe(2);
    expect(progressOf(new Map([['narrow', narrow]]), () => tolerance, 1_000)).toMatchObject({
      sure: true,
      next: 0,
    });
    expect(progressOf(new Map([['one', meanInterval([5])]]), () => tolerance, 99).next).toBe(
      LEAST_REPLICATIONS - 1,
    );
  });
});

describe('a summary', () => {
  it('keeps what chance does apart from what nobody knows', () => {
    const samples = new Map([['value', [99, 101, 100, 100, 100]]]);
    const alone = summarise(samples, null)[0]!;
    expect(alone.assumption).toBeNull();
    expect(alone.high - alone.mean).toBeCloseTo(alone.sampling.halfWidth!, 12);
    const assumptions = {
      stated: new Map([['value', 100]]),
      draws: new Map([['value', [90, 110, 95, 105]]]),
    };
    const both = summarise(samples, assumptions)[0]!;
    const wide = both.assumption!.halfWidth;
    expect(both.sampling).toEqual(alone.sampling);
    expect(wide).toBeCloseTo((NORMAL_95 / CUT_DEVIATION) * Math.sqrt((100 + 25) / 2), 9);
    expect(both.mean - both.low).toBeCloseTo(Math.hypot(wide, alone.sampling.halfWidth!), 9);
  });

  it('knows the deviation of what it draws', () => {
    const density = Math.exp((-NORMAL_95 * NORMAL_95) / 2) / Math.sqrt(2 * Math.PI);
    expect(CUT_DEVIATION).toBeCloseTo(Math.sqrt(1 - (2 * NORMAL_95 * density) / 0.95), 14);
  });

  it('gives a figure in proportion to one assumption that assumption’s own range', () => {
    // 95 of 100 between 4 and 22 around 10, drawn evenly as the sampler draws: cut at the range.
    const share = (z: number): number =>
      z < 0 ? 10 + (z / NORMAL_95) * 6 : 10 + (z / NORMAL_95) * 12;
    const draw = normals(99);
    const draws: number[] = [];
    while (draws.length < 20_000) {
      const z = draw();
      if (Math.abs(z) <= NORMAL_95) draws.push(3 * share(z));
    }
    const play = { stated: new Map([['v', 30]]), draws: new Map([['v', draws]]) };
    const summary = summarise(new Map([['v', [30, 30, 30]]]), play)[0]!;
    expect(summary.low).toBeCloseTo(12, 0);
    expect(Math.abs(summary.low - 12)).toBeLessThan(0.4);
    expect(Math.abs(summary.high - 66)).toBeLessThan(0.8);
    expect(summary.assumption!.shift).toBeGreaterThan(0);
  });
});
