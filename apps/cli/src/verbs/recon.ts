import { InvalidArgumentError, type Command } from 'commander';

interface OutputOptions {
  readonly json?: boolean;
}

interface BreaksOptions extends OutputOptions {
  readonly cycle?: string;
  readonly participant?: string;
  readonly type?: string;
  readonly all?: boolean;
  readonly limit: number;
}

interface BenchOptions extends OutputOptions {
  readonly seed: number;
  readonly payments: number;
}

/** Adds `wayfare recon …`. What each verb does is loaded when it is called. */
export function registerRecon(program: Command): void {
  const recon = program.command('recon').summary('partners’ files against the hub’s books');
  recon.description(
    'Reconciliation: reads partners’ transaction detail files, matches them with the hub’s books,\n' +
      'and keeps the breaks: what is wrong, whose it is, how old, and what would repair it.',
  );
  recon
    .command('load')
    .description('take in partners’ files, in any order, and match what they say')
    .argument(
      '<file...>',
      'transactionItems_<participant>_<currency>_<cycle>_<agreement>_<seq>.csv',
    )
    .option('--json', 'print JSON')
    .action(async (files: string[], options: OutputOptions) => {
      const { loadFiles } = await import('./recon-actions.js');
      await loadFiles(files, options.json === true);
    });
  recon
    .command('run')
    .description('match all files of a closed cycle again and ask for those that have not come')
    .argument('<cycle>', 'e.g. cyc_20261121')
    .option('--json', 'print JSON')
    .action(async (cycle: string, options: OutputOptions) => {
      const { runCycle } = await import('./recon-actions.js');
      if (!(await runCycle(cycle, options.json === true))) process.exitCode = 1;
    });
  registerBreaks(recon);
  recon
    .command('partner-files')
    .description('write the files that partners would send had they recorded what the hub did')
    .argument('<cycle>', 'e.g. cyc_20261121')
    .argument('<folder>', 'where to; it is made if need be')
    .option('--json', 'print JSON')
    .action(async (cycle: string, folder: string, options: OutputOptions) => {
      const { writePartnerFiles } = await import('./recon-actions.js');
      await writePartnerFiles(cycle, folder, options.json === true);
    });
  recon
    .command('bench')
    .description('plant known breaks in the files of a day, and measure how many are found')
    .option('--seed <number>', 'another day, other faults', wholeNumber, 1)
    .option('--payments <number>', 'payments of the day', wholeNumber, 20_000)
    .option('--json', 'print JSON')
    .action(async (options: BenchOptions) => {
      const { benchRecon } = await import('./recon-bench-action.js');
      const { seed, payments, json } = options;
      if (!(await benchRecon({ seed, payments, json: json === true }))) process.exitCode = 1;
    });
}

function registerBreaks(recon: Command): void {
  recon
    .command('breaks')
    .description('breaks that nobody has ended, newest first')
    .option('--cycle <id>', 'of one cycle')
    .option('--participant <id>', 'of one participant')
    .option('--type <type>', 'of one type, e.g. missingAtWallet')
    .option('--all', 'ended ones too')
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .option('--json', 'print JSON')
    .action(async (options: BreaksOptions) => {
      const { showBreaks } = await import('./recon-actions.js');
      const { json, all, ...filter } = options;
      await showBreaks({ ...filter, live: all !== true }, json === true);
    });
  recon
    .command('act')
    .description('acknowledge, explain or reopen a break; repair and writeOff take two persons')
    .argument('<break>', 'id')
    .argument('<action>', 'acknowledge, explain or reopen')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print JSON')
    .action(async (id: string, action: string, options: OutputOptions & { reason: string }) => {
      const { actOn } = await import('./recon-actions.js');
      await actOn(id, action, options.reason, options.json === true);
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}
