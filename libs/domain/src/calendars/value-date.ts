import type { CurrencyCode } from '../currency.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import {
  calendarFor,
  dayStatus,
  type CalendarBasis,
  type CalendarSet,
  type DayKind,
  type SettlementCalendar,
} from './settlement-calendar.js';

/** Business days between a clearing day and its settlement (docs/sources.md A4.2). */
export type SettlementLag = 1 | 2;

/** Why a day did not count: every currency that is closed on it. */
export interface SkippedDay {
  readonly day: number;
  readonly closed: readonly {
    readonly currency: CurrencyCode;
    readonly kind: DayKind;
    readonly name: string;
    readonly basis: CalendarBasis;
  }[];
}

/** The calendar version a date was worked out with, to be stored beside it. */
export interface CalendarUsed {
  readonly currency: CurrencyCode;
  readonly version: number;
}

/** Where a walk over business days ended, and every day it passed after its start. */
export interface BusinessWalk {
  readonly day: number;
  /** The business days that were counted, in order; the last one is `day`. */
  readonly counted: readonly number[];
  readonly skipped: readonly SkippedDay[];
  /** True when a day on the way lies in an estimated year of one of the calendars. */
  readonly estimated: boolean;
}

export interface ValueDate extends BusinessWalk {
  readonly clearingDay: number;
  readonly lag: SettlementLag;
  readonly calendars: readonly CalendarUsed[];
}

export interface ValueDateTerms {
  /** Days since 1970-01-01 at UTC+8 (`clearingDayNumber`). May be any day: clearing never rests. */
  readonly clearingDay: number;
  /** What is paid in and what is paid out; one currency named twice is asked once. */
  readonly currencies: readonly CurrencyCode[];
  readonly lag: SettlementLag;
}

/**
 * The day on which a clearing day's obligations are paid: the `lag`-th day after it that is a
 * business day of *all* the currencies, for money has to move in each of them. Each skipped day is
 * told with the currency that is closed and why. Rejected with CALENDAR_MISSING for a currency
 * without a calendar, and where the walk leaves the range of one.
 */
export function valueDateOf(terms: ValueDateTerms, calendars: CalendarSet): Outcome<ValueDate> {
  const used: SettlementCalendar[] = [];
  for (const currency of new Set(terms.currencies)) {
    const calendar = calendarFor(calendars, currency);
    if (!calendar.ok) return calendar;
    used.push(calendar.value);
  }
  const walk = addBusinessDays(used, terms.clearingDay, terms.lag);
  if (!walk.ok) return walk;
  return accepted({
    ...walk.value,
    clearingDay: terms.clearingDay,
    lag: terms.lag,
    calendars: used.map(({ currency, version }) => ({ currency, version })),
  });
}

/** The `count`-th common business day after `from`; with `count` 0 see `rollForward`. */
export function addBusinessDays(
  calendars: readonly SettlementCalendar[],
  from: number,
  count: number,
): Outcome<BusinessWalk> {
  return walkFrom(calendars, from + 1, count);
}

/** The day itself if it is a business day of all calendars, else the next one that is. */
export function rollForward(
  calendars: readonly SettlementCalendar[],
  day: number,
): Outcome<BusinessWalk> {
  return walkFrom(calendars, day, 1);
}

/** Ends at the latest where a calendar does, so there is no loop without end. */
function walkFrom(
  calendars: readonly SettlementCalendar[],
  first: number,
  count: number,
): Outcome<BusinessWalk> {
  if (calendars.length === 0 || !Number.isSafeInteger(count) || count < 1) {
    return rejected('PARAM_ILLEGAL', 'Business days need a calendar and a count of at least one.');
  }
  const counted: number[] = [];
  const skipped: SkippedDay[] = [];
  let estimated = false;
  for (let day = first; ; day += 1) {
    const closed: SkippedDay['closed'][number][] = [];
    for (const calendar of calendars) {
      const status = dayStatus(calendar, day);
      if (!status.ok) return status;
      const { open, kind, name, basis } = status.value;
      estimated ||= basis === 'estimated';
      if (!open) closed.push({ currency: calendar.currency, kind, name, basis });
    }
    if (closed.length > 0) {
      skipped.push({ day, closed });
      continue;
    }
    counted.push(day);
    if (counted.length === count) return accepted({ day, counted, skipped, estimated });
  }
}
