import type { Command } from 'commander';

interface OutputOptions {
  readonly json?: boolean;
}

/** Adds `wayfare cycles …`. What each verb does is loaded when it is called. */
export function registerCycles(program: Command): void {
  const cycles = program
    .command('cycles')
    .summary('clearing cycles: how far each has come, and what it waits for')
    .description(
      'Clearing cycles, newest first. A cycle is open, then closed (its members are fixed), then\n' +
        'final (nothing in it changes any more). They turn by themselves while a hub or a worker\n' +
        'runs; close and finalise do the same now, and say what stands in the way.',
    );
  cycles
    .command('list', { isDefault: true })
    .description('the latest cycles')
    .option('--limit <number>', 'how many', '20')
    .option('--json', 'print {items: [cycle]}')
    .action(async (options: OutputOptions & { readonly limit: string }) => {
      const { listThem } = await import('./cycles-actions.js');
      await listThem(options.limit, options.json === true);
    });
  cycles
    .command('show')
    .description('one cycle, and everything it waits for before it is final')
    .argument('<id>', 'e.g. cyc_20261121')
    .option('--json', 'print the cycle as JSON')
    .action(async (id: string, options: OutputOptions) => {
      const { showOne } = await import('./cycles-actions.js');
      await showOne(id, options.json === true);
    });
  cycles
    .command('close')
    .description('close what has ended and number its members; exits 1 if payments are in the way')
    .option('--json', 'print {closed, numbered, gaveWay}')
    .action(async (options: OutputOptions) => {
      const { closeDue } = await import('./cycles-actions.js');
      if (!(await closeDue(options.json === true))) process.exitCode = 1;
    });
  cycles
    .command('finalise')
    .description('make final what can be; exits 1 if a cycle whose time has come has to wait')
    .option('--json', 'print {final, waiting: {cycle: why}}')
    .action(async (options: OutputOptions) => {
      const { finaliseDue } = await import('./cycles-actions.js');
      if (!(await finaliseDue(options.json === true))) process.exitCode = 1;
    });
}
