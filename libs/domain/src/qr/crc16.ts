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
/** C0 controls, DEL, or characters that turn the direction of text. */
export const HAS_CONTROL = 1 << 18;
/** At least one character outside ASCII. */
export const HAS_NON_ASCII = 1 << 19;

function step(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (T0[(crc >> 8) ^ byte] as number);
}

/**
 * One pass over a payload: the checksum of everything before `end` in the low 16 bits, and what
 * a parser must know of the whole text as flags above them.
 */
export function scanText(text: string, end: number): number {
  let crc = 0xffff;
  let seen = 0;
  let low = 0;
  let i = 0;
  for (const stop = end - 3; i < stop; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    seen |= a | b | c | d;
    low |= (a - 32) | (b - 32) | (c - 32) | (d - 32);
    crc =
      (T3[((crc >> 8) ^ a) & 0xff] as number) ^
      (T2[(crc ^ b) & 0xff] as number) ^
      (T1[c & 0xff] as number) ^
      (T0[d & 0xff] as number);
  }
  for (; i < end; i++) {
    const a = text.charCodeAt(i);
    seen |= a;
    low |= a - 32;
    crc = step(crc, a & 0xff);
  }
  for (; i < text.length; i++) {
    const a = text.charCodeAt(i);
    seen |= a;
    low |= a - 32;
  }
  if (seen > 127) return scanUnicode(text, end);
  return low < 0 ? crc | HAS_CONTROL : crc;
}

function scanUnicode(text: string, end: number): number {
  let crc = 0xffff;
  let flags = HAS_NON_ASCII;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let point = unit;
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const next = text.charCodeAt(i + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return flags | HAS_LONE_SURROGATE;
      point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
      flags |= HAS_ASTRAL;
    }
    if (isControl(point)) flags |= HAS_CONTROL;
    if (i < end) crc = stepUtf8(crc, point);
    if (point > 0xffff) i++;
  }
  return crc | flags;
}

function stepUtf8(crc: number, point: number): number {
  if (point < 0x80) return step(crc, point);
  if (point < 0x800) return step(step(crc, 0xc0 | (point >> 6)), 0x80 | (point & 63));
  if (point < 0x10000) {
    const two = step(step(crc, 0xe0 | (point >> 12)), 0x80 | ((point >> 6) & 63));
    return step(two, 0x80 | (point & 63));
  }
  const two = step(step(crc, 0xf0 | (point >> 18)), 0x80 | ((point >> 12) & 63));
  return step(step(two, 0x80 | ((point >> 6) & 63)), 0x80 | (point & 63));
}

function isControl(point: number): boolean {
  return (
    point < 0x20 ||
    (point >= 0x7f && point <= 0x9f) ||
    (point >= 0x202a && point <= 0x202e) ||
    (point >= 0x2066 && point <= 0x2069)
  );
}

/** The checksum of a whole text, e.g. `0x29B1` for `123456789`. */
export function crc16(text: string): number {
  return scanText(text, text.length) & 0xffff;
}

/** Four upper-case hexadecimal digits, left-padded (`007B`). */
export function crcText(crc: number): string {
  return crc.toString(16).toUpperCase().padStart(4, '0');
}
