/**
 * A duty is the one thing the hub still owes for a payment: a row with a due time, so that a
 * process may die at any moment and another takes it up. `due` is also the lease: claiming a
 * duty moves it forward.
 */
export type DutyKind =
  | 'expireOrder'
  | 'inquireWallet'
  | 'cancelAtWallet'
  | 'pushToAcquirer'
  | 'inquirePush'
  | 'notifyAcquirer';

export interface Duty {
  readonly kind: DutyKind;
  /** How often it was tried so far. */
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** When to ask, try again and give up; all times in milliseconds. */
export interface DutyPolicy {
  /** Gaps between inquiries; after the last one the payment is cancelled. */
  readonly inquiryGapsMs: readonly number[];
  /** Gaps between cancel attempts; the last one repeats until the wallet confirms. */
  readonly cancelGapsMs: readonly number[];
  /** Gaps between notifications; after the last one the acquirer has to inquire. */
  readonly notifyGapsMs: readonly number[];
  /** How long the front door may still be waiting for a partner before a worker takes over. */
  readonly takeoverMs: number;
}

/**
 * Inquiry: the timetable of push mode (docs/sources.md A1.6: 4 s, 4 s, 30 s, 60 s three times,
 * 5 min twice). Cancel: the in-store SDK's gaps. Notification: a legacy help page's eight sends in
 * 25 hours (docs/sources.md A1.7), the first at once.
 */
export const PUBLISHED_DUTY_POLICY: DutyPolicy = {
  inquiryGapsMs: [4_000, 4_000, 30_000, 60_000, 60_000, 60_000, 300_000, 300_000],
  cancelGapsMs: [2_000, 3_000, 3_000, 5_000, 5_000, 60_000],
  notifyGapsMs: [240_000, 600_000, 900_000, 3_600_000, 7_200_000, 21_600_000, 54_000_000],
  takeoverMs: 9_000,
};

/** The inquiry that follows `attempt` tries, or undefined at the end of the timetable. */
export function nextInquiry(
  kind: 'inquireWallet' | 'inquirePush',
  attempt: number,
  policy: DutyPolicy,
  nowMs: number,
): Duty | undefined {
  const gapMs = policy.inquiryGapsMs[attempt];
  return gapMs === undefined ? undefined : { kind, attempt: attempt + 1, dueAtMs: nowMs + gapMs };
}

/** Cancels are asked until confirmed: a payer must not stay debited for nothing. */
export function nextCancel(attempt: number, policy: DutyPolicy, nowMs: number): Duty {
  const gaps = policy.cancelGapsMs;
  const gapMs = gaps[Math.min(attempt, gaps.length - 1)] ?? 60_000;
  return { kind: 'cancelAtWallet', attempt: attempt + 1, dueAtMs: nowMs + gapMs };
}

/** The notification that follows `attempt` tries, or undefined when the acquirer must inquire. */
export function nextNotification(
  attempt: number,
  policy: DutyPolicy,
  nowMs: number,
): Duty | undefined {
  if (attempt === 0) return { kind: 'notifyAcquirer', attempt: 1, dueAtMs: nowMs };
  const gapMs = policy.notifyGapsMs[attempt - 1];
  return gapMs === undefined
    ? undefined
    : { kind: 'notifyAcquirer', attempt: attempt + 1, dueAtMs: nowMs + gapMs };
}
