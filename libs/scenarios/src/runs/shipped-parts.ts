import { setImmediate } from 'node:timers/promises';
import { answersOf } from '#simulation/answers/answers-of';
import { playExact } from '#simulation/exact/play-exact';
import { sampleAssumptions } from '#simulation/experiments/sample-assumptions';
import { playFluid } from '#simulation/fluid/play-fluid';
import type { Fidelity } from '#simulation/scenario';
import { emptyTotals } from '#simulation/totals';
import { compileScenario } from '../figures/index.js';
import { playReplications } from '../workers/index.js';
import type { Play, RunParts } from './kernel-parts.js';

/**
 * The real parts: shipped figures, and the kernel of a fidelity.
 *
 * @param jobs threads, which change how long a run takes and nothing else
 */
export function shippedParts(fidelity: Fidelity, jobs: number): RunParts {
  return {
    compile: compileScenario,
    play: kernelOf(fidelity, jobs),
    answer: (world, totals, watch) => answersOf(world, totals, {}, watch),
    expect: (world) => playFluid(world).totals,
    draw: (scenario, count, seed) => sampleAssumptions(scenario, count, seed),
    breathe: () => setImmediate(),
  };
}

function kernelOf(fidelity: Fidelity, jobs: number): Play {
  switch (fidelity) {
    case 'fast':
      return (world, { onReplication, onPurchases, ...options }) =>
        playReplications(world, { ...options, jobs }, { onReplication, onPurchases });
    case 'exact':
      return playExactHere;
    case 'fluid':
      return playFluidHere;
  }
}

/** Payment by payment in this thread: it looks up between replications only. */
const playExactHere: Play = async (world, options) => {
  const { seed, first, count, signal, onReplication, onPurchases } = options;
  for (let replicate = first; replicate < first + count; replicate++) {
    await setImmediate();
    if (signal?.aborted === true) return;
    const totals = emptyTotals(world);
    const report = playExact(world, { seed, replicate }, totals);
    onPurchases(report?.purchases ?? 0);
    onReplication(replicate, totals);
  }
};

/** Expected values need no replications; the one there is stands for all. */
const playFluidHere: Play = async (world, { first, signal, onReplication }) => {
  await setImmediate();
  if (signal?.aborted === true) return;
  onReplication(first, playFluid(world).totals);
};
