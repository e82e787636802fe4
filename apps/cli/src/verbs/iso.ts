import type { Command } from 'commander';
import type { ExportChoice } from './files-iso-action.js';

interface IsoOptions {
  readonly json?: boolean;
}

/** Adds `wayfare iso …`. Checking and reading files needs neither database nor network. */
export function registerIso(program: Command): void {
  const iso = program
    .command('iso')
    .summary('ISO 20022 files: check, read, export')
    .description('ISO 20022 files as the hub writes them: one message with its business header.');
  iso
    .command('validate')
    .description(
      'check a file against the published schemas and against what they leave open: decimals of\n' +
        'each currency, totals, balances. The schemas (pacs.008.001.08.xsd and so on) are looked\n' +
        'for in the folder that ISO20022_XSD_DIR names; without it only the rest is checked.\n' +
        'Exits 1 if anything is wrong.',
    )
    .argument('<file>', 'the XML file')
    .option('--json', 'print {ok, message, schemas, faults: [{path, problem}]}')
    .action(async (file: string, options: IsoOptions) => {
      const { validate } = await import('./iso-actions.js');
      if (!validate(file, options.json === true)) process.exitCode = 1;
    });
  iso
    .command('read')
    .description('print what a file says. Exits 1 if it cannot be read for what it says.')
    .argument('<file>', 'the XML file')
    .option('--json', 'print {header, message: {name, body}}, amounts in minor units')
    .action(async (file: string, options: IsoOptions) => {
      const { read } = await import('./iso-actions.js');
      if (!read(file, options.json === true)) process.exitCode = 1;
    });
  iso
    .command('export')
    .description(
      'write a participant’s payments and refunds of a netted cycle as messages: pacs.008,\n' +
        'pacs.004 and pacs.002, and camt.054 of what the settlement bank has confirmed',
    )
    .argument('<cycle>', 'e.g. cyc_20261121')
    .requiredOption('--participant <id>', 'whose legs')
    .requiredOption('--out <folder>', 'where to write them')
    .option('--message <name>', 'only this one, e.g. pacs.008')
    .option('--json', 'print {folder, files: [{name, transactions}]}')
    .action(async (cycle: string, options: ExportChoice) => {
      const { exportMessages } = await import('./files-iso-action.js');
      await exportMessages(cycle, options);
    });
}
