import { currencyOf, type CurrencyCode } from './currency.js';
import { invariant } from './invariant.js';

/** An amount in integer minor units (JPY 1200 is 1200n, THB 12.34 is 1234n). May be negative. */
export interface Money {
  readonly currency: CurrencyCode;
  readonly minor: bigint;
}

/** The wire's form: minor units as a digit string (docs/sources.md A1.2). */
export interface WireAmount {
  readonly currency: CurrencyCode;
  readonly value: string;
}

/**
 * The largest amount accepted from outside, in minor units. The wire has no bound of its own;
 * `bigint` columns hold 9.2e18, and sums of a day's payments must stay far below that.
 */
export const MAX_WIRE_MINOR = 999_999_999_999_999n;

/** Builds an amount of a currency that was validated at the edge. */
export function money(currency: CurrencyCode, minor: bigint): Money {
  currencyOf(currency);
  return { currency, minor };
}

export function addMoney(a: Money, b: Money): Money {
  invariant(a.currency === b.currency, `cannot add ${b.currency} to ${a.currency}`);
  return { currency: a.currency, minor: a.minor + b.minor };
}

export function subtractMoney(a: Money, b: Money): Money {
  invariant(a.currency === b.currency, `cannot subtract ${b.currency} from ${a.currency}`);
  return { currency: a.currency, minor: a.minor - b.minor };
}

export function toWireAmount(amount: Money): WireAmount {
  return { currency: amount.currency, value: amount.minor.toString() };
}

/** Decimal text in major units with the currency's own decimals, e.g. `12.34`, `-0.05`, `1200`. */
export function toDecimal(amount: Money): string {
  const { exponent } = currencyOf(amount.currency);
  const negative = amount.minor < 0n;
  const digits = (negative ? -amount.minor : amount.minor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return negative ? `-${text}` : text;
}

/** For people: `JPY 1,200`, `THB 282.86`. */
export function formatMoney(amount: Money): string {
  const [whole = '0', fraction] = toDecimal(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${amount.currency} ${fraction === undefined ? grouped : `${grouped}.${fraction}`}`;
}

export type DecimalFault = 'notADecimal' | 'tooManyDecimals' | 'tooLarge';

/**
 * Reads what a person or a QR code writes in major units. Digits and at most one dot; a trailing
 * dot is legal in EMVCo codes (`98.`). Extra decimals are refused even when they are zeros,
 * because a shop that writes `1200.00` for yen means something we should not guess.
 */
export function parseDecimal(text: string, currency: CurrencyCode): Money | DecimalFault {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return 'notADecimal';
  const { exponent } = currencyOf(currency);
  const fraction = match[2] ?? '';
  if (fraction.length > exponent) return 'tooManyDecimals';
  const minor = BigInt((match[1] ?? '0') + fraction.padEnd(exponent, '0'));
  return minor > MAX_WIRE_MINOR ? 'tooLarge' : { currency, minor };
}
