/**
 * Goal: every currency a participant settles in has a calendar and terms, no shipped day is idle,
 * known days are right, and the lists agree with independent ones up to a known list.
 * Method: reads the product's own files. Peers: the rules of TARGET and Fedwire worked out here
 * with their own Easter, and the library date-holidays, whose differences are listed one by one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Holidays from 'date-holidays';
import { weekdayOf } from '#domain/calendars/civil-day';
import {
  calendarOf,
  daysOfYear,
  dayStatus,
  type SettlementCalendar,
} from '#domain/calendars/settlement-calendar';
import { settlementTermsOf } from '#domain/calendars/settlement-terms';
import { valueDateOf } from '#domain/calendars/value-date';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';
import { projectRoot } from '#platform/project-root';
import { readShippedCalendars, readShippedTerms } from './calendar-files.js';
import { PEER_DIVERGENCES } from './peer-divergences.js';

const dataDir = join(projectRoot, 'data');
const editions = readShippedCalendars(dataDir);
const terms = readShippedTerms(dataDir);
const YEARS = [2024, 2025, 2026, 2027];

const calendars = new Map<string, SettlementCalendar>(
  [...new Set(editions.map(({ currency }) => currency))].map((currency) => [
    currency,
    calendarOf(editions.filter((edition) => edition.currency === currency)),
  ]),
);

function calendar(currency: string): SettlementCalendar {
  const found = calendars.get(currency);
  if (found === undefined) throw new Error(`no calendar for ${currency}`);
  return found;
}

function dayOf(iso: string): number {
  const day = dayNumber(iso);
  if (day === undefined) throw new Error(`no day: ${iso}`);
  return day;
}

/** Weekdays of the years on which the currency is closed. */
function closedWeekdays(currency: string): string[] {
  return YEARS.flatMap((year) => {
    const days = daysOfYear(calendar(currency), year);
    if (!days.ok) throw new Error(days.rejection.detail);
    return days.value.filter(({ kind }) => kind === 'holiday').map(({ day }) => isoDate(day));
  });
}

interface NetworkLine {
  readonly id: string;
  readonly currency: string;
  readonly settlementCurrency?: string;
}

function linesOf(file: string): NetworkLine[] {
  return readFileSync(join(dataDir, 'network', file), 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as NetworkLine);
}

const settled = [
  ...linesOf('wallets.jsonl').map(({ id, currency }) => ({ id, currency })),
  ...linesOf('acquirers.jsonl').map((line) => ({
    id: line.id,
    currency: line.settlementCurrency ?? line.currency,
  })),
];

it('lets every participant settle in every year, on terms that name their source', () => {
  expect(settled.length).toBeGreaterThan(40);
  for (const { id, currency } of settled) {
    for (const year of YEARS) expect(calendar(currency).years.has(year)).toBe(true);
    const own = settlementTermsOf(terms, id, currency);
    expect(own).toMatchObject({ ok: true });
    if (own.ok) expect(own.value.source).not.toBe('');
  }
  expect(settlementTermsOf(terms, 'alipay_cn', 'CNY')).toMatchObject({ value: { lag: 1 } });
  expect(settlementTermsOf(terms, 'truemoney', 'THB')).toMatchObject({ value: { lag: 2 } });
});

it('is official for the ten named currencies but for years not announced yet', () => {
  const estimated = [...calendars.values()].flatMap((known) =>
    [...known.years.values()]
      .filter(({ basis }) => basis === 'estimated')
      .map(({ year }) => `${known.currency} ${String(year)}`),
  );
  for (const currency of 'JPY THB KRW HKD SGD MYR PHP CNY USD EUR'.split(' ')) {
    for (const year of YEARS) {
      const expected = ['THB 2027', 'CNY 2027'].includes(`${currency} ${String(year)}`);
      expect(estimated.includes(`${currency} ${String(year)}`)).toBe(expected);
    }
  }
  expect(estimated).toContain('TWD 2026');
});

it('refuses a currency that has no calendar, by name', () => {
  const refused = valueDateOf(
    { clearingDay: dayOf('2026-06-01'), currencies: ['JPY', 'KHR'], lag: 2 },
    calendars,
  );
  expect(refused).toMatchObject({ ok: false, rejection: { code: 'CALENDAR_MISSING' } });
  expect(JSON.stringify(refused)).toContain('KHR');
});

it('lists only days that change something, each once', () => {
  const seen = new Set<string>();
  for (const { currency, version, exceptions, weekend } of editions) {
    for (const { day, state } of exceptions) {
      const key = `${currency} ${String(version)} ${isoDate(day)}`;
      expect({ key, twice: seen.has(key) }).toEqual({ key, twice: false });
      seen.add(key);
      expect({ key, idle: weekend.includes(weekdayOf(day)) !== (state === 'open') }).toEqual({
        key,
        idle: false,
      });
    }
  }
  expect(seen.size).toBeGreaterThan(900);
});

it.each([
  ['JPY', '2026-12-31', false],
  ['JPY', '2026-01-02', false],
  ['JPY', '2026-09-22', false],
  ['THB', '2024-12-30', true],
  ['THB', '2025-07-11', true],
  ['THB', '2026-01-02', false],
  ['KRW', '2025-01-27', false],
  ['KRW', '2026-05-01', false],
  ['KRW', '2026-07-17', false],
  ['HKD', '2026-04-07', false],
  ['SGD', '2026-08-10', false],
  ['MYR', '2024-07-08', false],
  ['MYR', '2024-09-17', true],
  ['PHP', '2026-08-31', false],
  ['CNY', '2026-02-14', true],
  ['CNY', '2026-02-15', false],
  ['CNY', '2026-10-07', false],
  ['USD', '2026-07-03', true],
  ['USD', '2026-11-26', false],
  ['EUR', '2026-05-01', false],
  ['EUR', '2026-05-25', true],
])('%s on %s: open is %s', (currency, day, open) => {
  expect(dayStatus(calendar(currency), dayOf(day))).toMatchObject({ value: { open } });
});

it('settles the turn of the year 2026 in yen and baht on the fifth of January', () => {
  // Japan rests from Thursday 31 December to Sunday 3 January, Thailand on the last day and the first.
  const found = valueDateOf(
    { clearingDay: dayOf('2026-12-30'), currencies: ['JPY', 'THB'], lag: 2 },
    calendars,
  );
  if (!found.ok) throw new Error(found.rejection.detail);
  expect(isoDate(found.value.day)).toBe('2027-01-05');
  expect(found.value.counted.map(isoDate)).toEqual(['2027-01-04', '2027-01-05']);
  expect(found.value.skipped.map(({ day }) => isoDate(day))).toEqual([
    '2026-12-31',
    '2027-01-01',
    '2027-01-02',
    '2027-01-03',
  ]);
  // The Thai list of 2027 is not announced.
  expect(found.value.estimated).toBe(true);
});

/** Anonymous Gregorian algorithm (Meeus, Jones, Butcher). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return dayOf(`${String(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}

it('closes the euro as the rule of TARGET says', () => {
  const byRule = YEARS.flatMap((year) => {
    const easter = easterSunday(year);
    const fixed = ['01-01', '05-01', '12-25', '12-26'].map((d) => dayOf(`${String(year)}-${d}`));
    return [...fixed, easter - 2, easter + 1].filter((day) => weekdayOf(day) < 6);
  });
  expect(closedWeekdays('EUR')).toEqual([...byRule].sort((a, b) => a - b).map(isoDate));
});

it('closes the dollar as the rule of Fedwire says', () => {
  const nth = (year: number, month: number, weekday: number, n: number): number => {
    const first = dayOf(`${String(year)}-${String(month).padStart(2, '0')}-01`);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
  };
  const byRule = YEARS.flatMap((year) => {
    const fixed = ['01-01', '06-19', '07-04', '11-11', '12-25']
      .map((d) => dayOf(`${String(year)}-${d}`))
      .map((day) => (weekdayOf(day) === 7 ? day + 1 : day));
    const juneFirst = dayOf(`${String(year)}-06-01`);
    const memorial = juneFirst - weekdayOf(juneFirst - 1);
    const moving = [
      nth(year, 1, 1, 3),
      nth(year, 2, 1, 3),
      nth(year, 9, 1, 1),
      nth(year, 10, 1, 2),
      nth(year, 11, 4, 4),
    ];
    return [...fixed, memorial, ...moving].filter((day) => weekdayOf(day) < 6);
  });
  expect(closedWeekdays('USD')).toEqual([...byRule].sort((a, b) => a - b).map(isoDate));
});

const PEERS: Readonly<Record<string, readonly [string, string?]>> = {
  JPY: ['JP'],
  THB: ['TH'],
  KRW: ['KR'],
  HKD: ['HK'],
  SGD: ['SG'],
  MYR: ['MY', '14'],
  PHP: ['PH'],
  CNY: ['CN'],
  USD: ['US'],
};

/** Weekdays inside the peer's public and bank holidays, all days of longer ones. */
function peerWeekdays([country, state]: readonly [string, string?]): Set<string> {
  const peer = state === undefined ? new Holidays(country) : new Holidays(country, state);
  const days = YEARS.flatMap((year) => peer.getHolidays(year))
    .filter(({ type }) => type === 'public' || type === 'bank')
    .flatMap(({ date, start, end }) => {
      const first = dayOf(date.slice(0, 10));
      const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
      return Array.from({ length }, (_, index) => first + index);
    });
  return new Set(days.filter((day) => weekdayOf(day) < 6).map(isoDate));
}

it.each(Object.entries(PEERS))('%s differs from date-holidays as listed', (currency, place) => {
  const ours = new Set(closedWeekdays(currency));
  const theirs = peerWeekdays(place);
  const words = (text = '') => text.split(/\s+/).filter((word) => word !== '');
  expect({
    oursOnly: [...ours].filter((day) => !theirs.has(day)),
    peerOnly: [...theirs].filter((day) => !ours.has(day)).sort(),
  }).toEqual({
    oursOnly: words(PEER_DIVERGENCES[currency]?.oursOnly),
    peerOnly: words(PEER_DIVERGENCES[currency]?.peerOnly),
  });
});
