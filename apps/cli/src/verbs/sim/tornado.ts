import type { Command } from 'commander';
import { HEADLINE_HELP } from './headline-help.js';
import { progress, wholeFrom, type ProgressStyle } from './run.js';
import { withSetOption } from './set-option.js';

export interface TornadoOptions {
  readonly headline: string;
  readonly top: number;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim tornado`. */
export function registerSimTornado(sim: Command): void {
  const tornado = sim
    .command('tornado')
    .description('which figures matter: each at both ends of its range, the others as stated')
    .argument('<scenario>', 'a shipped name, or a file')
    .option('--headline <id>', 'the figure that is watched', 'valueUsd')
    .option('--top <n>', 'bars to show', wholeFrom(1), 15)
    .option('--json', 'print JSON, all bars')
    .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress);
  withSetOption(tornado)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim tornado thailand-japan
  wayfare sim tornado thailand-japan --headline hubRevenueUsd --top 5

A figure without a range is moved by a tenth either way, and marked ±10 %. Played in expectation
(fluid), so no luck is in the bars.
${HEADLINE_HELP}`,
    )
    .action(async (scenario: string, options: TornadoOptions) => {
      const { showTornado } = await import('./tornado-action.js');
      await showTornado(scenario, options);
    });
}
