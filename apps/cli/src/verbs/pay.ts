import { Option, type Command } from 'commander';
import { FLOWS } from '../story/flows.js';

const FLOW_NAMES = FLOWS.map(({ name }) => name);

/** `wayfare pay`: somebody's wallet pays a code, through the simulated wallet and the hub. */
export function registerPay(program: Command): void {
  const command = program.command('pay');
  command
    .description('Pay a QR code with a simulated wallet and print the receipt')
    .requiredOption('--wallet <id>', 'the wallet, e.g. truemoney')
    .addOption(
      new Option(
        '--qr <payload|file>',
        'what was scanned: the text, a PNG or JPEG picture of it, or - for standard input',
      ).conflicts(['store', 'by', 'storeBehaves']),
    )
    .option('--store <id>', 'instead of --qr: where to pay, e.g. sto_gion_menya_kawara_1')
    .option('--amount <amount>', 'major units, for a code without an amount, e.g. 1200')
    .option('--customer <id>', "the wallet's user; its ending says how it behaves", 'cus_somchai')
    .addOption(
      new Option('--by <flow>', 'how payer and store meet')
        .choices(FLOW_NAMES)
        .default(FLOW_NAMES[0]),
    )
    .option('--store-behaves <name>', "how the store's acquirer takes the push, e.g. pushfail")
    .option('--json', 'print what happened, with the explanation, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  wayfare pay --wallet truemoney --store sto_gion_menya_kawara_1 --amount 1200\n' +
        '  wayfare pay --wallet gcash --qr noodles.png --amount 1200 --customer cus_ana_insufficient\n' +
        '  wayfare pay --wallet gcash --store sto_gion_menya_kawara_1 --amount 90 --by user-presented\n' +
        '\nEndings of customers and behaviours of stores are listed in docs/sandbox.md.\n',
    )
    .action(async (options: PayOptions) => {
      const fault = faultOf(options);
      if (fault !== undefined) command.error(`error: ${fault}`);
      const { pay } = await import('./pay-action.js');
      await pay(options);
    });
}

function faultOf({ qr, store, amount, by }: PayOptions): string | undefined {
  if (qr === undefined && store === undefined) {
    return 'give either --qr with what was scanned, or --store';
  }
  if (qr === undefined && amount === undefined && by !== FLOW_NAMES[0]) {
    return `--by ${by} needs --amount: the till asks for it`;
  }
  return undefined;
}

export interface PayOptions {
  readonly wallet: string;
  readonly qr?: string;
  readonly store?: string;
  readonly amount?: string;
  readonly customer: string;
  readonly by: string;
  readonly storeBehaves?: string;
  readonly json?: boolean;
}
