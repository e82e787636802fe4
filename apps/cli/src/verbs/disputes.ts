import type { Command } from 'commander';

export interface DisputesOptions {
  readonly payment?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Adds `wayfare disputes [id]`. What it does is loaded when it is called. */
export function registerDisputes(program: Command): void {
  program
    .command('disputes')
    .summary('retrievals and escalations')
    .description('retrievals and escalations that are open, newest first, or one with its timeline')
    .argument('[id]', 'of one dispute, e.g. dsp_01ks…')
    .option('--payment <id>', 'of one payment')
    .option('--all', 'ended ones too')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: DisputesOptions) => {
      const { listDisputes, showDispute } = await import('./disputes-action.js');
      if (id === undefined) await listDisputes(options);
      else await showDispute(id, options.json === true);
    });
}
