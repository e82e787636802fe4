import { findCurrency } from '#domain/currency';
import { MAX_WIRE_MINOR, type Money } from '#domain/money';
import { z } from 'zod';
import { parseWireTime } from './wire-time.js';

/**
 * The scalars of the wire. It documents every one as a string, yet real clients send numbers and
 * booleans (docs/sources.md A1.2), so each schema reads both and hands on one type. `z.input` of a
 * schema is what may be sent, `z.output` what a handler works with.
 */

/** Ids of either side: printable, at most 64 characters. */
export const wireId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x21-\x7e]+$/, {
    error: 'may only hold printable ASCII characters without spaces',
  });

/** Free text of at most `length` characters. */
export function wireText(length: number): z.ZodString {
  return z.string().min(1).max(length);
}

export const wireUrl = wireText(2048);

/** What was scanned; 512 characters (docs/sources.md A1.2). */
export const codeValue = wireText(512);

/** ISO 8601 with offset; kept as written, readable by `parseWireTime`. */
export const wireTimeText = z
  .string()
  .max(64)
  .refine((text) => parseWireTime(text) !== undefined, {
    error: 'must be an ISO 8601 time with an offset, such as 2026-11-21T21:27:46+00:00',
  });

/** `"true"` as documented, `true` as the Java client sends it. */
export const wireBoolean = z
  .custom<boolean | 'true' | 'false'>(
    (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
    { error: 'must be "true" or "false"' },
  )
  .transform((value) => value === true || value === 'true');

/** A positive decimal, as a string or (Java) a number; handed on as the text that was sent. */
export const wireDecimal = z
  .custom<string | number>((value) => /^\d{1,20}(\.\d{1,20})?$/.test(String(value)), {
    error: 'must be a positive decimal such as "0.2331"',
  })
  .transform(String);

export const currencyCode = z.string().refine((code) => findCurrency(code) !== undefined, {
  error: (issue) => `${JSON.stringify(issue.input)} is not an ISO 4217 currency code`,
});

/** `Amount {currency, value}` to `Money`. Each refusal names what to send instead. */
export const wireAmount = z
  .object({
    currency: currencyCode,
    value: z.custom<string | number>(() => true),
  })
  .transform((amount, context): Money => {
    const refusal = refusalOfValue(amount.value, amount.currency);
    if (refusal === undefined) return { currency: amount.currency, minor: BigInt(amount.value) };
    context.addIssue({ code: 'custom', path: ['value'], message: refusal });
    return z.NEVER;
  });

function refusalOfValue(value: unknown, currency: string): string | undefined {
  if (value === undefined) return 'is required';
  if (typeof value !== 'string' && typeof value !== 'number') {
    return 'must be a string of digits, in minor units';
  }
  const text = typeof value === 'number' && !Number.isSafeInteger(value) ? '' : String(value);
  if (typeof value === 'number' && text === '') {
    return Number.isInteger(value) ? tooLarge() : decimals(currency);
  }
  if (/^-\d+(\.\d+)?$/.test(text)) {
    return 'must not be negative; a payment is at least 1 minor unit';
  }
  if (/^\d+\.\d*$/.test(text)) return decimals(currency);
  if (!/^\d{1,40}$/.test(text)) return 'must be a string of digits, in minor units';
  const minor = BigInt(text);
  if (minor === 0n) return 'must not be zero; a payment is at least 1 minor unit';
  if (minor > MAX_WIRE_MINOR) return tooLarge();
  if (currency === 'IDR' && minor % 100n !== 0n) {
    return 'must end in 00: rupiah amounts are whole, although ISO 4217 gives them two decimals';
  }
  return undefined;
}

function tooLarge(): string {
  return `is too large; at most ${MAX_WIRE_MINOR.toString()} minor units are accepted`;
}

function decimals(currency: string): string {
  const exponent = findCurrency(currency)?.exponent ?? 0;
  const example =
    exponent === 0
      ? `${currency} 1,200 is "1200"`
      : `${currency} 12.${'50'.padEnd(exponent, '0').slice(0, exponent)} is "12${'50'.padEnd(exponent, '0').slice(0, exponent)}"`;
  return `must be an integer in minor units without a decimal point: ${example}`;
}
