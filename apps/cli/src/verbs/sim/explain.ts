import type { Command } from 'commander';
import { withSetOption } from './set-option.js';

/** Adds `wayfare sim explain`. */
export function registerSimExplain(sim: Command): void {
  withSetOption(
    sim
      .command('explain')
      .description('what a scenario assumes, in sentences, and where each figure comes from')
      .argument('<scenario>', 'a shipped name, or a file'),
  )
    .option('--all', 'also figures of origins and wallets that it does not play')
    .option('--json', 'print JSON')
    .action(
      async (
        scenario: string,
        options: {
          readonly all?: boolean;
          readonly json?: boolean;
          readonly set: readonly string[];
        },
      ) => {
        const { explainScenario } = await import('./explain-action.js');
        explainScenario(scenario, options);
      },
    );
}
