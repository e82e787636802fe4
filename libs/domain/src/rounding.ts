import { invariant } from './invariant.js';

/** Every division in the scheme names one of these; there is no default. */
export type Rounding = 'halfUp' | 'halfEven' | 'down' | 'up';

/**
 * Divides integers and rounds to a multiple of `increment`. Half-up and half-even are symmetric
 * about zero (half-up rounds halves away from it); down is towards zero, up away from it.
 */
export function divideRounded(
  numerator: bigint,
  denominator: bigint,
  rounding: Rounding,
  increment = 1n,
): bigint {
  invariant(denominator > 0n, 'a denominator must be positive');
  invariant(increment > 0n, 'a rounding increment must be positive');
  // Most divisions of a busy hub are of this one kind; it needs half as many steps.
  if (rounding === 'halfUp' && increment === 1n && numerator >= 0n) {
    return (2n * numerator + denominator) / (2n * denominator);
  }
  const step = denominator * increment;
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = magnitude / step;
  const twice = (magnitude % step) * 2n;
  const exact = twice === 0n;
  const roundsUp =
    rounding === 'up'
      ? !exact
      : rounding === 'down'
        ? false
        : rounding === 'halfUp'
          ? twice >= step
          : twice > step || (twice === step && quotient % 2n === 1n);
  const rounded = (roundsUp ? quotient + 1n : quotient) * increment;
  return negative ? -rounded : rounded;
}
