/** Draws that a seed decides, so that a benchmark can be run again by anybody. */
export interface Draws {
  /** A whole number from 0 up to, not including, `below`. */
  readonly below: (below: number) => number;
  /** True in `percent` of a hundred draws. */
  readonly percent: (percent: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  /** A new order of the same items. */
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

/** SplitMix's 32-bit finaliser over a counter: small, well mixed, the same everywhere. */
export function seededDraws(seed: number): Draws {
  let state = seed | 0;
  const next32 = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next32() / 2 ** 32) * limit);
  return {
    below,
    percent: (percent) => below(10_000) < percent * 100,
    pick: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    shuffle: <T>(items: readonly T[]): T[] => {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last--) {
        const at = below(last + 1);
        const swapped = order[last] as T;
        order[last] = order[at] as T;
        order[at] = swapped;
      }
      return order;
    },
  };
}
