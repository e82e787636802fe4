import type { Command } from 'commander';

/** `wayfare pay`: somebody's wallet pays a code, through the simulated wallet and the hub. */
export function registerPay(program: Command): void {
  program
    .command('pay')
    .description('Pay a QR code with a simulated wallet and print the receipt')
    .requiredOption('--wallet <id>', 'the wallet, e.g. truemoney')
    .option('--qr <payload|file>', 'what was scanned: the text, or a PNG or JPEG picture of it')
    .option('--store <id>', "instead of --qr: a store's own code, e.g. sto_gion_menya_kawara_1")
    .option('--amount <amount>', 'major units, for a code without an amount, e.g. 1200')
    .option('--customer <id>', "the wallet's user", 'cus_somchai')
    .option('--json', 'print outcome and explanation as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  wayfare pay --wallet truemoney --store sto_gion_menya_kawara_1 --amount 1200\n' +
        '  wayfare pay --wallet gcash --qr noodles.png --amount 1200 --customer cus_ana_insufficient\n',
    )
    .action(async (options: PayOptions) => {
      const { pay } = await import('./pay-action.js');
      await pay(options);
    });
}

export interface PayOptions {
  readonly wallet: string;
  readonly qr?: string;
  readonly store?: string;
  readonly amount?: string;
  readonly customer: string;
  readonly json?: boolean;
}
