import type { Ratio } from '../fx.js';
import { invariant } from '../invariant.js';
import { divideRounded, type Rounding } from '../rounding.js';

/** Most decimal places of a quoted price; the wire's `quotePrice` is written with these. */
export const PRICE_PLACES = 12;

export const ONE: Ratio = { numerator: 1n, denominator: 1n };

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Lowest terms, so that equal rates are equal values wherever they came from. */
export function ratio(numerator: bigint, denominator: bigint): Ratio {
  invariant(denominator > 0n, 'a denominator must be positive');
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function multiplyRatios(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function invertRatio(a: Ratio): Ratio {
  invariant(a.numerator > 0n, 'only a positive rate has an inverse');
  return { numerator: a.denominator, denominator: a.numerator };
}

export function equalRatios(a: Ratio, b: Ratio): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?$/;

/** True for what `parseRatio` reads, without working it out: histories have 200,000 figures. */
export function isRatioText(text: string): boolean {
  return DECIMAL.test(text) && /[1-9]/.test(text);
}

/**
 * Reads a published rate exactly, as `186.75`; undefined for anything else, zero and exponent
 * notation included, because a rate comes from files that people and programs write.
 */
export function parseRatio(text: string): Ratio | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  const numerator = BigInt((match[1] ?? '') + fraction);
  return numerator === 0n ? undefined : ratio(numerator, 10n ** BigInt(fraction.length));
}

/** Rounds to a decimal of at most `places` places; the result is such a decimal exactly. */
export function roundRatio(value: Ratio, places: number, rounding: Rounding): Ratio {
  const scale = 10n ** BigInt(places);
  return ratio(divideRounded(value.numerator * scale, value.denominator, rounding), scale);
}

/** Decimal text rounded to `places`, half up, trailing zeros dropped: `0.202024096386`, `1`. */
export function ratioText(value: Ratio, places = PRICE_PLACES): string {
  const scale = 10n ** BigInt(places);
  const scaled = divideRounded(value.numerator * scale, value.denominator, 'halfUp');
  const negative = scaled < 0n;
  const digits = (negative ? -scaled : scaled).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative ? `-${text}` : text;
}
