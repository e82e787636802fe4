import { ExplainedError } from '#platform/explained-error';
import { HEADLINES, type Headlines } from '#simulation/answers/headlines';
import type { Answers } from '#simulation/answers/answers';
import type { Fidelity, Scenario } from '#simulation/scenario';
import type { Samples } from '#simulation/statistics/summarise';
import type { World } from '#simulation/world';
import type { RunParts } from '../runs/kernel-parts.js';

export interface Sampling {
  readonly seed: number;
  readonly replications: number;
}

/** What experiments are made of: played years and expected ones. Tests give their own. */
export interface Player {
  readonly fidelity: Fidelity;
  /**
   * Headlines of each replication. The same seed gives the same travellers in any scenario.
   *
   * @param tell hears how many replications are whole
   */
  sample(
    scenario: Scenario,
    sampling: Sampling,
    tell?: (replicationsDone: number) => void,
  ): Promise<Samples>;
  /** Headlines as they are expected to be; many times faster, for one effect at a time. */
  expect(scenario: Scenario): Promise<Headlines>;
  /** The same with all that stands behind them. */
  answer(scenario: Scenario): Promise<Answers>;
  /** The world alone, for questions that need no play. */
  compile(scenario: Scenario): World;
  /** What a reader should know of how the worlds so far were made, each once. */
  readonly remarks?: () => readonly string[];
}

export interface ExperimentWatch {
  readonly signal?: AbortSignal;
  /** What is being done, and the share of the whole that is. */
  readonly onProgress?: (what: string, share: number) => void;
}

/** A player of the parts that runs are made of. */
export function playerOf(parts: RunParts, fidelity: Fidelity, signal?: AbortSignal): Player {
  const said = new Set<string>();
  const compile = (scenario: Scenario): World => {
    const { world, remarks } = parts.compile(scenario);
    for (const remark of remarks) said.add(remark);
    return world;
  };
  const answer = async (scenario: Scenario): Promise<Answers> => {
    await parts.breathe();
    refuseIfStopped(signal);
    const world = compile(scenario);
    return parts.answer(world, parts.expect(world), {});
  };
  return {
    fidelity,
    compile,
    remarks: () => [...said],
    answer,
    expect: async (scenario) => (await answer(scenario)).headlines,
    sample: async (scenario, { seed, replications }, tell) => {
      refuseIfStopped(signal);
      const world = compile(scenario);
      const samples = new Map<string, number[]>(HEADLINES.map(({ id }) => [id, []]));
      await parts.play(world, {
        seed,
        first: 0,
        count: replications,
        signal,
        onReplication: (_, totals) => {
          const { headlines } = parts.answer(world, totals, {});
          for (const { id } of HEADLINES) samples.get(id)?.push(headlines[id]);
          tell?.(samples.get('payments')?.length ?? 0);
        },
        onPurchases: () => undefined,
      });
      refuseIfStopped(signal);
      return samples;
    },
  };
}

/** Half an experiment compares what was not played alike, so nothing is kept of one. */
function refuseIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new ExplainedError('interrupted; an experiment is only told as a whole', {
      exitCode: 130,
    });
  }
}
