import { invariant } from '#domain/invariant';

/**
 * Why these exist: the language fixes the results of `+ - * /` and `Math.sqrt` to the last bit,
 * but leaves `Math.exp`, `Math.log` and their kind to the engine. A simulation that must give the
 * same bytes everywhere may not use them. These are made of the fixed operations alone, and agree
 * with the true values to a few units in the last place (the test beside them measures it).
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = 1.4426950408889634;
const SQRT_HALF = 0.7071067811865476;

/** 1/k! for k from 0; the 14th term is below half a bit where the series is used. */
const INVERSE_FACTORIALS = inverseFactorials(15);

function inverseFactorials(count: number): Float64Array {
  const inverses = new Float64Array(count);
  let factorial = 1;
  for (let k = 0; k < count; k++) {
    if (k > 0) factorial *= k;
    inverses[k] = 1 / factorial;
  }
  return inverses;
}

/** 2^k for whole k, exact; 0 below and Infinity above what a double holds. */
export function powerOfTwo(k: number): number {
  let [result, factor, rest] = [1, k < 0 ? 0.5 : 2, Math.abs(k)];
  while (rest > 0) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
    rest = Math.floor(rest / 2);
  }
  return result;
}

/** e^x, within two units in the last place; 0 below −745, Infinity above 709.8. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  if (Number.isNaN(x)) return NaN;
  const k = Math.floor(x * LOG2_E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 0;
  for (let i = INVERSE_FACTORIALS.length - 1; i >= 1; i--) {
    sum = (sum + (INVERSE_FACTORIALS[i] ?? 0)) * r;
  }
  // In two steps, so that neither factor leaves the range of a double before the product does.
  const half = Math.floor(k / 2);
  return (1 + sum) * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Natural logarithm of x > 0, within two units in the last place. */
export function ln(x: number): number {
  invariant(x > 0, 'a logarithm needs a positive number');
  if (x === Infinity) return Infinity;
  let exponent = 0;
  let m = x;
  for (let step = 512; step >= 1; step /= 2) {
    const power = powerOfTwo(step);
    while (m >= power) {
      m /= power;
      exponent += step;
    }
    const inverse = powerOfTwo(-step);
    while (m < inverse) {
      m *= power;
      exponent -= step;
    }
  }
  // m is in [1/2, 2) now; around 1 the series has no cancelling terms.
  if (m < SQRT_HALF) {
    m *= 2;
    exponent -= 1;
  } else if (m > 2 * SQRT_HALF) {
    m /= 2;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series = 0;
  for (let k = 23; k >= 3; k -= 2) series = (series + 1 / k) * square;
  return exponent * LN2_HIGH + (2 * s + (2 * s * series + exponent * LN2_LOW));
}

/** base^exponent for base > 0 and any exponent; about 1e-14 relative for moderate results. */
export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  return exp(exponent * ln(base));
}

const CENTRAL = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
] as const;
const MIDDLE = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
  ],
] as const;
const FAR = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
] as const;

function rational([above, below]: readonly [readonly number[], readonly number[]], x: number) {
  let [numerator, denominator] = [0, 0];
  for (const coefficient of above) numerator = numerator * x + coefficient;
  for (const coefficient of below) denominator = denominator * x + coefficient;
  return numerator / denominator;
}

/**
 * The standard normal's quantile of p in (0, 1), relative error below 1e-14 (Wichura 1988,
 * algorithm AS 241, PPND16).
 */
export function normalQuantile(p: number): number {
  invariant(p > 0 && p < 1, 'a quantile is asked for a chance between 0 and 1');
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(CENTRAL, 0.180625 - q * q);
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p));
  const z = r <= 5 ? rational(MIDDLE, r - 1.6) : rational(FAR, r - 5);
  return q < 0 ? -z : z;
}

const INVERSE_SQRT_TAU = 0.3989422804014327;

/** The standard normal's density. */
export function normalDensity(z: number): number {
  return INVERSE_SQRT_TAU * exp(-0.5 * z * z);
}

/** Chance that a standard normal is below z; error below 1e-15 of 1, in the tails relative 1e-12. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const upper = x < 3 ? 0.5 - middleArea(x) : upperTail(x);
  return z < 0 ? upper : 1 - upper;
}

/** Between 0 and x, by the series x + x³/3 + x⁵/15 + …, all terms positive. */
function middleArea(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 3; term > sum * 1e-18 && k < 200; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return sum * normalDensity(x);
}

/** Above x ≥ 3, by Laplace's continued fraction, from its far end. */
function upperTail(x: number): number {
  let fraction = x;
  for (let k = 120; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
