import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import { exp, normalQuantile } from '../random/exact-math.js';
import type { Conduct } from '../world.js';
import type { LatencyAnswer } from './answers.js';

/** Percentiles of events that a kernel has seen one by one; milliseconds. */
export type ObservedLatency = Omit<LatencyAnswer, 'basis' | 'timedOutPercent' | 'givesUpAfterMs'>;

/**
 * How long a wallet takes to answer. Kernels that draw no answers get it from what they would draw
 * from: a log-normal time, and the share that never answers, which ends with the last inquiry of
 * the hub's timetable.
 */
export function latencyOf(conduct: Conduct, observed?: ObservedLatency): LatencyAnswer {
  const givesUpAfterMs = PUBLISHED_DUTY_POLICY.inquiryGapsMs.reduce((total, gap) => total + gap, 0);
  const { timedOut, answerMedianMs, answerSigma } = conduct;
  const known = { timedOutPercent: timedOut * 100, givesUpAfterMs };
  if (observed !== undefined) return { basis: 'events', ...known, ...observed };
  const answered = (share: number): number =>
    answerMedianMs * exp(answerSigma * normalQuantile(share));
  const all = (share: number): number =>
    share < 1 - timedOut ? answered(share / (1 - timedOut)) : givesUpAfterMs;
  return {
    basis: 'analytic',
    ...known,
    p50Ms: answered(0.5),
    p95Ms: answered(0.95),
    p99Ms: answered(0.99),
    allP50Ms: all(0.5),
    allP95Ms: all(0.95),
    allP99Ms: all(0.99),
  };
}
