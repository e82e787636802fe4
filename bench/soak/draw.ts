/**
 * A small generator with a 32-bit state (Mulberry32). One seed makes one schedule, so that a run
 * that found something can be run again.
 *
 * @returns a function that draws a whole number from 0 up to, not including, its argument
 */
export function drawer(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) % limit;
  };
}

export function pick<T>(items: readonly T[], below: (limit: number) => number): T {
  const item = items[below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
