/*
 * Goal: experiments play what they should, in pairs and with one seed, and tell it truly.
 * Method: a pretended player whose headlines are known functions of the scenario, so that every
 * effect, cause and sentence can be worked out by hand.
 */
import { HEADLINES, type Headlines } from '#simulation/answers/headlines';
import type { Figure, Scenario } from '#simulation/scenario';
import { ExplainedError } from '#platform/explained-error';
import { withShocks } from './ask-experiments.js';
import { compareScenarios } from './compare-scenarios.js';
import { comparePlays } from '#simulation/experiments/compare-plays';
import {
  changeWords,
  figureWords,
  intervalWords,
  percentWords,
  spreadWords,
} from './figure-words.js';
import type { Player } from './player.js';
import { sweepScenario } from './sweep-scenario.js';
import { tellComparison } from './tell-comparison.js';
import { tornadoOf } from './tornado-of.js';

const figure = (value: number, low?: number, high?: number): Figure => ({
  value,
  quality: 'estimated',
  ...(low === undefined || high === undefined ? {} : { range: { low, high } }),
});

function scenario(name: string, mdrBps: number, scalePercent: number): Scenario {
  return {
    name,
    title: name,
    period: { from: '2025-01-01', to: '2025-12-31' },
    corridors: { origins: ['TH'], destinations: ['JP'] },
    wallets: { wishPercentByOrigin: { KR: figure(10) } },
    visitors: { scalePercent: figure(scalePercent, 80, 130) },
    fees: { mdrBps: figure(mdrBps, 100, 300) },
    shocks: [],
  } as unknown as Scenario;
}

/** Value is visitors times ten thousand; hub revenue is fees on it; luck is the same for all. */
function headlines({ visitors, fees }: Scenario, luck = 0): Headlines {
  const valueUsd = visitors.scalePercent.value * 10_000 * (1 + luck);
  const all = Object.fromEntries(HEADLINES.map(({ id }) => [id, 0])) as Record<string, number>;
  return {
    ...all,
    valueUsd,
    payments: valueUsd / 40,
    hubRevenueUsd: (valueUsd * fees.mdrBps.value) / 10_000,
  } as Headlines;
}

const player: Player = {
  fidelity: 'fast',
  compile: () => {
    throw new Error('nothing here needs a world');
  },
  answer: () => Promise.reject(new Error('nothing here needs answers')),
  expect: async (given) => headlines(given),
  sample: async (given, { seed, replications }) => {
    const plays = Array.from({ length: replications }, (_, play) =>
      headlines(given, (((seed + play) % 3) - 1) / 50),
    );
    return new Map(HEADLINES.map(({ id }) => [id, plays.map((play) => play[id])]));
  },
};

describe('a comparison', () => {
  it('pairs replications and takes the change apart by its causes', async () => {
    const [base, other] = [scenario('base', 100, 100), scenario('other', 200, 110)];
    const comparison = await compareScenarios(base, other, { seed: 7, replications: 6 }, player);
    const value = comparison.headlines.find(({ headline }) => headline.id === 'valueUsd')!;
    expect(value.paired.differencePercent).toBeCloseTo(10, 9);
    expect(value.paired.correlation).toBeCloseTo(1, 9);
    expect(value.merit).toBe('better');
    const effects = new Map(comparison.effects.map(({ section, effects: own }) => [section, own!]));
    expect(effects.get('visitors')!.valueUsd).toBeCloseTo(100_000, 6);
    expect(effects.get('fees')!.valueUsd).toBe(0);
    expect(effects.get('fees')!.hubRevenueUsd).toBeCloseTo(10_000, 6);
    // 2 % of 1.1 M less 1 % of 1 M, less what each does alone: fees on the new visitors.
    expect(comparison.together!.hubRevenueUsd).toBeCloseTo(22_000 - 10_000 - 1_000 - 10_000, 6);
    const told = tellComparison(comparison).join(' ');
    expect(told).toContain('Value: up by USD 100,000');
    expect(told).toContain('visitors +USD 100,000 (+10.0 %)');
  });

  it('tells no change from a slight, an unclear and a clear one', () => {
    const value = (other: number[], base = [1e6, 1e6, 1e6]) =>
      comparePlays(
        new Map([
          ['valueUsd', base],
          ['fxResultUsd', base.map(() => 50)],
          ['successPercent', [96, 97, 98]],
        ]),
        new Map([
          ['valueUsd', other],
          ['fxResultUsd', base.map(() => 60)],
          ['successPercent', [97, 97, 97]],
        ]),
      );
    const standings = (compared: ReturnType<typeof value>) =>
      Object.fromEntries(compared.map(({ headline, standing }) => [headline.id, standing]));
    expect(standings(value([1e6 + 1e-7, 1e6 + 1e-7, 1e6 + 1e-7]))).toEqual({
      valueUsd: 'unchanged',
      // Ten dollars of fifty, where a hundred are the tolerance: seen, and too small to judge.
      fxResultUsd: 'slight',
      successPercent: 'unclear',
    });
    expect(standings(value([1e6 + 90, 1e6 + 100, 1e6 + 110]))['valueUsd']).toBe('moved');
    const slight = value([1e6, 1e6, 1e6]).find(({ headline }) => headline.id === 'fxResultUsd');
    expect(slight!.merit).toBe('even');
  });

  it('says so when the two are one scenario', async () => {
    const base = scenario('base', 100, 100);
    const again = { ...base, name: 'again' };
    const comparison = await compareScenarios(base, again, { seed: 1, replications: 2 }, player);
    expect(comparison.headlines.every(({ paired }) => paired.verdict === 'same')).toBe(true);
    expect(tellComparison(comparison)[0]).toContain('they are one scenario');
  });

  it('takes any difference of expected values for a clear one', async () => {
    const [base, other] = [scenario('base', 100, 100), scenario('other', 100, 110)];
    const fluid: Player = { ...player, fidelity: 'fluid' };
    const comparison = await compareScenarios(base, other, { seed: 1, replications: 1 }, fluid);
    const value = comparison.headlines.find(({ headline }) => headline.id === 'valueUsd')!;
    expect(value).toMatchObject({ merit: 'better', paired: { verdict: 'more' } });
    expect(value.paired.difference.halfWidth).toBeNull();
    expect(tellComparison(comparison).at(-1)).toContain('no luck');
  });

  it('leaves out what cannot be played alone', async () => {
    const choosy: Player = {
      ...player,
      expect: async (given) => {
        if (given.visitors.scalePercent.value === 110 && given.fees.mdrBps.value === 100) {
          throw new ExplainedError('no scenario', { exitCode: 3 });
        }
        return headlines(given);
      },
    };
    const [base, other] = [scenario('base', 100, 100), scenario('other', 200, 110)];
    const comparison = await compareScenarios(base, other, { seed: 1, replications: 2 }, choosy);
    expect(comparison.effects.find(({ section }) => section === 'visitors')!.effects).toBeNull();
    expect(tellComparison(comparison).join(' ')).toContain('cannot be played');
  });
});

describe('a tornado', () => {
  it('ranks figures by reach and names idle ones', async () => {
    const tornado = await tornadoOf(scenario('base', 200, 100), 'valueUsd', player);
    expect(tornado.bars.map(({ path }) => path)).toEqual(['visitors.scalePercent']);
    expect(tornado.bars[0]).toMatchObject({ atLow: 800_000, atHigh: 1_300_000, reach: 500_000 });
    expect(tornado.idle).toEqual(['fees.mdrBps', 'wallets.wishPercentByOrigin.KR']);
    await expect(tornadoOf(scenario('b', 1, 1), 'nothing', player)).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

describe('a sweep', () => {
  it('plays each point with intervals, after all are known to be scenarios', async () => {
    const asked: string[][] = [];
    const load = (set: readonly string[]): Scenario => {
      asked.push([...set]);
      return scenario('swept', Number(set[0]?.split('=')[1] ?? 100), 100);
    };
    const axes = [{ path: 'fees.mdrBps', low: 100, high: 300, steps: 3 }];
    const plan = { axes, hypercube: null };
    const sweep = await sweepScenario(load, plan, { seed: 1, replications: 3 }, player);
    expect(asked.slice(0, 3)).toEqual([
      ['fees.mdrBps=100'],
      ['fees.mdrBps=200'],
      ['fees.mdrBps=300'],
    ]);
    expect(sweep.points.map(({ at }) => at['fees.mdrBps'])).toEqual([100, 200, 300]);
    expect(sweep.points[2]!.headlines.hubRevenueUsd).toBeCloseTo(30_000, 6);
    expect(sweep.points[2]!.halfWidths!.hubRevenueUsd).toBeGreaterThan(0);
    const refusing = (set: readonly string[]): Scenario => {
      if (set[0] === 'fees.mdrBps=300') throw new ExplainedError('too dear', { exitCode: 3 });
      return load(set);
    };
    let played = 0;
    const counting = { ...player, sample: async () => (played++, new Map()) };
    await expect(
      sweepScenario(refusing, plan, { seed: 1, replications: 3 }, counting),
    ).rejects.toThrow('too dear');
    expect(played).toBe(0);
  });
});

describe('overlays and words', () => {
  it('lay moved currencies over the whole period', () => {
    const moved = withShocks(scenario('base', 100, 100), ['JPY=-8', 'KRW=2.5']);
    expect(moved.shocks).toMatchObject([
      {
        kind: 'rate',
        currency: 'JPY',
        percent: { value: -8 },
        from: '2025-01-01',
        to: '2025-12-31',
      },
      { currency: 'KRW', percent: { value: 2.5 } },
    ]);
    expect(() => withShocks(moved, ['yen down'])).toThrow('JPY=-8');
  });

  it('say figures as people do', () => {
    expect(figureWords(118_404_684.6, 'usd')).toBe('USD 118.40 M');
    expect(figureWords(3_900_428_760, 'usd')).toBe('USD 3.90 bn');
    expect(figureWords(12_345.6, 'count')).toBe('12,346');
    expect(figureWords(7.0825, 'percent')).toBe('7.08 %');
    expect(changeWords(-1_500, 'usd')).toBe('−USD 1,500');
    expect(changeWords(0, 'bps')).toBe('0.0 bp');
    expect(percentWords(-12.34)).toBe('−12.3 %');
    expect(percentWords(0.034)).toBe('+0.03 %');
    expect(percentWords(2_648.4)).toBe('+2,648 %');
    expect(figureWords(-1_323, 'usd')).toBe('−USD 1,323');
    expect(figureWords(999_999.7, 'usd')).toBe('USD 1.00 M');
    expect(figureWords(639, 'hours')).toBe('639 h');
    expect(figureWords(-1e-9, 'usd')).toBe('USD 0');
  });

  it('never write an exponent, and call what rounds to nothing by no sign', () => {
    for (const value of [5e-14, -5e-14, 1e-7, 3e15, -2e20]) {
      for (const unit of [
        'usd',
        'count',
        'percent',
        'bps',
        'hours',
        'ms',
        'ratio',
        'number',
      ] as const) {
        expect(figureWords(value, unit)).not.toMatch(/\de/);
        expect(changeWords(value, unit, Math.abs(value) / 3)).not.toMatch(/\de/);
      }
    }
    expect(percentWords(5e-14)).toBe('< 0.01 %');
    expect(percentWords(0)).toBe('0 %');
    expect(changeWords(-1e-9, 'usd')).toBe('USD 0');
  });

  it('round a figure to what its interval lets one know, both in one unit', () => {
    const words = (mean: number, low: number, high: number, unit: 'usd' | 'percent' | 'ratio') =>
      intervalWords(mean, { low, high }, unit);
    expect(words(174_373_812, 135_251_000, 263_819_000, 'usd')).toEqual({
      mean: 'USD 174 M',
      between: '135 … 264 M',
    });
    // The half-width is known to 0.01 M, and 0.86 and 1.93 are read side by side in millions.
    expect(words(858_788, 145_982, 1_930_000, 'usd')).toEqual({
      mean: 'USD 0.86 M',
      between: '0.15 … 1.93 M',
    });
    expect(words(40_121, -9_845, 90_381, 'usd')).toEqual({
      mean: 'USD 40,000',
      between: '−10,000 … 90,000',
    });
    expect(words(96.4812, 93.61, 98.86, 'percent')).toEqual({
      mean: '96.5 %',
      between: '93.6 … 98.9 %',
    });
    expect(words(0.89454, 0.89441, 0.8947, 'ratio').between).toBe('0.8944 … 0.8947');
    // A half-width far above the figure leaves the figure its first digit.
    expect(words(3, 0, 5_000, 'usd').mean).toBe('USD 3');
    expect(words(5, 5, 5, 'usd')).toEqual({ mean: 'USD 5', between: '5 … 5' });
    expect(spreadWords(64_284_000, 'usd')).toBe('± 64 M');
    expect(spreadWords(0.0241, 'percent')).toBe('± 0.024 pp');
    expect(spreadWords(0.000_02, 'percent')).toBe('± < 0.0001 pp');
    expect(changeWords(2_243_000, 'usd', 52_000)).toBe('+USD 2.243 M');
    expect(changeWords(0.0512, 'percent', 0.004)).toBe('+0.0512 pp');
  });
});
