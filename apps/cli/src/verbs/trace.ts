import type { Command } from 'commander';

/** Adds `wayfare trace`. What it does is loaded when it is called. */
export function registerTrace(program: Command): void {
  program
    .command('trace')
    .description(
      'The way of a payment through processes, queue, books, settlement and files, with its trace\n' +
        'id, from what the database knows; a collector is not needed.',
    )
    .argument('<payment>', 'its id, pay_…')
    .option('--json', 'print {paymentId, traceId, cycleId, steps}')
    .action(async (payment: string, options: { readonly json?: boolean }) => {
      const { tellTrace } = await import('./trace-action.js');
      await tellTrace(payment, options.json === true);
    });
}
