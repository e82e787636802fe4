import type { Command } from 'commander';
import {
  fidelity,
  MOST_REPLICATIONS,
  MOST_THREADS,
  progress,
  wholeFrom,
  type ProgressStyle,
} from './run.js';
import { withSetOption } from './set-option.js';

/** What every experiment lets a person choose. */
export interface ExperimentOptions {
  readonly seed: number;
  readonly reps?: number;
  readonly jobs?: number;
  readonly fidelity?: 'exact' | 'fast' | 'fluid';
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim compare`. */
export function registerSimCompare(sim: Command): void {
  const compare = sim
    .command('compare')
    .description('two scenarios with the same random numbers: what differs, how surely, and why')
    .argument('<base>', 'a shipped name, or a file')
    .argument('<other>', 'a shipped name, or a file');
  withExperimentOptions(compare)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim compare thailand-japan yen-down-8
  wayfare sim compare thailand-japan thailand-japan-ten-more-wallets
  wayfare sim compare thailand-japan my-plan.yaml --fidelity fluid --json

Both are played with the same seed, so the same travellers meet the same luck in both, and the
interval is that of the difference. --set changes both.
`,
    )
    .action(async (base: string, other: string, options: ExperimentOptions) => {
      const { compareSimulations } = await import('./compare-action.js');
      await compareSimulations(base, other, options);
    });
}

export function withExperimentOptions(command: Command): Command {
  return withSetOption(
    command
      .option('--seed <number>', 'start of all random numbers', wholeFrom(0), 7)
      .option('--reps <n>', 'replications of each', wholeFrom(2, MOST_REPLICATIONS))
      .option(
        '--jobs <n>',
        'threads; the result is the same for any number',
        wholeFrom(1, MOST_THREADS),
      )
      .option('--fidelity <kernel>', 'exact, fast or fluid', fidelity)
      .option('--json', 'print JSON')
      .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress),
  );
}
