import type { Command } from 'commander';
import type { CallOptions } from './approvals.js';

interface OutputOptions {
  readonly json?: boolean;
}

interface DayOptions extends OutputOptions {
  readonly day?: string;
}

interface QuoteOptions extends OutputOptions {
  readonly amount?: string;
  readonly tier: string;
}

/** Adds `wayfare fx …`. What each verb does is loaded when it is called. */
export function registerFx(program: Command): void {
  const fx = program.command('fx').summary('exchange rates, and the hub’s own covers and result');
  fx.description(
    'Exchange rates. The shipped figures are pinned to their day; an imported ECB history\n' +
      'replaces them, ages, and refuses to quote once it is too old (RATES_MAX_AGE_DAYS).',
  );
  fx.command('import')
    .description("import the ECB's eurofxref-hist.csv (header Date,USD,JPY,…; units per euro)")
    .argument('<file>', 'CSV file, or - for standard input')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: OutputOptions) => {
      const { importFile } = await import('./fx-actions.js');
      await importFile(file, options.json === true);
    });
  fx.command('forget')
    .description('drop the imported rates; the shipped ones are in force again')
    .action(async () => {
      const { forgetRates } = await import('./fx-actions.js');
      await forgetRates();
    });
  fx.command('rates')
    .description('the rates and tiers in force, with source and day')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions) => {
      const { showRates } = await import('./fx-actions.js');
      await showRates(options.json === true);
    });
  fx.command('path')
    .description('how a pair is reached, both its rates, and what a round trip loses by tier')
    .argument('<base>', 'currency that is priced, e.g. JPY')
    .argument('<counter>', 'currency it is paid in, e.g. THB')
    .option('--json', 'print JSON')
    .action(async (base: string, counter: string, options: OutputOptions) => {
      const { showPath } = await import('./fx-actions.js');
      await showPath(base.toUpperCase(), counter.toUpperCase(), options.json === true);
    });
  fx.command('quote')
    .description('what a payer would be quoted now; nothing is stored')
    .argument('<base>', 'currency of the merchant, e.g. JPY')
    .argument('<counter>', 'currency of the wallet, e.g. THB')
    .option('--amount <decimal>', 'amount in the merchant’s currency, e.g. 1200')
    .option('--tier <id>', 'mark-up tier', 'standard')
    .option('--json', 'print JSON')
    .action(async (base: string, counter: string, options: QuoteOptions) => {
      const { showQuote } = await import('./fx-actions.js');
      await showQuote(base.toUpperCase(), counter.toUpperCase(), {
        json: options.json === true,
        tier: options.tier,
        ...(options.amount === undefined ? {} : { amount: options.amount }),
      });
    });
  addBookVerbs(fx);
}

interface ProvidersOptions extends CallOptions {
  readonly set?: string;
  readonly reason?: string;
}

/** What the hub itself holds, covers and earns. */
function addBookVerbs(fx: Command): void {
  fx.command('pnl')
    .description('the hub’s own result of a clearing day, tied to its books; exits 1 if it is not')
    .option('--day <day>', 'clearing day, e.g. 2026-11-21; the last one if left out')
    .option('--json', 'print JSON')
    .action(async (options: DayOptions) => {
      const { showResult } = await import('./fx-books-action.js');
      await showResult(options);
    });
  fx.command('covers')
    .description('cover trades of a clearing day with all quotes; the choice is made again')
    .option('--day <day>', 'clearing day, e.g. 2026-11-21; the last one if left out')
    .option('--json', 'print JSON')
    .action(async (options: DayOptions) => {
      const { showCovers } = await import('./fx-books-action.js');
      await showCovers(options);
    });
  fx.command('providers')
    .description('providers of cover trades: what they deal in, and how often they answer')
    .option('--set <file>', 'propose those of a file, in the layout of the shipped one')
    .option('--reason <text>', 'why, with --set')
    .option('--hub <url>', 'with --set: another hub than the one on this data folder')
    .option('--key-file <file>', 'with --set: file with the key to act with')
    .option('--json', 'print JSON')
    .action(async (options: ProvidersOptions) => {
      const { proposeProviders, showProviders } = await import('./fx-books-action.js');
      const { set, reason } = options;
      if (set === undefined) await showProviders(options);
      else if (reason === undefined) fx.error('error: --set needs --reason');
      else await proposeProviders({ ...options, set, reason });
    });
}
