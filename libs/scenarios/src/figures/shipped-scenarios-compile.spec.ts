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
    expect(fx.mids).toHaveLength(world.days);
    for (const mids of fx.mids) {
      const missing = [...acquirers].filter(
        ({ destination, currency }) =>
          mids[(destinations[destination]?.currency ?? 0) * currencies.length + currency] ===
          undefined,
      );
      expect(missing).toEqual([]);
      for (const flow of flows) {
        const shop = destinations[flow.destination]?.currency ?? 0;
        for (const wallet of wallets) {
          if (wallet.origin !== flow.origin) continue;
          expect(mids[shop * currencies.length + wallet.currency]).toBeDefined();
        }
      }
    }
  });

  it('has a merchant in every cell', () => {
    const { cellStart } = world.merchants;
    for (let cell = 0; cell + 1 < cellStart.length; cell++) {
      expect(cellStart[cell + 1]).toBeGreaterThan(cellStart[cell] ?? 0);
    }
  });
});

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
