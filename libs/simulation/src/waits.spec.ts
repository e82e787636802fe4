import { countWait, waitQuantile, waitsOf, WAIT_BINS, WAIT_ENDS } from './waits.js';

// Goal: counts by bin tell how long waits were, to within a 2048th, whatever their size.
// Method: lists of waits of which every quantile is known without any counting.

const empty = (): Float64Array => new Float64Array(WAIT_ENDS.length * WAIT_BINS);

function counted(answered: readonly number[], cancelled: readonly number[] = []): Float64Array {
  const waits = empty();
  for (const ms of answered) countWait(waits, 'answered', ms);
  for (const ms of cancelled) countWait(waits, 'cancelled', ms);
  return waits;
}

it.each([0, 1, 99, 4_095, 4_096, 4_097, 8_191, 8_192, 12_000, 818_000, 8_388_607])(
  'knows a wait of %d ms again, to within a 2048th and half a millisecond',
  (ms) => {
    const waits = counted(Array.from({ length: 5 }, () => ms));
    for (const share of [0.01, 0.5, 0.95, 1]) {
      const found = waitQuantile(waits, ['answered'], share);
      expect(Math.abs(found - ms)).toBeLessThanOrEqual(Math.max(0.5, ms / 2_048));
    }
  },
);

it('puts quantiles of waits spread evenly where they are', () => {
  const evenly = counted(Array.from({ length: 10_000 }, (_, ms) => ms));
  for (const share of [0.001, 0.5, 0.95, 0.99]) {
    // Of whole milliseconds from 0 to 9,999, each taken as half of one on either side.
    expect(waitQuantile(evenly, ['answered'], share)).toBeCloseTo(share * 10_000 - 0.5, 6);
  }
});

it('takes ends apart and together', () => {
  const waits = counted(
    Array.from({ length: 90 }, () => 100),
    Array.from({ length: 10 }, () => 200),
  );
  expect([waitsOf(waits, 'answered'), waitsOf(waits, 'cancelled')]).toEqual([90, 10]);
  expect(waitQuantile(waits, ['answered'], 0.99)).toBeCloseTo(100, 0);
  expect(waitQuantile(waits, WAIT_ENDS, 0.89)).toBeCloseTo(100, 0);
  expect(waitQuantile(waits, WAIT_ENDS, 0.95)).toBeCloseTo(200, 0);
});

it('is the same quantile for the mean of many counts', () => {
  const [one, two] = [counted([5, 70, 900]), counted([11_000, 130_000])];
  const sum = one.map((count, at) => count + (two[at] ?? 0));
  const mean = sum.map((count) => count / 3);
  for (const share of [0.1, 0.5, 0.99]) {
    const found = waitQuantile(mean, ['answered'], share);
    expect(found).toBeCloseTo(waitQuantile(sum, ['answered'], share), 6);
  }
});

it('refuses what no hub waits for, and a quantile of nothing', () => {
  expect(() => countWait(empty(), 'answered', 8_388_608)).toThrow('before the hub gives up');
  expect(() => countWait(empty(), 'answered', -1)).toThrow('before the hub gives up');
  expect(() => waitQuantile(empty(), ['answered'], 0.5)).toThrow('that were counted');
});
