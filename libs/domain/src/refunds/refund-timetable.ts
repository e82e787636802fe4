import type { RefundDuty } from './refund.js';

/**
 * Waits between two askings of a wallet that has not answered finally; the last repeats for ever,
 * because a refund that was accepted is owed to a person. The first ones are those of a cancel
 * (docs/sources.md A1.6); a wallet that is away for longer is asked once an hour.
 */
export const REFUND_GAPS_MS: readonly number[] = [
  2_000, 3_000, 3_000, 5_000, 5_000, 60_000, 300_000, 900_000, 3_600_000,
];

/** The asking that follows `attempt` others. */
export function nextRefundDuty(
  attempt: number,
  gapsMs: readonly number[],
  nowMs: number,
): RefundDuty {
  const gapMs = gapsMs[Math.min(attempt, gapsMs.length - 1)] ?? 60_000;
  return { attempt: attempt + 1, dueAtMs: nowMs + gapMs };
}
