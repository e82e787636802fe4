import { InvalidArgumentError, type Command } from 'commander';
import { wholeFrom } from './run.js';
import { withSetOption } from './set-option.js';

export interface ReplayOptions {
  readonly day: string;
  readonly speed: number;
  readonly limit: number;
  readonly seed: number;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** Adds `wayfare sim replay`. */
export function registerSimReplay(sim: Command): void {
  const replay = sim
    .command('replay')
    .description('send a simulated day through the hub that is running, at a speed you choose')
    .argument('<scenario>', 'a shipped name, or a file')
    .requiredOption('--day <date>', 'the day, e.g. 2025-05-03', dateOf)
    .option('--speed <factor>', 'simulated seconds in a second', factor, 60)
    .option('--limit <n>', 'stop after so many payments', wholeFrom(1), 500)
    .option('--seed <number>', 'start of all random numbers', wholeFrom(0), 7)
    .option('--json', 'print what came of it as JSON');
  withSetOption(replay)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim replay thailand-japan --day 2025-05-03
  wayfare sim replay thailand-japan --day 2025-05-03 --speed 600 --limit 50 --json

Needs a running hub with its simulated partners: start one with npm start.
`,
    )
    .action(async (scenario: string, options: ReplayOptions) => {
      const { replayDay } = await import('./replay-action.js');
      await replayDay(scenario, options);
    });
}

function dateOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('Give a date such as 2025-05-03.');
  }
  return text;
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6)) {
    throw new InvalidArgumentError('Give how many times faster than life, such as 60.');
  }
  return value;
}
