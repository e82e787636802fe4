import { movingMids, playNaively, type NaivePurchase } from '#testkit/naive-totals';
import { smallWorld } from '#testkit/small-world';
import type { World } from '../world.js';
import { answersOf } from './answers-of.js';

// Goal: the result on currencies is what payments were worth at the cover, less nothing else.
// Method: each payment's two positions come from its own price (the parts that the hub books at
// mid), are valued by hand at the mid of the cover, and summed; rates move by known steps.

const quieter = smallWorld().flows.map((flow) => ({
  ...flow,
  intended: flow.intended.map((purchases) => purchases / 4),
}));
const still = smallWorld({ flows: quieter });
const noRefunds = { ...still.conduct, refunded: 0 };

function moving(percentByDay: Readonly<Record<string, number>>, cyclesPerDay = 1): World {
  const settlement = { ...still.settlement, cyclesPerDay };
  return { ...still, conduct: noRefunds, settlement, fx: movingMids(still, percentByDay) };
}

function usd(world: World, currency: string, clearingDay: number): number {
  const day = Math.min(Math.max(clearingDay - 1, 0), world.days - 1);
  const count = world.currencies.length;
  const [from, to] = [world.currencies.indexOf(currency), world.currencies.indexOf('USD')];
  const mid = world.fx.mids[day]?.[from * count + to];
  if (mid === undefined) throw new Error(`no mid of ${currency}`);
  return (
    Number(mid.numerator) / Number(mid.denominator) / (['JPY', 'KRW'].includes(currency) ? 1 : 100)
  );
}

/** Both positions of a payment at the mids of the day that covers it. */
function worthAtCover(world: World, { price, clearingHour }: NaivePurchase): number {
  if (price === null) return 0;
  const { cyclesPerDay } = world.settlement;
  const hoursPerCycle = 24 / cyclesPerDay;
  const clearingDay = Math.floor(clearingHour / 24);
  const lastCycle = Math.floor((clearingHour % 24) / hoursPerCycle) === cyclesPerDay - 1;
  const covered = lastCycle ? clearingDay + 1 : clearingDay;
  const { payer, settlement, interchange } = price;
  const taken = Number(payer.atMid - interchange.credited.atMid);
  const given = Number(settlement.atMid - interchange.charged.atMid);
  return (
    taken * usd(world, payer.amount.currency, covered) -
    given * usd(world, settlement.amount.currency, covered)
  );
}

describe.each([1, 2, 4])('%d cycles a day', (cyclesPerDay) => {
  it('is worth what the positions are worth at their cover', () => {
    const world = moving({ JPY: 1, THB: -0.5, KRW: 0.25 }, cyclesPerDay);
    const { totals, purchases } = playNaively(world, 3);
    const { fx } = answersOf(world, totals);
    const expected = purchases.reduce((sum, purchase) => sum + worthAtCover(world, purchase), 0);
    expect(Math.abs(expected)).toBeGreaterThan(50);
    // A cycle gets its share of the day's positions by value, the list knows each one.
    expect(Math.abs(fx.positionResultUsd - expected) / Math.abs(expected)).toBeLessThan(
      cyclesPerDay === 1 ? 1e-6 : 0.05,
    );
    expect(fx.refundResultUsd).toBe(0);
    expect(fx.netUsd).toBeCloseTo(
      fx.marginUsd + fx.positionResultUsd + fx.refundResultUsd - fx.coverCostUsd,
      6,
    );
  });
});

it('loses on a yen that rises before it is bought, and less with more cut-offs', () => {
  const result = (cycles: number): number => {
    const world = moving({ JPY: 1 }, cycles);
    return answersOf(world, playNaively(world, 3).totals).fx.positionResultUsd;
  };
  const [once, twice, hourly] = [result(1), result(2), result(24)];
  expect(once).toBeLessThan(0);
  expect(twice).toBeGreaterThan(once);
  expect(hourly).toBeGreaterThan(twice);
  // Rates move at midnight: what is paid in the last hour is priced with the new one in Japan.
  expect(Math.abs(hourly / once)).toBeLessThan(0.001);
});

it('is nothing but rounding where rates stand still', () => {
  const { totals, purchases } = playNaively(still, 3);
  const { fx } = answersOf(still, totals);
  expect(Math.abs(fx.positionResultUsd)).toBeLessThan(purchases.length * 0.0005);
  expect(fx.rateLock.driftUsd).toBeCloseTo(0, 6);
  expect(fx.rateLock.optionUsd).toBe(0);
});

it('buys back at today’s rate what a refund gives back at the old one', () => {
  // A yen that rises by 1 % a day is worth more when acquirers return it.
  const world = { ...moving({ JPY: 1 }), conduct: { ...still.conduct, refunded: 0.2 } };
  const { totals, purchases } = playNaively(world, 3);
  const refunds = purchases.filter(({ refunded }) => refunded);
  const { fx, revenue } = answersOf(world, totals);
  expect(refunds.length).toBeGreaterThan(100);
  expect(fx.refundResultUsd).toBeGreaterThan(0);
  // Four days on average and one until the cover: some percent of what went back, not more.
  expect(fx.refundResultUsd / revenue.refunded).toBeGreaterThan(0.01);
  expect(fx.refundResultUsd / revenue.refunded).toBeLessThan(0.06);
});

describe('covers and the rate lock', () => {
  it('cost the spread on what is open in each currency but dollars', () => {
    const { totals } = playNaively(still, 3);
    const { fx } = answersOf(still, totals);
    expect(fx.coverCostUsd).toBeCloseTo((fx.coveredUsd * 5) / 10_000, 6);
    expect(fx.currencies.find(({ currency }) => currency === 'USD')?.coveredUsd).toBe(0);
    expect(fx.largestOpenUsd).toBeGreaterThan(fx.coveredUsd / 16);
    expect(fx.largestOpenUsd).toBeLessThan(fx.coveredUsd / 4);
  });

  it('drifts by the lock’s part of a day’s move, and an option costs 0.399 σ √t', () => {
    // The baht falls by 1 % against a still yen each day: a price held for ten minutes is old by
    // 10/1,440 of it, and every baht amount at the old price is too small.
    const world = moving({ THB: -1, KRW: -1 });
    const { totals } = playNaively(world, 3);
    const { fx, headlines } = answersOf(world, totals);
    const lockDays = 10 / 1_440;
    const move = 1 / 0.99 - 1;
    // The last three days of the table repeat the first and last mids, without a move.
    expect(fx.rateLock.driftUsd / headlines.valueUsd).toBeLessThan(0);
    expect(-fx.rateLock.driftUsd / headlines.valueUsd / (move * lockDays)).toBeCloseTo(0.95, 1);
    const sigma = move * Math.sqrt(13 / 15);
    const option = 0.398942 * sigma * Math.sqrt(lockDays) * 10_000;
    expect(fx.rateLock.optionBps / option).toBeCloseTo(1, 1);
  });
});
