/**
 * Goal: the committed cast is what its generator writes, and is well spread. Method: compare the
 * file with a fresh run, and count what a reader of the data expects to find.
 */
import { projectRoot } from '#platform/project-root';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateMerchants, merchantsJsonl } from './generate-merchants.js';

it('the committed file is fresh', () => {
  const path = join(projectRoot, 'data', 'network', 'merchants.jsonl');
  expect(readFileSync(path, 'utf8')).toBe(merchantsJsonl());
});

it('the cast has 300 merchants in eight markets, with names and codes of their own', () => {
  const cast = generateMerchants();
  expect(cast.length).toBeGreaterThanOrEqual(300);
  const markets = new Set(cast.map((merchant) => merchant.market));
  expect(markets.size).toBeGreaterThanOrEqual(8);
  for (const market of markets) {
    expect(cast.filter((merchant) => merchant.market === market).length).toBeGreaterThanOrEqual(20);
  }
  expect(new Set(cast.map((merchant) => merchant.id)).size).toBe(cast.length);
  const stores = cast.flatMap((merchant) => merchant.stores);
  expect(new Set(stores.map((store) => store.id)).size).toBe(stores.length);
  const codes = stores.flatMap((store) => store.codes.map((code) => JSON.stringify(code)));
  expect(codes.length).toBeGreaterThanOrEqual(stores.length);
  expect(new Set(codes).size).toBe(codes.length);
  // Eating places and convenience stores lead the mix it is drawn from (0.18 and 0.13).
  const share = (mcc: string) => cast.filter((m) => m.mcc === mcc).length / cast.length;
  expect(share('5812')).toBeGreaterThan(0.12);
  expect(share('5499')).toBeGreaterThan(0.08);
});
