import { setImmediate } from 'node:timers/promises';
import { answersOf } from '#simulation/answers/answers-of';
import { sampleAssumptions } from '#simulation/experiments/sample-assumptions';
import { FluidChance } from '#simulation/fluid/fluid-chance';
import { playFluid } from '#simulation/fluid/play-fluid';
import type { Fidelity } from '#simulation/scenario';
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
    answer: answersOf,
    expect: (world) => playFluid(world).totals,
    ...(fidelity === 'fluid' ? { chance: (world) => new FluidChance(world) } : {}),
    draw: (scenario, count, seed) => sampleAssumptions(scenario, count, seed),
    breathe: () => setImmediate(),
  };
}

function kernelOf(fidelity: Fidelity, jobs: number): Play {
  switch (fidelity) {
    case 'fast':
    case 'exact':
      return (world, { onReplication, onPurchases, ...options }) =>
        playReplications(
          world,
          { ...options, kernel: fidelity, jobs },
          { onReplication, onPurchases },
        );
    case 'fluid':
      return playFluidHere;
  }
}

/** Expected values need no replications; the one there is stands for all. */
const playFluidHere: Play = async (world, { first, signal, onReplication }) => {
  await setImmediate();
  if (signal?.aborted === true) return;
  onReplication(first, playFluid(world).totals);
};
