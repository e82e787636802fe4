/**
 * Goal: a world loses and invents nobody: visitors, what they spend and what of it they would like
 * to pay by wallet are those of the figures and the scenario, however these are turned. Method:
 * random growth, wishes, shares and shocks; sums of the compiled world against arithmetic on the
 * published figures that knows nothing of days.
 */
import fc from 'fast-check';
import { compileWorld } from '#simulation/demand/compile-world';
import { largestRemainder } from '#simulation/demand/merchants-of-world';
import { momentsOf, quantileTable } from '#simulation/random/quantile-table';
import type { Figure, Scenario, Shock } from '#simulation/scenario';
import type { World } from '#simulation/world';
import { loadScenario } from '../scenario-files/load-scenario.js';
import { loadFigures } from './load-figures.js';
import { loadNetwork } from './load-network.js';

const figures = loadFigures();
const network = loadNetwork();
const figure = (value: number): Figure => ({ value, because: 'a test', quality: 'estimated' });
const shipped = loadScenario('thailand-japan');
const base: Scenario = {
  ...shipped,
  period: { from: '2024-01-01', to: '2024-12-31' },
  // Few merchants, so that many worlds are made quickly; habits that stay as they are.
  acceptance: { ...shipped.acceptance, merchants: { JP: figure(3_000) } },
  wallets: { ...shipped.wallets, adoptionGrowthPercentPerYear: figure(0) },
};
const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

function worldFrom(scenario: Scenario): World {
  const compiled = compileWorld(scenario, figures, network);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.world;
}

function arrivalsIn2024(origin: string): number {
  const line = figures.arrivals.find(
    (one) => one.destination === 'JP' && one.origin === origin && one.year === 2024,
  );
  return sum(line?.months ?? []);
}
const spending = (origin: string) => {
  const line = figures.spending.find((one) => one.destination === 'JP' && one.origin === origin);
  if (line === undefined) throw new Error(`no spending of ${origin}`);
  return line;
};

/** Few runs: each compiles a whole year. */
const RUNS = { numRuns: 8 };
const percent = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('a year of an origin', () => {
  it('has its visitors and their spending, whatever grows', () => {
    const turned = fc.record({
      origin: fc.constantFrom('TH', 'KR', 'CN', 'HK', 'MO'),
      year: fc.constantFrom(2024, 2025),
      growth: percent(-40, 60),
      scale: percent(1, 200),
      spendGrowth: percent(-30, 40),
      onSite: percent(1, 100),
      wish: percent(0.1, 95),
    });
    fc.assert(
      fc.property(turned, ({ origin, year, growth, scale, spendGrowth, onSite, wish }) => {
        const spends = ['lodging', 'food_drink', 'transport', 'entertainment', 'shopping', 'other'];
        const world = worldFrom({
          ...base,
          period: { from: `${String(year)}-01-01`, to: `${String(year)}-12-31` },
          corridors: { origins: [origin], destinations: ['JP'] },
          visitors: {
            basisYear: 2024,
            growthPercentPerYear: figure(growth),
            growthPercentPerYearByOrigin: {},
            scalePercent: figure(scale),
          },
          spending: {
            ...base.spending,
            growthPercentPerYear: figure(spendGrowth),
            onSitePercent: Object.fromEntries(spends.map((name) => [name, figure(onSite)])),
          },
          wallets: {
            ...base.wallets,
            wishPercentByOrigin: { [origin]: figure(wish) },
            adoptionGrowthPercentPerYear: figure(0),
          },
        });
        const [flow] = world.flows;
        if (flow === undefined) throw new Error('no flow');
        const years = year - 2024;
        const people = (arrivalsIn2024(origin) * (1 + growth / 100) ** years * scale) / 100;
        const spent = people * spending(origin).perVisitorMinor * (1 + spendGrowth / 100) ** years;
        expect(sum(flow.visitors) / people).toBeCloseTo(1, 9);
        expect(sum(flow.spendMinor) / spent).toBeCloseTo(1, 9);
        // What the kernels will draw: purchases of each category times the mean of its amounts.
        const ofCategory = (category: number): number =>
          sum(flow.hourWeights[0].subarray(category * 24, category * 24 + 24));
        const ticket = flow.tickets.reduce(
          (mean, one, category) => mean + ofCategory(category) * momentsOf(quantileTable(one)).mean,
          0,
        );
        const intended = sum(flow.intended) * ticket;
        expect(intended / ((spent * onSite * wish) / 10_000)).toBeCloseTo(1, 9);
      }),
      RUNS,
    );
  });

  it('has the same days when only a part of it is asked for', () => {
    const whole = worldFrom(base);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        (from, days) => {
          const iso = (offset: number): string =>
            new Date((whole.firstDay + offset) * 86_400_000).toISOString().slice(0, 10);
          const part = worldFrom({
            ...base,
            period: { from: iso(from), to: iso(from + days - 1) },
          });
          const [flow, all] = [part.flows[0], whole.flows[0]];
          expect(flow?.visitors).toEqual(all?.visitors.slice(from, from + days));
          expect(flow?.intended).toEqual(all?.intended.slice(from, from + days));
          expect(flow?.dayKinds).toEqual(all?.dayKinds.slice(from, from + days));
          expect(part.fx.mids).toEqual(whole.fx.mids.slice(from, from + days));
        },
      ),
      RUNS,
    );
  });
});

describe('a shock', () => {
  const shocked = (...shocks: Shock[]): World => worldFrom({ ...base, shocks });
  const calm = shocked();
  const purchases = (world: World): number => sum(world.flows[0]?.intended ?? []);

  it('on a currency moves every rate by it exactly and demand by its elasticities', () => {
    const jpy = calm.currencies.indexOf('JPY');
    const thb = calm.currencies.indexOf('THB');
    const at = jpy * calm.currencies.length + thb;
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 30 }), (move) => {
        const span = { from: base.period.from, to: base.period.to };
        const world = shocked({ kind: 'rate', currency: 'JPY', percent: figure(move), ...span });
        for (const day of [0, 100, 365]) {
          const [before, after] = [calm.fx.mids[day]?.[at], world.fx.mids[day]?.[at]];
          if (before === undefined || after === undefined) throw new Error('no rate');
          expect(after.numerator * before.denominator * 100n).toBe(
            before.numerator * after.denominator * BigInt(100 + move),
          );
        }
        const elasticity = base.fx.visitorElasticity.value + base.fx.spendElasticity.value;
        const expected = (1 + move / 100) ** -elasticity;
        expect(purchases(world) / purchases(calm)).toBeCloseTo(expected, 9);
      }),
      RUNS,
    );
  });

  it('on visitors of some areas takes those visitors and no others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('JP-13', 'JP-47', 'JP-27'),
        fc.integer({ min: -100, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (area, change, month) => {
          const iso = `2024-0${String(month)}`;
          const world = shocked({
            kind: 'visitors',
            percent: figure(change),
            origins: null,
            areas: [area],
            from: `${iso}-05`,
            to: `${iso}-11`,
          });
          const index = world.areas.findIndex(({ id }) => id === area);
          const byArea = (of: World, which: number): number =>
            sum(
              Array.from(of.flows[0]?.intended ?? [], (count, offset) => {
                const day = new Date((of.firstDay + offset) * 86_400_000);
                return count * (of.flows[0]?.areaWeights[day.getUTCMonth()]?.[which] ?? 0);
              }),
            );
          const first = Date.UTC(2024, month - 1, 5) / 86_400_000 - calm.firstDay;
          const weight = calm.flows[0]?.areaWeights[month - 1]?.[index] ?? 0;
          const week = sum(calm.flows[0]?.intended.subarray(first, first + 7) ?? []);
          const expected = byArea(calm, index) + (week * weight * change) / 100;
          expect(byArea(world, index) / expected).toBeCloseTo(1, 9);
          const other = (index + 1) % world.areas.length;
          expect(byArea(world, other) / byArea(calm, other)).toBeCloseTo(1, 9);
        },
      ),
      RUNS,
    );
  });
});

describe('wallets', () => {
  it('that join add their wish less what they take, and split it by their weights', () => {
    fc.assert(
      fc.property(percent(0.5, 20), percent(0, 100), (wish, taken) => {
        const joins = '2024-07-01';
        const world = worldFrom({
          ...base,
          wallets: {
            ...base.wallets,
            adoptionGrowthPercentPerYear: figure(0),
            wishPercentByOrigin: { TH: figure(30) },
            joining: [
              {
                id: 'new_purse',
                name: 'New Purse',
                origin: 'TH',
                currency: 'THB',
                joins,
                wishPercent: figure(wish),
                cannibalisationPercent: figure(taken),
                destinations: ['JP'],
              },
            ],
          },
        });
        const [flow] = world.flows;
        const plain = worldFrom({
          ...base,
          wallets: {
            ...base.wallets,
            adoptionGrowthPercentPerYear: figure(0),
            wishPercentByOrigin: { TH: figure(30) },
          },
        }).flows[0];
        const day = 200;
        const more = (flow?.intended[day] ?? 0) / (plain?.intended[day] ?? 1);
        expect(more).toBeCloseTo((30 + wish * (1 - taken / 100)) / 30, 9);
        expect(flow?.intended[100]).toBe(plain?.intended[100]);
        const weights = flow?.walletEpochs.at(-1)?.weights ?? new Float64Array();
        const index = world.wallets.findIndex(({ wallet }) => wallet.id === 'new_purse');
        expect((weights[index] ?? 0) / sum(weights)).toBeCloseTo(
          wish / (30 + wish * (1 - taken / 100)),
          9,
        );
      }),
      RUNS,
    );
  });
});

describe('whole parts by weights', () => {
  it('add up and are each less than one from their share', () => {
    const weights = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000 }), weights, (total, parts) => {
        fc.pre(sum(parts) > 1e-6);
        const whole = largestRemainder(total, parts);
        expect(sum(whole)).toBe(total);
        for (const [at, part] of whole.entries()) {
          expect(Math.abs(part - (total * (parts[at] ?? 0)) / sum(parts))).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });
});
