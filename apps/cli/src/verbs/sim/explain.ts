import type { Command } from 'commander';

/** Adds `wayfare sim explain`. */
export function registerSimExplain(sim: Command): void {
  sim
    .command('explain')
    .description('what a scenario assumes, in sentences, and where each figure comes from')
    .argument('<scenario>', 'a shipped name, or a file')
    .option('--set <path=value...>', 'change a figure, e.g. fees.mdrBps=150')
    .option('--json', 'print JSON')
    .action(
      async (
        scenario: string,
        options: { readonly json?: boolean; readonly set?: readonly string[] },
      ) => {
        const { explainScenario } = await import('./explain-action.js');
        explainScenario(scenario, options);
      },
    );
}
