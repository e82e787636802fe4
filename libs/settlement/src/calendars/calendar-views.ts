import type {
  CalendarSummaryView,
  CalendarView,
  ValueDateQuery,
  ValueDateView,
} from '#contracts/operator/calendars';
import {
  calendarFor,
  daysOfYear,
  rangeText,
  type CalendarSet,
  type SettlementCalendar,
} from '#domain/calendars/settlement-calendar';
import { valueDateOf } from '#domain/calendars/value-date';
import { weekdayName } from '#domain/calendars/civil-day';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';
import { accepted, rejected, type Outcome } from '#domain/rejection';

export function viewOfSummary(calendar: SettlementCalendar): CalendarSummaryView {
  const { currency, version, system, years } = calendar;
  return {
    currency,
    version,
    system,
    range: rangeText(calendar),
    years: [...years.values()]
      .sort((a, b) => a.year - b.year)
      .map(({ year, basis, source }) => ({ year, basis, source })),
  };
}

/** A year of a calendar: every day that differs from what its weekday says. */
export function viewOfCalendar(calendar: SettlementCalendar, year: number): Outcome<CalendarView> {
  const days = daysOfYear(calendar, year);
  if (!days.ok) return days;
  return accepted({
    ...viewOfSummary(calendar),
    year,
    basis: calendar.years.get(year)?.basis ?? 'estimated',
    businessDays: days.value.filter(({ open }) => open).length,
    exceptions: days.value
      .filter(({ kind }) => kind === 'holiday' || kind === 'workedWeekend')
      .map(({ day, kind, name }) => ({ day: isoDate(day), weekday: weekdayName(day), kind, name })),
  });
}

/** The value date of a clearing day, with every day that was counted and every one skipped. */
export function viewOfValueDate(
  { payIn, payOut, from, lag }: ValueDateQuery,
  calendars: CalendarSet,
): Outcome<ValueDateView> {
  const clearingDay = dayNumber(from);
  if (clearingDay === undefined) {
    return rejected('PARAM_ILLEGAL', `${from} is no day; write it like 2026-12-30.`, 'from');
  }
  const found = valueDateOf({ clearingDay, currencies: [payIn, payOut], lag }, calendars);
  if (!found.ok) return found;
  const { day, counted, skipped, estimated, calendars: used } = found.value;
  return accepted({
    clearingDay: from,
    currencies: used.map(({ currency }) => currency),
    lag,
    valueDate: isoDate(day),
    weekday: weekdayName(day),
    estimated,
    counted: counted.map(isoDate),
    skipped: skipped.map(({ day: skippedDay, closed }) => ({
      day: isoDate(skippedDay),
      weekday: weekdayName(skippedDay),
      closed: closed.map(({ currency, kind, name, basis }) => ({ currency, kind, name, basis })),
    })),
    calendars: used.map(({ currency, version }) => ({ currency, version })),
  });
}

/** The calendar of a currency, or the refusal that names it. */
export function calendarOrRefusal(
  calendar: SettlementCalendar | undefined,
  currency: string,
  version?: number,
): Outcome<SettlementCalendar> {
  if (calendar !== undefined) return accepted(calendar);
  return version === undefined
    ? calendarFor(new Map(), currency)
    : rejected('NOT_FOUND', `The calendar of ${currency} has no version ${String(version)}.`);
}
