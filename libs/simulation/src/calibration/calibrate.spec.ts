/**
 * Goal: fitting meets its targets, moves nothing but the declared parameters, gives up at their
 * limits, and says of every total whether it was fitted. Method: a pretended kernel in which wallets
 * pay in proportion to the wish and Koreans in proportion to their ticket, so that the right
 * parameters are known beforehand.
 */
import { dayNumber } from '#domain/rates/calendar-day';
import { smallWorld } from '#testkit/small-world';
import type { DemandFigures, Target } from '../demand-figures.js';
import type { Figure, Scenario } from '../scenario.js';
import { emptyTotals, MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type { World } from '../world.js';
import { fit, judge } from './calibrate.js';

const figure = (value: number): Figure => ({ value, because: 'a test', quality: 'estimated' });
const sourced = { source: 'test', quality: 'measured' } as const;
const target = (id: string, value: number, role: Target['role']): Target => ({
  id,
  what: id,
  value,
  unit: '',
  year: 2024,
  role,
  ...sourced,
});

const SPENT = 1_000_000;
const figures = {
  targets: [
    target('japan-wallet-share-2024', 10, 'fitted'),
    target('korea-ticket-abroad-2024', 21_639, 'fitted'),
    target('japan-merchants-2025', 3_000_000, 'fitted'),
    target('korea-value-abroad-2024', 5_000_000, 'heldOut'),
    { ...target('japan-spending-2024', SPENT, 'input') },
  ],
} as unknown as DemandFigures;

const scenario = {
  name: 'pretended',
  period: { from: '2024-01-01', to: '2024-12-31' },
  corridors: { origins: ['TH', 'KR'], destinations: ['JP'] },
  spending: { ticketPercentByOrigin: { KR: figure(40), CN: figure(120) } },
  wallets: {
    wishPercentByOrigin: {
      CN: { ...figure(40), range: { low: 30, high: 50 } },
      KR: figure(20),
    },
  },
  acceptance: {
    merchants: { JP: figure(2_000_000) },
    growthPercentPerYear: figure(10),
    asOf: '2024-03-31',
  },
} as unknown as Scenario;

const world: World = {
  ...smallWorld({ firstDay: dayNumber('2024-01-01') ?? 0, days: 2 }),
  origins: ['TH', 'KR', 'CN', 'HK', 'TW', 'SG', 'MY', 'PH'],
  flows: [],
};

/** One Thai and one Korean payment each; the wish moves the amount, the Korean ticket its size. */
function pretend(asked: Scenario): { world: World; totals: Totals } {
  const totals = emptyTotals(world);
  const wish = asked.wallets.wishPercentByOrigin['CN']?.value ?? 0;
  const ticket = asked.spending.ticketPercentByOrigin['KR']?.value ?? 0;
  for (const [index, { wallet }] of totals.pairs.entries()) {
    const at = index * MONEY_COLUMNS.length;
    const korean = world.wallets[wallet]?.origin === 1;
    totals.money[at + MONEY.payments] = korean ? 100 : 50;
    totals.money[at + MONEY.paymentMinor] = wish * 500;
    totals.money[at + MONEY.payToMinor] = korean ? 100 * ticket * 500 : 1;
  }
  return { world, totals };
}

describe('fitting', () => {
  const fitted = fit(scenario, figures, pretend);
  if (!fitted.ok) throw new Error('not fitted');
  const report = judge(fitted.scenario, figures, pretend, scenario);

  it('meets the fitted totals with the parameters that are right', () => {
    // Five linked pairs pay wish * 500 each: 10 % of a million is a wish of 40.
    expect(fitted.scenario.wallets.wishPercentByOrigin['CN']?.value).toBeCloseTo(40, 2);
    expect(fitted.scenario.spending.ticketPercentByOrigin['KR']?.value).toBeCloseTo(43.278, 2);
    // From 2 to 3 million in 548 days.
    const growth = (1.5 ** (365.25 / 548) - 1) * 100;
    expect(fitted.scenario.acceptance.growthPercentPerYear.value).toBeCloseTo(growth, 1);
    for (const { target: one, error } of report.targets) {
      if (one.role === 'fitted') expect(Math.abs(error ?? 1)).toBeLessThan(1e-3);
    }
  });

  it('moves ranges along, and nothing else', () => {
    const moved = fit(
      scenario,
      {
        ...figures,
        targets: [target('japan-wallet-share-2024', 12, 'fitted'), ...figures.targets.slice(1)],
      },
      pretend,
    );
    if (!moved.ok) throw new Error('not fitted');
    const { wishPercentByOrigin } = moved.scenario.wallets;
    expect(wishPercentByOrigin['CN']?.value).toBeCloseTo(48, 2);
    expect(wishPercentByOrigin['CN']?.range?.low).toBeCloseTo(36, 2);
    expect(wishPercentByOrigin['KR']?.value).toBeCloseTo(24, 2);
    expect(moved.scenario.spending.ticketPercentByOrigin['CN']?.value).toBe(120);
    expect(moved.scenario.period).toBe(scenario.period);
  });

  it('tells what was fitted, what was held out, and the freedom used', () => {
    const roles = Object.fromEntries(report.targets.map((one) => [one.target.id, one.parameter]));
    expect(roles['japan-wallet-share-2024']).toBe('wallets.wishPercentByOrigin');
    expect(roles['korea-value-abroad-2024']).toBeNull();
    expect(report.freedoms).toHaveLength(3);
    expect(
      report.freedoms.find(({ target: id }) => id === 'korea-ticket-abroad-2024'),
    ).toMatchObject({
      before: 40,
      low: 20,
      high: 100,
    });
  });

  it('gives up where a parameter would have to leave its range', () => {
    const out = fit(
      scenario,
      {
        ...figures,
        targets: [target('japan-wallet-share-2024', 30, 'fitted'), ...figures.targets.slice(1)],
      },
      pretend,
    );
    expect(out).toMatchObject({ ok: false, freedom: { parameter: 'wallets.wishPercentByOrigin' } });
  });

  it('does not judge what a scenario does not play', () => {
    const part = { ...scenario, period: { from: '2024-01-01', to: '2024-06-30' } };
    const judged = judge(part, figures, pretend);
    const share = judged.targets.find(({ target: one }) => one.id === 'japan-wallet-share-2024');
    expect(share).toMatchObject({ modelled: null, error: null });
    expect(share?.how).toMatch(/all of 2024/);
  });
});
