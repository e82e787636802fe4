/**
 * For tests only: writes codes without any of the codec's own parts, so that a fault in both
 * directions cannot cancel out. The checksum is computed bit by bit.
 */
export function crcByHand(text: string): string {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = ((crc >> 15) & 1) ^ ((byte >> bit) & 1);
      crc = (crc << 1) & 0xffff;
      if (feedback === 1) crc ^= 0x1021;
    }
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

export function objectByHand(id: string, value: string): string {
  return id + String(Array.from(value).length).padStart(2, '0') + value;
}

/** A whole code: the objects in order, then the checksum. */
export function codeByHand(...objects: readonly string[]): string {
  const text = `${objects.join('')}6304`;
  return text + crcByHand(text);
}
