/**
 * CRC-16/CCITT-FALSE (polynomial 0x1021, initial 0xFFFF, no reflection) over UTF-8 bytes, as
 * EMVCo MPM 4.7.3 asks. Four bytes a step: the chain of table look-ups is what a decoder waits
 * for, so it is kept a quarter as long. `TABLES[k]` is a byte's effect k bytes later.
 */
const TABLES = buildTables();
const [T0, T1, T2, T3] = TABLES;

function buildTables(): [Uint16Array, Uint16Array, Uint16Array, Uint16Array] {
  const first = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    first[byte] = crc;
  }
  const later = (table: Uint16Array) =>
    table.map((crc) => (crc << 8) ^ (first[crc >> 8] as number));
  const second = later(first);
  const third = later(second);
  return [first, second, third, later(third)];
}

/** The text needs code-point lengths: it holds characters beyond the basic plane. */
export const HAS_ASTRAL = 1 << 16;
/** Half a surrogate pair; such text has no UTF-8 form. */
export const HAS_LONE_SURROGATE = 1 << 17;
/** C0 or C1 controls, or characters that turn the direction of text. */
export const HAS_CONTROL = 1 << 18;
/** At least one character outside ASCII. */
export const HAS_NON_ASCII = 1 << 19;

/** Every payload a symbol can hold fits; a longer text gets a buffer of its own. */
const SCRATCH = new Uint8Array(3 * 8192);
const encoder = new TextEncoder();

/**
 * One pass over a payload: the checksum of everything but the last `tail` characters in the low
 * 16 bits, and what a parser must know of the whole text as flags above them. The bytes are
 * written once into a scratch buffer, because indexing bytes is several times faster than asking
 * a string for characters.
 */
export function scanText(text: string, tail: number): number {
  const bytes = text.length <= 8192 ? SCRATCH : new Uint8Array(text.length * 3);
  const { written } = encoder.encodeInto(text, bytes);
  if (written !== text.length) return scanUnicode(text, tail, bytes, written);
  const end = Math.max(0, written - tail);
  let low = 0;
  for (let i = end; i < written; i++) low |= (bytes[i] as number) - 32;
  return crcOf(bytes, end) | (low < 0 ? HAS_CONTROL : 0);
}

/** The checksum, and `HAS_CONTROL` when a byte is below 32. */
function crcOf(bytes: Uint8Array, end: number): number {
  let crc = 0xffff;
  let low = 0;
  let i = 0;
  for (const stop = end - 3; i < stop; i += 4) {
    const a = bytes[i] as number;
    const b = bytes[i + 1] as number;
    const c = bytes[i + 2] as number;
    const d = bytes[i + 3] as number;
    low |= (a - 32) | (b - 32) | (c - 32) | (d - 32);
    crc =
      (T3[(crc >> 8) ^ a] as number) ^
      (T2[(crc & 0xff) ^ b] as number) ^
      (T1[c] as number) ^
      (T0[d] as number);
  }
  for (; i < end; i++) {
    const a = bytes[i] as number;
    low |= a - 32;
    crc = ((crc << 8) & 0xffff) ^ (T0[(crc >> 8) ^ a] as number);
  }
  return low < 0 ? crc | HAS_CONTROL : crc;
}

function scanUnicode(text: string, tail: number, bytes: Uint8Array, written: number): number {
  const flags = flagsOf(bytes, written);
  if ((flags & HAS_REPLACEMENT) !== 0 && hasLoneSurrogate(text)) return HAS_LONE_SURROGATE;
  let end = written;
  for (let i = Math.max(0, text.length - tail); i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Both halves of a surrogate pair together are four bytes.
    end -= unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
  }
  return crcOf(bytes, Math.max(0, end)) | HAS_NON_ASCII | (flags & ~HAS_REPLACEMENT);
}

/** U+FFFD in the bytes: either in the text itself, or in place of half a surrogate pair. */
const HAS_REPLACEMENT = 1 << 20;

/** Astral characters begin with F0 to F4; C1 controls and text directions have fixed bytes. */
function flagsOf(bytes: Uint8Array, written: number): number {
  let flags = 0;
  for (let i = 0; i < written; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x80) {
      if (byte < 0x20) flags |= HAS_CONTROL;
    } else if (byte >= 0xf0) flags |= HAS_ASTRAL;
    else if (byte === 0xc2 && (bytes[i + 1] as number) <= 0x9f) flags |= HAS_CONTROL;
    else if (byte === 0xe2) flags |= directionFlag(bytes[i + 1] as number, bytes[i + 2] as number);
    else if (byte === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) {
      flags |= HAS_REPLACEMENT;
    }
  }
  return flags;
}

/** U+202A to U+202E and U+2066 to U+2069, after their first byte E2. */
function directionFlag(second: number, third: number): number {
  const embedding = second === 0x80 && third >= 0xaa && third <= 0xae;
  const isolate = second === 0x81 && third >= 0xa6 && third <= 0xa9;
  return embedding || isolate ? HAS_CONTROL : 0;
}

function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit & 0xf800) !== 0xd800) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}

/** The checksum of a whole text, e.g. `0x29B1` for `123456789`. */
export function crc16(text: string): number {
  return scanText(text, 0) & 0xffff;
}

/** Four upper-case hexadecimal digits, left-padded (`007B`). */
export function crcText(crc: number): string {
  return crc.toString(16).toUpperCase().padStart(4, '0');
}
