import { isoDate } from '../rates/calendar-day.js';

/** ISO 8601 weekday: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const WEEKDAY_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** The weekday of a day counted since 1970-01-01, which was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/** `Mon` to `Sun`. */
export function weekdayName(day: number): string {
  return WEEKDAY_NAMES[weekdayOf(day) - 1] ?? '';
}

/** The Gregorian year of a day counted since 1970-01-01. */
export function yearOf(day: number): number {
  return Number(isoDate(day).slice(0, 4));
}
