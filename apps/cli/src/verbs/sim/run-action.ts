import { availableParallelism } from 'node:os';
import { ExplainedError } from '#platform/explained-error';
import { runScenario, TABLE_FORMATS, type ScenarioRun } from '#scenarios';
import { givenPath } from '../../given-path.js';
import { widthFor } from '../../story/table.js';
import { paintFor } from '../paint.js';
import { givenScenario } from './given-scenario.js';
import { ProgressLine } from './progress-line.js';
import type { RunOptions } from './run.js';
import { stoppedByPerson } from './stopped-by-person.js';

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

/** Plays a scenario and tells what came of it; a second Ctrl-C ends at once. */
export async function runSimulation(scenario: string, options: RunOptions): Promise<void> {
  const line = new ProgressLine(process.stderr, options.progress);
  const { signal, forget } = stoppedByPerson();
  const startedAt = performance.now();
  try {
    const played = await runScenario(
      {
        scenario,
        load: givenScenario(options.set),
        seed: options.seed,
        fidelity: options.fidelity,
        replications: options.reps,
        untilRelativeError: options.untilRelError,
        assumptionDraws: options.draws,
        jobs: options.jobs ?? availableParallelism(),
        out: outOf(options),
      },
      { signal, onProgress: (progress) => line.show(progress) },
    );
    line.end();
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify(played.run, null, 2)}\n`);
    } else {
      await tell(played, options, (performance.now() - startedAt) / 1_000);
    }
    if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
  } finally {
    line.end();
    forget();
  }
}

function outOf({ out, format, against, tornado }: RunOptions) {
  const known = [...TABLE_FORMATS, 'html'] as const;
  const formats = known.filter((name) => format.includes(name));
  const isForReport = against !== undefined || tornado !== undefined;
  if (isForReport && (out === undefined || !formats.includes('html'))) {
    throw new ExplainedError('--against and --tornado are for the report: add --out <folder>', {
      exitCode: EXIT_USAGE,
    });
  }
  return out === undefined ? undefined : { place: givenPath(out), formats, against, tornado };
}

async function tell(played: ScenarioRun, options: RunOptions, seconds: number): Promise<void> {
  const { runText } = await import('./run-text.js');
  const look = {
    width: widthFor(process.stdout),
    paint: paintFor(process.stdout),
    plain: process.env['TERM'] === 'dumb',
  };
  for (const line of runText(played, { seconds, out: options.out }, look)) {
    process.stdout.write(`${line}\n`);
  }
}
