import { setImmediate } from 'node:timers/promises';
import { answersOf } from '#simulation/answers/answers-of';
import { sampleAssumptions } from '#simulation/experiments/sample-assumptions';
import { playFast } from '#simulation/fast/play-fast';
import { playFluid } from '#simulation/fluid/play-fluid';
import { OUTCOMES } from '#simulation/outcomes';
import type { Fidelity } from '#simulation/scenario';
import { emptyTotals, type Totals } from '#simulation/totals';
import { compileScenario } from '../figures/index.js';
import type { Play, RunParts } from './kernel-parts.js';

/** The real parts: shipped figures, and the kernel of a fidelity. */
export function shippedParts(fidelity: Fidelity, _jobs: number): RunParts {
  return {
    compile: compileScenario,
    play: kernelOf(fidelity),
    answer: (world, totals, watch) => answersOf(world, totals, {}, watch),
    expect: (world) => playFluid(world).totals,
    draw: (scenario, count, seed) => sampleAssumptions(scenario, count, seed),
    breathe: () => setImmediate(),
  };
}

function kernelOf(fidelity: Fidelity): Play {
  switch (fidelity) {
    case 'fast':
    case 'exact':
      return playHere((world, seed, replicate) => {
        const totals = emptyTotals(world);
        playFast(world, { seed, replicate }, totals);
        return totals;
      });
    case 'fluid':
      return playHere((world) => playFluid(world).totals);
  }
}

type PlayOne = (world: Parameters<Play>[0], seed: number, replication: number) => Totals;

/** Plays replications one after the other in this thread. */
function playHere(playOne: PlayOne): Play {
  return async (world, { seed, first, count, signal, onReplication, onPurchases }) => {
    for (let replication = first; replication < first + count; replication++) {
      await setImmediate();
      if (signal?.aborted === true) return;
      const totals = playOne(world, seed, replication);
      let purchases = 0;
      for (let cell = 0; cell < world.flows.length * OUTCOMES.length; cell++) {
        purchases += totals.outcomes[cell] ?? 0;
      }
      onPurchases(purchases);
      onReplication(replication, totals);
    }
  };
}
