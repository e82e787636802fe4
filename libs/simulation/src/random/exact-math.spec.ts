import {
  exp,
  ln,
  normalCdf,
  normalQuantile,
  power,
  powerOfTwo,
} from '#simulation/random/exact-math';

/**
 * Goal: the functions are right, and right by more than the engine's own word for it.
 * Method: exponentials, logarithms and the normal distribution are worked out again with whole
 * numbers (45 decimal places, series that need no division table) and compared; where only a broad
 * check is wanted, against `Math` too.
 */
const PLACES = 45n;
const ONE = 10n ** PLACES;

/** A double as a fixed-point number, exactly but for what lies below 45 places. */
function fixed(x: number): bigint {
  let [mantissa, halvings] = [Math.abs(x), 0n];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    halvings += 1n;
  }
  const value = (BigInt(mantissa) * ONE) >> halvings;
  return x < 0 ? -value : value;
}

function toNumber(value: bigint): number {
  return Number(`${String(value)}e-${String(PLACES)}`);
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) / ONE;
}

/** e^x by halving the argument until the series is short, then squaring. */
function fixedExp(x: bigint): bigint {
  let [term, sum] = [ONE, ONE];
  const small = x / 1_024n;
  for (let k = 1n; term !== 0n && k < 60n; k++) {
    term = times(term, small) / k;
    sum += term;
  }
  for (let i = 0; i < 10; i++) sum = times(sum, sum);
  return sum;
}

/** Φ(z) − 1/2 = (1/√2π) Σ (−1)^k z^(2k+1) / (k! 2^k (2k+1)). */
function fixedHalfArea(z: bigint): bigint {
  const square = times(z, z);
  let [factor, sum] = [z, z];
  for (let k = 1n; k < 400n; k++) {
    factor = -times(factor, square) / (2n * k);
    sum += factor / (2n * k + 1n);
  }
  const tau = 6283185307179586476925286766559005768394338798n; // 2π, 45 places
  return (sum * ONE) / root(tau * ONE);
}

function root(value: bigint): bigint {
  let x = value;
  for (let next = (x + 1n) / 2n; next < x; next = (x + value / x) / 2n) x = next;
  return x;
}

function relativeError(actual: number, expected: number): number {
  return expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
}

const ARGUMENTS = [1e-9, 0.001, 0.1, 0.25, 0.5, 0.6931, 0.75, 1, 1.5, 2, 3.25, 7, 12.5, 20];

describe('exp', () => {
  it.each(ARGUMENTS)('of ±%d is within two units in the last place', (x) => {
    for (const signed of [x, -x]) {
      expect(relativeError(exp(signed), toNumber(fixedExp(fixed(signed))))).toBeLessThan(4.5e-16);
    }
  });

  it('follows the engine over its whole range, and ends where doubles do', () => {
    for (let x = -700; x <= 700; x += 0.37) {
      expect(relativeError(exp(x), Math.exp(x))).toBeLessThan(1e-12);
    }
    expect([exp(0), exp(-1_000), exp(1_000)]).toEqual([1, 0, Infinity]);
  });
});

describe('ln', () => {
  it.each(ARGUMENTS)('of %d undoes the exponential worked out with whole numbers', (x) => {
    const back = toNumber(fixedExp(fixed(ln(x))));
    // An error of e in the logarithm is one of e, relative, in the exponential.
    expect(relativeError(back, x)).toBeLessThan(4.5e-16 * Math.max(1, Math.abs(Math.log(x))));
  });

  it('follows the engine from the smallest to the largest double, and near 1', () => {
    for (let k = -1_070; k <= 1_020; k += 3) {
      const x = 1.37 * powerOfTwo(k);
      expect(relativeError(ln(x), Math.log(x))).toBeLessThan(1e-12);
    }
    for (const x of [1 - 1e-10, 1 + 1e-10, 1 + 1e-5, 0.999]) {
      expect(relativeError(ln(x), Math.log1p(x - 1))).toBeLessThan(1e-12);
    }
    expect(ln(1)).toBe(0);
    expect(() => ln(0)).toThrow('positive');
  });
});

it('raises to fractional powers', () => {
  for (const base of [0.2, 0.92, 1.03, 2, 17]) {
    for (const exponent of [-3.5, -1 / 365, 0.5, 1.7, 9]) {
      expect(relativeError(power(base, exponent), base ** exponent)).toBeLessThan(1e-12);
    }
  }
  expect([power(5, 0), power(1, 99.5)]).toEqual([1, 1]);
});

describe('the normal distribution', () => {
  it.each([0.01, 0.3, 0.67, 1, 1.96, 2.5, 2.999, 3, 3.5, 5])(
    'has the area below %d that whole numbers give',
    (z) => {
      const half = fixedHalfArea(fixed(z));
      expect(relativeError(normalCdf(z), toNumber(ONE / 2n + half))).toBeLessThan(1e-15);
      expect(relativeError(normalCdf(-z), toNumber(ONE / 2n - half))).toBeLessThan(1e-12);
    },
  );

  it.each([1e-9, 1e-4, 0.02, 0.074, 0.076, 0.2, 0.4999, 0.5, 0.7, 0.93, 0.999_999])(
    'has %d of its area below the quantile of it',
    (p) => {
      const z = normalQuantile(p);
      const area = toNumber(ONE / 2n + fixedHalfArea(fixed(z)));
      // dp = φ(z) dz: what an error of 1e-14 of z does to the area.
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      expect(Math.abs(area - p)).toBeLessThan(density * Math.abs(z) * 1e-14 + 2e-16 * p);
    },
  );

  it('mirrors its quantiles', () => {
    for (const p of [0.25, 0.125, 2 ** -20]) {
      expect(normalQuantile(1 - p)).toBe(-normalQuantile(p));
    }
    expect(() => normalQuantile(1)).toThrow('between 0 and 1');
  });
});
