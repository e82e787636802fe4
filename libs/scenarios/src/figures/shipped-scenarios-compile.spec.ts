/**
 * Goal: every scenario that ships is a world, quickly, and holds together. Method: load and
 * compile each one with the shipped figures, and check what a kernel relies on.
 */
import { loadScenario } from '../scenario-files/load-scenario.js';
import { shippedNames } from '../scenario-files/shipped-scenarios.js';
import { compileScenario } from './compile-scenario.js';

const names = shippedNames().filter((name) => name !== 'base');

it('finds scenarios to compile', () => {
  expect(names.length).toBeGreaterThan(10);
  expect(names).toContain('thailand-japan');
});

describe.each(names)('%s', (name) => {
  const { world } = compileScenario(loadScenario(name));

  it('has flows with purchases, each from an origin with a wallet to hold out', () => {
    expect(world.flows.length).toBeGreaterThan(0);
    for (const flow of world.flows) {
      expect(sum(flow.intended)).toBeGreaterThan(0);
      for (const epoch of flow.walletEpochs) {
        for (const [wallet, weight] of epoch.weights.entries()) {
          if (weight > 0) expect(world.wallets[wallet]?.origin).toBe(flow.origin);
        }
      }
      for (const row of flow.areaWeights) expect(sum(row)).toBeCloseTo(1, 9);
      for (const row of flow.hourWeights) expect(sum(row)).toBeCloseTo(1, 9);
    }
  });

  it('has a rate for every pair that a payment needs, on every day', () => {
    const { currencies, fx, acquirers, destinations, wallets, flows } = world;
    const books = currencies.indexOf('USD');
    const pairs = new Set<number>(currencies.map((_, at) => at * currencies.length + books));
    for (const { destination, currency } of acquirers) {
      pairs.add((destinations[destination]?.currency ?? 0) * currencies.length + currency);
    }
    for (const flow of flows) {
      const shop = destinations[flow.destination]?.currency ?? 0;
      for (const { origin, currency } of wallets) {
        if (origin === flow.origin) pairs.add(shop * currencies.length + currency);
      }
    }
    const missing = fx.mids.flatMap((mids, day) =>
      [...pairs].filter((pair) => mids[pair] === undefined).map((pair) => ({ day, pair })),
    );
    expect(fx.mids).toHaveLength(world.days);
    expect(missing).toEqual([]);
  });

  it('has a merchant in every cell', () => {
    const { cellStart } = world.merchants;
    const empty = [...cellStart.keys()].filter((cell) => cellStart[cell + 1] === cellStart[cell]);
    expect(cellStart.length).toBeGreaterThan(25);
    expect(empty).toEqual([]);
  });
});

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
