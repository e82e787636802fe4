import { invariant } from '#domain/invariant';

/** Beyond it the quantile differs from the normal one by less than 0.03 %, to the safe side. */
const MOST_DEGREES = 10_000;
const HALVINGS = 60;

/**
 * How wide an interval from few replications has to be: the `t` that a Student variable stays
 * within with probability `level` on both sides. Worked out from the closed form of its
 * distribution (Abramowitz and Stegun 26.7.3 and 26.7.4) with the four operations and square roots
 * alone, so that every engine gets the same bits.
 *
 * @param degrees degrees of freedom, at least 1; a fraction is rounded down, which widens
 */
export function studentQuantile(level: number, degrees: number): number {
  invariant(level > 0 && level < 1, 'a level lies between 0 and 1');
  invariant(degrees >= 1, 'an interval needs two values at least');
  const whole = Math.min(Math.floor(degrees), MOST_DEGREES);
  let high = 2;
  while (studentWithin(high, whole) < level) high *= 2;
  let low = 0;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, whole) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that a Student variable lies within ±t. */
export function studentWithin(t: number, degrees: number): number {
  const root = Math.sqrt(degrees + t * t);
  const sine = t / root;
  const cosine = Math.sqrt(degrees) / root;
  const square = cosine * cosine;
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 2 : 1; k < degrees - 2; k += 2) {
    term *= (square * k) / (k + 1);
    sum += term;
  }
  return odd ? (2 / Math.PI) * (arcTangent(sine / cosine) + sine * sum) : sine * sum;
}

/** Halves the angle until the series converges at once, then doubles it back. */
function arcTangent(x: number): number {
  let tangent = x;
  let doublings = 1;
  while (tangent > 0.05) {
    tangent /= 1 + Math.sqrt(1 + tangent * tangent);
    doublings *= 2;
  }
  const square = tangent * tangent;
  let power = tangent;
  let sum = 0;
  for (let k = 1; k < 17; k += 2) {
    sum += (k % 4 === 1 ? power : -power) / k;
    power *= square;
  }
  return sum * doublings;
}
