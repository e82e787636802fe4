/*
 * Goal: expected totals are what many played years come to on average, in every column, through
 * outages, limits and caps too, and the variances are those of the plays.
 * Method: a naive kernel that draws every purchase by itself and prices it with the rules' own
 * `pricePayment`; the standard error of its mean decides how near is near enough. All seeds are
 * fixed, so a bound of five standard errors over a few hundred figures fails only for a fault.
 */
import { playNaively, uniforms } from '#testkit/naive-kernel';
import { smallWorld } from '#testkit/small-world';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, TOTALS_COLUMNS, type Totals } from '../totals.js';
import type { World } from '../world.js';
import { playFluid } from './play-fluid.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const REPLICATIONS = 20;
/** Standard errors. */
const NEAR = 5;

const sum = (column: Iterable<number>): number => [...column].reduce((a, b) => a + b, 0);

/** Three days, all that can go wrong at once: limits that bite and three outages, one of an area. */
function troubledWorld(): World {
  const calm = smallWorld({ days: 3 });
  const start = calm.firstDay * DAY_MS - 9 * HOUR_MS;
  return {
    ...calm,
    conduct: { ...calm.conduct, refunded: 0.2 },
    flows: calm.flows.map((flow) => ({
      ...flow,
      corridor: {
        ...flow.corridor,
        minPayment: { currency: 'JPY', minor: 300n },
        maxPayment: { currency: 'JPY', minor: 50_000n },
      },
      walletEpochs: flow.walletEpochs.map((epoch, place) =>
        place === 0 ? epoch : { ...epoch, fromDay: calm.firstDay + 1 },
      ),
    })),
    wallets: calm.wallets.map((wallet, index) =>
      index === 0
        ? {
            ...wallet,
            wallet: { ...wallet.wallet, perPaymentLimit: { currency: 'THB', minor: 300_000n } },
          }
        : wallet,
    ),
    outages: [
      {
        wallet: null,
        acquirer: 1,
        area: null,
        fromMs: start,
        untilMs: start + 13.5 * HOUR_MS,
        share: 0.8,
      },
      {
        wallet: 2,
        acquirer: null,
        area: null,
        fromMs: start + DAY_MS,
        untilMs: start + 1.5 * DAY_MS,
        share: 0.5,
      },
      {
        wallet: null,
        acquirer: null,
        area: 0,
        fromMs: start + 2 * DAY_MS,
        untilMs: start + 3 * DAY_MS,
        share: 1,
      },
      {
        wallet: null,
        acquirer: 0,
        area: 1,
        fromMs: start + 2 * DAY_MS,
        untilMs: start + 3 * DAY_MS,
        share: 0.6,
      },
    ],
  };
}

function playMany(world: World, seed: number, replications = REPLICATIONS): Totals[] {
  const uniform = uniforms(seed);
  return Array.from({ length: replications }, () => playNaively(world, uniform));
}

/** Sums over slices of a column, so that each holds enough purchases to be nearly normal. */
type Slices = (totals: Totals) => Record<string, number>;

const SLICES: Readonly<Record<string, Slices>> = {
  'money by pair and column': ({ money, pairs }) => {
    const sums: Record<string, number> = {};
    for (const [at, value] of money.entries()) {
      const column = at % MONEY_COLUMNS.length;
      const pair = Math.floor(at / MONEY_COLUMNS.length) % pairs.length;
      const key = `${String(pair)} ${MONEY_COLUMNS[column]!}`;
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  },
  'payments by clearing day': ({ money, pairs }) =>
    byKey(money, (at) =>
      at % MONEY_COLUMNS.length === MONEY.payments
        ? String(Math.floor(at / MONEY_COLUMNS.length / pairs.length))
        : null,
    ),
  'owed by clearing hour': ({ owes, pairs }) =>
    // In baht and won alike: hours are compared with themselves only.
    byKey(owes, (at) => String(Math.floor(at / pairs.length))),
  'received by clearing hour': ({ receives, pairs }) =>
    byKey(
      receives,
      (at) => `${String(at % pairs.length)} ${String(Math.floor(at / pairs.length / 6))}`,
    ),
  'purchases by outcome': ({ outcomes }) => byKey(outcomes, String),
  'amounts by outcome': ({ outcomeMinor }) => byKey(outcomeMinor, String),
  'payments by category': ({ categoryCount }) => byKey(categoryCount, String),
  'amounts by category': ({ categoryMinor }) => byKey(categoryMinor, String),
  'payments by area': ({ areaCount }) => byKey(areaCount, String),
  'amounts by area': ({ areaMinor }) => byKey(areaMinor, String),
  'refunds by pair': ({ refundedMinor, pairs }) =>
    byKey(refundedMinor, (at) => String(at % pairs.length)),
};

function byKey(column: Float64Array, keyOf: (at: number) => string | null): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [at, value] of column.entries()) {
    const key = keyOf(at);
    if (key !== null) sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

describe('expected totals', () => {
  const world = troubledWorld();
  const fluid = playFluid(world);
  const played = playMany(world, 4_711);

  it.each(Object.keys(SLICES))('%s are those of the plays', (name) => {
    const slices = SLICES[name]!;
    const [expected, variance] = [slices(fluid.totals), slices(fluid.variances)];
    const plays = played.map(slices);
    let compared = 0;
    for (const [key, value] of Object.entries(expected)) {
      const mean = sum(plays.map((play) => play[key] ?? 0)) / REPLICATIONS;
      const error = Math.sqrt((variance[key] ?? 0) / REPLICATIONS);
      // Where some purchases only are expected in all plays together, nothing is normal.
      if (value * value <= 30 * (error * error)) continue;
      compared += 1;
      const errors = Math.abs(mean - value) / error;
      expect({ key, mean, value, errors, near: errors < NEAR }).toEqual({
        key,
        mean,
        value,
        errors,
        near: true,
      });
    }
    expect(compared).toBeGreaterThan(2);
  });

  it('spread as much as the variances say', () => {
    let [within, compared] = [0, 0];
    for (const name of Object.keys(SLICES)) {
      const plays = played.map(SLICES[name]!);
      for (const [key, variance] of Object.entries(SLICES[name]!(fluid.variances))) {
        const values = plays.map((play) => play[key] ?? 0);
        const mean = sum(values) / REPLICATIONS;
        if (mean * mean <= 40 * variance) continue;
        const found = sum(values.map((value) => (value - mean) ** 2)) / (REPLICATIONS - 1);
        // Chi-square with 19 degrees of freedom: 99.8 of 100 lie between these.
        compared += 1;
        if (found > variance * 0.28 && found < variance * 2.31) within += 1;
      }
    }
    expect(compared).toBeGreaterThan(80);
    expect(within / compared).toBeGreaterThan(0.97);
  });

  it('lose no purchase: outcomes add up, and money, categories and areas to what is paid', () => {
    const { totals } = fluid;
    const intended = sum(world.flows.flatMap((flow) => [...flow.intended]));
    expect(sum(totals.outcomes)).toBeCloseTo(intended, 6);
    const paid = sum(
      world.flows.map((_, f) => totals.outcomes[f * OUTCOMES.length + OUTCOME.paid]!),
    );
    const ofColumn = (column: number): number =>
      sum(totals.money.filter((_, at) => at % MONEY_COLUMNS.length === column));
    expect(ofColumn(MONEY.payments)).toBeCloseTo(paid, 6);
    expect(sum(totals.categoryCount)).toBeCloseTo(paid, 6);
    expect(sum(totals.areaCount)).toBeCloseTo(paid, 6);
    expect(sum(totals.areaMinor) / ofColumn(MONEY.paymentMinor)).toBeCloseTo(1, 9);
    expect(sum(totals.owes) / ofColumn(MONEY.walletOwesMinor)).toBeCloseTo(1, 9);
    expect(sum(totals.receives) / ofColumn(MONEY.acquirerReceivesMinor)).toBeCloseTo(1, 9);
    for (const outcome of OUTCOMES) {
      if (outcome === 'capExceeded') continue;
      expect(totals.outcomes[OUTCOME[outcome]]).toBeGreaterThan(0);
    }
    for (const name of TOTALS_COLUMNS) {
      expect(totals[name].every((value) => value >= -1e-9)).toBe(true);
      expect(fluid.variances[name].every((value) => value >= -1e-9)).toBe(true);
    }
  });
});

describe('caps along the expected path', () => {
  it('decline what a purchase-by-purchase walk declines', () => {
    const calm = smallWorld({ days: 7 });
    const { owes, pairs, clearingHours } = playFluid(calm).totals;
    const perDay = calm.wallets.map(
      (_, wallet) =>
        (sum(owes.filter((__, at) => pairs[at % pairs.length]!.wallet === wallet)) * 24) /
        clearingHours,
    );
    const world = {
      ...calm,
      settlement: {
        ...calm.settlement,
        capsHold: true,
        // Days of mean flow: the first is tight, the second has room, the third lives on prefund.
        capMinor: Float64Array.of(perDay[0]! * 2, perDay[1]! * 20, 0),
        prefundMinor: Float64Array.of(0, 0, perDay[2]! * 3),
      },
    };
    const fluid = playFluid(world).totals;
    const played = playMany(world, 99, 3);
    const declined = (totals: Totals, flow: number): number =>
      totals.outcomes[flow * OUTCOMES.length + OUTCOME.capExceeded]!;
    for (const flow of [0, 1]) {
      const mean = sum(played.map((totals) => declined(totals, flow))) / played.length;
      expect(mean).toBeGreaterThan(100);
      expect(declined(fluid, flow) / mean).toBeGreaterThan(0.95);
      expect(declined(fluid, flow) / mean).toBeLessThan(1.05);
    }
    expect(sum(fluid.outcomes)).toBeCloseTo(
      sum(world.flows.flatMap(({ intended }) => [...intended])),
      6,
    );
  });

  it('change nothing where they are wide', () => {
    const calm = smallWorld({ days: 3 });
    const wide = { ...calm, settlement: { ...calm.settlement, capsHold: true } };
    expect(playFluid(wide)).toEqual(playFluid(calm));
  });
});
