import { InvalidArgumentError, Option, type Command } from 'commander';
import { HEADLINE_HELP } from './headline-help.js';
import {
  fidelity,
  MOST_REPLICATIONS,
  MOST_THREADS,
  progress,
  wholeFrom,
  type ProgressStyle,
} from './run.js';
import { repeated } from './set-option.js';

export interface SweepOptions {
  readonly set: readonly string[];
  readonly lhs?: number;
  readonly headline: readonly string[];
  readonly seed: number;
  readonly reps?: number;
  readonly jobs?: number;
  readonly fidelity?: 'exact' | 'fast' | 'fluid';
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim sweep`. */
export function registerSimSweep(sim: Command): void {
  sim
    .command('sweep')
    .description('a scenario with figures moved along axes: every combination, or a hypercube')
    .argument('<scenario>', 'a shipped name, or a file')
    .addOption(
      repeated(
        '--set <path=lo..hi:steps>',
        'an axis, e.g. fx.markupBps=20..100:5; path=value holds one still; may be repeated',
      ),
    )
    .option(
      '--lhs <n>',
      'a Latin hypercube of n points instead of every combination',
      wholeFrom(1, MOST_POINTS),
    )
    .addOption(
      new Option('--headline <ids>', 'columns to show, by comma')
        .default(DEFAULT_COLUMNS, DEFAULT_COLUMNS.join(','))
        .argParser(list),
    )
    .option('--seed <number>', 'start of all random numbers', wholeFrom(0), 7)
    .option('--fidelity <kernel>', 'exact, fast or fluid (the default)', fidelity)
    .option(
      '--reps <n>',
      'replications of each point, where chance is played',
      wholeFrom(2, MOST_REPLICATIONS),
    )
    .option(
      '--jobs <n>',
      'threads; the result is the same for any number',
      wholeFrom(1, MOST_THREADS),
    )
    .option('--csv', 'print CSV, all headlines')
    .option('--json', 'print JSON, all headlines')
    .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim sweep thailand-japan --set fx.markupBps=20..100:5
  wayfare sim sweep yen-down-8 --set shocks.0.percent=-12..0:4 --headline valueUsd,payments
  wayfare sim sweep thailand-japan --set fees.mdrBps=100..300:3 --set acceptance.scalePercent=85..105:3 --csv
${HEADLINE_HELP}`,
    )
    .action(async (scenario: string, options: SweepOptions) => {
      const { sweepSimulation } = await import('./sweep-action.js');
      await sweepSimulation(scenario, options);
    });
}

/** More than a person reads, and than an hour plays. */
export const MOST_POINTS = 10_000;
const DEFAULT_COLUMNS = ['payments', 'valueUsd', 'hubRevenueUsd', 'liquidityUsd'];

function list(text: string): readonly string[] {
  const ids = text.split(',').map((word) => word.trim());
  if (ids.some((id) => id === '')) throw new InvalidArgumentError('Give ids with commas between.');
  return ids;
}
