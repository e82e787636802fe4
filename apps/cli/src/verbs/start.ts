import type { Command } from 'commander';

/** `wayfare start`: the hub and its simulated partners, with one payment shown, until Ctrl-C. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Start the hub and its simulated partners, show one payment, keep serving')
    .option('--no-story', 'start without showing a payment')
    .action(async (options: { story: boolean }) => {
      const { start } = await import('./start-action.js');
      await start(options);
    });
}
