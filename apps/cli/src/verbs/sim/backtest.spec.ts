/**
 * Goal: a person reads how far a forecast was off, a script gets the same as JSON, and slips end
 * with their exit codes. Method: command lines through the real program, both streams collected.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureStreams } from '#testkit/captured-streams';
import { run } from '../../run.js';

let folder: string;
const streams = captureStreams();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-backtest-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const backtest = (...words: string[]) => run(['sim', 'backtest', ...words]);

it('shows origins, all of them together, and the rules of thumb beside', async () => {
  expect(await backtest('--origins', '3')).toBe(0);
  expect(streams.data).toMatch(/^KR +[\d,]+ +8,817,765 +[+−]/m);
  expect(streams.data).toMatch(/^all +[\d,]+ +36,870,148 /m);
  expect(streams.data).not.toMatch(/^HK /m);
  expect(streams.data).toContain('last year once more');
  expect(streams.data).toContain('which nobody had at the end of 2023');
});

it('gives a script the same', async () => {
  expect(await backtest('--json')).toBe(0);
  const report = JSON.parse(streams.data) as {
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
  expect(streams.data).toMatch(/^TH +[\d,]+ +100,000 /m);
  expect(streams.data).toMatch(/^all +[\d,]+ +3,500,000 /m);
  writeFileSync(file, 'month,origin,visitors\n2025-01,Siam,1\n');
  expect(await backtest('--fit', '2024', '--actual', file)).toBe(3);
  expect(streams.talk).toMatch(/came\.csv, line 2: Siam is not a market/);
});

it('forecasts where nothing is known yet, and refuses years it has no figures for', async () => {
  expect(await backtest('--fit', '2024')).toBe(0);
  expect(streams.data).toContain('Nothing of 2025 is known here');
  expect(await backtest('--fit', '2021')).toBe(3);
  expect(streams.talk).toContain('2019, 2023, 2024 are known');
  expect(await backtest('--fit', 'soon')).toBe(2);
});
