import type { StreamKey } from './stream-key.js';

const UNIT = 2.3283064365386963e-10; // 2^-32, exact
const FINE_UNIT = 1.1102230246251565e-16; // 2^-53, exact

/** A draw of 32 bits as a number strictly between 0 and 1. */
export function unitOf(word: number): number {
  return (word + 0.5) * UNIT;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna): 32-bit draws with a period of 2^128 − 1, fast where only
 * 32-bit integers are. One per stream; where it starts comes from `streamKey`.
 */
export class Xoshiro128 {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  constructor(key: StreamKey) {
    this.s0 = key[0] | 0;
    this.s1 = key[1] | 0;
    this.s2 = key[2] | 0;
    this.s3 = key[3] | 0;
    // The one state it would never leave.
    if ((this.s0 | this.s1 | this.s2 | this.s3) === 0) this.s0 = 1;
  }

  /** The next draw: a whole number from 0 to 2^32 − 1. */
  next(): number {
    const scrambled = Math.imul(this.s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= shifted;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** A number strictly between 0 and 1 with 52 random bits; takes two draws. */
  nextFine(): number {
    const high = this.next() >>> 6;
    const low = this.next() >>> 6;
    return ((high * 67_108_864 + low) * 2 + 1) * FINE_UNIT;
  }

  /** The next `count` draws into the front of a column; the same numbers as `next` gives. */
  fill(column: Uint32Array, count: number): void {
    let { s0, s1, s2, s3 } = this;
    for (let i = 0; i < count; i++) {
      const scrambled = Math.imul(s1, 5);
      column[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }
}
