import { Argument, type Command } from 'commander';
import { FLOWS } from '../story/flows.js';

/** The demonstration of what comes after a payment. */
export const REFUND_DEMO = {
  name: 'refund',
  about: 'The shop gives part of a payment back, twice; both legs side by side.',
} as const;

/** Days instead of a moment, on a database and a clock of their own. */
export const SETTLEMENT_DEMO = {
  name: 'settlement',
  about: 'Three days from cut-off to settlement, with refunds, a holiday and a default.',
} as const;

const DEMOS = [...FLOWS, REFUND_DEMO, SETTLEMENT_DEMO];

/** `wayfare demo`: one payment from the scan to the books, told step by step. */
export function registerDemo(program: Command): void {
  const flows = DEMOS.map((flow) => `  ${flow.name.padEnd(15)} ${flow.about}`).join('\n');
  program
    .command('demo')
    .description('Play one payment with simulated partners and tell what happened')
    .addArgument(
      new Argument('[flow]', 'how payer and store meet, or what comes after').choices(
        DEMOS.map(({ name }) => name),
      ),
    )
    .option('--json', 'print the story as one JSON document')
    .addHelpText('after', `\nFlows:\n${flows}\n`)
    .action(async (flow: string | undefined, options: { json?: boolean }) => {
      if (flow === SETTLEMENT_DEMO.name) {
        const { threeDaysDemo } = await import('./three-days-action.js');
        await threeDaysDemo(options);
        return;
      }
      const { demo } = await import('./demo-actions.js');
      await demo(flow, options);
    });
}
