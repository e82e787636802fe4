import type { Command } from 'commander';

/** Adds `wayfare sim schema`. */
export function registerSimSchema(sim: Command): void {
  sim
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors and other tools')
    .action(async () => {
      const { printScenarioSchema } = await import('./schema-action.js');
      printScenarioSchema();
    });
}
