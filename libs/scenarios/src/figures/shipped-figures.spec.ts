/**
 * Goal: the figures that ship are the published ones, whole, and each says where it is from; bad
 * ones are refused. Method: published totals written out here, checks of every line against its
 * sources, the research tables where they are at hand, and copies of the folder with one fault.
 */
import { projectRoot } from '#platform/project-root';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { dayNumber } from '#domain/rates/calendar-day';
import { readDemandFile, readSources } from './demand-files.js';
import { loadFigures, readFigures, shippedData } from './load-figures.js';
import { loadNetwork } from './load-network.js';

const figures = loadFigures();
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

describe('shipped figures', () => {
  // Japan National Tourism Organization, yearly totals.
  it.each([
    [2019, 31_882_049],
    [2023, 25_066_350],
    [2024, 36_870_148],
  ])('have all visitors of Japan in %i', (year, published) => {
    const lines = figures.arrivals.filter(
      (line) => line.destination === 'JP' && line.year === year,
    );
    expect(sum(lines.map(({ months }) => sum(months)))).toBe(published);
    expect(lines.find(({ origin }) => origin === 'ZZ')?.months.every((month) => month >= 0)).toBe(
      true,
    );
  });

  it('have the Thai visitor of 2024 as the survey has him', () => {
    const thai = figures.spending.find((line) => line.destination === 'JP' && line.origin === 'TH');
    expect(thai).toMatchObject({ perVisitorMinor: 197_305, quality: 'measured', currency: 'JPY' });
    expect(thai?.shares).toMatchObject({ lodging: 0.3078, shopping: 0.3159 });
  });

  it('have every prefecture of Japan, with merchants, nights and a place within the country', () => {
    const japan = figures.areas.filter(({ destination }) => destination === 'JP');
    expect(japan).toHaveLength(47);
    expect(new Set(figures.areaMonths.map(({ area }) => area))).toEqual(
      new Set(japan.map(({ id }) => id)),
    );
    for (const { lat, lon } of japan) {
      expect(lat > 24 && lat < 46 && lon > 122 && lon < 146).toBe(true);
    }
    expect(japan.filter(({ bigCity }) => bigCity)).toHaveLength(8);
  });

  it('have a rate for every currency of the network on every ECB day since 2024-03', () => {
    const { days, perEuro } = figures.rates;
    const from = days.findIndex((day) => day >= (dayNumber('2024-03-02') ?? 0));
    const currencies = new Set(loadNetwork().wallets.map(({ currency }) => currency));
    for (const { settlementCurrency, currency } of loadNetwork().acquirers) {
      currencies.add(settlementCurrency);
      currencies.add(currency);
    }
    currencies.delete('EUR');
    expect(currencies.size).toBeGreaterThan(15);
    for (const currency of currencies) {
      expect([currency, perEuro.get(currency)?.slice(from).includes(null)]).toEqual([
        currency,
        false,
      ]);
    }
    // The ECB's own figure of the first day.
    expect(perEuro.get('USD')?.[days.indexOf(dayNumber('2019-01-02') ?? 0)]).toBe('1.1397');
  });

  it('say where every line is from, and no source is kept that nobody names', () => {
    const sources = readSources(shippedData);
    const scenarios = readFileSync(join(projectRoot, 'data/scenarios/base.yaml'), 'utf8');
    const named = new Set(
      (
        [
          'arrivals',
          'spending',
          'stays',
          'area-months',
          'areas',
          'categories',
          'destinations',
        ] as const
      )
        .flatMap((file): { source: string }[] => readDemandFile(shippedData, file, sources))
        .concat(readDemandFile(shippedData, 'weekdays', sources))
        .concat(readDemandFile(shippedData, 'days-off', sources))
        .concat(readDemandFile(shippedData, 'acquirers', sources))
        .concat(readDemandFile(shippedData, 'targets', sources))
        .concat(
          readDemandFile(shippedData, 'rates', sources).flatMap((line) =>
            'source' in line ? [line] : [],
          ),
        )
        .map(({ source }) => source),
    );
    for (const id of sources.keys()) {
      if (!scenarios.includes(`source: ${id}`)) expect([...named]).toContain(id);
    }
  });
});

interface BaseFigures {
  readonly spending: { readonly onSitePercent: Readonly<Record<string, { value: number }>> };
  readonly wallets: Readonly<
    Record<'weights' | 'wishPercentByOrigin', Readonly<Record<string, BaseFigure>>>
  >;
}
interface BaseFigure {
  readonly value: number;
  readonly source?: string;
}

const research = join(projectRoot, '../shared/data');
const withResearch = existsSync(research) ? describe : describe.skip;

withResearch('against the research tables (needs ../shared)', () => {
  const rows = (name: string): Record<string, string>[] => {
    const [header = '', ...lines] = readFileSync(join(research, `${name}.csv`), 'utf8')
      .trim()
      .split('\n');
    const names = header.split(',');
    return lines.map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(names.map((key, at) => [key, cells[at] ?? '']));
    });
  };

  it('arrivals are those of the table, month by month', () => {
    let compared = 0;
    for (const row of rows('visitors_monthly_japan')) {
      const [year, month] = [
        Number(row['year_month']?.slice(0, 4)),
        Number(row['year_month']?.slice(5)),
      ];
      const line = figures.arrivals.find(
        (one) => one.destination === 'JP' && one.origin === row['origin'] && one.year === year,
      );
      if (line === undefined) continue;
      expect(line.months[month - 1]).toBe(Number(row['visitors']));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(900);
  });

  it('the ECB’s rates are unchanged', () => {
    const table = rows('fx-daily');
    for (const [at, row] of table.entries()) {
      if (at % 50 !== 0) continue;
      const index = figures.rates.days.indexOf(dayNumber(row['date'] ?? '') ?? 0);
      for (const currency of ['USD', 'JPY', 'THB', 'KRW', 'IDR']) {
        expect(figures.rates.perEuro.get(currency)?.[index]).toBe(row[currency]);
      }
    }
  });

  it('what the base scenario says of wallets and of spending on site is what the tables say', () => {
    const { spending, wallets } = parse(
      readFileSync(join(projectRoot, 'data/scenarios/base.yaml'), 'utf8'),
    ) as BaseFigures;
    const users = new Map(rows('wallets').map((row) => [row['wallet_id'], row['users_million']]));
    const counted = Object.entries(wallets.weights).filter(([, { source }]) => source === 'users');
    expect(counted.length).toBeGreaterThan(25);
    for (const [id, { value }] of counted) expect([id, value]).toEqual([id, Number(users.get(id))]);

    for (const row of rows('spend_by_origin_category')) {
      const kind = /^qr_addressable_(.+)$/.exec(row['category'] ?? '')?.[1];
      // For the rest the table has a guess in the middle; ours is above it, with a range as wide.
      if (kind === undefined || kind === 'other') continue;
      expect([kind, spending.onSitePercent[kind]?.value]).toEqual([
        kind,
        100 * Number(row['share']),
      ]);
    }

    // One factor was fitted for all: there must be one that gives every wish, rounded to a tenth.
    const mix = new Map(
      rows('payment_mix')
        .filter((row) => row['method'] === 'hub_wallets' && Number(row['value']) > 0)
        .map((row) => [row['origin'], Number(row['value'])]),
    );
    const fitted = Object.entries(wallets.wishPercentByOrigin).filter(
      ([, { source }]) => source === 'wish_fitted',
    );
    expect(fitted.map(([origin]) => origin).sort()).toEqual([...mix.keys()].sort());
    const least = fitted.map(([origin, { value }]) => (value - 0.05) / (mix.get(origin) ?? 0));
    const most = fitted.map(([origin, { value }]) => (value + 0.05) / (mix.get(origin) ?? 0));
    expect(Math.max(...least)).toBeLessThanOrEqual(Math.min(...most));
  });

  it('stays are in proportion to nights', () => {
    const nights = rows('lodging_origin_prefecture').filter((row) => row['origin'] === 'TH');
    const all = sum(nights.map((row) => Number(row['guest_nights'])));
    for (const row of nights) {
      const stay = figures.stays.find(
        ({ origin, area }) => origin === 'TH' && area === row['prefecture'],
      );
      expect(stay?.share).toBeCloseTo(Number(row['guest_nights']) / all, 5);
    }
  });
});

describe('a bad data folder', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['arrivals', '"year":2019', '"year":1919', /arrivals\.jsonl, line \d+, year/],
    [
      'arrivals',
      '"source":"jnto"',
      '"source":"nobody"',
      /arrivals\.jsonl, line \d+, source: nobody/,
    ],
    [
      'spending',
      '"lodging":0.',
      '"lodging":0.9',
      /spending\.jsonl, line 1, shares: must add up to 1/,
    ],
    ['stays', '"share":0.', '"share":0.9', /stays\.jsonl: shares of \w\w in JP add up to/],
    ['stays', '"area":"JP-01"', '"area":"JP-99"', /stays\.jsonl: area JP-99 is unknown/],
    ['rates', '"perEuro":"', '"perEuro":"x', /rates\.jsonl, USD: needs a rate/],
    [
      'categories',
      '"workdayHours":[',
      '"workdayHours":[1,',
      /categories\.jsonl, line 1, workdayHours/,
    ],
  ])('is refused by name: %s with %s as %s', (file, from, to, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'wayfare-figures-'));
    folders.push(folder);
    for (const part of ['demand', 'calendars']) {
      cpSync(join(shippedData, part), join(folder, part), { recursive: true });
    }
    const path = join(folder, 'demand', `${file}.jsonl`);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    expect(() => readFigures(folder)).toThrow(expected);
  });
});
