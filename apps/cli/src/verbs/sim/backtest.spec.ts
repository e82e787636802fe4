/**
 * Goal: a person reads how far a forecast was off, a script gets the same as JSON, and slips end
 * with their exit codes. Method: command lines through the real program, both streams collected.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { run } from '../../run.js';

let folder: string;
let out: string;
let complaints: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-backtest-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  out = '';
  complaints = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaints += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const backtest = (...words: string[]) => run(['sim', 'backtest', ...words]);

it('shows origins, all of them together, and the rules of thumb beside', async () => {
  expect(await backtest('--origins', '3')).toBe(0);
  expect(out).toMatch(/^KR +[\d,]+ +8,817,765 +[+−]/m);
  expect(out).toMatch(/^all +[\d,]+ +36,870,148 /m);
  expect(out).not.toMatch(/^HK /m);
  expect(out).toContain('last year once more');
  expect(out).toContain('which nobody had at the end of 2023');
});

it('gives a script the same', async () => {
  expect(await backtest('--json')).toBe(0);
  const report = JSON.parse(out) as {
    model: { total: { actual: number } };
    forecast: Record<string, number[]>;
  };
  expect(report.model.total.actual).toBe(36_870_148);
  expect(report.forecast['TH']).toHaveLength(12);
});

it('takes a later year from a file, and says where the file is wrong', async () => {
  const file = join(folder, 'came.csv');
  writeFileSync(file, 'month,origin,visitors\n2025-01,TH,100000\n2025-01,TOTAL,3500000\n');
  expect(await backtest('--fit', '2024', '--actual', file)).toBe(0);
  expect(out).toMatch(/^TH +[\d,]+ +100,000 /m);
  expect(out).toMatch(/^all +[\d,]+ +3,500,000 /m);
  writeFileSync(file, 'month,origin,visitors\n2025-01,Siam,1\n');
  expect(await backtest('--fit', '2024', '--actual', file)).toBe(3);
  expect(complaints).toMatch(/came\.csv, line 2: Siam is not a market/);
});

it('forecasts where nothing is known yet, and refuses years it has no figures for', async () => {
  expect(await backtest('--fit', '2024')).toBe(0);
  expect(out).toContain('Nothing of 2025 is known here');
  expect(await backtest('--fit', '2021')).toBe(3);
  expect(complaints).toContain('2019, 2023, 2024 are known');
  expect(await backtest('--fit', 'soon')).toBe(2);
});
