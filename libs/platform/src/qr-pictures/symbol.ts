import { codewordsOf, smallestVersion } from './symbol-codewords.js';

/** A QR symbol without its quiet zone; `modules` is row by row, 1 is dark. */
export interface QrSymbol {
  readonly size: number;
  readonly modules: Uint8Array;
}

/**
 * Makes the QR symbol of a payload the way EMVCo asks: byte mode only, ECI 26 ahead of it when
 * the text is not ASCII, error correction level M. Written here because the writers at hand mix
 * in numeric and alphanumeric segments as soon as they announce an ECI.
 *
 * @throws RangeError when the payload has more bytes than the largest symbol holds
 */
export function makeQrSymbol(payload: string): QrSymbol {
  const bytes = new TextEncoder().encode(payload);
  const eci = bytes.length !== payload.length;
  const version = smallestVersion(bytes.length, eci);
  if (version === undefined) {
    throw new RangeError(`a QR symbol cannot hold ${String(bytes.length)} bytes at level M`);
  }
  const drawing = new Drawing(version);
  drawing.drawPatterns();
  drawing.drawData(codewordsOf(bytes, version, eci));
  return { size: drawing.size, modules: drawing.maskBest() };
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

class Drawing {
  readonly size: number;
  private readonly modules: Uint8Array;
  /** 1 where a pattern is, so that data and masks keep off. */
  private readonly reserved: Uint8Array;

  constructor(private readonly version: number) {
    this.size = version * 4 + 17;
    this.modules = new Uint8Array(this.size * this.size);
    this.reserved = new Uint8Array(this.size * this.size);
  }

  drawPatterns(): void {
    const { size, version } = this;
    for (let i = 0; i < size; i++) {
      this.reserve(6, i, i % 2 === 0);
      this.reserve(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [size - 4, 3],
      [3, size - 4],
    ] as const)
      this.drawFinder(x, y);
    const centres = alignmentCentres(version);
    const last = centres.length - 1;
    centres.forEach((x, i) => {
      centres.forEach((y, j) => {
        const onFinder = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0);
        if (!onFinder) this.drawAlignment(x, y);
      });
    });
    this.drawFormat(0);
    if (version >= 7) this.drawVersion();
  }

  /** Codewords zigzag upwards and downwards in columns of two, from the right, round column 6. */
  drawData(words: Uint8Array): void {
    let bit = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const upwards = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step++) {
        const y = upwards ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          const at = y * this.size + x;
          if (this.reserved[at] === 1) continue;
          const word = words[bit >> 3] ?? 0;
          this.modules[at] = (word >> (7 - (bit & 7))) & 1;
          bit++;
        }
      }
    }
  }

  /** The masked modules with the lowest penalty: the fewest patterns that mislead a reader. */
  maskBest(): Uint8Array {
    let best: Uint8Array | undefined;
    let lowest = Infinity;
    MASKS.forEach((mask, number) => {
      this.drawFormat(number);
      const masked = this.modules.map((module, at) =>
        this.reserved[at] === 1
          ? module
          : module ^ Number(mask(at % this.size, Math.floor(at / this.size))),
      );
      const penalty = penaltyOf(masked, this.size);
      if (penalty < lowest) {
        lowest = penalty;
        best = masked;
      }
    });
    return best ?? this.modules;
  }

  private reserve(x: number, y: number, dark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    const at = y * this.size + x;
    this.modules[at] = dark ? 1 : 0;
    this.reserved[at] = 1;
  }

  private drawFinder(centreX: number, centreY: number): void {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        this.reserve(centreX + dx, centreY + dy, ring !== 2 && ring !== 4);
      }
    }
  }

  private drawAlignment(centreX: number, centreY: number): void {
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        this.reserve(centreX + dx, centreY + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    }
  }

  /** Level M is 00, so the five data bits are the mask alone; BCH with 0x537, masked. */
  private drawFormat(mask: number): void {
    let remainder = mask;
    for (let i = 0; i < 10; i++) remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
    const bits = ((mask << 10) | remainder) ^ 0x5412;
    const bit = (i: number) => ((bits >> i) & 1) === 1;
    const { size } = this;
    for (let i = 0; i <= 5; i++) this.reserve(8, i, bit(i));
    this.reserve(8, 7, bit(6));
    this.reserve(8, 8, bit(7));
    this.reserve(7, 8, bit(8));
    for (let i = 9; i < 15; i++) this.reserve(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) this.reserve(size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) this.reserve(8, size - 15 + i, bit(i));
    this.reserve(8, size - 8, true);
  }

  /** Six data bits, BCH with 0x1F25, twice. */
  private drawVersion(): void {
    let remainder = this.version;
    for (let i = 0; i < 12; i++) remainder = (remainder << 1) ^ ((remainder >> 11) * 0x1f25);
    const bits = (this.version << 12) | remainder;
    for (let i = 0; i < 18; i++) {
      const far = this.size - 11 + (i % 3);
      const near = Math.floor(i / 3);
      const dark = ((bits >> i) & 1) === 1;
      this.reserve(far, near, dark);
      this.reserve(near, far, dark);
    }
  }
}

function alignmentCentres(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const last = version * 4 + 10;
  const rest = Array.from({ length: count - 1 }, (_, i) => last - i * step).reverse();
  return [6, ...rest];
}

/** The four penalties of ISO/IEC 18004 7.8.3.1. */
function penaltyOf(modules: Uint8Array, size: number): number {
  let penalty = 0;
  for (let i = 0; i < size; i++) {
    penalty += linePenalty(modules, i * size, 1, size) + linePenalty(modules, i, size, size);
  }
  for (let at = 0; at + size + 1 < modules.length; at++) {
    if (at % size === size - 1) continue;
    const sum =
      (modules[at] ?? 0) +
      (modules[at + 1] ?? 0) +
      (modules[at + size] ?? 0) +
      (modules[at + size + 1] ?? 0);
    if (sum === 0 || sum === 4) penalty += 3;
  }
  const dark = modules.reduce((sum, module) => sum + module, 0);
  return penalty + Math.floor(Math.abs((dark * 100) / modules.length - 50) / 5) * 10;
}

/** Runs of five and more, and anything that looks like a finder with light beside it. */
function linePenalty(modules: Uint8Array, from: number, stride: number, size: number): number {
  let penalty = 0;
  let run = 0;
  let history = 0;
  for (let i = 0; i < size; i++) {
    const module = modules[from + i * stride] ?? 0;
    run = i > 0 && module === (history & 1) ? run + 1 : 1;
    if (run === 5) penalty += 3;
    else if (run > 5) penalty++;
    history = ((history << 1) | module) & 0x7ff;
    if (i >= 10 && (history === 0b10111010000 || history === 0b00001011101)) penalty += 40;
  }
  return penalty;
}
