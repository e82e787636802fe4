import type { Outage } from '../world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The clearing day runs at UTC+8. */
const CLEARING_OFFSET_MINUTES = 480;

/** Where the 24 local hours of a destination's day fall among clearing hours. */
export interface HourPlaces {
  /** Clearing hour of the first part of each local hour, counted from the day's first. */
  readonly first: readonly number[];
  /** Part of the local hour that falls into the next clearing hour: 0, or 0.5 in India. */
  readonly later: number;
}

export function hourPlaces(utcOffsetMinutes: number): HourPlaces {
  const behind = CLEARING_OFFSET_MINUTES - utcOffsetMinutes;
  const first = Array.from({ length: 24 }, (_, hour) => Math.floor((hour * 60 + behind) / 60));
  return { first, later: behind / 60 - Math.floor(behind / 60) };
}

/** Clearing hour, counted as totals do, of the hour at `place` on a day of the period. */
export function clearingHourOf(day: number, place: number): number {
  return (day + 1) * 24 + place;
}

/**
 * The share of an hour's purchases that an outage stops: its own share, of the part of the hour
 * that it lasts.
 *
 * @param dayNumber days since 1970-01-01 at the destination
 */
export function stoppedShare(
  outage: Outage,
  dayNumber: number,
  hour: number,
  utcOffsetMinutes: number,
): number {
  const start = dayNumber * DAY_MS + hour * HOUR_MS - utcOffsetMinutes * 60_000;
  const overlap = Math.min(outage.untilMs, start + HOUR_MS) - Math.max(outage.fromMs, start);
  return overlap <= 0 ? 0 : (outage.share * overlap) / HOUR_MS;
}
