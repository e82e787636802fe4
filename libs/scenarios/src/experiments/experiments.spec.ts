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
import { changeWords, figureWords, percentWords } from './figure-words.js';
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
    expect(told).toContain('Value rises by USD 100,000');
    expect(told).toContain('visitors +USD 100,000 (+10.0 %)');
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
  });
});
