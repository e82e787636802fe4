/*
 * Goal: a plan finds the set that adds most within its limits, and not just the largest items:
 * items that share travellers add less together, items that need each other add more.
 * Method: brute force over all sets of random small lists with random overlaps; a case made so that
 * taking the largest one after the other loses; reach on a small world against hand-worked shares.
 */
import fc from 'fast-check';
import { smallWorld } from '#testkit/small-world';
import { chooseBest, type Choice } from './choose-best.js';
import { planSteps } from './plan-steps.js';
import { reachModel, worthOf, type Candidate } from './reach-model.js';

/** The best of all sets within the limits, by looking at every one. */
function bruteForce({ costs, most, budget, worth }: Choice): number {
  let best = worth([]);
  for (let bits = 0; bits < 2 ** costs.length; bits++) {
    const items = costs.flatMap((_, item) => (((bits >> item) & 1) === 1 ? [item] : []));
    const cost = items.reduce((sum, item) => sum + costs[item]!, 0);
    if (items.length <= most && (budget === null || cost <= budget)) {
      best = Math.max(best, worth(items));
    }
  }
  return best;
}

/** Items cover parts of a ground set: what two of them cover both counts once. */
const coverage = fc
  .record({
    covers: fc.array(fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 6 }), {
      minLength: 2,
      maxLength: 8,
    }),
    weights: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 12, maxLength: 12 }),
    costs: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 8, maxLength: 8 }),
    most: fc.integer({ min: 1, max: 4 }),
    budget: fc.option(fc.integer({ min: 1, max: 10 })),
    pairBonus: fc.nat(80),
  })
  .map(({ covers, weights, costs, most, budget, pairBonus }): Choice => ({
    costs: costs.slice(0, covers.length),
    most,
    budget,
    worth: (items) => {
      const covered = new Set(items.flatMap((item) => covers[item]!));
      const together = items.includes(0) && items.includes(1) ? pairBonus : 0;
      return [...covered].reduce((sum, part) => sum + weights[part]!, together);
    },
  }));

describe('choosing a set', () => {
  it('finds what brute force finds, overlaps and bonuses included', () => {
    fc.assert(
      fc.property(coverage, (choice) => {
        const chosen = chooseBest(choice);
        expect(chosen.proof).toBe('exact');
        expect(chosen.worth).toBe(bruteForce(choice));
        expect(choice.worth(chosen.items)).toBe(chosen.worth);
      }),
      { seed: 41, numRuns: 200 },
    );
  });

  it('beats taking the best step for its cost where that leads astray', () => {
    // The middle item is the largest and shares two parts with either other; these share none.
    const covers = [
      [0, 1, 2],
      [1, 2, 3, 4],
      [3, 4, 5],
    ];
    const worth = (items: readonly number[]): number =>
      new Set(items.flatMap((item) => covers[item]!)).size;
    const chosen = chooseBest({ costs: [1, 1, 1], most: 2, budget: null, worth });
    expect(chosen).toEqual({ items: [0, 2], worth: 6, proof: 'exact' });
    expect(Math.max(worth([0, 1]), worth([1, 2]))).toBe(5);
  });

  it('says when it only searched', () => {
    const costs = Array.from({ length: 60 }, () => 1);
    const worth = (items: readonly number[]): number =>
      items.reduce((sum, item) => sum + Math.sqrt(item + 1), 0);
    const chosen = chooseBest({ costs, most: 12, budget: null, worth });
    expect(chosen.proof).toBe('search');
    expect(chosen.items).toEqual(Array.from({ length: 12 }, (_, i) => 48 + i));
  });
});

describe('a plan of steps', () => {
  const world = smallWorld();
  const figure = (value: number, low: number, high: number) => ({
    value,
    range: { low, high },
    because: 'a test',
    quality: 'estimated' as const,
  });
  const wishes: Record<string, number> = { TH: 0.2, KR: 0.5 };
  const model = reachModel(world, 0, (origin) => ({ wish: wishes[origin]!, figure: null }), {
    origins: ['TH', 'KR'],
    destinations: ['JP'],
  });
  const wallet = (
    id: string,
    origin: string,
    wish: number,
    taken: number,
    cost = 1,
  ): Candidate => ({
    kind: 'wallet',
    id,
    title: id,
    cost,
    origin,
    destinations: ['JP'],
    wishPercent: figure(wish, wish / 2, wish * 1.5),
    cannibalisationPercent: figure(taken, taken / 2, Math.min(100, taken * 1.5)),
  });

  it('reckons what wallets share as travellers nobody else reaches', () => {
    const candidates = [wallet('a', 'TH', 10, 0), wallet('b', 'TH', 20, 50)];
    const worth = worthOf(model, candidates);
    const thai = model.flows[0]!;
    // Of the 80 % unreached, each reaches 0.1 / 0.8: alone ten points, together 18.75.
    const perPoint = (worth([0]) - worth([])) / 10;
    expect(worth([1]) - worth([])).toBeCloseTo(perPoint * 10, 4);
    expect(worth([0, 1]) - worth([])).toBeCloseTo(perPoint * 18.75, 4);
    expect(perPoint * 100).toBeLessThan(thai.spendUsd);
  });

  it('chooses wallets of two origins where the two largest share one', () => {
    // Two wallets of one market overlap so much that the third, smaller alone, adds more.
    const share = model.flows[1]!.spendUsd / model.flows[0]!.spendUsd;
    const other = 48 * share * 0.9;
    const candidates = [
      wallet('first', 'KR', 48, 0),
      wallet('second', 'KR', 47, 0),
      wallet('third', 'TH', Math.min(70, other), 0),
    ];
    const plan = planSteps(model, candidates, { most: 2, budget: null }, 7);
    expect(plan.bySize.steps.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(plan.best.steps.map(({ id }) => id)).toEqual(['first', 'third']);
    expect(plan.best.addsUsd).toBeGreaterThan(plan.bySize.addsUsd);
    const worth = worthOf(model, candidates);
    const all = bruteForce({ costs: [1, 1, 1], most: 2, budget: null, worth });
    expect(plan.best.addsUsd + plan.reachedUsd).toBeCloseTo(all, 6);
  });

  it('lets a wallet of a closed market bring its own users only', () => {
    const closed = reachModel(world, 0, (origin) => ({ wish: wishes[origin]!, figure: null }), {
      origins: ['TH'],
      destinations: ['JP'],
    });
    const market: Candidate = {
      kind: 'market',
      id: 'm',
      title: 'm',
      cost: 1,
      market: 'KR',
      side: 'origin',
    };
    const worth = worthOf(closed, [wallet('w', 'KR', 10, 50), market]);
    const [base, withWallet, withMarket, both] = [[], [0], [1], [0, 1]].map(worth);
    // Half of the Korean spending is wished for; the wallet brings a tenth, or half of that anew.
    expect((withWallet! - base!) / (withMarket! - base!)).toBeCloseTo(0.1 / 0.5, 9);
    expect((both! - base!) / (withMarket! - base!)).toBeCloseTo(0.55 / 0.5, 9);
  });

  it('keeps to a budget, and gives each step an interval around what it adds', () => {
    const candidates = [
      wallet('dear', 'KR', 40, 0, 5),
      wallet('cheap', 'TH', 30, 20, 2),
      {
        kind: 'segment',
        id: 's',
        title: 's',
        cost: 1,
        category: 'hotel',
        area: 'JP-13',
        closesPercent: figure(50, 25, 75),
      } satisfies Candidate,
    ];
    const plan = planSteps(model, candidates, { most: 3, budget: 3 }, 7);
    expect(plan.best.steps.map(({ id }) => id)).toEqual(['cheap', 's']);
    expect(plan.best.cost).toBe(3);
    // A wallet and its shops need each other: together they add more than each alone.
    expect(plan.best.addsUsd).toBeGreaterThan(plan.best.sumOfAloneUsd);
    for (const { lowUsd, addsUsd, highUsd } of plan.steps) {
      expect(lowUsd).toBeLessThan(addsUsd);
      expect(highUsd).toBeGreaterThan(addsUsd);
    }
    expect(planSteps(model, candidates, { most: 3, budget: 3 }, 7)).toEqual(plan);
  });
});
