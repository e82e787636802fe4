import { movingMids, playNaively, type NaivePurchase } from '#testkit/naive-totals';
import { smallWorld } from '#testkit/small-world';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { countWait } from '../waits.js';
import type { Answers } from './answers.js';
import { answersOf, headlinesOf } from './answers-of.js';
import { absoluteTolerance, HEADLINES } from './headlines.js';

// Goal: every table of the answers tells of the same payments, and says what the payments say.
// Method: a world is played purchase by purchase with the hub's own pricing, and each figure is
// computed a second time from that list, without the columns between.

const base = smallWorld();
const quieter = base.flows.map((flow) => ({
  ...flow,
  intended: flow.intended.map((purchases) => purchases / 2),
}));
const fx = movingMids(base, { JPY: 0.4, THB: -0.3, KRW: 0.2 });
const world = smallWorld({ flows: quieter, fx });
const { totals, purchases } = playNaively(world, 7);
const answers = answersOf(world, totals);
const paid = purchases.filter(({ outcome }) => outcome === OUTCOME.paid);
const { headlines } = answers;

const total = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((sum, item) => sum + of(item), 0);

/** Dollars of one minor unit at the clearing day's mid; days around the period have the nearest. */
function rate(purchase: NaivePurchase, currency: string): number {
  const day = Math.min(Math.max(Math.floor(purchase.clearingHour / 24) - 1, 0), world.days - 1);
  const [from, to] = [world.currencies.indexOf(currency), world.currencies.indexOf('USD')];
  const mid = world.fx.mids[day]?.[from * world.currencies.length + to];
  const major = mid === undefined ? 0 : Number(mid.numerator) / Number(mid.denominator);
  return major / ({ JPY: 1, KRW: 1, THB: 100, USD: 100 }[currency] ?? 0);
}

it('is played with payments of all pairs, refunds and every reason that is drawn', () => {
  expect(paid.length).toBeGreaterThan(4_000);
  expect(new Set(paid.map(({ pair }) => pair)).size).toBe(totals.pairs.length);
  expect(paid.filter(({ refunded }) => refunded).length).toBeGreaterThan(20);
});

describe('volume', () => {
  it('counts what was paid, in dollars of its day', () => {
    expect(headlines.payments).toBe(paid.length);
    expect(headlines.valueUsd).toBeCloseTo(
      total(paid, (p) => p.amountMinor * rate(p, 'JPY')),
      4,
    );
    expect(headlines.averageTicketUsd).toBeCloseTo(headlines.valueUsd / paid.length, 8);
    const spend = total(world.flows, (flow) => total([...flow.spendMinor], (minor) => minor));
    const share = (total(paid, (p) => p.amountMinor) / spend) * 100;
    // Dollars weigh days by their rates, which move by some percent here.
    expect(headlines.spendingSharePercent).toBeCloseTo(share, 0);
  });

  it.each([
    ['destinations', answers.destinations],
    ['corridors', answers.corridors],
    ['categories', answers.categories],
    ['areas', answers.areas],
    ['days', answers.days],
  ] as const)('adds up to the headline over %s', (_name, rows) => {
    expect(rows.length).toBeGreaterThan(0);
    expect(total(rows, ({ payments }) => payments)).toBe(headlines.payments);
    expect(total(rows, ({ paymentMinor }) => paymentMinor)).toBe(
      total(paid, ({ amountMinor }) => amountMinor),
    );
    expect(total(rows, ({ usd }) => usd)).toBeCloseTo(headlines.valueUsd, 4);
  });

  it.each([
    ['wallets', answers.wallets],
    ['acquirers', answers.acquirers],
    ['months', answers.months],
  ] as const)('adds up to the headline over %s', (_name, rows) => {
    expect(total<{ payments: number; usd: number }>(rows, (row) => row.payments)).toBe(paid.length);
    expect(total<{ payments: number; usd: number }>(rows, (row) => row.usd)).toBeCloseTo(
      headlines.valueUsd,
      4,
    );
  });

  it('keeps every currency’s own minor units', () => {
    for (const [index, wallet] of answers.wallets.entries()) {
      const own = paid.filter(({ pair }) => totals.pairs[pair]?.wallet === index);
      expect(wallet.owesMinor).toBe(total(own, (p) => Number(p.price?.walletOwes.minor)));
      expect(wallet.payToMinor).toBe(total(own, (p) => Number(p.price?.payToAmount.minor)));
    }
    for (const [index, acquirer] of answers.acquirers.entries()) {
      const own = paid.filter(({ pair }) => totals.pairs[pair]?.acquirer === index);
      expect(acquirer.receivesMinor).toBe(
        total(own, (p) => Number(p.price?.acquirerReceives.minor)),
      );
    }
  });
});

describe('the funnel', () => {
  it('has every purchase once, and its shares add up to 100 %', () => {
    expect(answers.funnel.map(({ outcome }) => outcome)).toEqual(OUTCOMES);
    expect(total(answers.funnel, ({ count }) => count)).toBe(purchases.length);
    expect(total(answers.funnel, ({ countBps }) => countBps)).toBe(10_000);
    expect(total(answers.funnel, ({ usdBps }) => usdBps)).toBe(10_000);
  });

  it('tells the gap from what was tried', () => {
    const gap = purchases.filter(({ outcome }) =>
      [OUTCOME.notAccepted, OUTCOME.noRoute].includes(outcome),
    );
    const tried = purchases.length - gap.length;
    expect(gap.length).toBeGreaterThan(500);
    expect(total(answers.corridors, ({ gapMinor }) => gapMinor)).toBe(
      total(gap, ({ amountMinor }) => amountMinor),
    );
    expect(headlines.successPercent).toBeCloseTo((paid.length / tried) * 100, 8);
  });
});

describe('money', () => {
  it('leaves nothing between what wallets pay over and what acquirers get but the hub’s earnings', () => {
    // Before refunds: what comes in less what goes out, at mid, is fees, margin and rounding.
    const left = total(
      paid,
      (p) =>
        Number(p.price?.walletOwes.minor) * rate(p, p.price?.walletOwes.currency ?? '') -
        Number(p.price?.acquirerReceives.minor) * rate(p, p.price?.acquirerReceives.currency ?? ''),
    );
    const priced = total(paid, (p) => Number(p.price?.hubIncomeUsd.minor) / 100);
    const { hub } = answersOf(world, {
      ...totals,
      refundedMinor: totals.refundedMinor.map(() => 0),
    }).revenue;
    // A cent of rounding each payment at most, and far less on average.
    expect(Math.abs(hub.total - priced)).toBeLessThan(paid.length * 0.002);
    // Purchases after 23:00 UTC+8 carry the next day's mid, so the two days' mids differ on some.
    expect(Math.abs(hub.total - left) / hub.total).toBeLessThan(0.05);
  });

  it('splits earnings between the parties, net of refunds', () => {
    const { wallets, hub, acquirers, refunded } = answers.revenue;
    expect(wallets.interchange + wallets.schemeFees).toBeCloseTo(wallets.total, 6);
    expect(
      hub.schemeFeesOfAcquirers + hub.schemeFeesOfWallets + hub.fxMargin + hub.fxMarginReturned,
    ).toBeCloseTo(hub.total, 6);
    expect(acquirers.mdr + acquirers.interchange + acquirers.schemeFees).toBeCloseTo(
      acquirers.total,
      6,
    );
    const back = paid.filter((p) => p.refunded);
    expect(refunded).toBeCloseTo(
      total(back, (p) => p.amountMinor * rate(p, 'JPY')),
      4,
    );
    const byCorridor = total(answers.corridors, (c) => c.walletUsd + c.hubUsd + c.acquirerUsd);
    expect(byCorridor).toBeCloseTo(wallets.total + hub.total + acquirers.total, 4);
    expect(total(answers.wallets, (w) => w.revenueUsd)).toBeCloseTo(wallets.total, 4);
    expect(total(answers.acquirers, (a) => a.revenueUsd)).toBeCloseTo(acquirers.total, 4);
  });

  it('costs what was agreed: the merchant’s rate and the payer’s mark-up', () => {
    expect(headlines.merchantCostBps).toBeCloseTo(180, 0);
    // 50 bp for Thais, 30 for Koreans, by value.
    const value = (flow: number): number =>
      total(
        paid.filter((p) => p.flow === flow),
        (p) => p.amountMinor,
      );
    const markup = (50 * value(0) + 30 * value(1)) / (value(0) + value(1));
    expect(Math.abs(headlines.payerCostBps - markup)).toBeLessThan(0.6);
    expect(headlines.allInCostBps).toBeCloseTo(
      headlines.merchantCostBps + headlines.payerCostBps,
      8,
    );
    const saved = (325 + 250 - headlines.allInCostBps) / 10_000;
    expect(headlines.savedAgainstCardsUsd).toBeCloseTo(headlines.valueUsd * saved, 4);
  });
});

describe('the G20 targets', () => {
  it('are judged by money that has arrived, not by what the shop is told', () => {
    expect(answers.targets.confirmedWithinHourPercent).toBe(100);
    expect(answers.targets.speed).toMatchObject({ value: 0, target: 75, met: false });
    expect(answers.targets.averageCost.met).toBe(false);
    expect(answers.targets.averageCost.value).toBeCloseTo(headlines.allInCostBps / 100, 8);
    expect(answers.targets.dearestCorridor).toMatchObject({ met: true, corridor: 'TH-JP' });
    // Two business days and up to a weekend, from any hour of the day.
    expect(headlines.hoursToFunds).toBeGreaterThan(40);
    expect(headlines.hoursToFunds).toBeLessThan(120);
  });
});

describe('answer times', () => {
  it('follow from the log-normal and the share that never answers', () => {
    const { latency } = answers;
    expect(latency.basis).toBe('analytic');
    // Independent: quantiles of the standard normal to six places are 1.644854 and 2.326348.
    expect(latency.p50Ms).toBeCloseTo(800, 6);
    expect(latency.p95Ms).toBeCloseTo(800 * Math.exp(0.6 * 1.644854), 2);
    expect(latency.p99Ms).toBeCloseTo(800 * Math.exp(0.6 * 2.326348), 2);
    expect(latency.allP99Ms).toBeGreaterThan(latency.p99Ms);
    expect(latency.givesUpAfterMs).toBe(818_000);
  });

  it('are those of events where a kernel saw them', () => {
    const waits = totals.waits.slice();
    // 60 of 100 within a tenth of a second, 36 in two, four never.
    for (let payment = 0; payment < 96; payment++) {
      countWait(waits, 'answered', payment < 60 ? 100 : 200);
    }
    for (let payment = 0; payment < 4; payment++) countWait(waits, 'cancelled', 250);
    const seen = answersOf(world, { ...totals, waits });
    const { p50Ms, p95Ms, allP50Ms, allP95Ms, allP99Ms, ...rest } = seen.latency;
    expect(rest).toMatchObject({ basis: 'events', timedOutPercent: 4, givesUpAfterMs: 818_000 });
    for (const [found, wanted] of [
      [p50Ms, 100],
      [p95Ms, 200],
      [allP50Ms, 100],
      [allP95Ms, 200],
      [allP99Ms, 250],
    ] as const) {
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(0.5);
    }
    expect(seen.headlines.answerP95Ms).toBe(p95Ms);
  });
});

describe('headlines', () => {
  it('are finite numbers, one for each definition, the same alone and with tables', () => {
    expect(Object.keys(headlines).sort()).toEqual(HEADLINES.map(({ id }) => id).sort());
    for (const value of Object.values(headlines)) expect(Number.isFinite(value)).toBe(true);
    expect(headlinesOf(world, totals)).toEqual(headlines);
  });

  it('of nothing are zeros and no faults', () => {
    const nothing = answersOf(world, playNaively({ ...world, flows: [] }, 1).totals);
    expect(nothing.headlines.payments).toBe(0);
    for (const value of Object.values(nothing.headlines)) expect(Number.isFinite(value)).toBe(true);
  });

  it('near zero are measured by the value they stand beside', () => {
    // One basis point of value.
    expect(absoluteTolerance('fxResultUsd', { valueUsd: 2_000_000 })).toBe(200);
    expect(absoluteTolerance('payments', { valueUsd: 2_000_000 })).toBe(1);
  });
});

it('puts the day before the period into its first month', () => {
  const months: readonly Answers['months'][number][] = answers.months;
  expect(months.map(({ month }) => month)).toEqual(['2025-03']);
  expect(answers.days.map(({ day }) => day)).toContain('2025-03-02');
});
