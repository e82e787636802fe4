import type { Command } from 'commander';
import { progress, wholeFrom, type ProgressStyle } from './run.js';
import { repeated, withSetOption } from './set-option.js';

export interface WhatifOptions {
  readonly fxYear?: number;
  readonly shock: readonly string[];
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly progress: ProgressStyle;
}

/** Adds `wayfare sim whatif`. */
export function registerSimWhatif(sim: Command): void {
  const whatif = sim
    .command('whatif')
    .description('the settlement design: cycles, netting, prefunding, caps, FX provider, rate lock')
    .argument('<scenario>', 'a shipped name, or a file')
    .option('--fx-year <year>', 'play with the rates as they moved in that year', wholeFrom(1999))
    .addOption(
      repeated(
        '--shock <currency=percent>',
        'move a currency all through, e.g. JPY=-8; may be repeated',
      ),
    )
    .option('--json', 'print JSON')
    .option('--progress <style>', 'plain, json or none; a moving line on a terminal', progress);
  withSetOption(whatif)
    .addHelpText(
      'after',
      `
Examples:
  wayfare sim whatif thailand-japan
  wayfare sim whatif thailand-japan --fx-year 2022
  wayfare sim whatif thailand-japan --shock JPY=-8 --json

One thing is changed in each design; the first is the scenario as it is. Played in expectation.
`,
    )
    .action(async (scenario: string, options: WhatifOptions) => {
      const { showDesigns } = await import('./whatif-action.js');
      await showDesigns(scenario, options);
    });
}
