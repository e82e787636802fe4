/**
 * The data side of a QR symbol at error correction level M (ISO/IEC 18004): bits in byte mode,
 * split into blocks, each with its Reed-Solomon remainder, interleaved.
 */

/** Error correction codewords of a block, by version, level M. */
const EC_PER_BLOCK = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
/** Blocks, by version, level M. */
const BLOCKS = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26,
  28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];

/** Mode 0111 and assignment number 26: what follows is UTF-8. */
const ECI_UTF8 = { value: 0b0111_0001_1010, bits: 12 };
const BYTE_MODE = { value: 0b0100, bits: 4 };

/** Modules left for codewords and remainder bits once all patterns are drawn. */
function dataModules(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const patterns = Math.floor(version / 7) + 2;
    modules -= (25 * patterns - 10) * patterns - 55;
    if (version >= 7) modules -= 36;
  }
  return modules;
}

function dataCodewords(version: number): number {
  const total = dataModules(version) >> 3;
  return total - (EC_PER_BLOCK[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0);
}

function headerBits(version: number, eci: boolean): number {
  return (eci ? ECI_UTF8.bits : 0) + BYTE_MODE.bits + (version < 10 ? 8 : 16);
}

/** The smallest version that holds the bytes, or undefined when none does (2,331 fit). */
export function smallestVersion(size: number, eci: boolean): number | undefined {
  for (let version = 1; version <= 40; version++) {
    if (headerBits(version, eci) + size * 8 <= dataCodewords(version) * 8) return version;
  }
  return undefined;
}

/** All codewords of a symbol in the order in which they are drawn. */
export function codewordsOf(bytes: Uint8Array, version: number, eci: boolean): Uint8Array {
  return interleave(packBits(bytes, version, eci), version);
}

function packBits(bytes: Uint8Array, version: number, eci: boolean): Uint8Array {
  const capacity = dataCodewords(version);
  const data = new Uint8Array(capacity);
  let at = 0;
  const put = (value: number, bits: number) => {
    for (let bit = bits - 1; bit >= 0; bit--, at++) {
      data[at >> 3] = (data[at >> 3] ?? 0) | (((value >> bit) & 1) << (7 - (at & 7)));
    }
  };
  if (eci) put(ECI_UTF8.value, ECI_UTF8.bits);
  put(BYTE_MODE.value, BYTE_MODE.bits);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  // A terminator of up to four zero bits and the padding to a whole byte are zeros already.
  let next = (Math.min(at + 4, capacity * 8) + 7) >> 3;
  for (let pad = 0xec; next < capacity; next++, pad ^= 0xec ^ 0x11) data[next] = pad;
  return data;
}

function interleave(data: Uint8Array, version: number): Uint8Array {
  const blocks = BLOCKS[version - 1] ?? 1;
  const ecSize = EC_PER_BLOCK[version - 1] ?? 0;
  const generator = generatorOf(ecSize);
  const shortSize = Math.floor(data.length / blocks);
  const shortBlocks = blocks - (data.length % blocks);
  const parts = Array.from({ length: blocks }, (_, i) => {
    const start = i * shortSize + Math.max(0, i - shortBlocks);
    return data.subarray(start, start + shortSize + (i < shortBlocks ? 0 : 1));
  });
  const corrections = parts.map((part) => remainderOf(part, generator));
  const words: number[] = [];
  for (let i = 0; i <= shortSize; i++) {
    for (const part of parts) if (i < part.length) words.push(part[i] ?? 0);
  }
  for (let i = 0; i < ecSize; i++) for (const part of corrections) words.push(part[i] ?? 0);
  return Uint8Array.from(words);
}

/** Multiplication in GF(2⁸) modulo 0x11D. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/** Coefficients of (x − 1)(x − 2)(x − 4)…, highest power left out. */
function generatorOf(degree: number): Uint8Array {
  const generator = new Uint8Array(degree);
  generator[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      generator[j] = multiply(generator[j] ?? 0, root) ^ (generator[j + 1] ?? 0);
    }
    root = multiply(root, 2);
  }
  return generator;
}

function remainderOf(data: Uint8Array, generator: Uint8Array): Uint8Array {
  const remainder = new Uint8Array(generator.length);
  for (const byte of data) {
    const factor = byte ^ (remainder[0] ?? 0);
    remainder.copyWithin(0, 1);
    remainder[remainder.length - 1] = 0;
    for (let i = 0; i < generator.length; i++) {
      remainder[i] = (remainder[i] ?? 0) ^ multiply(generator[i] ?? 0, factor);
    }
  }
  return remainder;
}
