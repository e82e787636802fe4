import { clearingDayNumber } from '../clearing-day.js';
import { dayNumber } from '../rates/calendar-day.js';
import { invariant } from '../invariant.js';

const DAY_MS = 86_400_000;

/**
 * Until when an acquirer may refund a payment: the same time of day one calendar year later, at
 * UTC+8 (docs/sources.md A4.3). That is 365 days, or 366 when a 29 February lies between, so a
 * wallet, which must accept 366 days, never has a refund refused for being late. A payment of
 * 29 February may be refunded until 1 March.
 *
 * @returns UTC milliseconds; the window is open before it
 */
export function refundWindowEndMs(completedAtMs: number): number {
  const day = clearingDayNumber(completedAtMs);
  const year = yearOf(day);
  const beforeMarch = day < startOf(`${String(year)}-03-01`);
  const leap = isLeap(beforeMarch ? year : year + 1);
  return completedAtMs + (leap ? 366 : 365) * DAY_MS;
}

function yearOf(day: number): number {
  const guess = 1970 + Math.floor(day / 365.2425);
  if (day < startOf(`${String(guess)}-01-01`)) return guess - 1;
  return day < startOf(`${String(guess + 1)}-01-01`) ? guess : guess + 1;
}

function startOf(isoDate: string): number {
  const day = dayNumber(isoDate);
  invariant(day !== undefined, `${isoDate} is a day`);
  return day;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
