/**
 * Goal: what ships is what it says it is: valid, explained, dated as its words claim.
 * Method: load every file; hold it against the world it makes and against the network, never
 * against another figure of its own.
 */
import { readFileSync } from 'node:fs';
import { figuresOf } from '#simulation/experiments/figures-of';
import type { Shock } from '#simulation/scenario';
import { worldOf } from '../figures/compile-scenario.js';
import { loadScenario } from './load-scenario.js';
import {
  BASE_SCENARIO,
  listShippedScenarios,
  shippedNames,
  shippedPath,
} from './shipped-scenarios.js';
import { loadVocabulary } from './vocabulary.js';

const names = shippedNames();
const loaded = new Map(names.map((name) => [name, loadScenario(name)]));
const scenarioOf = (name: string) => loaded.get(name) ?? loadScenario(name);
const promised = [
  'thailand-japan',
  'all-asia-japan-2024',
  'to-korea',
  'to-singapore',
  'to-malaysia',
  'to-hong-kong',
  'to-thailand',
  'growth-plan',
  'thailand-japan-ten-more-wallets',
  'yen-down-8',
  'typhoon',
  'wallet-outage',
  'acquirer-outage',
  'acquirer-default',
  'golden-week',
  'twice-daily',
];

it('ships what was promised', () => {
  expect(names).toEqual(expect.arrayContaining(promised));
  expect(names).not.toContain(BASE_SCENARIO);
});

it.each(names)('%s is valid, names its schema, and every figure says where it is from', (name) => {
  const [firstLine] = readFileSync(shippedPath(name), 'utf8').split('\n');
  expect(firstLine).toBe('# yaml-language-server: $schema=scenario.schema.json');
  const scenario = scenarioOf(name);
  expect(scenario.name).toBe(name);
  expect(scenario.description.length).toBeGreaterThan(20);
  const figures = figuresOf(scenario);
  expect(figures.length).toBeGreaterThan(40);
  for (const { path, figure } of figures) {
    expect([path, figure.source ?? figure.because]).toEqual([path, expect.any(String)]);
  }
});

it('lists each scenario once, below the one it changes', () => {
  const listed = listShippedScenarios();
  expect(listed.map(({ name }) => name).sort()).toEqual(names);
  for (const { extends: parent, name } of listed) {
    const places = listed.map((one) => one.name);
    if (parent !== null) expect(places.indexOf(parent)).toBeLessThan(places.indexOf(name));
  }
});

it.each(['thailand-japan-ten-more-wallets', 'growth-plan'])(
  '%s adds ten wallets, in order',
  (name) => {
    const { joining } = scenarioOf(name).wallets;
    expect(joining).toHaveLength(10);
    expect(new Set(joining.map(({ id }) => id)).size).toBe(10);
    const dates = joining.map(({ joins }) => joins);
    expect(dates).toEqual([...dates].sort());
    for (const { wishPercent, cannibalisationPercent } of joining) {
      expect(wishPercent.range).toBeDefined();
      expect(cannibalisationPercent.range).toBeDefined();
    }
  },
);

it('says of real names that they are simulated, and of all others that they are fictional', () => {
  const joining = names.flatMap((name) => scenarioOf(name).wallets.joining);
  expect(joining.length).toBeGreaterThan(15);
  for (const { name } of joining) expect(name).toMatch(/\((simulated|fictional)\)$/);
});

it('states demand elasticities with ranges wherever a rate moves', () => {
  const moved = names
    .map((name) => scenarioOf(name))
    .filter(({ shocks }) => shocks.some(({ kind }) => kind === 'rate'));
  expect(moved.map(({ name }) => name)).toContain('yen-down-8');
  for (const { fx } of moved) {
    expect(fx.visitorElasticity.range).toBeDefined();
    expect(fx.spendElasticity.range).toBeDefined();
  }
});

describe('the outages', () => {
  const world = worldOf(scenarioOf('thailand-japan'));
  const busiest = busiestSaturday();

  function busiestSaturday(): string {
    const intended = world.flows[0]?.intended ?? new Float64Array(0);
    let best = { day: '', purchases: 0 };
    for (const [offset, purchases] of intended.entries()) {
      const date = new Date((world.firstDay + offset) * 86_400_000);
      if (date.getUTCDay() === 6 && purchases > best.purchases) {
        best = { day: date.toISOString().slice(0, 10), purchases };
      }
    }
    return best.day;
  }

  function outage(name: string): Extract<Shock, { kind: 'outage' }> {
    const [shock] = scenarioOf(name).shocks;
    if (shock?.kind !== 'outage') throw new Error(`${name} has no outage`);
    return shock;
  }

  it('fall on the busiest Saturday', () => {
    expect(outage('acquirer-outage')).toMatchObject({ from: busiest, to: busiest });
    expect(outage('wallet-outage').from.slice(0, 10)).toBe(busiest);
  });

  it('hit the acquirer with most merchants', () => {
    const merchants = world.acquirers.map(() => 0);
    for (const index of world.merchants.acquirerOf) merchants[index] = (merchants[index] ?? 0) + 1;
    const most = world.acquirers[merchants.indexOf(Math.max(...merchants))];
    expect(outage('acquirer-outage').acquirer).toBe(most?.acquirer.id);
  });
});

it('takes for all origins those with a wallet that could pay there by then', () => {
  const { acceptance, wallets, travelled } = loadVocabulary();
  const scenario = scenarioOf('all-asia-japan-2024');
  const able = acceptance
    .filter(({ market, asOf }) => market === 'JP' && asOf <= '2024-12-31')
    .flatMap((edge) => edge.wallets.map((id) => wallets.get(id)?.home ?? ''));
  const expected = [...new Set(able)].filter((home) => travelled.has(`${home}>JP`)).sort();
  expect(expected.length).toBeGreaterThan(8);
  expect(scenario.corridors.origins).toEqual(expected);
});
