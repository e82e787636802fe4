import { findCurrency } from '#domain/currency';
import { toDecimal, type Money } from '#domain/money';
import { parseWireTime } from '../partner-wire/wire-time.js';
import { complain, leaf, quote, type Codec, type Spot } from './codec.js';

/** Characters of XML 1.0; the others cannot be written into a document by any means. */
const XML_TEXT = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/** Free text for people, in any script. Lengths count characters, as the schemas do. */
export const text = (most: number): Codec<string> => checked((value) => textFault(value, most));

function textFault(value: string, most: number): string | undefined {
  const length = [...value].length;
  if (length === 0) return 'is empty';
  if (length > most) return `has ${String(length)} characters; at most ${String(most)} are allowed`;
  return XML_TEXT.test(value) ? undefined : 'holds a character that XML cannot carry';
}

/**
 * References that machines compare. Besides the set every bank system carries (SWIFT X) the
 * underscore is allowed, so that our ids stand in messages as they stand everywhere else
 * (docs/decisions/0022-iso20022-profile.md).
 */
const REFERENCE = /^[0-9A-Za-z/\-?:().,'+_]([0-9A-Za-z/\-?:().,'+_ ]*[0-9A-Za-z/\-?:().,'+_])?$/;

export const reference = (most = 35): Codec<string> =>
  checked((value) => {
    const fault = textFault(value, most);
    if (fault !== undefined || REFERENCE.test(value)) return fault;
    return `is ${quote(value)}; a reference holds letters, digits, blanks inside and /-?:().,'+_ only`;
  });

/** Codes of ISO's external lists: not enumerated, since the lists grow every quarter. */
export const externalCode = (most = 4): Codec<string> =>
  checked((value) =>
    /^[0-9A-Z]+$/.test(value) && value.length <= most
      ? undefined
      : `is ${quote(value)}; a code has at most ${String(most)} capital letters and digits`,
  );

/** A closed list of codes. */
export const code = <T extends string>(...codes: readonly T[]): Codec<T> => {
  const isCode = (value: string): value is T => codes.some((known) => known === value);
  const read = (value: string, spot: Spot): T | null =>
    isCode(value) ? value : complain(spot, `is ${quote(value)}, not one of ${codes.join(', ')}`);
  return leaf<T>(read, read);
};

/** Shape of a random UUID, in small letters (docs/sources.md S4.1). */
export const uetr: Codec<string> = checked((value) =>
  /^[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}$/.test(value)
    ? undefined
    : `is ${quote(value)}; a UETR is a version 4 UUID in small letters`,
);

export const country: Codec<string> = checked((value) =>
  /^[A-Z]{2}$/.test(value) ? undefined : `is ${quote(value)}; give an ISO 3166 code like JP`,
);

/** Whether a currency is one we know how many decimals of; ours to ask, the schemas accept `XYZ`. */
function currencyFault(value: string): string | undefined {
  return findCurrency(value) === undefined
    ? `has the currency ${quote(value)}, which is not in ISO 4217`
    : undefined;
}

export const currency: Codec<string> = checked(currencyFault);

/** How many of something, written without leading zeros. */
export const count = (mostDigits = 15): Codec<number> =>
  leaf(
    (value, spot) =>
      Number.isSafeInteger(value) && value >= 0 && String(value).length <= mostDigits
        ? String(value)
        : complain(
            spot,
            `is ${String(value)}, not a count of at most ${String(mostDigits)} digits`,
          ),
    (value, spot) =>
      /^\d+$/.test(value) && value.length <= mostDigits
        ? Number(value)
        : complain(spot, `is ${quote(value)}, not a count of at most ${String(mostDigits)} digits`),
  );

export const yesNo: Codec<boolean> = leaf(String, (value, spot) => {
  if (/^\s*(true|1)\s*$/.test(value)) return true;
  return /^\s*(false|0)\s*$/.test(value)
    ? false
    : complain(spot, `is ${quote(value)}, not true or false`);
});

/** A calendar day, `2026-03-02`; years of four digits, no zone. */
export const date: Codec<string> = checked((value) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) && parseWireTime(`${value}T00:00:00Z`) !== undefined
    ? undefined
    : `is ${quote(value)}, not a day like 2026-03-02`,
);

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant, as UTC milliseconds; finer fractions are cut. The schema allows a time without offset,
 * which names no instant and is refused.
 */
export const instant: Codec<number> = leaf(
  (atMs, spot) =>
    // Ten thousand years: the text would no longer have four digits for the year.
    Number.isSafeInteger(atMs) && atMs >= 0 && atMs < 253_402_300_800_000
      ? new Date(atMs).toISOString()
      : complain(spot, `is ${String(atMs)}, not UTC milliseconds`),
  (value, spot) => {
    const [, day = '', fraction = '', zone = ''] = INSTANT.exec(value.trim()) ?? [];
    const atMs = day === '' ? undefined : parseWireTime(`${day}${fraction.slice(0, 10)}${zone}`);
    return (
      atMs ?? complain(spot, `is ${quote(value)}, not a time with offset like 2026-03-02T15:04:05Z`)
    );
  },
);

/** A time of day with its offset, `00:30:00+08:00`. */
export const timeOfDay: Codec<string> = checked((value) =>
  /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-3]):[0-5]\d)$/.test(value)
    ? undefined
    : `is ${quote(value)}, not a time of day with offset like 00:30:00+08:00`,
);

/** Digits an amount may have in all; the schemas say the same. */
const MOST_DIGITS = 18;

/**
 * An amount that is not negative: direction is always a code beside it. The schemas bound digits (18)
 * and decimals (5) but know no currencies, so `1000.00 JPY` passes them. Here the decimals are those
 * of ISO 4217, and one too many is refused even when it is a zero, because whoever writes
 * it means something we should not guess (docs/sources.md S4.1, S4.2).
 */
export const amount: Codec<Money> = {
  write: (value, spot) => {
    const fault =
      currencyFault(value.currency) ??
      (value.minor < 0n ? 'is negative; the direction belongs beside the amount' : undefined) ??
      (value.minor.toString().length > MOST_DIGITS ? TOO_LONG : undefined);
    if (fault !== undefined) {
      complain(spot, fault);
      return {};
    }
    return { text: toDecimal(value), attributes: { Ccy: value.currency } };
  },
  read: (element, spot) => {
    const code = element.attributes['Ccy'];
    if (code === undefined) return complain(spot, 'has no currency (attribute Ccy)');
    const fault = element.children.length > 0 ? 'holds elements' : currencyFault(code);
    return fault === undefined
      ? readAmount(element.text.trim(), code, spot)
      : complain(spot, fault);
  },
};

const TOO_LONG = `has more than ${String(MOST_DIGITS)} digits`;

function readAmount(value: string, code: string, spot: Spot): Money | null {
  const [whole, integer = '', fraction = ''] = /^\+?(\d*)(?:\.(\d*))?$/.exec(value) ?? [];
  if (whole === undefined || integer + fraction === '') {
    return complain(spot, `is ${quote(value)}, not a decimal number that is not negative`);
  }
  const exponent = findCurrency(code)?.exponent ?? 0;
  if (fraction.length > exponent) {
    const has = exponent === 0 ? 'no decimals' : `at most ${String(exponent)} decimals`;
    return complain(spot, `is ${quote(value)} ${code}; ${code} has ${has}`);
  }
  const minor = BigInt(integer + fraction.padEnd(exponent, '0'));
  if (minor.toString().length > MOST_DIGITS) return complain(spot, TOO_LONG);
  return { currency: code, minor };
}

/**
 * An exchange rate as decimal text in its shortest form, `0.2356`. Eleven digits with ten decimals
 * at most: enough to check a message by eye. The exact ratio stands in the clearing files.
 */
export const rate: Codec<string> = leaf(
  (value, spot) => (shortRate(value) === value ? value : complain(spot, notARate(value))),
  (value, spot) => shortRate(value.trim()) ?? complain(spot, notARate(value)),
);

const notARate = (value: string): string =>
  `is ${quote(value)}, not a positive rate of at most 11 digits and 10 decimals`;

function shortRate(value: string): string | undefined {
  const match = /^\+?0*(\d*)(?:\.(\d*?)0*)?$/.exec(value);
  if (match === null) return undefined;
  const [, integer = '', fraction = ''] = match;
  const digits = (integer + fraction).replace(/^0+/, '').length;
  if (digits === 0 || fraction.length > 10 || integer.length + fraction.length > 11)
    return undefined;
  return `${integer === '' ? '0' : integer}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Text that is its own value, refused for one reason or none. */
function checked(faultOf: (value: string) => string | undefined): Codec<string> {
  const check = (value: string, spot: Spot): string | null => {
    const fault = faultOf(value);
    return fault === undefined ? value : complain(spot, fault);
  };
  return leaf(check, check);
}
