import { randomFillSync } from 'node:crypto';
import { makeId } from '#domain/ids';

/** Ids enter at the edge like time does: rules get them as arguments. */
export interface IdSource {
  /**
   * @param prefix e.g. `pay_`
   * @param atMs UTC milliseconds; ids sort by it
   */
  next<P extends string>(prefix: P, atMs: number): `${P}${string}`;
}

/** Under this token Nest hands out the process's id source. */
export const ID_SOURCE = Symbol('IdSource');

const BYTES_PER_ID = 10;
const IDS_PER_REFILL = 400;

/** Unguessable ids. Random bytes are fetched in bulk: one call each would cost more than the id. */
export function randomIds(): IdSource {
  const pool = new Uint8Array(BYTES_PER_ID * IDS_PER_REFILL);
  let used = pool.length;
  return {
    next: (prefix, atMs) => {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      used += BYTES_PER_ID;
      return makeId(prefix, atMs, pool.subarray(used - BYTES_PER_ID, used));
    },
  };
}

/** The same ids in the same order for the same seed: for tests and replays, never for real ones. */
export function seededIds(seed: number): IdSource {
  const bytes = new Uint8Array(BYTES_PER_ID);
  const next32 = splitMix32(seed);
  return {
    next: (prefix, atMs) => {
      for (let i = 0; i < BYTES_PER_ID; i++) bytes[i] = next32() & 0xff;
      return makeId(prefix, atMs, bytes);
    },
  };
}

/** SplitMix's 32-bit finaliser: tiny, well mixed from the first value on, any seed will do. */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
