import { allocate } from '#domain/allocation';
import { OUTCOMES } from '../outcomes.js';
import type { FunnelStep } from './answers.js';

/** Hundredths of a percent in the whole. */
const WHOLE = 10_000n;

/**
 * Shares of a whole in hundredths of a percent that add up to exactly 100 %, by the largest
 * remainder; all zero where there is nothing to share.
 */
export function sharesOf(parts: readonly number[]): number[] {
  const whole = parts.reduce((total, part) => total + part, 0);
  if (whole <= 0) return parts.map(() => 0);
  // Dollars and expected counts are no integers: twelve digits of each part decide.
  const weights = parts.every((part) => Number.isSafeInteger(part))
    ? parts.map(BigInt)
    : parts.map((part) => BigInt(Math.round((part / whole) * 1e12)));
  return allocate(WHOLE, weights).map(Number);
}

/** @param counts and dollars in the order of `OUTCOMES` */
export function funnelOf(counts: readonly number[], usd: readonly number[]): FunnelStep[] {
  const [countShares, usdShares] = [sharesOf(counts), sharesOf(usd)];
  return OUTCOMES.map((outcome, index) => ({
    outcome,
    count: counts[index] ?? 0,
    countBps: countShares[index] ?? 0,
    usd: usd[index] ?? 0,
    usdBps: usdShares[index] ?? 0,
  }));
}
