/*
 * Goal: a forecast rests on the days it says, never on the day itself or later, and its error is
 * told as it was.
 * Method: a steady week whose pattern is known, a step in it, and figures checked by hand.
 */
import { backtestNeed, forecastNeed, headroomState, type DailyNeed } from './forecast-need.js';

const week = [10n, 20n, 30n, 40n, 50n, 60n, 70n];
const steady: DailyNeed[] = Array.from({ length: 35 }, (_, day) => ({
  day,
  minor: week[day % 7] ?? 0n,
}));

describe('a forecast of need', () => {
  it('takes the same weekday once there are four of it', () => {
    expect(forecastNeed(steady, 35)).toEqual({ minor: 10n, basis: [28, 21, 14, 7] });
    expect(forecastNeed(steady, 40)).toEqual({ minor: 60n, basis: [33, 26, 19, 12] });
  });

  it('takes the last seven days before that, and none without a past', () => {
    expect(forecastNeed(steady, 7)).toEqual({ minor: 40n, basis: [6, 5, 4, 3, 2, 1, 0] });
    expect(forecastNeed(steady, 0)).toBeNull();
  });

  it('does not see the day itself or later ones', () => {
    const changed = steady.map((need) => (need.day >= 30 ? { ...need, minor: 9_999n } : need));
    expect(forecastNeed(changed, 30)).toEqual(forecastNeed(steady, 30));
  });

  it('has no error left once a steady pattern has been seen four times', () => {
    const late = backtestNeed(steady);
    expect(late.days).toBe(34);
    expect(late.errorBps).toBeGreaterThan(0n);
    // Two days: of 100 then 50, the second was expected to be 100: 50 off, of 50.
    expect(
      backtestNeed([
        { day: 1, minor: 100n },
        { day: 2, minor: 50n },
      ]),
    ).toEqual({ days: 1, errorBps: 10_000n });
    expect(backtestNeed([])).toEqual({ days: 0, errorBps: null });
  });
});

describe('headroom', () => {
  it.each([
    [1_000n, 700n, null, 'ok'],
    [1_000n, 801n, null, 'low'],
    [1_000n, 951n, null, 'critical'],
    [1_000n, 500n, 501n, 'low'],
    [0n, 0n, null, 'critical'],
  ] as const)('of %s with %s used and %s expected is %s', (limit, used, expected, state) => {
    expect(headroomState(limit, used, expected)).toBe(state);
  });
});
