/**
 * Goal: every currency of the shipped network can be quoted from the shipped rates, each figure
 * says where it comes from, and the ECB's are the ECB's.
 * Method: reads the product's own data files; the figures are compared with the research copy
 * where that folder is there.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCurrency } from '#domain/currency';
import { pathFor, rateBook } from '#domain/rates/rate-book';
import { parseRatio, ratioText } from '#domain/rates/ratio';
import { projectRoot } from '#platform/project-root';
import { readShippedFx } from './seed-fx.js';

const { figures, tiers } = await readShippedFx(join(projectRoot, 'data'));
const book = rateBook(
  figures.map((figure) => {
    const ratio = parseRatio(figure.rate);
    if (ratio === undefined) throw new Error(`not a rate: ${figure.rate}`);
    return { ...figure, ratio };
  }),
);

function networkCurrencies(): string[] {
  const folder = join(projectRoot, 'data', 'network');
  const found = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const match of text.matchAll(/"(?:currency|settlementCurrency)":\s*"([A-Z]{3})"/g)) {
      found.add(match[1] ?? '');
    }
  }
  return [...found];
}

it('reaches every currency of the network from every other', () => {
  const currencies = networkCurrencies();
  expect(currencies.length).toBeGreaterThan(10);
  for (const base of currencies) {
    for (const counter of [...currencies, 'USD']) {
      expect(pathFor(book, base, counter)).toMatchObject({ ok: true });
    }
  }
});

it('has one way to any currency, so that every cross agrees with every other', () => {
  const currencies = new Set(figures.flatMap((figure) => [figure.base, figure.counter]));
  expect([...currencies].every((code) => findCurrency(code) !== undefined)).toBe(true);
  // A connected graph with one edge fewer than nodes is a tree.
  expect(figures.length).toBe(currencies.size - 1);
});

it('names source and quality of each figure, and offers the tiers corridors use', () => {
  expect(figures.every((figure) => figure.source !== '' && figure.asOf !== '')).toBe(true);
  expect(tiers.map((tier) => tier.id)).toEqual(expect.arrayContaining(['standard', 'mid']));
});

const research = join(projectRoot, '..', 'shared', 'data');
const compared = existsSync(research);
(compared ? it : it.skip)(
  'ships the figures of the research to the digit (needs ../shared)',
  () => {
    const [header = '', ...lines] = readFileSync(join(research, 'fx-daily.csv'), 'utf8')
      .trim()
      .split('\n');
    const columns = header.split(',');
    const newest = (lines.at(-1) ?? '').split(',');
    const ecb = figures.filter((figure) => figure.source.startsWith('ECB'));
    expect(ecb).toHaveLength(columns.length - 2);
    for (const figure of ecb) {
      expect(figure.asOf).toBe(newest[0]);
      expect(figure.rate).toBe(newest[columns.indexOf(figure.counter)]);
    }
    const snapshots = readFileSync(join(research, 'fx-snapshots.csv'), 'utf8');
    for (const figure of figures.filter((f) => f.source.startsWith('@'))) {
      expect(snapshots).toContain(`${figure.asOf},USD,${figure.counter},${figure.rate},`);
    }
    for (const figure of figures.filter((f) => f.quality === 'rule')) {
      // The snapshot of that day agrees with the peg to one part in a thousand.
      const rate = (code: string): number =>
        Number(new RegExp(`${figure.asOf},USD,${code},([0-9.]+),`).exec(snapshots)?.[1]);
      const observed = rate(figure.counter) / rate(figure.base);
      expect(Math.abs(observed / Number(figure.rate) - 1)).toBeLessThan(0.001);
    }
  },
);

it('prices one euro in yen as the ECB published it', () => {
  const path = pathFor(book, 'EUR', 'JPY');
  expect(path.ok && ratioText(path.value.ratio)).toBe('186.75');
});
