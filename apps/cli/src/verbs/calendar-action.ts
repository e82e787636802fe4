import { join } from 'node:path';
import type { CalendarView, ValueDateView } from '#contracts/operator/calendars';
import type { CalendarSet } from '#domain/calendars/settlement-calendar';
import { dayNumber } from '#domain/rates/calendar-day';
import type { Outcome } from '#domain/rejection';
import { ExplainedError } from '#platform/explained-error';
import { projectRoot } from '#platform/project-root';
import {
  calendarOrRefusal,
  findCalendar,
  findCalendars,
  seedCalendars,
  viewOfCalendar,
  viewOfSummary,
  viewOfValueDate,
} from '#settlement';
import type { EntityManager } from 'typeorm';
import { withDatabase } from '../database.js';
import { OperatorApi } from '../system/operator-api.js';
import type { CallOptions } from './approvals.js';
import { proposeTo } from './approvals-action.js';

/** A refusal is told in one line with exit code 1, like any other explained failure. */
function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ExplainedError(`${outcome.rejection.code}: ${outcome.rejection.detail}`);
}

/** One transaction over the calendars, seeded as the hub would have them. */
async function atCalendars<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return withDatabase((dataSource) =>
    dataSource.transaction(async (tx) => {
      await seedCalendars(tx, join(projectRoot, 'data'), Date.now());
      return work(tx);
    }),
  );
}

export async function listCalendars(json: boolean): Promise<void> {
  const calendars: CalendarSet = await atCalendars(findCalendars);
  const views = [...calendars.values()].map(viewOfSummary);
  if (json) {
    print(JSON.stringify({ calendars: views }, null, 2));
    return;
  }
  for (const { currency, version, system, range, years } of views) {
    const estimated = years.filter(({ basis }) => basis === 'estimated').map(({ year }) => year);
    const note =
      estimated.length === 0
        ? 'official'
        : estimated.length === years.length
          ? 'estimated'
          : `official, ${estimated.join(' ')} estimated`;
    print(`  ${currency}  v${String(version)}  ${system.padEnd(12)} ${range}  ${note}`);
  }
}

export async function showCalendar(
  currency: string,
  yearText: string | undefined,
  options: { readonly edition?: string; readonly json?: boolean },
): Promise<void> {
  const year = yearText === undefined ? new Date().getUTCFullYear() : wholeNumber(yearText, 'year');
  const version =
    options.edition === undefined ? undefined : wholeNumber(options.edition, '--edition');
  const view: CalendarView = await atCalendars(async (tx) => {
    const found = await findCalendar(tx, currency, version);
    return valueOf(viewOfCalendar(valueOf(calendarOrRefusal(found, currency, version)), year));
  });
  if (options.json === true) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  const source = view.years.find((known) => known.year === year)?.source ?? '';
  print(`${currency} ${String(year)}, ${view.system}, version ${String(view.version)}`);
  print(`  ${view.basis}: ${source}`);
  print(`  ${String(view.businessDays)} business days; closed on weekends and on`);
  for (const { day, weekday, kind, name } of view.exceptions) {
    print(`  ${day} ${weekday}  ${kind === 'workedWeekend' ? `open: ${name}` : name}`);
  }
}

export async function showValueDate(
  payIn: string,
  payOut: string,
  options: { readonly from: string; readonly lag: string; readonly json?: boolean },
): Promise<void> {
  const { from, lag } = options;
  if (lag !== '1' && lag !== '2') throw new ExplainedError(`--lag ${lag}: give 1 or 2`);
  const query = { payIn, payOut, from, lag: lag === '1' ? (1 as const) : (2 as const) };
  const view: ValueDateView = await atCalendars(async (tx) =>
    valueOf(viewOfValueDate(query, await findCalendars(tx))),
  );
  if (options.json === true) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  const currencies = view.currencies.join(' and ');
  print(`${from} settles on ${view.valueDate} ${view.weekday}, T+${lag} in ${currencies}`);
  for (const line of dayLines(view)) print(`  ${line}`);
  if (view.estimated) print('  estimated: a year that was consulted has no official source yet');
  const used = view.calendars.map(({ currency, version }) => `${currency} v${String(version)}`);
  print(`  calendars ${used.join(', ')}`);
}

/** Counted and skipped days in the order of the walk. */
function dayLines(view: ValueDateView): string[] {
  const counted = view.counted.map((day, index) => ({
    day,
    text: `${day}  T+${String(index + 1)}`,
  }));
  const skipped = view.skipped.map(({ day, weekday, closed }) => ({
    day,
    text: `${day}  skipped, ${weekday}: ${closedText(closed)}`,
  }));
  return [...counted, ...skipped].sort((a, b) => (a.day < b.day ? -1 : 1)).map(({ text }) => text);
}

function closedText(closed: ValueDateView['skipped'][number]['closed']): string {
  return closed
    .map(({ currency, name, basis }) =>
      basis === 'estimated' ? `${currency} ${name} (estimated)` : `${currency} ${name}`,
    )
    .join(', ');
}

/** Proposes a correction: the operator's own version, once another person approves it. */
export async function correctCalendar(
  currency: string,
  day: string,
  options: CallOptions & {
    readonly closed?: string;
    readonly open?: string;
    readonly why: string;
  },
): Promise<void> {
  if (dayNumber(day) === undefined) {
    throw new ExplainedError(`${day} is no day; write it like 2026-12-28`);
  }
  const state = options.closed === undefined ? 'open' : 'closed';
  const name = options.closed ?? options.open;
  if (name === undefined || (options.closed !== undefined && options.open !== undefined)) {
    throw new ExplainedError('say either --closed <name> or --open <name>');
  }
  const api = await OperatorApi.open(options);
  const { version } = await api.get<CalendarView>(
    `/api/calendars/${encodeURIComponent(currency)}?year=${day.slice(0, 4)}`,
  );
  const { why } = options;
  const payload = { currency, day, state, name, why, replacesVersion: version };
  await proposeTo(api, { action: 'calendars.correct', payload, reason: why }, options);
}

function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new ExplainedError(`${what} ${text}: give a whole number`);
  return Number(text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
