import { invariant } from '#domain/invariant';

/**
 * What a draw is for. Each purpose of each bin has a stream of its own, so that a further draw, a
 * longer bin or another market leaves all other numbers as they were. The numbers are part of what
 * a seed means: add at the end, never renumber.
 */
export const PURPOSE = {
  count: 0,
  /** Spend category and local hour, one draw. */
  kind: 1,
  area: 2,
  wallet: 3,
  /** Which merchant of the cell. */
  place: 4,
  amount: 5,
  /** Whether the shop takes wallets at all. */
  acceptance: 6,
  /** Whether the payer and the wallet carry it through, and whether it is refunded later. */
  conduct: 7,
  /** Milliseconds within the hour. */
  moment: 8,
  outage: 9,
  /** Who of those present pays. */
  payer: 10,
  /** How long the wallet takes to answer. */
  answer: 11,
  /** How long until a refund. */
  refund: 12,
  /** Values of uncertain figures. */
  assumption: 13,
  /** Which way counts are moved to see what chance does to expected values. */
  chance: 14,
} as const;

export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE];

/**
 * Names a bin by what it is, never by its place in a list: a world with one flow more draws the
 * same numbers for all others. Both are whole numbers below 2^32.
 */
export interface BinName {
  /** Of a flow: see `flowCode`. */
  readonly code: number;
  /** Days since 1970-01-01. */
  readonly day: number;
}

/** The start of a stream: the four words that `Xoshiro128` begins with. */
export type StreamKey = readonly [number, number, number, number];

/** A flow's two market codes of two capital letters each, packed into 32 bits without collision. */
export function flowCode(origin: string, destination: string): number {
  const letters = origin + destination;
  invariant(/^[A-Z]{4}$/.test(letters), 'a flow is named by two market codes of two letters');
  let code = 0;
  for (let i = 0; i < 4; i++) code = (code << 8) | letters.charCodeAt(i);
  return code >>> 0;
}

const WORD = 4_294_967_296;

/**
 * The key of the stream of one purpose in one bin of one replication: Philox4x32 with ten rounds,
 * keyed by the seed, applied to (code, day, purpose, replicate). It is a bijection of these four
 * words, so no two streams of a seed begin alike (Salmon et al., SC11).
 *
 * @param seed a whole number from 0 to 2^53 − 1
 */
export function streamKey(
  seed: number,
  replicate: number,
  bin: BinName,
  purpose: Purpose,
): StreamKey {
  invariant(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number below 2^53');
  return philox([bin.code, bin.day, purpose, replicate], [seed % WORD, Math.floor(seed / WORD)]);
}

/** One block of Philox4x32-10; exported for the published test vectors. */
export function philox(counter: StreamKey, key: readonly [number, number]): StreamKey {
  let [c0, c1, c2, c3] = [counter[0] >>> 0, counter[1] >>> 0, counter[2] >>> 0, counter[3] >>> 0];
  let [k0, k1] = [key[0] >>> 0, key[1] >>> 0];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd251_1f53, c0);
    const low0 = Math.imul(0xd251_1f53, c0);
    const high1 = multiplyHigh(0xcd9e_8d57, c2);
    const low1 = Math.imul(0xcd9e_8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + 0x9e37_79b9) >>> 0;
    k1 = (k1 + 0xbb67_ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The upper 32 bits of a product of two 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh] = [a & 0xffff, a >>> 16];
  const [bLow, bHigh] = [b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 65_536);
  const other = aLow * bHigh + (middle % 65_536);
  return aHigh * bHigh + Math.floor(middle / 65_536) + Math.floor(other / 65_536);
}
