/**
 * Goal: a later year's arrivals come from a file as its publisher would write it, and a slip is
 * named by line. Method: small files, good and with one fault each, and the whole backtest on one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readActualArrivals } from './actual-arrivals.js';
import { backtestShipped } from './backtest-shipped.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-actual-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(text: string): string {
  const path = join(folder, 'actual.csv');
  writeFileSync(path, text);
  return path;
}

it('reads columns in any order, months that are missing, and the published total', () => {
  const actual = readActualArrivals(
    fileOf(
      '\uFEFForigin,visitors,month\r\nTH,100,2025-01\r\nTH,300,2025-03\r\nTOTAL,900,2025-01\r\n',
    ),
    2025,
  );
  expect(actual.origins.get('TH')?.slice(0, 4)).toEqual([100, null, 300, null]);
  expect(actual.total?.[0]).toBe(900);
  expect([...actual.origins.keys()]).toEqual(['TH']);
});

it.each([
  ['origin,visitors\nTH,1\n', /line 1: the columns month, origin, visitors are needed/],
  ['month,origin,visitors\n2025-13,TH,1\n', /line 2: 2025-13 is not a month/],
  ['month,origin,visitors\n2025-01,Thailand,1\n', /line 2: Thailand is not a market/],
  ['month,origin,visitors\n2025-01,TH,1.5\n', /line 2: 1\.5 is not a whole number/],
  ['month,origin,visitors\n2024-01,TH,1\n', /line 2: 2024-01 is not in 2025/],
  ['month,origin,visitors\n2025-01,TH,1\n2025-01,TH,2\n', /line 3: 2025-01 of TH is there twice/],
  ['month,origin,visitors\n', /there are no arrivals/],
])('refuses %j', (text, fault) => {
  const read = () => readActualArrivals(fileOf(text), 2025);
  expect(read).toThrow(fault);
  expect(read).toThrow(expect.objectContaining({ exitCode: 3 }) as Error);
});

it('judges a later year by the file alone', () => {
  const lines = [1, 2].map((month) => `2025-0${String(month)},TH,${String(month * 60_000)}`);
  const report = backtestShipped({
    fitYear: 2024,
    predictYear: 2025,
    actual: fileOf(`month,origin,visitors\n${lines.join('\n')}\n`),
  });
  const [thai] = report.model?.origins ?? [];
  expect(report.model?.origins).toHaveLength(1);
  expect(thai).toMatchObject({ origin: 'TH', months: 2, actual: 180_000 });
  const months = report.forecast.get('TH') ?? [];
  expect(thai?.bias).toBeCloseTo(((months[0] ?? 0) + (months[1] ?? 0)) / 180_000 - 1, 12);
});

it.each([
  [{ fitYear: 2018, predictYear: 2019, actual: null }, /2019, 2023, 2024 are known/],
  [{ fitYear: 2024, predictYear: 2024, actual: null }, /not one to 3 years after 2024/],
  [{ fitYear: 2023, predictYear: 2024, actual: null, windowMonths: 5 }, /2, 3, 4 or 6 months/],
  [{ fitYear: 2023, predictYear: 2024, actual: null, damping: 1 }, /from 0 to below 1/],
  [{ fitYear: 2023, predictYear: 2024, actual: '/nowhere.csv' }, /cannot be read/],
])('refuses %j', (request, fault) => {
  expect(() => backtestShipped(request)).toThrow(fault);
});
