import type { Command } from 'commander';

interface CheckOptions {
  readonly json?: boolean;
  readonly expect?: string;
}

interface BalanceOptions {
  readonly json?: boolean;
  readonly at?: string;
  readonly entry?: string;
  readonly block?: string;
  readonly owner?: string;
}

interface StatementOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly from: string;
  readonly to?: string;
}

/** Adds `wayfare ledger …`. What each verb does is loaded when it is called. */
export function registerLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .summary('the books: check the chain, balances, statements')
    .description('the books: check the chain, balances, statements');
  ledger
    .command('check')
    .summary('recompute the hash chain from the rows and name what was tampered with')
    .description(
      'Recomputes every digest, block and link from the rows themselves. Names the entry and line\n' +
        'that is not what was sealed, what is missing and what was added. Exits 1 if anything is.',
    )
    .option('--expect <hash>', 'a head known from elsewhere, which must be part of this chain')
    .option('--json', 'print {ok, head, blocks, entries, unsealed, faults, faultCount}')
    .action(async (options: CheckOptions) => {
      const { checkLedger } = await import('./ledger-action.js');
      if (!(await checkLedger(options.json === true, options.expect))) process.exitCode = 1;
    });
  ledger
    .command('head')
    .summary('the hash that fixes the whole ledger: keep it, and check it later')
    .option('--json', 'print {block, hash, sealedAt, unsealed}')
    .action(async (options: { readonly json?: boolean }) => {
      const { showHead } = await import('./ledger-action.js');
      await showHead(options.json === true);
    });
  ledger
    .command('balances')
    .summary('balances of all accounts, now or as they were')
    .option('--at <instant>', 'everything posted up to then, e.g. 2026-11-21T12:00:00Z')
    .option('--entry <number>', 'everything up to this entry')
    .option('--block <number>', 'everything sealed up to this block')
    .option('--owner <id>', 'of this participant, or hub')
    .option('--json', 'print JSON')
    .action(async (options: BalanceOptions) => {
      const { showBalances } = await import('./ledger-action.js');
      await showBalances(options);
    });
  ledger
    .command('statement')
    .summary("a participant's accounts over a period: opening, lines, closing")
    .argument('<participant>', 'wallet or acquirer, or hub')
    .requiredOption('--from <instant>', 'first instant, e.g. 2026-11-21 or 2026-11-21T16:00:00Z')
    .option('--to <instant>', 'end of the period, itself not included; now if absent')
    .option('--csv', 'print the lines as CSV')
    .option('--json', 'print JSON')
    .action(async (participant: string, options: StatementOptions) => {
      const { showStatement } = await import('./ledger-action.js');
      await showStatement(participant, options);
    });
}
