import type { Command } from 'commander';
import { withSetOption } from './set-option.js';

/** Adds `wayfare sim check`. */
export function registerSimCheck(sim: Command): void {
  withSetOption(
    sim
      .command('check')
      .description('read a scenario file and name every fault in it; exit 3 if there is one')
      .argument('<scenario>', 'a shipped name, or a file'),
  )
    .option('--json', 'print JSON')
    .action(
      async (
        scenario: string,
        options: { readonly json?: boolean; readonly set: readonly string[] },
      ) => {
        const { checkScenario } = await import('./check-action.js');
        await checkScenario(scenario, options);
      },
    );
}
