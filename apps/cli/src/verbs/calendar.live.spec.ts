/**
 * Goal: `wayfare calendar` shows holidays and value dates with their reasons, and tells a refusal in
 * one line on standard error with exit code 1.
 * Method: the command line's own entry, run in this process against a test database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { calendarView, valueDateView } from '#contracts/operator/calendars';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { run } from '../run.js';

let database: TestDatabase;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-calendar-'));
  process.env['DATABASE_URL'] = database.url;
  process.env['WAYFARE_DATA_DIR'] = folder;
});
afterAll(async () => {
  process.env = environment;
  await database.close();
  await rm(folder, { recursive: true });
});

async function wayfare(...args: string[]) {
  const written = { out: '', err: '' };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += String(text);
    return true;
  });
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += String(text);
    return true;
  });
  try {
    return { code: await run(['calendar', ...args]), ...written };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

it('shows a year with its source, on a database that never had any', async () => {
  const shown = await wayfare('show', 'jpy', '2026');
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('JPY 2026, BOJ-NET, version 1');
  expect(shown.out).toContain('official: BOJ-NET business days');
  expect(shown.out).toContain('2026-12-31 Thu  Bank holiday');
  const china = await wayfare('show', 'CNY', '2026');
  expect(china.out).toContain('2026-02-14 Sat  open: Working weekend day');
  const json = await wayfare('show', 'TWD', '2026', '--json');
  expect(calendarView.parse(JSON.parse(json.out)).basis).toBe('estimated');
  const list = await wayfare('list');
  expect(list.out).toMatch(/THB {2}v1 {2}BAHTNET.*2024 to 2027 {2}official, 2027 estimated/);
});

it('explains a value date day by day', async () => {
  const told = await wayfare('value-date', 'JPY', 'THB', '--from', '2026-12-30', '--lag', '2');
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out.split('\n').slice(0, 7)).toEqual([
    '2026-12-30 settles on 2027-01-05 Tue, T+2 in JPY and THB',
    "  2026-12-31  skipped, Thu: JPY Bank holiday, THB New Year's Eve",
    "  2027-01-01  skipped, Fri: JPY New Year's Day, THB New Year's Day (estimated)",
    '  2027-01-02  skipped, Sat: JPY weekend, THB weekend (estimated)',
    '  2027-01-03  skipped, Sun: JPY weekend, THB weekend (estimated)',
    '  2027-01-04  T+1',
    '  2027-01-05  T+2',
  ]);
  expect(told.out).toContain('estimated: a year that was consulted has no official source yet');
  const json = await wayfare('value-date', 'USD', 'HKD', '--from', '2026-07-02', '--json');
  // Friday the third is a business day of Fedwire, whatever shops do.
  expect(valueDateView.parse(JSON.parse(json.out))).toMatchObject({
    valueDate: '2026-07-06',
    estimated: false,
  });
});

it.each([
  [['show', 'KHR', '2026'], 'CALENDAR_MISSING', 'KHR'],
  [['show', 'JPY', '2031'], 'CALENDAR_MISSING', '2024 to 2027'],
  [['show', 'JPY', 'soon'], 'year soon', 'whole number'],
  [['show', 'JPY', '2026', '--edition', '9'], 'NOT_FOUND', 'version 9'],
  [['value-date', 'JPY', 'KHR', '--from', '2026-12-30'], 'CALENDAR_MISSING', 'KHR'],
  [['value-date', 'JPY', 'THB', '--from', 'today'], 'PARAM_ILLEGAL', 'today'],
  [['value-date', 'JPY', 'THB', '--from', '2026-12-30', '--lag', '5'], '--lag 5', '1 or 2'],
  [['correct', 'JPY', '2026-12-28', '--why', 'x'], 'either', '--open'],
  [['correct', 'JPY', 'today', '--closed', 'x', '--why', 'x'], 'today', '2026-12-28'],
  [['correct', 'JPY', '2026-12-28', '--closed', 'x', '--why', 'x'], 'no key can be read'],
])('%j is refused in one line', async (args, ...words) => {
  const refused = await wayfare(...args);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err.trimEnd().split('\n')).toHaveLength(1);
  for (const word of words) expect(refused.err).toContain(word);
});
