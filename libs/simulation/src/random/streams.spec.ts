import { flowCode, philox, PURPOSE, streamKey } from '#simulation/random/stream-key';
import { unitOf, Xoshiro128 } from '#simulation/random/xoshiro128';

/**
 * Goal: a stream is named by what it is for, and streams have nothing to do with one another.
 * Method: published vectors of Philox, the reference recurrence of xoshiro128** in whole numbers,
 * and correlations of neighbouring streams under a fixed seed.
 */
const BIN = { code: flowCode('TH', 'JP'), day: 20_000 };

it.each([
  // Random123 1.14, kat_vectors, philox4x32 10
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as [[number, number, number, number], [number, number], number[]][])(
  'Philox of %j under %j is as published',
  (counter, key, expected) => {
    expect(philox(counter, key)).toEqual(expected);
  },
);

/** The reference code of xoshiro128** 1.1, on unsigned whole numbers. */
function* reference(key: readonly number[]): Generator<number> {
  const word = 0xffff_ffffn;
  const turn = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & word;
  let [a = 0n, b = 0n, c = 0n, d = 0n] = key.map((value) => BigInt(value));
  for (;;) {
    yield Number((turn((b * 5n) & word, 7n) * 9n) & word);
    const shifted = (b << 9n) & word;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = turn(d, 11n);
  }
}

it('draws what the reference generator draws, one by one and in blocks of any size', () => {
  const key = streamKey(7, 0, BIN, PURPOSE.amount);
  const wanted = reference(key);
  const [single, blocks] = [new Xoshiro128(key), new Xoshiro128(key)];
  const column = new Uint32Array(64);
  for (const size of [1, 3, 64, 7, 20]) {
    blocks.fill(column, size);
    for (let i = 0; i < size; i++) {
      const expected = wanted.next().value as number;
      expect(single.next()).toBe(expected);
      expect(column[i]).toBe(expected);
    }
  }
});

it('never starts from the state it could not leave', () => {
  const stuck = new Xoshiro128([0, 0, 0, 0]);
  const draws = Array.from({ length: 8 }, () => stuck.next());
  expect(new Set(draws).size).toBeGreaterThan(4);
});

it('keeps units strictly between 0 and 1', () => {
  expect(unitOf(0)).toBeGreaterThan(0);
  expect(unitOf(0xffff_ffff)).toBeLessThan(1);
});

it('gives every seed, replication, flow, day and purpose a stream of its own', () => {
  const keys = new Set<string>();
  let asked = 0;
  for (const seed of [0, 7, 2 ** 40]) {
    for (const replicate of [0, 1]) {
      for (const code of [BIN.code, flowCode('KR', 'JP')]) {
        for (const day of [20_000, 20_001]) {
          for (const purpose of Object.values(PURPOSE)) {
            keys.add(streamKey(seed, replicate, { code, day }, purpose).join());
            asked += 1;
          }
        }
      }
    }
  }
  expect(keys.size).toBe(asked);
  expect(() => flowCode('Thailand', 'JP')).toThrow('two letters');
  expect(() => streamKey(0.5, 0, BIN, PURPOSE.count)).toThrow('whole number');
});

it('neighbouring streams are uncorrelated, and each is even', () => {
  const draws = 20_000;
  const streams = [0, 1, 2, 3].map((replicate) => {
    const source = new Xoshiro128(streamKey(1, replicate, BIN, PURPOSE.kind));
    return Float64Array.from({ length: draws }, () => unitOf(source.next()) - 0.5);
  });
  for (const [i, a] of streams.entries()) {
    const cells = new Float64Array(64);
    for (const x of a) cells[Math.floor((x + 0.5) * 64)]! += 1;
    const expected = draws / 64;
    const chiSquare = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(113); // 63 degrees of freedom, one in 10,000
    for (const b of streams.slice(i + 1)) {
      const products = a.map((x, k) => x * (b[k] ?? 0));
      const correlation = (12 * products.reduce((sum, x) => sum + x, 0)) / draws;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(draws));
    }
  }
});
