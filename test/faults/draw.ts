import { createHash } from 'node:crypto';

/** A number from 0 to 99 that depends on its words alone: the same run draws the same. */
export function drawn(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join('\n')).digest().readUInt32BE(0) % 100;
}

/** Draws again and again, each time another number, in the same order for the same seed. */
export function drawer(seed: string): () => number {
  let draws = 0;
  return () => drawn(seed, (draws += 1));
}
