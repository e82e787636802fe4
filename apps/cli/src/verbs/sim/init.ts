import type { Command } from 'commander';

/** Adds `wayfare sim init`. */
export function registerSimInit(sim: Command): void {
  sim
    .command('init')
    .description('write a commented scenario file to start from; never overwrites one')
    .argument('[name]', 'of the scenario; the file is <name>.yaml', 'my-scenario')
    .option('--from <scenario>', 'the scenario it changes', 'thailand-japan')
    .action(async (name: string, options: { readonly from: string }) => {
      const { initScenario } = await import('./init-action.js');
      initScenario(name, options.from);
    });
}
