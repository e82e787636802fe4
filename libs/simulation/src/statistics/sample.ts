import { invariant } from '#domain/invariant';

/** Mean of a sample, summed in its order; 0 for an empty one would hide a fault. */
export function meanOf(values: readonly number[]): number {
  invariant(values.length > 0, 'a mean needs a value');
  let mean = 0;
  for (const [index, value] of values.entries()) mean += (value - mean) / (index + 1);
  return mean;
}

/** Unbiased covariance; 0 for fewer than two pairs. */
export function covarianceOf(a: readonly number[], b: readonly number[]): number {
  invariant(a.length === b.length, 'paired samples are of one length');
  if (a.length < 2) return 0;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let sum = 0;
  for (const [index, value] of a.entries()) sum += (value - meanA) * ((b[index] ?? 0) - meanB);
  return sum / (a.length - 1);
}

export function varianceOf(values: readonly number[]): number {
  return covarianceOf(values, values);
}

/** From −1 to 1; null where one of the samples does not vary. */
export function correlationOf(a: readonly number[], b: readonly number[]): number | null {
  const product = varianceOf(a) * varianceOf(b);
  return product > 0 ? covarianceOf(a, b) / Math.sqrt(product) : null;
}
