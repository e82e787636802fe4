const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

export interface Base64Bytes {
  readonly bytes: Uint8Array;
  /** False when padding is missing or the bits after the last byte are not zero. */
  readonly canonical: boolean;
}

/** Reads RFC 4648 base64, or undefined when a character or the length cannot be. */
export function readBase64(text: string): Base64Bytes | undefined {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 61 && text.length - end < 2) end--;
  if (end % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  const stray = (bits & ((1 << held) - 1)) !== 0;
  return { bytes, canonical: !stray && text.length % 4 === 0 };
}

export function writeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const block = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    text += ALPHABET.charAt(block >> 18) + ALPHABET.charAt((block >> 12) & 63);
    text += left > 1 ? ALPHABET.charAt((block >> 6) & 63) : '=';
    text += left > 2 ? ALPHABET.charAt(block & 63) : '=';
  }
  return text;
}

/** Strict UTF-8, byte-order mark kept; undefined when the bytes are not valid. */
export function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
