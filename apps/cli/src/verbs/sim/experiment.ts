import { availableParallelism } from 'node:os';
import type { ExperimentSettings, ExperimentWatch } from '#scenarios';
import type { ExperimentOptions } from './compare.js';
import { givenScenario } from './given-scenario.js';
import { clockText, fitted } from './progress-line.js';
import { stoppedByPerson } from './stopped-by-person.js';

export function settingsOf(options: ExperimentOptions): ExperimentSettings {
  return {
    load: givenScenario(options.set),
    seed: options.seed,
    replications: options.reps,
    fidelity: options.fidelity,
    jobs: options.jobs ?? availableParallelism(),
  };
}

/** Runs an experiment with progress on standard error, until it is done or stopped by a person. */
export async function experiment<Result>(
  options: Pick<ExperimentOptions, 'progress'>,
  ask: (watch: ExperimentWatch) => Promise<Result>,
): Promise<Result> {
  const { signal, forget } = stoppedByPerson();
  const line = progressOn(process.stderr, options.progress);
  try {
    return await ask({ signal, onProgress: line.show });
  } finally {
    line.end();
    forget();
  }
}

const PLAIN_EVERY_MS = 5_000;

interface Shown {
  readonly show: (what: string, share: number) => void;
  readonly end: () => void;
}

function progressOn(
  stream: NodeJS.WriteStream,
  style: ExperimentOptions['progress'] | undefined,
): Shown {
  if (style === 'none') return { show: () => undefined, end: () => undefined };
  const isTerminal = stream.isTTY && process.env['TERM'] !== 'dumb';
  const isMoving = isTerminal && (style === undefined || style === 'auto');
  const startedAt = performance.now();
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    show: (what, share) => {
      const now = performance.now();
      if (!isMoving && now - toldAt < PLAIN_EVERY_MS) return;
      toldAt = now;
      const seconds = (now - startedAt) / 1_000;
      const etaSeconds = share > 0 ? (seconds * (1 - share)) / share : null;
      const left = etaSeconds === null ? [] : [`${clockText(etaSeconds)} left`];
      const text = [`${String(Math.floor(share * 100))} %`, ...left, what].join('  ');
      if (isMoving) stream.write(`\r${fitted(text, stream.columns)}\u001b[K`);
      else if (style === 'json') stream.write(`${JSON.stringify({ what, share, etaSeconds })}\n`);
      else stream.write(`${text}\n`);
    },
    end: () => {
      if (isMoving) stream.write('\r\u001b[K');
    },
  };
}
