/*
 * Goal: intervals of counts, amounts and shares stay where such figures can be, and still hold the
 * truth about 95 of 100 times, near a bound as well as far from it.
 * Method: the equation that a score interval solves, put back into itself; any mean, spread and
 * bounds (fast-check); coverage counted over thousands of samples of laws whose mean is known,
 * Student's interval of the same samples beside it. Seeds are fixed.
 */
import fc from 'fast-check';
import { uniforms } from '#testkit/uniform-draws';
import { FROM_NOUGHT, OF_HUNDRED, UNBOUNDED, endsOfMean, type Bounds } from './bounds.js';
import { latinColumn, valueAt } from '../experiments/sample-assumptions.js';
import type { Figure } from '../scenario.js';
import { meanInterval } from './intervals.js';
import { summarise } from './summarise.js';

type Law = (next: () => number) => number;

const normal: Law = (next) => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());

function poisson(mean: number): Law {
  return (next) => {
    let [count, left] = [-1, 1];
    while (left > Math.exp(-mean)) {
      left *= next();
      count += 1;
    }
    return count;
  };
}

const share =
  (chance: number, of: number): Law =>
  (next) => {
    let hits = 0;
    for (let i = 0; i < of; i++) if (next() < chance) hits += 1;
    return (hits / of) * 100;
  };

/** Episodes of one to five hours each, as breaches come. */
const episodes =
  (mean: number): Law =>
  (next) => {
    let hours = 0;
    for (let left = poisson(mean)(next); left > 0; left--) hours += 1 + Math.floor(next() * 5);
    return hours;
  };

interface Case {
  readonly name: string;
  readonly law: Law;
  readonly mean: number;
  readonly size: number;
  readonly bounds: Bounds;
}

const CASES: readonly Case[] = [
  { name: 'counts of 0.5 in 12', law: poisson(0.5), mean: 0.5, size: 12, bounds: FROM_NOUGHT },
  { name: 'counts of 1 in 6', law: poisson(1), mean: 1, size: 6, bounds: FROM_NOUGHT },
  { name: 'counts of 0.2 in 40', law: poisson(0.2), mean: 0.2, size: 40, bounds: FROM_NOUGHT },
  { name: 'counts of 4 in 5', law: poisson(4), mean: 4, size: 5, bounds: FROM_NOUGHT },
  { name: 'counts of 400 in 5', law: poisson(400), mean: 400, size: 5, bounds: FROM_NOUGHT },
  {
    name: 'hours of rare breaches in 16',
    law: episodes(0.6),
    mean: 1.8,
    size: 16,
    bounds: FROM_NOUGHT,
  },
  { name: 'hours of breaches in 8', law: episodes(3), mean: 9, size: 8, bounds: FROM_NOUGHT },
  { name: 'shares of 99 in 10', law: share(0.99, 50), mean: 99, size: 10, bounds: OF_HUNDRED },
  { name: 'shares of 2 in 8', law: share(0.02, 60), mean: 2, size: 8, bounds: OF_HUNDRED },
  { name: 'shares of 60 in 8', law: share(0.6, 40), mean: 60, size: 8, bounds: OF_HUNDRED },
  {
    name: 'exponential amounts in 10',
    law: (next) => -Math.log(next()),
    mean: 1,
    size: 10,
    bounds: FROM_NOUGHT,
  },
  {
    name: 'normal amounts in 5',
    law: (next) => 10 + 2 * normal(next),
    mean: 10,
    size: 5,
    bounds: FROM_NOUGHT,
  },
  { name: 'normal results in 5', law: normal, mean: 0, size: 5, bounds: UNBOUNDED },
];

const TRIALS = 1_500;

describe('an interval within bounds', () => {
  it.each(CASES)('holds the truth 95 of 100 times: $name', ({ law, mean, size, bounds }) => {
    const next = uniforms(20_250_803);
    let [held, student] = [0, 0];
    for (let trial = 0; trial < TRIALS; trial++) {
      const interval = meanInterval(Array.from({ length: size }, () => law(next)));
      const { low, high } = endsOfMean(interval, bounds)!;
      if (low <= mean && mean <= high) held += 1;
      if (Math.abs(interval.mean - mean) <= interval.halfWidth!) student += 1;
    }
    // Four standard errors of counting are 0.02; what is left is that skew leaves no more to know.
    expect(held / TRIALS).toBeGreaterThan(0.92);
    expect(held / TRIALS).toBeLessThan(0.98);
    // Never further from 95 than the interval that knows no bounds, but for counting.
    const off = (count: number): number => Math.abs(count / TRIALS - 0.95);
    expect(off(held)).toBeLessThan(off(student) + 0.02);
  });

  const amount = fc.double({ min: 1e-6, max: 1e9, noNaN: true });

  it('never leaves them, holds its mean, and solves the equation of a score interval', () => {
    fc.assert(
      fc.property(amount, amount, fc.boolean(), (mean, halfWidth, isShare) => {
        const bounds = isShare ? { least: 0, most: mean * 3 } : FROM_NOUGHT;
        const interval = { mean, halfWidth, standardDeviation: halfWidth, replications: 5 };
        const { low, high } = endsOfMean(interval, bounds)!;
        expect(low).toBeGreaterThan(0);
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
        if (isShare) expect(high).toBeLessThanOrEqual(mean * 3);
        // (mean - end)^2 = halfWidth^2 * V(end) / V(mean), V the law of the variance.
        const variance = (at: number): number => (isShare ? at * (mean * 3 - at) : at);
        for (const end of [low, high]) {
          const allowed = halfWidth * Math.sqrt(Math.max(variance(end), 0) / variance(mean));
          // An end that rounds onto its bound or its mean has no digits left to compare.
          if (Math.abs(mean - end) < mean * 1e-6 || variance(end) < variance(mean) * 1e-6) continue;
          expect(Math.abs(mean - end) / allowed).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  it('is Student’s far from them, and below from above where they are turned round', () => {
    const interval = { mean: 1e6, halfWidth: 3, standardDeviation: 3, replications: 5 };
    const { low, high } = endsOfMean(interval, FROM_NOUGHT)!;
    expect(low).toBeCloseTo(1e6 - 3, 4);
    expect(high).toBeCloseTo(1e6 + 3, 4);
    const near = { mean: 2, halfWidth: 3, standardDeviation: 3, replications: 5 };
    const up = endsOfMean(near, { least: 0, most: null })!;
    const down = endsOfMean({ ...near, mean: -2 }, { least: null, most: 0 })!;
    expect(down.low).toBeCloseTo(-up.high, 12);
    expect(down.high).toBeCloseTo(-up.low, 12);
  });

  it('says of what was nought every time that it was, and nothing of one replication', () => {
    expect(endsOfMean(meanInterval([0, 0, 0]), FROM_NOUGHT)).toEqual({ low: 0, high: 0 });
    expect(endsOfMean(meanInterval([100, 100]), OF_HUNDRED)).toEqual({ low: 100, high: 100 });
    expect(endsOfMean(meanInterval([5]), FROM_NOUGHT)).toBeNull();
  });
});

/** Figures with a range, each normal about 1 with 95 of 100 within ± its width, cut as the sampler cuts. */
interface Model {
  readonly name: string;
  readonly widths: readonly number[];
  readonly of: (figures: readonly number[]) => number;
  readonly bounds: Bounds;
}

const product = (figures: readonly number[]): number => figures.reduce((a, b) => a * b, 100);

const MODELS: readonly Model[] = [
  { name: 'in proportion to one', widths: [0.4], of: product, bounds: FROM_NOUGHT },
  {
    name: 'in proportion to one that may be nought',
    widths: [1],
    of: product,
    bounds: FROM_NOUGHT,
  },
  {
    name: 'a product of five',
    widths: [0.4, 0.4, 0.3, 0.3, 0.2],
    of: product,
    bounds: FROM_NOUGHT,
  },
  { name: 'a product of two wide ones', widths: [0.8, 0.8], of: product, bounds: FROM_NOUGHT },
  {
    name: 'a share near all',
    widths: [0.5, 0.5],
    of: ([a = 1, b = 1]) => 100 - 2 * Math.max(a, 0) * Math.max(b, 0),
    bounds: OF_HUNDRED,
  },
  { name: 'a difference', widths: [0.5, 0.5], of: ([a = 1, b = 1]) => a - b, bounds: UNBOUNDED },
];

describe('what assumptions leave open', () => {
  it.each(MODELS)('holds the truth about 95 of 100 times: $name', ({ widths, of, bounds }) => {
    const next = uniforms(77);
    const figure = (width: number): Figure => ({
      value: 1,
      range: { low: 1 - width, high: 1 + width },
      because: 'a test',
      quality: 'fictional',
    });
    // As the sampler draws them: every slice of a range once.
    const drawn = (seed: number): number[] => {
      const columns = widths.map((width, at) =>
        latinColumn(`figure ${String(at)}`, 32, seed).map((chance) =>
          valueAt(figure(width), chance),
        ),
      );
      return Array.from({ length: 32 }, (_, draw) => of(columns.map((column) => column[draw]!)));
    };
    // Nothing real is below nought, whatever a normal law says.
    const truly = (): number =>
      of(widths.map((width) => Math.max(0, 1 + (normal(next) / 1.96) * width)));
    const stated = of(widths.map(() => 1));
    let [held, asked] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const play = {
        stated: new Map([['v', stated]]),
        draws: new Map([['v', drawn(trial)]]),
      };
      const samples = new Map([['v', [stated, stated]]]);
      const { low, high } = summarise(samples, play, { boundsOf: () => bounds })[0]!;
      if (bounds.least !== null) expect(low).toBeGreaterThanOrEqual(bounds.least);
      if (bounds.most !== null) expect(high).toBeLessThanOrEqual(bounds.most);
      for (let i = 0; i < 100; i++) {
        const truth = truly();
        asked += 1;
        if (low <= truth && truth <= high) held += 1;
      }
    }
    // 32 draws know a spread to an eighth, and a reach that doubles the figure is no normal law's.
    expect(held / asked).toBeGreaterThan(0.89);
    expect(held / asked).toBeLessThan(0.98);
  });

  it('reaches the bound where a draw does, and goes by chance alone where the mean lies on it', () => {
    const play = (stated: number, draws: readonly number[]) => ({
      stated: new Map([['v', stated]]),
      draws: new Map([['v', draws]]),
    });
    const within = { boundsOf: () => FROM_NOUGHT };
    const touched = summarise(new Map([['v', [9, 11]]]), play(10, [0, 5, 12]), within)[0]!;
    expect(touched.low).toBe(0);
    expect(touched.assumption!.below).toBe(10);
    const nought = summarise(new Map([['v', [0, 0]]]), play(0, [0, 40]), within)[0]!;
    expect(nought).toMatchObject({ mean: 0, low: 0 });
    expect(nought.high).toBeGreaterThan(40);
    expect(nought.assumption).toMatchObject({ below: 0 });
  });

  it('drops a bound that a replication lies beyond', () => {
    const [summary] = summarise(new Map([['v', [-1, 3]]]), null, { boundsOf: () => FROM_NOUGHT });
    expect(summary!.high - summary!.mean).toBeCloseTo(summary!.sampling.halfWidth!, 9);
  });
});
