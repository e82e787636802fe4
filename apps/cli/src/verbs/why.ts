import type { Command } from 'commander';

/** `wayfare why`: everything about one payment. */
export function registerWhy(program: Command): void {
  program
    .command('why')
    .description('Explain a payment: timeline, deciding records, rates, fees, ledger, queue')
    .argument('<payment>', 'its id, pay_…')
    .option('--json', 'print the explanation as one JSON document')
    .action(async (id: string, options: { json?: boolean }) => {
      const { why } = await import('./why-action.js');
      await why(id, options.json === true);
    });
}
