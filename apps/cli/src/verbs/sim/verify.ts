import type { Command } from 'commander';
import { MOST_THREADS, wholeFrom } from './run.js';

/** Adds `wayfare sim verify`. */
export function registerSimVerify(sim: Command): void {
  sim
    .command('verify')
    .description('check the files of a run, play it again and compare; exits 1 if anything differs')
    .argument('<run>', 'folder that `sim run --out` wrote')
    .option(
      '--jobs <n>',
      'threads; the result is the same for any number',
      wholeFrom(1, MOST_THREADS),
    )
    .option('--json', 'print JSON')
    .action(
      async (folder: string, options: { readonly jobs?: number; readonly json?: boolean }) => {
        const { verifySimulation } = await import('./verify-action.js');
        await verifySimulation(folder, options);
      },
    );
}
