/**
 * Goal: a forecast looks at nothing after its fit, continues what it is given, and its errors are
 * those of the textbook. Method: arrivals made up so that the answer is known, figures of later
 * years changed under a forecast, and errors worked out by hand.
 */
import type { DemandFigures } from '../demand-figures.js';
import { backtest } from './backtest.js';
import { forecastArrivals, yardstickArrivals } from './forecast-arrivals.js';
import { errorOf, errorTable } from './forecast-errors.js';

const SEASON = [8, 7, 9, 10, 8, 7, 9, 8, 7, 9, 8, 10];
const sourced = { source: 'test', quality: 'measured' } as const;

function figuresOf(
  arrivals: readonly (readonly [string, number, readonly number[]])[],
  targets: DemandFigures['targets'] = [],
): DemandFigures {
  return {
    arrivals: arrivals.map(([origin, year, months]) => ({
      destination: 'JP',
      origin,
      year,
      months,
      ...sourced,
    })),
    spending: [],
    stays: [],
    areaMonths: [],
    areas: [],
    categories: [],
    destinations: [],
    daysOff: new Map(),
    weekdays: [],
    rates: { days: [], perEuro: new Map() },
    targets,
  };
}

const times = (factor: number): number[] => SEASON.map((month) => month * factor);
const terms = { fitYear: 2023, predictYear: 2024, windowMonths: 6, damping: 0.8 } as const;

describe('a forecast', () => {
  it('of arrivals that only have a season is that season again', () => {
    const steady = figuresOf([
      ['TH', 2019, times(1_000)],
      ['KR', 2019, times(3_000)],
      ['TH', 2023, times(1_500)],
      ['KR', 2023, times(4_500)],
    ]);
    const months = forecastArrivals(steady, 'JP', terms).get('TH') ?? [];
    for (const [month, count] of months.entries()) {
      expect(count / ((SEASON[month] ?? 0) * 1_500)).toBeCloseTo(1, 9);
    }
  });

  it('carries a trend on, less of it the longer ahead', () => {
    // The second half-year is a tenth above the first: 1.1^(1/6) a month.
    const growing = SEASON.map((month, at) => month * (at < 6 ? 1_000 : 1_100));
    const flat = figuresOf([
      ['TH', 2019, times(1_000)],
      ['KR', 2019, times(9_000)],
      ['TH', 2023, growing],
      ['KR', 2023, times(9_000)],
    ]);
    const months = forecastArrivals(flat, 'JP', terms).get('TH') ?? [];
    const levels = months.map((count, month) => count / (SEASON[month] ?? 1));
    for (let month = 1; month < 12; month++) {
      expect(levels[month]).toBeGreaterThan(levels[month - 1] ?? 0);
    }
    // All that a trend damped by 0.8 can ever add is its power 4.
    expect(levels[11]).toBeLessThan(1_100 * 1.1 ** (4 / 6) * 1.001);
    const undamped = forecastArrivals(flat, 'JP', { ...terms, damping: 0 }).get('TH') ?? [];
    const stays = undamped.map((count, month) => count / (SEASON[month] ?? 1));
    expect(Math.max(...stays) / Math.min(...stays)).toBeLessThan(1.03);
  });

  it('does not know what came later', () => {
    const known: [string, number, number[]][] = [
      ['TH', 2019, times(1_000)],
      ['KR', 2019, times(3_000)],
      ['TH', 2023, times(1_300)],
      ['KR', 2023, times(2_900)],
    ];
    const share = {
      id: 'japan-wallet-share-2024',
      what: '',
      value: 10,
      unit: 'percent',
      year: 2024,
      role: 'fitted',
      ...sourced,
    } as const;
    const one = figuresOf([...known, ['TH', 2024, times(1_400)]], [share]);
    const other = figuresOf([...known, ['TH', 2024, times(9)], ['KR', 2024, times(7)]]);
    const [a, b] = [one, other].map((figures) => backtest(figures, 'JP', terms, null));
    expect(a?.forecast).toEqual(b?.forecast);
    expect(a?.model?.origins.map(({ origin }) => origin)).toEqual(['TH']);
    expect(a?.model?.origins[0]?.actual).not.toBe(b?.model?.origins[1]?.actual);
  });

  it('by rule of thumb repeats, grows or quadruples', () => {
    const figures = figuresOf([
      ['TH', 2019, times(1_000)],
      ['TH', 2023, times(1_600)],
    ]);
    const sum = (yardstick: 'lastYear' | 'growthOfTotal' | 'lastQuarter'): number =>
      (yardstickArrivals(figures, 'JP', terms, yardstick).get('TH') ?? []).reduce(
        (a, b) => a + b,
        0,
      );
    expect(sum('lastYear')).toBe(160_000);
    // 1.6 over four years is its fourth root a year.
    expect(sum('growthOfTotal') / (160_000 * 1.6 ** 0.25)).toBeCloseTo(1, 12);
    expect(sum('lastQuarter')).toBeCloseTo(4 * 1_600 * (9 + 8 + 10), 6);
  });
});

describe('errors', () => {
  it('are those of the textbook', () => {
    const error = errorOf([110, 90, 120, 100], [100, 100, 100, null]);
    expect(error).toMatchObject({ months: 3, forecast: 320, actual: 300 });
    expect(error?.mape).toBeCloseTo((0.1 + 0.1 + 0.2) / 3, 12);
    expect(error?.bias).toBeCloseTo(20 / 300, 12);
    expect(error?.nrmse).toBeCloseTo(Math.sqrt((100 + 100 + 400) / 3) / 100, 12);
  });

  it('of all are judged on months in which every origin is known', () => {
    const full = Array<number>(12).fill(10);
    const late = [null, ...full.slice(1)];
    const table = errorTable(
      new Map([
        ['TH', full.map((count) => count * 2)],
        ['KR', full],
      ]),
      new Map<string, readonly (number | null)[]>([
        ['TH', full],
        ['KR', late],
        ['XX', full],
      ]),
      null,
    );
    expect(table.origins.map(({ origin }) => origin)).toEqual(['TH', 'KR']);
    expect(table.total).toMatchObject({ months: 11, forecast: 330, actual: 220 });
    expect(table.weightedAbsolute).toBeCloseTo(120 / 230, 12);
    expect(errorOf([1], [null])).toBeNull();
  });
});
