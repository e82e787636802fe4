import type { DemandFigures } from '../demand-figures.js';
import { civilOf, dayOf, firstOfYear, kindOfDay } from './civil-year.js';

/**
 * Spreads twelve months over the days of a year by what each day is to people of the origin: more
 * fly on weekends, more still on days off. Every month keeps its total.
 */
export function arrivalsByDay(
  months: readonly number[],
  year: number,
  weekdays: DemandFigures['weekdays'],
  daysOff: ReadonlySet<number> | undefined,
): Float64Array {
  const first = firstOfYear(year);
  const byDay = new Float64Array(firstOfYear(year + 1) - first);
  const kinds = ['workday', 'weekend', 'dayOff'] as const;
  const weightOfKind = kinds.map((kind) => weekdays.find((line) => line.of === kind)?.weight ?? 1);
  for (let month = 0; month < 12; month++) {
    const from = dayOf(year, month, 1) - first;
    const until = (month === 11 ? firstOfYear(year + 1) : dayOf(year, month + 1, 1)) - first;
    let total = 0;
    for (let at = from; at < until; at++) {
      const weight = weightOfKind[kindOfDay(first + at, daysOff)] ?? 1;
      byDay[at] = weight;
      total += weight;
    }
    const each = (months[month] ?? 0) / total;
    for (let at = from; at < until; at++) byDay[at] = (byDay[at] ?? 0) * each;
  }
  return byDay;
}

/**
 * Who is there on each day when everybody stays for so many nights: a fraction of a night is that
 * share of guests staying one more. A year closes on itself, its first days have the guests of
 * its own last days, so that a calendar year holds the nights of its visitors, neither more nor
 * less, which is how surveys multiply visitors by spending.
 */
export function presentByDay(arrivals: Float64Array, nights: number): Float64Array {
  const whole = Math.floor(nights);
  const part = nights - whole;
  const days = arrivals.length;
  return arrivals.map((_, day) => {
    let present = 0;
    for (let back = 0; back < whole; back++) present += arrivals[(day - back + days) % days] ?? 0;
    return present + part * (arrivals[(day - whole + days) % days] ?? 0);
  });
}

/** Day of the year, counted from 0. */
export function dayOfYear(day: number): number {
  return day - firstOfYear(civilOf(day).year);
}
