import type { Command } from 'commander';

interface EraseOptions {
  readonly reason: string;
  readonly json?: boolean;
}

/** Adds `wayfare privacy …`. */
export function registerPrivacy(program: Command): void {
  const privacy = program
    .command('privacy')
    .summary('personal data: forget a payer')
    .description('personal data: forget a payer');
  privacy
    .command('erase')
    .summary('replace a payer by a pseudonym everywhere; books and chain stay whole')
    .description(
      'Replaces the id by which a wallet knows a payer, in payments, codes and limits, by a\n' +
        'pseudonym that leads back to nobody. There is no way back. Ledger, chain and request keys\n' +
        'never named the payer and stay as they are.',
    )
    .argument('<wallet>', 'the wallet, e.g. truemoney')
    .argument('<customer>', 'the id by which it knows the payer')
    .option(
      '--reason <text>',
      'for the audit log; it must not name the payer',
      'asked by the payer',
    )
    .option('--json', 'print {pseudonym, wallet, payments, codes}')
    .action(async (wallet: string, customer: string, options: EraseOptions) => {
      const { erase } = await import('./privacy-action.js');
      await erase(wallet, customer, options);
    });
}
