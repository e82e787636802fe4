import type { Command } from 'commander';
import { registerSimBacktest } from './sim/backtest.js';
import { registerSimCalibrate } from './sim/calibrate.js';
import { registerSimCheck } from './sim/check.js';
import { registerSimCompare } from './sim/compare.js';
import { registerSimExplain } from './sim/explain.js';
import { registerSimInit } from './sim/init.js';
import { registerSimList } from './sim/list.js';
import { registerSimCancel, registerSimJobs, registerSimResult } from './sim/queued-runs.js';
import { registerSimReplay } from './sim/replay.js';
import { registerSimRun } from './sim/run.js';
import { registerSimSchema } from './sim/schema.js';
import { registerSimTornado } from './sim/tornado.js';
import { registerSimSweep } from './sim/sweep.js';
import { registerSimWhatif } from './sim/whatif.js';
import { registerSimPlan } from './sim/plan.js';
import { registerSimVerify } from './sim/verify.js';

const EXAMPLES = `What if the yen falls 8 %? Three commands:

  wayfare sim list                                  the scenarios that ship
  wayfare sim run thailand-japan                    a year of Thai travellers paying in Japan
  wayfare sim compare thailand-japan yen-down-8     the same year with the yen 8 % cheaper

And if it falls by more, or by less:

  wayfare sim sweep yen-down-8 --set shocks.0.percent=-16..0:5

Your own question:

  wayfare sim init my-plan                          a commented scenario file to change
  wayfare sim explain my-plan.yaml                  what it assumes, in sentences
  wayfare sim compare thailand-japan my-plan.yaml   what the change is worth
`;

/** Of subcommands that need no more than to be seen once; the others bring their own. */
const SHORT_EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  list: ['', ' --json'],
  verify: [' asia'],
  jobs: [''],
  result: [' <id>'],
  cancel: [' <id>'],
  calibrate: [' thailand-japan'],
  backtest: ['', ' --origins 3'],
  explain: [' yen-down-8', ' my-plan.yaml --all'],
  init: [' my-plan', ' my-plan --from to-korea'],
  check: [' my-plan.yaml', ' thailand-japan --set fees.mdrBps=150'],
  schema: [' > scenario.schema.json'],
};

/** In the order in which a person needs them; one line each. */
const SUBCOMMANDS: readonly ((sim: Command) => void)[] = [
  registerSimList,
  registerSimRun,
  registerSimCompare,
  registerSimWhatif,
  registerSimSweep,
  registerSimPlan,
  registerSimTornado,
  registerSimVerify,
  registerSimJobs,
  registerSimResult,
  registerSimCancel,
  registerSimReplay,
  registerSimCalibrate,
  registerSimBacktest,
  registerSimExplain,
  registerSimInit,
  registerSimCheck,
  registerSimSchema,
];

/** Adds `wayfare sim …`. Each subcommand loads what it does when it is called. */
export function registerSim(program: Command): void {
  const sim = program
    .command('sim')
    .summary('simulate corridors')
    .description(
      'Simulates corridors: travellers of one market paying by wallet in another, one payment ' +
        'at a time. A scenario is a file; the same scenario and seed give the same bytes anywhere.',
    )
    .addHelpText('before', EXAMPLES)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 not understood, 3 scenario not valid,\n' +
        '4 outside a tolerance, 130 interrupted.',
    );
  for (const register of SUBCOMMANDS) register(sim);
  for (const verb of sim.commands) {
    verb.showHelpAfterError(`(wayfare sim ${verb.name()} --help says more)`);
    const examples = SHORT_EXAMPLES[verb.name()];
    if (examples === undefined) continue;
    const lines = examples.map((words) => `  wayfare sim ${verb.name()}${words}`);
    verb.addHelpText('after', ['', 'Examples:', ...lines, ''].join('\n'));
  }
}
