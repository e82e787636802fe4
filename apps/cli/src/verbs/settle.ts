import type { Command } from 'commander';

interface OutputOptions {
  readonly json?: boolean;
}

interface QueueOptions extends OutputOptions {
  readonly cycle?: string;
  readonly trace?: string;
  readonly currency?: string;
  readonly liquidity: string;
}

/** Adds `wayfare settle …`. What each verb does is loaded when it is called. */
export function registerSettle(program: Command): void {
  const settle = program.command('settle').summary('netting and settlement of final cycles');
  settle.description(
    'What a final cycle came to, who pays whom and when, and the proof of it. `check` needs\n' +
      'neither database nor hub: whoever is given a proof can run it.',
  );
  settle
    .command('show')
    .description('a cycle’s obligations, and what was paid of them')
    .argument('<cycle>', 'e.g. cyc_20261121')
    .option('--json', 'print JSON')
    .action(async (cycle: string, options: OutputOptions) => {
      const { showObligations } = await import('./settle-actions.js');
      await showObligations(cycle, options.json === true);
    });
  settle
    .command('compare')
    .description('gross, bilateral and multilateral settlement of a cycle side by side')
    .argument('<cycle>', 'e.g. cyc_20261121')
    .option('--json', 'print JSON')
    .action(async (cycle: string, options: OutputOptions) => {
      const { compareModels } = await import('./settle-actions.js');
      await compareModels(cycle, options.json === true);
    });
  settle
    .command('prove')
    .description('print or write a cycle’s proof, after checking it; exits 1 if it does not hold')
    .argument('<cycle>', 'e.g. cyc_20261121')
    .option('--json', 'print the proof itself')
    .option('--out <file>', 'write the proof to a file')
    .action(async (cycle: string, options: OutputOptions & { readonly out?: string }) => {
      const { proveCycle } = await import('./settle-actions.js');
      if (!(await proveCycle(cycle, options))) process.exitCode = 1;
    });
  settle
    .command('check')
    .description('check a proof offline: recompute everything in it; exits 1 on any difference')
    .argument('<file>', 'a proof written by `settle prove` or GET /api/cycles/<cycle>/proof')
    .option('--json', 'print {ok, hash, findings}')
    .action(async (file: string, options: OutputOptions) => {
      const { checkProofFile } = await import('./settle-check-action.js');
      if (!(await checkProofFile(file, options.json === true))) process.exitCode = 1;
    });
  settle
    .command('queues')
    .description('settle one trace by FIFO, bypass, offsetting and partial multilateral netting')
    .option(
      '--trace <file>',
      'JSON {currency, balances, transfers: [{id, from, to, minor, arrives}]}',
    )
    .option('--cycle <cycle>', 'take the payments and refunds of a final cycle instead')
    .option('--currency <code>', 'of the cycle; needed when it has several')
    .option('--liquidity <bps>', 'what each participant begins with, of its net debit', '5000')
    .option('--json', 'print JSON')
    .action(async (options: QueueOptions) => {
      const { compareQueues } = await import('./settle-queues-action.js');
      await compareQueues(options);
    });
  settle
    .command('liquidity')
    .description('room left under caps and cover, and what the next cycle may need')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions) => {
      const { showLiquidity } = await import('./settle-actions.js');
      await showLiquidity(options.json === true);
    });
}
