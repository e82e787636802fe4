import { currencyOf, type CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import type { Money } from '../money.js';
import { divideRounded, type Rounding } from '../rounding.js';

/**
 * How an amount that crosses the wire is rounded in a currency.
 *
 * IDR: banker's rounding to whole rupiah, last two digits 00 (docs/sources.md A1.2). All others:
 * half up to one minor unit. The coarser steps of shop prices in KHR, LAK, MMK and MNT do not
 * bind what partners owe each other, which ISO 4217 counts in its own minor unit.
 */
export interface AmountRounding {
  readonly rounding: Rounding;
  /** In minor units. */
  readonly increment: bigint;
}

const WHOLE_RUPIAH: AmountRounding = { rounding: 'halfEven', increment: 100n };
const MINOR_UNIT: AmountRounding = { rounding: 'halfUp', increment: 1n };

export function amountRounding(currency: CurrencyCode): AmountRounding {
  return currency === 'IDR' ? WHOLE_RUPIAH : MINOR_UNIT;
}

/**
 * The exact worth of an amount, as a fraction of minor units of `counter`, not reduced. A price
 * is per major unit, so the exponents shift: one yen is one minor unit, one baht is a hundred.
 */
export function exactAt(amount: Money, price: Ratio, counter: CurrencyCode): Ratio {
  const shift = currencyOf(counter).exponent - currencyOf(amount.currency).exponent;
  const { numerator, denominator } = price;
  if (shift === 0) return { numerator: amount.minor * numerator, denominator };
  const scale = POWERS_OF_TEN[Math.abs(shift)] ?? 10n ** BigInt(Math.abs(shift));
  return shift > 0
    ? { numerator: amount.minor * numerator * scale, denominator }
    : { numerator: amount.minor * numerator, denominator: denominator * scale };
}

/** Exponents of ISO 4217 lie between 0 and 4. */
const POWERS_OF_TEN = [1n, 10n, 100n, 1_000n, 10_000n] as const;

/** Converts at a price per major unit; `increment` is in minor units of `counter`. */
export function convertAt(
  amount: Money,
  price: Ratio,
  counter: CurrencyCode,
  rounding: Rounding,
  increment = 1n,
): Money {
  const { numerator, denominator } = exactAt(amount, price, counter);
  return { currency: counter, minor: divideRounded(numerator, denominator, rounding, increment) };
}
