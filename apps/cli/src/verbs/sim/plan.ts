import { InvalidArgumentError, Option, type Command } from 'commander';
import { progress, wholeFrom, type ProgressStyle } from './run.js';
import { repeated, withSetOption } from './set-option.js';

export const STEP_KINDS = ['wallet', 'market', 'segment', 'link'] as const;
type StepKind = (typeof STEP_KINDS)[number];

export interface PlanOptions {
  readonly pick: number;
  readonly budget?: number;
  readonly kinds: readonly StepKind[];
  readonly cost: readonly string[];
  readonly top: number;
  readonly seed: number;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim plan`. */
export function registerSimPlan(sim: Command): void {
  const plan = sim
    .command('plan')
    .description('which next wallet, market, kind of shops or link adds most, and the best set')
    .argument('<scenario>', 'a shipped name, or a file')
    .option('--pick <k>', 'steps in the best set, at most', wholeFrom(1), 3)
    .option('--budget <points>', 'what the set may cost; no limit if left out', wholeFrom(1))
    .addOption(
      new Option('--kinds <list>', `of steps: ${STEP_KINDS.join(', ')}`)
        .default(STEP_KINDS, 'all')
        .argParser(kinds),
    )
    .addOption(
      repeated(
        '--cost <kind=points>',
        'what a step costs: wallet 3, market 5, segment 2, link 1; may be repeated',
      ),
    )
    .option('--top <n>', 'steps to list', wholeFrom(1), 12)
    .option('--seed <number>', 'start of the draws of uncertain figures', wholeFrom(0), 7)
    .option('--json', 'print JSON, all steps')
    .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress);
  withSetOption(plan)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim plan thailand-japan
  wayfare sim plan all-asia-japan-2024 --pick 4 --budget 12
  wayfare sim plan thailand-japan --kinds wallet,link

Reachable spending: at counters, by travellers who would like to pay with a wallet that the network
has there, in shops that take it. Wallets of one origin share its travellers, so a set is worth
less than the sum of its steps; shops and wallets need each other, so it may be worth more.
`,
    )
    .action(async (scenario: string, options: PlanOptions) => {
      const { showPlan } = await import('./plan-action.js');
      await showPlan(scenario, options);
    });
}

function kinds(text: string): readonly StepKind[] {
  return text.split(',').map((word) => {
    const found = STEP_KINDS.find((kind) => kind === word.trim());
    if (found === undefined) {
      throw new InvalidArgumentError(`Give some of ${STEP_KINDS.join(', ')}.`);
    }
    return found;
  });
}
