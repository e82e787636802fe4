import { clearingDayNumber, clearingDayStartMs } from './clearing-day.js';
import type { CycleId } from './ids.js';
import { isoDate } from './rates/calendar-day.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often a corridor's payments are cut off; the daily cycle is the scheme's own. */
export const CLEARING_KINDS = ['daily', 'twiceDaily', 'hourly'] as const;
export type ClearingKind = (typeof CLEARING_KINDS)[number];

export type CycleState = 'open' | 'closed' | 'final';

export interface ClearingTerms {
  /** Divides the clearing day. */
  readonly lengthMs: number;
  /**
   * From the cycle's end to its finality, at the earliest. Until then a cancel is taken back
   * within the cycle and appears in no file.
   */
  readonly finalAfterMs: number;
  /** From the cycle's end to the end of the acquirer's cancel window; never later than finality. */
  readonly acquirerCancelMs: number;
}

/**
 * The daily figures are the scheme's (docs/sources.md A1.6): an acquirer may cancel until 00:15
 * at UTC+8 on the next day, a wallet must honour it until 00:30. The shorter cycles are ours: they
 * keep the half hour, or a quarter of an hour where the cycle itself is short, and let the acquirer
 * cancel until their own finality.
 */
export const CLEARING_TERMS: Readonly<Record<ClearingKind, ClearingTerms>> = {
  daily: { lengthMs: DAY_MS, finalAfterMs: 30 * MINUTE_MS, acquirerCancelMs: 15 * MINUTE_MS },
  twiceDaily: {
    lengthMs: 12 * HOUR_MS,
    finalAfterMs: 30 * MINUTE_MS,
    acquirerCancelMs: 30 * MINUTE_MS,
  },
  hourly: { lengthMs: HOUR_MS, finalAfterMs: 15 * MINUTE_MS, acquirerCancelMs: 15 * MINUTE_MS },
};

/** From `startsAtMs` up to but not including `endsAtMs`, UTC milliseconds. */
export interface CycleWindow {
  readonly id: CycleId;
  readonly kind: ClearingKind;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** The cycle of a kind that an instant falls into by the calendar alone. */
export function clearingWindowAt(kind: ClearingKind, atMs: number): CycleWindow {
  const day = clearingDayNumber(atMs);
  const dayStartMs = clearingDayStartMs(day);
  const { lengthMs } = CLEARING_TERMS[kind];
  const index = Math.floor((atMs - dayStartMs) / lengthMs);
  const startsAtMs = dayStartMs + index * lengthMs;
  return {
    id: `cyc_${isoDate(day).replaceAll('-', '')}${suffixOf(kind, index)}`,
    kind,
    startsAtMs,
    endsAtMs: startsAtMs + lengthMs,
  };
}

function suffixOf(kind: ClearingKind, index: number): string {
  switch (kind) {
    case 'daily':
      return '';
    case 'twiceDaily':
      return `_t${String(index + 1)}`;
    case 'hourly':
      return `_h${String(index).padStart(2, '0')}`;
  }
}
