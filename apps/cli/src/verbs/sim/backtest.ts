import type { Command } from 'commander';

/** Adds `wayfare sim backtest`. */
export function registerSimBacktest(sim: Command): void {
  sim
    .command('backtest')
    .description(
      'predict a year of arrivals from the years before it, and say how far off that was',
    )
    .option('--fit <year>', 'the last year that is looked at', '2023')
    .option('--predict <year>', 'the year that is predicted; the one after it where not given')
    .option('--actual <file.csv>', 'what came: month,origin,visitors, e.g. 2025-01,TH,108000')
    .option('--window <months>', 'months of the level and of the trend before it: 2, 3, 4 or 6')
    .option('--damping <share>', 'what is left of the trend after a month, 0 to below 1')
    .option('--origins <count>', 'origins to list, largest first', '12')
    .option('--json', 'print JSON')
    .action(async (options: BacktestWords) => {
      const { backtestAction } = await import('./backtest-action.js');
      await backtestAction(options);
    });
}

export interface BacktestWords {
  readonly fit: string;
  readonly predict?: string;
  readonly actual?: string;
  readonly window?: string;
  readonly damping?: string;
  readonly origins: string;
  readonly json?: boolean;
}
