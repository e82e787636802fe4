import { CLEARING_TERMS, type ClearingKind, type CycleState } from '../clearing-cycles.js';

/** What a cancel must know of the payment's cycle, read while the cycle cannot become final. */
export interface CancelFacts {
  readonly kind: ClearingKind;
  readonly state: CycleState;
  readonly endsAtMs: number;
  /** The clock that cut-offs go by, not the process's. */
  readonly atMs: number;
}

/**
 * When an acquirer's cancel comes too late, UTC milliseconds: for the daily cycle 00:15 UTC+8 on
 * the day after the payment's clearing day, a quarter of an hour before the wallet must stop
 * honouring it (docs/sources.md A1.6); for shorter cycles when they may become final.
 */
export function cancelWindowEndsAtMs(kind: ClearingKind, cycleEndsAtMs: number): number {
  return cycleEndsAtMs + CLEARING_TERMS[kind].acquirerCancelMs;
}

/** When a wallet need no longer honour a cancel: the earliest moment its cycle can be final. */
export function walletCancelEndsAtMs(kind: ClearingKind, cycleEndsAtMs: number): number {
  return cycleEndsAtMs + CLEARING_TERMS[kind].finalAfterMs;
}

/**
 * Whether the acquirer may still cancel. A final cycle is netted and filed, so its record beats
 * every clock.
 *
 * @param cycle null for a payment that is in no cycle yet: it can always be cancelled
 */
export function cancelWindowOpen(cycle: CancelFacts | null): boolean {
  if (cycle === null) return true;
  return cycle.state !== 'final' && cycle.atMs < cancelWindowEndsAtMs(cycle.kind, cycle.endsAtMs);
}
