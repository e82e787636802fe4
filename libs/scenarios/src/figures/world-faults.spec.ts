/**
 * Goal: a scenario that cannot be a world is refused with the place and what to do, all faults at
 * once, and what is left out is told. Method: a good scenario with one thing wrong each.
 */
import { ExplainedError } from '#platform/explained-error';
import { compileWorld } from '#simulation/demand/compile-world';
import type { Figure, JoiningWallet, Scenario, Shock } from '#simulation/scenario';
import { loadScenario } from '../scenario-files/load-scenario.js';
import { compileScenario } from './compile-scenario.js';
import { loadFigures } from './load-figures.js';
import { loadNetwork } from './load-network.js';

const good = loadScenario('thailand-japan');
const figure = (value: number): Figure => ({ value, because: 'a test', quality: 'estimated' });
const compiled = (scenario: Scenario) => compileWorld(scenario, loadFigures(), loadNetwork());

function faultsOf(change: Partial<Scenario>): string[] {
  const world = compiled({ ...good, ...change });
  return world.ok ? [] : world.faults.map(({ pointer, message }) => `${pointer}: ${message}`);
}

const span = { from: '2025-05-01', to: '2025-05-03' };
const shock = (one: Shock): Partial<Scenario> => ({ shocks: [one] });
const joining = (change: Partial<JoiningWallet>): Partial<Scenario> => ({
  wallets: {
    ...good.wallets,
    joining: [
      {
        id: 'new_purse',
        name: 'New Purse',
        origin: 'TH',
        currency: 'THB',
        joins: '2025-04-01',
        wishPercent: figure(2),
        cannibalisationPercent: figure(30),
        destinations: ['JP'],
        ...change,
      },
    ],
  },
});
const without = (name: string, from: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as Record<
    string,
    Figure
  >;

const CASES: readonly (readonly [string, Partial<Scenario>, RegExp])[] = [
  [
    'days out of order',
    { period: { from: '2025-03-01', to: '2025-02-01' } },
    /^\/period: .*in order/,
  ],
  [
    'days before all rates',
    { period: { from: '2018-01-01', to: '2018-12-31' } },
    /^\/period: .*2019-01-02/,
  ],
  [
    'days after all rates',
    { period: { from: '2026-05-01', to: '2026-06-30' } },
    /^\/period: .*2026-04-13.*\/fx\/year/,
  ],
  ['rates of a year unknown', { fx: { ...good.fx, year: 2015 } }, /^\/fx\/year: /],
  [
    'rates of a day unknown',
    { fx: { ...good.fx, path: 'fixed', on: '2015-01-05' } },
    /^\/fx\/on: /,
  ],
  [
    'a place unknown',
    { corridors: { origins: ['TH'], destinations: ['JP', 'BR'] } },
    /^\/corridors\/destinations\/1: .*BR.*HK, ID, IT, JP/,
  ],
  [
    'nobody with a wallet',
    { corridors: { origins: ['US'], destinations: ['JP'] } },
    /^\/corridors: No traveller/,
  ],
  [
    'no merchants stated',
    { acceptance: { ...good.acceptance, merchants: {} } },
    /^\/acceptance\/merchants\/JP: .*add acceptance\.merchants\.JP/,
  ],
  [
    'too few merchants',
    { acceptance: { ...good.acceptance, merchants: { JP: figure(40) } } },
    /^\/acceptance\/merchants\/JP: .*too few/,
  ],
  [
    'a slip of three digits',
    { acceptance: { ...good.acceptance, merchants: { JP: figure(2e9) } } },
    /^\/acceptance\/merchants\/JP: .*more than/,
  ],
  [
    'a category forgotten',
    {
      acceptance: {
        ...good.acceptance,
        percentByCategory: without('taxi', good.acceptance.percentByCategory),
      },
    },
    /^\/acceptance\/percentByCategory\/taxi: /,
  ],
  [
    'a share above all',
    {
      acceptance: {
        ...good.acceptance,
        percentByCategory: { ...good.acceptance.percentByCategory, taxi: figure(120) },
      },
    },
    /^\/acceptance\/percentByCategory\/taxi: 120 is not/,
  ],
  [
    'no wish stated',
    { wallets: { ...good.wallets, wishPercentByOrigin: {} } },
    /^\/wallets\/wishPercentByOrigin\/TH: /,
  ],
  [
    'a wish above all',
    { wallets: { ...good.wallets, wishPercentByOrigin: { TH: figure(130) } } },
    /^\/wallets: .*130 %/,
  ],
  [
    'a weight forgotten',
    { wallets: { ...good.wallets, weights: without('truemoney', good.wallets.weights) } },
    /^\/wallets\/weights\/truemoney: /,
  ],
  [
    'a wallet that leaves and never was',
    { wallets: { ...good.wallets, leaving: [{ wallet: 'gcash', on: '2025-05-01' }] } },
    /^\/wallets\/leaving\/0\/wallet: gcash.*truemoney/,
  ],
  [
    'a joining wallet from elsewhere',
    joining({ origin: 'KR' }),
    /^\/wallets\/joining\/0\/origin: KR/,
  ],
  [
    'a joining wallet too late',
    joining({ joins: '2026-01-01' }),
    /^\/wallets\/joining\/0\/joins: /,
  ],
  [
    'a joining wallet that is there',
    joining({ id: 'truemoney' }),
    /^\/wallets\/joining\/0\/id: .*already/,
  ],
  [
    'more taken than there is',
    joining({ wishPercent: figure(50), cannibalisationPercent: figure(90) }),
    /^\/wallets\/joining: .*45\.0 %/,
  ],
  [
    'on-site share forgotten',
    {
      spending: {
        ...good.spending,
        onSitePercent: without('shopping', good.spending.onSitePercent),
      },
    },
    /^\/spending\/onSitePercent\/shopping: /,
  ],
  [
    'a share below none',
    { conduct: { ...good.conduct, refundedPercent: figure(-1) } },
    /^\/conduct\/refundedPercent: -1/,
  ],
  [
    'no time to answer',
    { conduct: { ...good.conduct, answerMedianMs: figure(0) } },
    /^\/conduct\/answerMedianMs: /,
  ],
  [
    'a currency not played',
    shock({ kind: 'rate', currency: 'CHF', percent: figure(-8), ...span }),
    /^\/shocks\/0\/currency: CHF.*JPY/,
  ],
  [
    'a worthless currency',
    shock({ kind: 'rate', currency: 'JPY', percent: figure(-100), ...span }),
    /^\/shocks\/0\/percent: /,
  ],
  [
    'a shock outside the period',
    shock({
      kind: 'rate',
      currency: 'JPY',
      percent: figure(-8),
      from: '2024-05-01',
      to: '2024-05-02',
    }),
    /^\/shocks\/0\/from: .*outside/,
  ],
  [
    'an area unknown',
    shock({ kind: 'visitors', percent: figure(-8), origins: null, areas: ['JP-99'], ...span }),
    /^\/shocks\/0\/areas: /,
  ],
  [
    'fewer than no visitors',
    shock({ kind: 'visitors', percent: figure(-101), origins: null, areas: null, ...span }),
    /^\/shocks\/0\/percent: /,
  ],
  [
    'a wallet unknown',
    shock({
      kind: 'outage',
      wallet: 'gcash',
      acquirer: null,
      area: null,
      percent: figure(100),
      ...span,
    }),
    /^\/shocks\/0\/wallet: gcash.*truemoney/,
  ],
  [
    'an outage of no time',
    shock({
      kind: 'outage',
      wallet: null,
      acquirer: null,
      area: null,
      percent: figure(100),
      from: '2025-05-03',
      to: '2025-05-01',
    }),
    /^\/shocks\/0\/from: .*in order/,
  ],
  [
    'a participant unknown',
    shock({ kind: 'default', participant: 'nobody', on: '2025-05-01' }),
    /^\/shocks\/0\/participant: nobody/,
  ],
];

describe('a scenario with', () => {
  it('nothing wrong is a world', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each(CASES)('%s names the place and what to do', (_, change, expected) => {
    const faults = faultsOf(change);
    expect(faults).not.toEqual([]);
    expect(faults.join('\n')).toMatch(new RegExp(expected.source, 'm'));
  });

  it('several things wrong is told all of them, with exit code 3', () => {
    const bad = {
      ...good,
      acceptance: { ...good.acceptance, merchants: {} },
      wallets: { ...good.wallets, wishPercentByOrigin: {} },
    };
    let caught: unknown;
    try {
      compileScenario(bad);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ExplainedError);
    expect(caught).toMatchObject({ exitCode: 3 });
    expect(String(caught)).toContain('/acceptance/merchants/JP');
    expect(String(caught)).toContain('/wallets/wishPercentByOrigin/TH');
  });
});

describe('what a reader should know of a world', () => {
  it('is told: who is left out, and what reached its end', () => {
    const world = compiled({
      ...good,
      corridors: { origins: ['TH', 'KZ'], destinations: ['JP'] },
      acceptance: { ...good.acceptance, scalePercent: figure(140) },
    });
    if (!world.ok) throw new Error(JSON.stringify(world.faults));
    expect(world.remarks.join('\n')).toMatch(/KZ to JP.*left out/);
    expect(world.remarks.join('\n')).toMatch(/convenience_store would come to 1\d\d\.\d %/);
    expect(Math.max(...(world.world.flows[0]?.acceptance ?? []))).toBe(1);
  });

  it('an outage of dates covers whole days where it is, and one of instants those instants', () => {
    const days = compiled({
      ...good,
      ...shock({
        kind: 'outage',
        wallet: 'truemoney',
        acquirer: null,
        area: null,
        percent: figure(40),
        ...span,
      }),
    });
    const hours = compiled({
      ...good,
      ...shock({
        kind: 'outage',
        wallet: null,
        acquirer: null,
        area: 'JP-26',
        percent: figure(100),
        from: '2025-05-01T10:00:00+09:00',
        to: '2025-05-01T02:30:00Z',
      }),
    });
    if (!days.ok || !hours.ok) throw new Error('no world');
    expect(days.world.outages).toEqual([
      expect.objectContaining({
        fromMs: Date.parse('2025-05-01T00:00:00+09:00'),
        untilMs: Date.parse('2025-05-04T00:00:00+09:00'),
        share: 0.4,
      }),
    ]);
    expect(hours.world.outages).toEqual([
      expect.objectContaining({
        fromMs: Date.parse('2025-05-01T01:00:00Z'),
        untilMs: Date.parse('2025-05-01T02:30:00Z'),
        area: hours.world.areas.findIndex(({ id }) => id === 'JP-26'),
      }),
    ]);
  });
});
