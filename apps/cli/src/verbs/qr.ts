import type { Command } from 'commander';

export interface DecodeOptions {
  readonly json?: boolean;
}

export interface MakeOptions {
  readonly scheme?: string;
  readonly payload?: string;
  readonly use?: string;
  readonly id: readonly string[];
  readonly set: readonly string[];
  readonly amount?: string;
  readonly currency?: string;
  readonly country?: string;
  readonly name?: string;
  readonly city?: string;
  readonly mcc?: string;
  readonly postal?: string;
  readonly dynamic?: boolean;
  readonly out?: string;
  readonly scale: string;
  readonly terminal?: boolean;
}

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

/** Adds `wayfare qr …`: read, write and list payment codes, without database or network. */
export function registerQr(program: Command): void {
  const qr = program
    .command('qr')
    .summary('Payment codes: decode, make, list schemes')
    .description('Payment codes: EMVCo and other QR payloads and pictures of them.');
  addDecode(qr);
  addMake(qr);
  qr.command('schemes')
    .description('the schemes the hub knows, their markets and the identifiers they carry')
    .option('--json', 'print JSON')
    .action(async (options: DecodeOptions) => {
      const { showSchemes } = await import('./qr-schemes.js');
      showSchemes(options.json === true);
    });
}

function addDecode(qr: Command): void {
  qr.command('decode')
    .description(
      'decode a payload, or the payloads in a PNG, JPEG or text file; - reads standard input.\n' +
        'A rejected code is an answer too: the exit code is 0 whenever there was one.',
    )
    .argument('<payload>', 'payload, file, or -')
    .option('--json', 'print JSON: verdict, issues, fields and tree')
    .action(async (payload: string, options: DecodeOptions) => {
      const { decode } = await import('./qr-decode.js');
      await decode(payload, options.json === true);
    });
}

function addMake(qr: Command): void {
  const make = qr.command('make');
  make
    .description('make a code of a scheme (or draw a given payload); see `wayfare qr schemes`')
    .option('--scheme <id>', 'scheme, e.g. jpqr or promptpay')
    .option('--payload <text>', 'draw this payload as it is')
    .option('--use <name>', 'which of the scheme’s accounts, e.g. transfer or bill')
    .option('--id <name=value>', 'an identifier of the scheme, repeatable', collect, [])
    .option('--set <path=value>', 'another object, e.g. 62.05=INV-1, repeatable', collect, [])
    .option('--amount <decimal>', 'amount in major units; without it the payer enters it')
    .option('--currency <code>', 'ISO 4217, when the scheme has several')
    .option('--country <code>', 'ISO 3166 alpha-2, when the scheme has several')
    .option('--name <text>', 'merchant name')
    .option('--city <text>', 'merchant city')
    .option('--mcc <digits>', 'merchant category code')
    .option('--postal <text>', 'postal code')
    .option('--dynamic', 'for one payment, even without an amount')
    .option('--out <file>', 'also write a picture, .svg or .png')
    .option('--scale <pixels>', 'pixels per module in a PNG', '8')
    .option('--terminal', 'also draw it here (the default on a terminal)')
    .option('--no-terminal', 'never draw it here')
    .addHelpText(
      'after',
      `
Example:
  wayfare qr make --scheme promptpay --use transfer --id mobile=0066812345678 --amount 30.00`,
    )
    .action(async (options: MakeOptions) => {
      const { make: makeCode } = await import('./qr-make.js');
      await makeCode(options, (message) => make.error(`wayfare: ${message}`));
    });
}
