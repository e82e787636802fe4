import type { CurrencyCode } from '../currency.js';
import { invariant } from '../invariant.js';
import { dayNumber, isoDate } from '../rates/calendar-day.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { weekdayOf, yearOf, type Weekday } from './civil-day.js';

/**
 * How a year's days are known. `official`: the authority named by the source has announced them.
 * `estimated`: public holidays or a rule stand in for them, and whatever is worked out says so.
 */
export type CalendarBasis = 'official' | 'estimated';

export interface CalendarYear {
  readonly year: number;
  readonly basis: CalendarBasis;
  /** Who says so, in words. */
  readonly source: string;
}

/** A day that differs from what its weekday says: a holiday, or a weekend day that is worked. */
export interface CalendarException {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly state: 'closed' | 'open';
  readonly name: string;
}

/**
 * The days on which a currency can be settled, as one version knows them. It has a range, and
 * outside of it nothing is guessed. A version never changes; a correction is the next version.
 */
export interface SettlementCalendar {
  readonly currency: CurrencyCode;
  readonly version: number;
  /** The settlement system whose days these are, e.g. `BOJ-NET`. */
  readonly system: string;
  readonly weekend: readonly Weekday[];
  readonly years: ReadonlyMap<number, CalendarYear>;
  readonly exceptions: ReadonlyMap<number, CalendarException>;
}

/** The newest calendar of each currency, or those of the versions that were asked for. */
export type CalendarSet = ReadonlyMap<CurrencyCode, SettlementCalendar>;

/** What one version adds to the one before it. A day or year named again replaces the older. */
export interface CalendarEdition {
  readonly currency: CurrencyCode;
  readonly version: number;
  readonly system: string;
  readonly weekend: readonly Weekday[];
  readonly years: readonly CalendarYear[];
  readonly exceptions: readonly CalendarException[];
}

/** The calendar after the editions 1 to n of a currency, given in order. */
export function calendarOf(editions: readonly CalendarEdition[]): SettlementCalendar {
  const newest = editions.at(-1);
  invariant(newest !== undefined, 'a calendar has at least one edition');
  const years = new Map<number, CalendarYear>();
  const exceptions = new Map<number, CalendarException>();
  for (const [index, edition] of editions.entries()) {
    invariant(
      edition.version === index + 1 && edition.currency === newest.currency,
      `editions of ${newest.currency} must be numbered 1, 2, 3 …`,
    );
    for (const year of edition.years) years.set(year.year, year);
    for (const exception of edition.exceptions) exceptions.set(exception.day, exception);
  }
  const { currency, version, system, weekend } = newest;
  return { currency, version, system, weekend, years, exceptions };
}

export type DayKind = 'weekday' | 'workedWeekend' | 'weekend' | 'holiday';

export interface DayStatus {
  readonly day: number;
  readonly open: boolean;
  readonly kind: DayKind;
  /** The holiday's name, or the weekday's kind in words. */
  readonly name: string;
  readonly basis: CalendarBasis;
}

/**
 * Whether a currency is settled on a day, and why not. Rejected with CALENDAR_MISSING outside the
 * calendar's years: a guessed value date would be a promise that nobody can keep.
 */
export function dayStatus(calendar: SettlementCalendar, day: number): Outcome<DayStatus> {
  const year = calendar.years.get(yearOf(day));
  if (year === undefined) {
    return rejected(
      'CALENDAR_MISSING',
      `The settlement calendar of ${calendar.currency} (version ${String(calendar.version)}) ` +
        `covers ${rangeText(calendar)}, not ${isoDate(day)}; publish a version that does.`,
    );
  }
  const { basis } = year;
  const isWeekend = calendar.weekend.includes(weekdayOf(day));
  const exception = calendar.exceptions.get(day);
  if (exception?.state === 'closed') {
    return accepted({ day, open: false, kind: 'holiday', name: exception.name, basis });
  }
  if (isWeekend) {
    return exception === undefined
      ? accepted({ day, open: false, kind: 'weekend', name: 'weekend', basis })
      : accepted({ day, open: true, kind: 'workedWeekend', name: exception.name, basis });
  }
  return accepted({ day, open: true, kind: 'weekday', name: 'business day', basis });
}

/** True on a day on which the currency is settled. */
export function isBusinessDay(calendar: SettlementCalendar, day: number): Outcome<boolean> {
  const status = dayStatus(calendar, day);
  return status.ok ? accepted(status.value.open) : status;
}

/** Every day of a year with its status. */
export function daysOfYear(calendar: SettlementCalendar, year: number): Outcome<DayStatus[]> {
  const first = dayNumber(`${String(year).padStart(4, '0')}-01-01`);
  if (first === undefined) return rejected('PARAM_ILLEGAL', `${String(year)} is no year.`, 'year');
  const days: DayStatus[] = [];
  for (let day = first; yearOf(day) === year; day += 1) {
    const status = dayStatus(calendar, day);
    if (!status.ok) return status;
    days.push(status.value);
  }
  return accepted(days);
}

/** `2024 to 2027`, or `2024, 2026` where a year between is unknown. */
export function rangeText(calendar: SettlementCalendar): string {
  const years = [...calendar.years.keys()].sort((a, b) => a - b);
  const [first] = years;
  const last = years.at(-1);
  if (first === undefined || last === undefined) return 'no year';
  if (first === last) return String(first);
  const gapless = last - first === years.length - 1;
  return gapless ? `${String(first)} to ${String(last)}` : years.join(', ');
}

/** The calendar of a currency. A currency without one is refused by name. */
export function calendarFor(
  calendars: CalendarSet,
  currency: CurrencyCode,
): Outcome<SettlementCalendar> {
  const calendar = calendars.get(currency);
  return calendar === undefined
    ? rejected(
        'CALENDAR_MISSING',
        `There is no settlement calendar for ${currency}, so nothing can be settled in it.`,
      )
    : accepted(calendar);
}
