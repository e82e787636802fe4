import type { Command } from 'commander';
import { withSetOption } from './set-option.js';

/** Adds `wayfare sim calibrate`. */
export function registerSimCalibrate(sim: Command): void {
  withSetOption(
    sim
      .command('calibrate')
      .description(
        'hold a scenario against published totals: error, freedom used, fitted or held out',
      )
      .argument('[scenario]', 'a shipped name, or a file', 'all-asia-japan-2024'),
  )
    .option('--fit', 'move the free parameters until the fitted totals are met, and say where to')
    .option(
      '--tolerance <percent>',
      'largest error of fitted totals and inputs; beyond it exit 4',
      '5',
    )
    .option('--held-out-tolerance <percent>', 'the same for totals held out; not judged without it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nA total that a parameter was chosen for proves nothing by being met; only those held out do.',
    )
    .action(async (scenario: string, options: CalibrateWords) => {
      const { calibrateAction } = await import('./calibrate-action.js');
      await calibrateAction(scenario, options);
    });
}

export interface CalibrateWords {
  readonly fit?: boolean;
  readonly tolerance: string;
  readonly heldOutTolerance?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
}
