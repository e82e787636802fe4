import { invariant } from './invariant.js';

/**
 * Splits an amount by weights so that the parts always add up to it: each part gets its floor,
 * and the minor units left over go one each to the largest remainders (ties to the earlier part,
 * so that the same input always gives the same split).
 *
 * @param total minor units, may be negative (a refund splits as the payment did)
 * @param weights non-negative, at least one positive
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  invariant(
    sum > 0n && weights.every((w) => w >= 0n),
    'weights must be non-negative, one positive',
  );
  const sign = total < 0n ? -1n : 1n;
  const magnitude = total * sign;
  const parts = weights.map((w) => (magnitude * w) / sum);
  let rest = magnitude - parts.reduce((a, b) => a + b, 0n);
  const order = weights
    .map((w, index) => ({ index, remainder: (magnitude * w) % sum }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    );
  for (const { index } of order) {
    if (rest === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    rest -= 1n;
  }
  return parts.map((p) => p * sign);
}
