import type { Command } from 'commander';

interface OutputOptions {
  readonly json?: boolean;
}

interface WriteOptions extends OutputOptions {
  readonly participant?: string;
  readonly again?: boolean;
}

interface ListOptions extends OutputOptions {
  readonly cycle?: string;
  readonly participant?: string;
}

/** Adds `wayfare files …`. What each verb does is loaded when it is called. */
export function registerFiles(program: Command): void {
  const files = program.command('files').summary('clearing and settlement files of participants');
  files.description(
    'Files of each final cycle, for every participant. `recompute` needs neither database nor\n' +
      'hub: whoever is given a folder of files can run it.',
  );
  files
    .command('list')
    .description('sets of files that are still to be written, or all of a cycle')
    .option('--cycle <cycle>', 'e.g. cyc_20261121')
    .option('--participant <id>', 'of one participant')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => {
      const { listSets } = await import('./files-actions.js');
      await listSets(options);
    });
  files
    .command('write')
    .description('write what is due now; exits 1 if something cannot be written')
    .argument('[cycle]', 'of one cycle, e.g. cyc_20261121')
    .option('--participant <id>', 'with --again: of one participant')
    .option('--again', 'write the cycle’s files once more, under the next number')
    .option('--json', 'print {written, waiting}')
    .action(async (cycle: string | undefined, options: WriteOptions) => {
      const { writeSets } = await import('./files-actions.js');
      if (!(await writeSets(cycle, options))) process.exitCode = 1;
    });
  files
    .command('recompute')
    .description('compute every line, fee, sum and obligation again; exits 1 on any difference')
    .argument('<folder>', 'files of one participant or of all, in any folders below')
    .option('--json', 'print {ok, sets, files, transactions, count, findings}')
    .action(async (folder: string, options: OutputOptions) => {
      const { recompute } = await import('./files-recompute-action.js');
      if (!(await recompute(folder, options.json === true))) process.exitCode = 1;
    });
}
