import { Argument, type Command } from 'commander';
import { FLOWS } from '../story/flows.js';

/** `wayfare demo`: one payment from the scan to the books, told step by step. */
export function registerDemo(program: Command): void {
  const flows = FLOWS.map((flow) => `  ${flow.name.padEnd(15)} ${flow.about}`).join('\n');
  program
    .command('demo')
    .description('Play one payment with simulated partners and tell what happened')
    .addArgument(
      new Argument('[flow]', 'how payer and store meet').choices(FLOWS.map(({ name }) => name)),
    )
    .option('--json', 'print the story as one JSON document')
    .addHelpText('after', `\nFlows:\n${flows}\n`)
    .action(async (flow: string | undefined, options: { json?: boolean }) => {
      const { demo } = await import('./demo-actions.js');
      await demo(flow, options);
    });
}
