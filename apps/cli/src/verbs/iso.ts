import type { Command } from 'commander';

interface IsoOptions {
  readonly json?: boolean;
}

/** Adds `wayfare iso …`: check and read ISO 20022 files, without database or network. */
export function registerIso(program: Command): void {
  const iso = program
    .command('iso')
    .summary('ISO 20022 files: check, read')
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
}
