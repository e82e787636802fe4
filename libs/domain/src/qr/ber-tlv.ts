/**
 * BER-TLV as consumer-presented codes use it (EMVCo CPM 1.1): which tags are templates is said
 * by the format, not by the constructed bit, because 63 and 64 carry opaque data under tags that
 * look constructed.
 */
export interface BerNode {
  /** Upper-case hexadecimal, e.g. `5F20`. */
  readonly tag: string;
  readonly bytes: Uint8Array;
}

/** The objects of a range, or undefined when a header or a value runs beyond it. */
export function readBer(bytes: Uint8Array): BerNode[] | undefined {
  const nodes: BerNode[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tagEnd = endOfTag(bytes, at);
    const length = readLength(bytes, tagEnd);
    if (length === undefined) return undefined;
    const end = length.start + length.value;
    if (end > bytes.length) return undefined;
    nodes.push({
      tag: toHex(bytes.subarray(at, tagEnd)),
      bytes: bytes.subarray(length.start, end),
    });
    at = end;
  }
  return nodes;
}

function endOfTag(bytes: Uint8Array, at: number): number {
  if (((bytes[at] ?? 0) & 0x1f) !== 0x1f) return at + 1;
  let end = at + 1;
  while (((bytes[end] ?? 0) & 0x80) !== 0) end++;
  return end + 1;
}

/** Short form, 0x81 and 0x82: live tickets use the second, 512 bytes need the third. */
function readLength(
  bytes: Uint8Array,
  at: number,
): { readonly start: number; readonly value: number } | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0x80 || first > 0x82) return undefined;
  if (first < 0x80) return { start: at + 1, value: first };
  const high = bytes[at + 1];
  if (high === undefined) return undefined;
  if (first === 0x81) return { start: at + 2, value: high };
  const low = bytes[at + 2];
  return low === undefined ? undefined : { start: at + 3, value: (high << 8) | low };
}

/** Writes one object with the shortest length form. */
export function writeBer(tag: string, value: Uint8Array): Uint8Array {
  const size = value.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([...fromHex(tag), ...length, ...value]);
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text.toUpperCase();
}

/** Bytes of an even number of hexadecimal digits; the caller has checked that they are. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length >> 1 }, (_, i) =>
    Number.parseInt(text.slice(i * 2, i * 2 + 2), 16),
  );
}
