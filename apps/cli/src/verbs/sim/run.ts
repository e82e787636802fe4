import { InvalidArgumentError, Option, type Command } from 'commander';
import { withSetOption } from './set-option.js';

/** What commander hands over; each is checked here, so that a typo ends with exit code 2. */
export interface RunOptions {
  readonly seed: number;
  readonly reps?: number;
  readonly untilRelError?: number;
  readonly draws: number;
  readonly jobs?: number;
  readonly fidelity?: 'exact' | 'fast' | 'fluid';
  readonly set: readonly string[];
  readonly out?: string;
  readonly format: readonly string[];
  readonly against?: string;
  readonly tornado?: string;
  readonly json?: boolean;
  readonly progress: ProgressStyle;
  readonly distributed?: boolean;
  readonly hub?: string;
  readonly keyFile?: string;
}

export type ProgressStyle = 'auto' | 'plain' | 'json' | 'none';

/** Adds `wayfare sim run`. */
export function registerSimRun(sim: Command): void {
  const run = sim
    .command('run')
    .description('play a scenario and sum it up, every figure with a 95 % interval')
    .argument('<scenario>', 'a shipped name, or a file')
    .option('--seed <number>', 'start of all random numbers', wholeFrom(0), 7)
    .option(
      '--reps <n>',
      'replications; the scenario’s own number if left out',
      wholeFrom(1, MOST_REPLICATIONS),
    )
    .option(
      '--until-rel-error <share>',
      'go on until every headline is this sure, e.g. 0.01',
      share,
    )
    .option('--draws <n>', 'draws of uncertain assumptions, 0 to leave them out', draws, DRAWS)
    .option(
      '--jobs <n>',
      'threads; the result is the same for any number',
      wholeFrom(1, MOST_THREADS),
    )
    .option('--fidelity <kernel>', 'exact, fast or fluid; the scenario’s own if left out', fidelity)
    .option('--out <folder>', 'keep the run there: tables, dictionary, manifest, report')
    .addOption(
      new Option('--format <list>', `of what to keep: ${FORMATS.join(', ')}`)
        .default(['csv', 'html'], 'csv,html')
        .argParser(formats),
    )
    .option('--against <scenario>', 'in the report: compare with another scenario')
    .option('--tornado <headline>', 'in the report: what a headline depends on, e.g. valueUsd')
    .option('--distributed', 'have the workers of the running hub play it; the result is the same')
    .option('--hub <url>', 'with --distributed: another hub than the one on this data folder')
    .option('--key-file <file>', 'with --distributed: file with the key to act with')
    .option('--json', 'print the run as JSON')
    .option('--progress <style>', 'plain, json or none; a line that moves on a terminal', progress);
  withSetOption(run)
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, options: RunOptions) => {
      if (options.distributed === true) {
        const { runDistributed } = await import('./queued-runs-action.js');
        await runDistributed(scenario, options);
        return;
      }
      const { runSimulation } = await import('./run-action.js');
      await runSimulation(scenario, options);
    });
}

const DRAWS = 32;
const MOST_DRAWS = 1_000;
/** As a scenario file and the hub allow. */
export const MOST_REPLICATIONS = 10_000;
/** More than any machine has cores; each thread takes memory before it plays. */
export const MOST_THREADS = 256;
const FORMATS = ['csv', 'parquet', 'arrow', 'json', 'html'];

const EXAMPLES = `
Examples:
  wayfare sim run thailand-japan
  wayfare sim run thailand-japan --until-rel-error 0.01 --jobs 2
  wayfare sim run all-asia-japan-2024 --reps 1 --out asia --format parquet,html
  wayfare sim run thailand-japan --out trip --against yen-down-8 --tornado valueUsd
  wayfare sim run thailand-japan --set fx.markupBps=80 --json
  wayfare sim run thailand-japan --distributed

The same scenario, seed and replications give the same result hash on any machine.
`;

/** A whole number, neither below `least` nor above `most`. */
export function wholeFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !(value >= least && value <= most)) {
      const words = `Give a whole number from ${String(least)} to ${String(most)}.`;
      throw new InvalidArgumentError(words);
    }
    return value;
  };
}

/** One draw tells nothing of what draws do, so there are none, or two and more. */
function draws(text: string): number {
  const value = wholeFrom(0, MOST_DRAWS)(text);
  if (value === 1) throw new InvalidArgumentError('Give 0, or 2 and more: one draw has no spread.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) {
    throw new InvalidArgumentError('Give a share between 0 and 1, such as 0.01 for 1 %.');
  }
  return value;
}

const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
    return found;
  };

export const fidelity = oneOf(['exact', 'fast', 'fluid']);
export const progress = oneOf(['plain', 'json', 'none']);

function formats(text: string): readonly string[] {
  return [...new Set(text.split(',').map((word) => oneOf(FORMATS)(word.trim())))];
}
