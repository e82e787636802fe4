/**
 * Goal: an acquirer may cancel until 00:15 at UTC+8 on the day after the payment's clearing day, to
 * the millisecond, and the wallet honours it until 00:30 (docs/sources.md A1.6); shorter cycles end
 * both windows at their own finality; a final cycle ends them whatever the clock says. Method:
 * instants around the ends, in UTC, written down from the published times.
 */
import type { ClearingKind, CycleState } from '../clearing-cycles.js';
import { cancelWindowEndsAtMs, cancelWindowOpen, walletCancelEndsAtMs } from './cancel-window.js';

/** 2026-11-21 at UTC+8 ends at 16:00 UTC; so do the second half day and the last hour. */
const END_MS = Date.UTC(2026, 10, 21, 16);

function open(kind: ClearingKind, atMs: number, state: CycleState = 'closed'): boolean {
  return cancelWindowOpen({ kind, state, endsAtMs: END_MS, atMs });
}

describe('the cancel window', () => {
  it('is always open for a payment without a cycle', () => {
    expect(cancelWindowOpen(null)).toBe(true);
  });

  it.each([
    ['daily', Date.UTC(2026, 10, 21, 16, 15), Date.UTC(2026, 10, 21, 16, 30)],
    ['twiceDaily', Date.UTC(2026, 10, 21, 16, 30), Date.UTC(2026, 10, 21, 16, 30)],
    ['hourly', Date.UTC(2026, 10, 21, 16, 15), Date.UTC(2026, 10, 21, 16, 15)],
  ] as const)('of a %s cycle ends to the millisecond', (kind, acquirerMs, walletMs) => {
    expect(open(kind, END_MS - 1, 'open')).toBe(true);
    expect(open(kind, acquirerMs - 1)).toBe(true);
    expect(open(kind, acquirerMs)).toBe(false);
    expect(cancelWindowEndsAtMs(kind, END_MS)).toBe(acquirerMs);
    expect(walletCancelEndsAtMs(kind, END_MS)).toBe(walletMs);
  });

  it('is over once the cycle is final, also by a clock that was set back', () => {
    expect(open('daily', END_MS - 3_600_000, 'final')).toBe(false);
  });
});
