import { isoDate } from '#domain/rates/calendar-day';
import type { Ground } from './ground.js';

/** ISO date of a clearing day, counted from the first one. */
export function clearingDate({ firstClearingDay }: Ground, clearingDay: number): string {
  return isoDate(firstClearingDay + clearingDay);
}

/** `2025-01-31T15 (UTC+8)`: a clearing hour for people. */
export function clearingHourText(ground: Ground, clearingHour: number): string {
  const hour = String(clearingHour % 24).padStart(2, '0');
  return `${clearingDate(ground, Math.floor(clearingHour / 24))}T${hour}:00+08:00`;
}

/** `2025-01` of a clearing day; the day before the period counts with its first month. */
export function clearingMonth({ world, firstClearingDay }: Ground, clearingDay: number): string {
  const last = world.firstDay + world.days - 1;
  const day = Math.min(Math.max(firstClearingDay + clearingDay, world.firstDay), last);
  return isoDate(day).slice(0, 7);
}
