import { divideRounded } from '../rounding.js';

/** What a participant owed (positive) or was owed on one clearing day, minor units. */
export interface DailyNeed {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly minor: bigint;
}

/** The expectation for one day, and what it rests on. */
export interface NeedForecast {
  readonly minor: bigint;
  /** Days that were averaged. */
  readonly basis: readonly number[];
}

/** How far forecasts of past days were off; `errorBps` is the sum of errors over the sum of needs. */
export interface ForecastBacktest {
  readonly days: number;
  readonly errorBps: bigint | null;
}

const SAME_WEEKDAYS = 4;
const LAST_DAYS = 7;

/**
 * Expects of a day the average of the last four days of the same weekday, because shops live by the
 * week; with fewer of them the average of the last seven days. Simple on purpose: whoever reads it
 * can compute it, and `backtestNeed` says how wrong it has been.
 *
 * @param history any order; days from `day` on are not looked at
 * @returns null without any day before
 */
export function forecastNeed(history: readonly DailyNeed[], day: number): NeedForecast | null {
  const before = history.filter((need) => need.day < day).sort((a, b) => b.day - a.day);
  const sameWeekday = before.filter((need) => (day - need.day) % 7 === 0).slice(0, SAME_WEEKDAYS);
  const basis = sameWeekday.length === SAME_WEEKDAYS ? sameWeekday : before.slice(0, LAST_DAYS);
  if (basis.length === 0) return null;
  const sum = basis.reduce((total, { minor }) => total + minor, 0n);
  return {
    minor: divideRounded(sum, BigInt(basis.length), 'halfEven'),
    basis: basis.map((need) => need.day),
  };
}

/** Forecasts every past day from the days before it alone, and compares. */
export function backtestNeed(history: readonly DailyNeed[]): ForecastBacktest {
  let days = 0;
  let error = 0n;
  let actual = 0n;
  for (const need of history) {
    const forecast = forecastNeed(history, need.day);
    if (forecast === null) continue;
    days += 1;
    error += magnitude(forecast.minor - need.minor);
    actual += magnitude(need.minor);
  }
  return { days, errorBps: actual === 0n ? null : (error * 10_000n) / actual };
}

/** How much of a limit is left before payments are refused. */
export type HeadroomState = 'ok' | 'low' | 'critical';

const LOW_BPS = 2_000n;
const CRITICAL_BPS = 500n;

/**
 * Whether a participant should lay down more cover: low below a fifth of cap and prefund, critical
 * below a twentieth, or where the expected need is more than what is left.
 */
export function headroomState(
  limitMinor: bigint,
  usedMinor: bigint,
  expectedMinor: bigint | null,
): HeadroomState {
  const left = limitMinor - usedMinor;
  const short = expectedMinor !== null && expectedMinor > left;
  if (left * 10_000n < limitMinor * CRITICAL_BPS || left <= 0n) return 'critical';
  return short || left * 10_000n < limitMinor * LOW_BPS ? 'low' : 'ok';
}

function magnitude(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}
