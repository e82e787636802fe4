import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import { exp, normalQuantile } from '../random/exact-math.js';
import { waitQuantile, waitsOf, WAIT_ENDS } from '../waits.js';
import type { Conduct } from '../world.js';
import type { LatencyAnswer } from './answers.js';

/**
 * How long a wallet takes to answer. A kernel that plays moments has counted it, late answers by the
 * inquiry that found them. For the others it is what they would draw from: a log-normal time, and
 * the share that never answers, which ends with the last inquiry of the hub's timetable.
 *
 * @param waits of `Totals`
 */
export function latencyOf(conduct: Conduct, waits: Float64Array): LatencyAnswer {
  const givesUpAfterMs = PUBLISHED_DUTY_POLICY.inquiryGapsMs.reduce((total, gap) => total + gap, 0);
  return waitsOf(waits, 'answered') > 0
    ? { basis: 'events', givesUpAfterMs, ...counted(waits) }
    : { basis: 'analytic', givesUpAfterMs, ...expected(conduct, givesUpAfterMs) };
}

type Percentiles = Omit<LatencyAnswer, 'basis' | 'givesUpAfterMs'>;

function counted(waits: Float64Array): Percentiles {
  const answered = (share: number): number => waitQuantile(waits, ['answered'], share);
  const all = (share: number): number => waitQuantile(waits, WAIT_ENDS, share);
  const cancelled = waitsOf(waits, 'cancelled');
  return {
    timedOutPercent: (cancelled / (cancelled + waitsOf(waits, 'answered'))) * 100,
    ...percentiles(answered, all),
  };
}

function expected(conduct: Conduct, givesUpAfterMs: number): Percentiles {
  const { timedOut, answerMedianMs, answerSigma } = conduct;
  const answered = (share: number): number =>
    answerMedianMs * exp(answerSigma * normalQuantile(share));
  const all = (share: number): number =>
    share < 1 - timedOut ? answered(share / (1 - timedOut)) : givesUpAfterMs;
  return { timedOutPercent: timedOut * 100, ...percentiles(answered, all) };
}

function percentiles(
  answered: (share: number) => number,
  all: (share: number) => number,
): Omit<Percentiles, 'timedOutPercent'> {
  return {
    p50Ms: answered(0.5),
    p95Ms: answered(0.95),
    p99Ms: answered(0.99),
    allP50Ms: all(0.5),
    allP95Ms: all(0.95),
    allP99Ms: all(0.99),
  };
}
