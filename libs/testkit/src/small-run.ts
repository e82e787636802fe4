import { answersOf } from '#simulation/answers/answers-of';
import { HEADLINES } from '#simulation/answers/headlines';
import type { World } from '#simulation/world';
import type { SimulationRun } from '#scenarios';
import { playNaively } from './naive-totals.js';
import { smallWorld } from './small-world.js';

/**
 * A run of the small world with real answers, for tests of whatever shows one. Intervals are a
 * twentieth of each figure, since only chance could tell them.
 */
export function smallRun(world: World = smallWorld(), seed = 7): SimulationRun {
  const { totals, purchases } = playNaively(world, seed);
  const answers = answersOf(world, totals);
  return {
    wayfareRun: 1,
    scenario: {
      name: world.name,
      title: 'A fortnight in Japan',
      hash: 'a'.repeat(64),
      from: answers.rates.from,
      to: answers.rates.to,
    },
    seed,
    fidelity: 'fast',
    product: '0.0.0',
    replications: 1,
    replicationsAsked: 1,
    partial: false,
    precision: { asked: null, reached: null, widest: null },
    purchases: purchases.length,
    payments: answers.headlines.payments,
    merchants: world.merchants.count,
    assumptionDraws: 0,
    resultHash: 'b'.repeat(64),
    remarks: [],
    headlines: HEADLINES.map(({ id, title, unit, better }) => {
      const mean = answers.headlines[id];
      const half = Math.abs(mean) / 20;
      return {
        id,
        title,
        unit,
        better,
        mean,
        low: mean - half,
        high: mean + half,
        samplingHalfWidth: half,
        samplingLow: mean - half,
        samplingHigh: mean + half,
        assumption: null,
        fidelity: 'fast',
        assumptionFidelity: null,
      };
    }),
    answers,
  };
}
