import { addAt } from './fluid-sums.js';

/** Of purchases: how many have an amount of some kind, and the moments of it. */
export interface AmountSum {
  readonly share: number;
  /** Share times mean, and share times mean square. */
  readonly amount: number;
  readonly square: number;
}

/** Counts, amounts and mean squares of amounts, by some key. */
export interface AmountSums {
  readonly count: Float64Array;
  readonly minor: Float64Array;
  readonly square: Float64Array;
}

export function amountSums(length: number): AmountSums {
  const zeros = (): Float64Array => new Float64Array(length);
  return { count: zeros(), minor: zeros(), square: zeros() };
}

export function addSum(into: AmountSums, at: number, weight: number, sum: AmountSum): void {
  addAt(into.count, at, weight * sum.share);
  addAt(into.minor, at, weight * sum.amount);
  addAt(into.square, at, weight * sum.square);
}
