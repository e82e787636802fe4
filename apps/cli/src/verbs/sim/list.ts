import type { Command } from 'commander';

/** Adds `wayfare sim list`. */
export function registerSimList(sim: Command): void {
  sim
    .command('list')
    .description('the scenarios that ship, by name')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { listScenarios } = await import('./list-action.js');
      listScenarios(options.json === true);
    });
}
