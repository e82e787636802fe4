/**
 * Time enters at the edge: rules take `nowMs` as an argument, and whoever calls them asks a clock
 * that a test can set.
 */
export interface Clock {
  /** UTC milliseconds. */
  nowMs(): number;
}

/** Under this token Nest hands out the process's clock. */
export const CLOCK = Symbol('Clock');

/** The machine's clock. Partners' request times are always checked by this one. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that moves only when told to. */
export interface SettableClock extends Clock {
  set(nowMs: number): void;
  advance(byMs: number): void;
}

export function settableClock(startMs: number): SettableClock {
  let now = startMs;
  return {
    nowMs: () => now,
    set: (nowMs) => {
      now = nowMs;
    },
    advance: (byMs) => {
      now += byMs;
    },
  };
}
