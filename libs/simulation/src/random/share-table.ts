import { invariant } from '#domain/invariant';

const WORDS = 4_294_967_296;

/** In `slots`: several outcomes share the slot, so the edges decide. */
export const STRADDLED = 0xffff;

/**
 * Picks one of many outcomes by weight, exact to 2^-32, with one look-up for most draws.
 *
 * It inverts the cumulative distribution, so a greater draw never gives an earlier outcome: when
 * two scenarios differ a little in their weights, equal draws mostly pick equal outcomes, and
 * their difference is not drowned in noise. (An alias table is as fast and scrambles that.)
 */
export interface ShareTable {
  /** By the upper bits of a draw: the outcome, or `STRADDLED`. */
  readonly slots: Uint16Array;
  /** `draw >>> shift` is the slot. */
  readonly shift: number;
  /** Draws below `edges[i]`, and not below the edge before, pick outcome i. */
  readonly edges: Float64Array;
}

/**
 * @param weights not negative, not all zero, at most 65,534 of them
 * @param slotBits how many upper bits have a slot; more slots, fewer straddled
 */
export function shareTable(weights: ArrayLike<number>, slotBits = 10): ShareTable {
  invariant(weights.length > 0 && weights.length < STRADDLED, 'a table needs 1 to 65,534 weights');
  const edges = cumulativeEdges(weights);
  const slots = new Uint16Array(2 ** slotBits);
  const width = WORDS / slots.length;
  let outcome = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    while ((edges[outcome] ?? WORDS) <= slot * width) outcome += 1;
    slots[slot] = (edges[outcome] ?? WORDS) >= (slot + 1) * width ? outcome : STRADDLED;
  }
  return { slots, shift: 32 - slotBits, edges };
}

function cumulativeEdges(weights: ArrayLike<number>): Float64Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    invariant(weight >= 0 && weight < Infinity, 'a weight is a number that is not negative');
    total += weight;
  }
  invariant(total > 0, 'weights must not all be zero');
  const edges = new Float64Array(weights.length);
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    sum += weight;
    if (weight > 0) last = i;
    edges[i] = Math.floor((sum / total) * WORDS + 0.5);
  }
  // Whatever the sum lost to rounding must not fall to an outcome that weighs nothing.
  for (let i = last; i < edges.length; i++) edges[i] = WORDS;
  return edges;
}

/** The outcome of a draw of 32 bits. */
export function pickShare(table: ShareTable, word: number): number {
  const outcome = table.slots[word >>> table.shift] ?? STRADDLED;
  return outcome === STRADDLED ? searchEdges(table.edges, word) : outcome;
}

/** The first outcome whose edge lies above the draw. */
export function searchEdges(edges: Float64Array, word: number): number {
  let [low, high] = [0, edges.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (word < (edges[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
