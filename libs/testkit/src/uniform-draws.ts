/** A small generator for tests alone: xorshift, uniform in (0,1), independent of the kernels' own. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4_294_967_296;
  };
}
