import { clearingDayNumber, clearingDayStartMs } from '../clearing-day.js';

const WINDOW_AFTER_MIDNIGHT_MS = 15 * 60_000;

/**
 * An acquirer may cancel until 00:15 UTC+8 on the day after the payment's clearing day
 * (docs/sources.md A1.6), a quarter of an hour before the wallet must stop honouring it.
 *
 * @param completedAtMs null for a payment that is not final yet: it can always be cancelled
 */
export function cancelWindowOpen(completedAtMs: number | null, nowMs: number): boolean {
  if (completedAtMs === null) return true;
  const midnightMs = clearingDayStartMs(clearingDayNumber(completedAtMs) + 1);
  return nowMs < midnightMs + WINDOW_AFTER_MIDNIGHT_MS;
}
