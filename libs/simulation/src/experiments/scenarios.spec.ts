/*
 * Goal: experiments change what they say and nothing else: draws keep to their ranges and to their
 * own streams, swings stop at ranges, sweeps visit every step, and differences name every change.
 * Method: a scenario of a few figures, drawn, swung and compared; marginals and independence of
 * the hypercube counted.
 */
import type { Figure, Scenario } from '../scenario.js';
import { correlationOf, meanOf } from '../statistics/sample.js';
import { changedSections, differencesOf, withSection } from './differences.js';
import { figuresOf, uncertainFigures, withFigures } from './figures-of.js';
import { latinColumn, sampleAssumptions, valueAt } from './sample-assumptions.js';
import { gridPoints, hypercubePoints } from './sweep-points.js';
import { rankedBars, stillFigures, swingsOf } from './tornado.js';

const figure = (value: number, low?: number, high?: number): Figure => ({
  value,
  quality: 'estimated',
  because: 'a test',
  ...(low === undefined || high === undefined ? {} : { range: { low, high } }),
});

/** As much of a scenario as these experiments read. */
function scenario(): Scenario {
  return {
    name: 'tried',
    title: 'Tried',
    visitors: { growthPercentPerYear: figure(6, -3, 14), scalePercent: figure(100) },
    wallets: {
      wishPercentByOrigin: { TH: figure(15, 10, 30) },
      joining: [{ id: 'a', name: 'A', joins: '2025-01-01', wishPercent: figure(5, 2, 9) }],
    },
    fees: {
      mdrBps: figure(180, 150, 260),
      schemeFeeWalletBps: figure(1),
      interchangeBps: figure(0),
    },
    shocks: [],
  } as unknown as Scenario;
}

const WISH = 'wallets.wishPercentByOrigin.TH';

describe('figures of a scenario', () => {
  it('are found and replaced at their paths', () => {
    const paths = figuresOf(scenario()).map(({ path }) => path);
    expect(paths).toContain('wallets.joining.0.wishPercent');
    expect(paths).toHaveLength(7);
    const changed = withFigures(scenario(), new Map([[WISH, 20]]));
    expect(changed.wallets.wishPercentByOrigin['TH']).toEqual(figure(20, 10, 30));
    expect(withFigures(changed, new Map([[WISH, 15]]))).toEqual(scenario());
    expect(() => withFigures(scenario(), new Map([['fees.nothing', 1]]))).toThrow('fees.nothing');
  });
});

describe('drawn assumptions', () => {
  const draws = sampleAssumptions(scenario(), 200, 11);
  const column = (path: string): number[] =>
    draws.map((draw) => figuresOf(draw).find((placed) => placed.path === path)!.figure.value);

  it('keep to their ranges, half on either side of the value', () => {
    for (const { path, figure: stated } of uncertainFigures(scenario())) {
      const values = column(path);
      const { low, high } = stated.range!;
      expect(values.every((value) => value >= low && value <= high)).toBe(true);
      const below = values.filter((value) => value < stated.value).length;
      if (!path.endsWith('Bps')) expect(below).toBe(100);
    }
    expect(column('visitors.scalePercent').every((value) => value === 100)).toBe(true);
    expect(column('fees.mdrBps').every(Number.isInteger)).toBe(true);
  });

  it('take one value from every slice, each figure in an order of its own', () => {
    const slices = latinColumn('some.path', 50, 3).map((chance) => Math.floor(chance * 50));
    expect([...slices].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const [a, b] = [column(WISH), column('visitors.growthPercentPerYear')];
    expect(Math.abs(correlationOf(a, b)!)).toBeLessThan(0.25);
  });

  it('do not move when another figure becomes uncertain', () => {
    const more = {
      ...scenario(),
      fees: { ...scenario().fees, interchangeBps: figure(80, 60, 100) },
    };
    const again = sampleAssumptions(more, 200, 11).map(
      (draw) => draw.wallets.wishPercentByOrigin['TH']!.value,
    );
    expect(again).toEqual(column(WISH));
    expect(sampleAssumptions(scenario(), 200, 12)[0]).not.toEqual(draws[0]);
  });

  it('read a lopsided range on each side by itself', () => {
    const lopsided = figure(10, 4, 22);
    expect(valueAt(lopsided, 0.5)).toBeCloseTo(10, 9);
    expect(valueAt(lopsided, 0)).toBeCloseTo(4, 9);
    expect(valueAt(lopsided, 1)).toBeCloseTo(22, 9);
    expect(meanOf(column(WISH))).toBeGreaterThan(15);
  });
});

describe('a tornado', () => {
  it('swings ranges to their ends, others by a tenth, and says what it leaves', () => {
    const swings = new Map(swingsOf(scenario()).map((swing) => [swing.path, swing]));
    expect(swings.get('fees.mdrBps')).toMatchObject({ low: 150, high: 260, by: 'range' });
    expect(swings.get('visitors.scalePercent')).toMatchObject({ by: 'tenth', stated: 100 });
    expect(swings.get('visitors.scalePercent')!.high).toBeCloseTo(110, 9);
    // A tenth of one basis point cannot be agreed, and nothing has no tenth.
    expect(stillFigures(scenario())).toEqual(['fees.schemeFeeWalletBps', 'fees.interchangeBps']);
  });

  it('ranks by reach', () => {
    const swings = swingsOf(scenario()).slice(0, 3);
    const ends = [
      { atLow: 1, atHigh: 2 },
      { atLow: 9, atHigh: 1 },
      { atLow: 3, atHigh: 3 },
    ];
    expect(rankedBars(swings, ends).map(({ reach }) => reach)).toEqual([8, 1, 0]);
  });
});

describe('a sweep', () => {
  it('visits every combination, ends included', () => {
    const axes = [
      { path: 'a', low: 0, high: 0.3, steps: 4 },
      { path: 'b', low: 5, high: 7, steps: 2 },
    ];
    const points = gridPoints(axes).map((point) => [...point.values()]);
    expect(points).toHaveLength(8);
    expect(points.map(([a]) => a)).toEqual([0, 0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3]);
    expect(points.at(-1)).toEqual([0.3, 7]);
    expect(gridPoints([{ path: 'a', low: 4, high: 9, steps: 1 }])[0]!.get('a')).toBe(4);
    const cube = hypercubePoints(axes, 20, 5);
    expect(cube).toHaveLength(20);
    const slices = cube.map((point) => Math.floor(((point.get('b')! - 5) / 2) * 20));
    expect(new Set(slices).size).toBe(20);
  });
});

describe('differences', () => {
  it('name what changed, by id where things have one', () => {
    const base = scenario();
    const other: Scenario = {
      ...withFigures(base, new Map([['fees.mdrBps', 200]])),
      wallets: {
        ...base.wallets,
        joining: [{ ...base.wallets.joining[0]!, id: 'b', name: 'B' }, base.wallets.joining[0]!],
      },
    };
    expect(differencesOf(base, other)).toEqual([
      { section: 'wallets', path: 'wallets.joining.b', base: null, other: 'B from 2025-01-01' },
      { section: 'fees', path: 'fees.mdrBps', base: '180 (150 to 260)', other: '200 (150 to 260)' },
    ]);
    expect(changedSections(base, other)).toEqual(['wallets', 'fees']);
    expect(changedSections(withSection(base, other, 'fees'), other)).toEqual(['wallets']);
    expect(differencesOf(base, scenario())).toEqual([]);
  });
});
