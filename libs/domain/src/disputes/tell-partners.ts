import type { Dispute, DisputeDuty } from './dispute.js';

/**
 * Waits between two sendings of a message nobody acknowledged; the last repeats until somebody
 * does. The clocks of a dispute run meanwhile: a partner that is away for ten days has chosen so.
 */
export const DISPUTE_GAPS_MS: readonly number[] = [
  2_000, 5_000, 60_000, 300_000, 900_000, 3_600_000,
];

/** An answer's message is sent at once by whoever took it; this is when another takes over. */
const TAKEOVER_MS = 10_000;

/** @param afterMs 0 where nobody sends it already, as when the clock has decided */
export function owe(kind: DisputeDuty['kind'], nowMs: number, afterMs = TAKEOVER_MS): DisputeDuty {
  return { kind, attempt: 0, dueAtMs: nowMs + afterMs };
}

/**
 * What is owed after a message was sent: nothing when it was acknowledged, the next sending when
 * it was not. A message about a matter that has moved on since changes nothing.
 */
export function dutyAfterSending(
  dispute: Dispute,
  sent: DisputeDuty,
  acknowledged: boolean,
  nowMs: number,
): DisputeDuty | null {
  const { duty } = dispute;
  if (duty?.kind !== sent.kind) return duty;
  if (acknowledged) return null;
  const attempt = sent.attempt + 1;
  const gapMs = DISPUTE_GAPS_MS[Math.min(sent.attempt, DISPUTE_GAPS_MS.length - 1)] ?? 60_000;
  return { kind: sent.kind, attempt, dueAtMs: nowMs + gapMs };
}
