import { weekdayOf } from '#domain/calendars/civil-day';
import { dayNumber, isoDate } from '#domain/rates/calendar-day';

/** A day as people name it. */
export interface CivilDay {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly date: number;
}

export function civilOf(day: number): CivilDay {
  const text = isoDate(day);
  return {
    year: Number(text.slice(0, 4)),
    month: Number(text.slice(5, 7)) - 1,
    date: Number(text.slice(8, 10)),
  };
}

/** Days since 1970-01-01 of a day that exists. */
export function dayOf(year: number, month: number, date: number): number {
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  return dayNumber(`${digits(year, 4)}-${digits(month + 1, 2)}-${digits(date, 2)}`) ?? NaN;
}

export function firstOfYear(year: number): number {
  return dayOf(year, 0, 1);
}

/** The same date of another year; 29 February becomes the 28th where there is none. */
export function sameDayOf(year: number, day: number): number {
  const { month, date } = civilOf(day);
  const same = dayOf(year, month, date);
  return Number.isNaN(same) ? dayOf(year, 1, 28) : same;
}

/** 0 workday, 1 weekend, 2 day off: what a day is to people of a market. */
export function kindOfDay(day: number, daysOff: ReadonlySet<number> | undefined): 0 | 1 | 2 {
  if (daysOff?.has(day) === true) return 2;
  return weekdayOf(day) >= 6 ? 1 : 0;
}
