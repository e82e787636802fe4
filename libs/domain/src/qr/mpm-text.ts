import { readSpans } from './tlv.js';

/** Flag of `readDecimal`: no digit is above zero. */
export const IS_ZERO = 16;

/**
 * Reads digits with at most one dot after the first digit: the number of decimals, with
 * `IS_ZERO` added when no digit is above zero, or -1 for anything else.
 */
export function readDecimal(text: string, start: number, end: number, maxLength: number): number {
  if (end === start || end - start > maxLength) return -1;
  let decimals = -1;
  let zero = IS_ZERO;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (decimals >= 0 || i === start) return -1;
      decimals = 0;
      continue;
    }
    if (code < 48 || code > 57) return -1;
    if (code !== 48) zero = 0;
    if (decimals >= 0) decimals++;
  }
  return (decimals < 0 ? 0 : decimals) | zero;
}

/** Four hexadecimal digits, with bit 16 set when one is in lower case; -1 if they are not. */
export function hexNumber(text: string, start: number): number {
  let value = 0;
  let lower = 0;
  for (let i = start; i < start + 4; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) value = (value << 4) | (code - 48);
    else if (code >= 65 && code <= 70) value = (value << 4) | (code - 55);
    else if (code >= 97 && code <= 102) {
      value = (value << 4) | (code - 87);
      lower = 0x10000;
    } else return -1;
  }
  return value | lower;
}

/** Whether the payload is whole when lengths count UTF-8 bytes, a common producer fault. */
export function parsesByBytes(payload: string): boolean {
  const bytes = new TextEncoder().encode(payload);
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return readSpans(text, 0, text.length, false).whole;
}
