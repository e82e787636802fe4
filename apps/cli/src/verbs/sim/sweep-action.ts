import { availableParallelism } from 'node:os';
import {
  figureWords,
  headlineNamed,
  intervalWords,
  spreadWords,
  sweepShipped,
  type Sweep,
  type SweepPlan,
} from '#scenarios';
import { ExplainedError } from '#platform/explained-error';
import { HEADLINES } from '#simulation/answers/headlines';
import { bullets, table, widthFor } from '../../story/table.js';
import { experiment } from './experiment.js';
import { givenScenario } from './given-scenario.js';
import { MOST_POINTS, type SweepOptions } from './sweep.js';

const EXIT_USAGE = 2;
const AXIS = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?::(\d+))?$/;
const DEFAULT_STEPS = 5;

export async function sweepSimulation(scenario: string, options: SweepOptions): Promise<void> {
  const { plan, still } = planOf(options);
  const columns = options.headline.map(headlineNamed);
  const settings = {
    load: givenScenario(still),
    seed: options.seed,
    replications: options.reps,
    fidelity: options.fidelity,
    jobs: options.jobs ?? availableParallelism(),
  };
  const sweep = await experiment(options, (watch) => sweepShipped(scenario, plan, settings, watch));
  if (options.json === true) process.stdout.write(`${JSON.stringify(sweep, null, 2)}\n`);
  else if (options.csv === true) process.stdout.write(csvOf(sweep));
  else {
    const paths = sweep.axes.map(({ path }) => path);
    const rows = sweep.points.map(({ at, headlines, halfWidths }) => [
      ...paths.map((path) => String(at[path] ?? '')),
      ...columns.map((column) => {
        const id = column.id as keyof typeof headlines;
        if (halfWidths === null) return figureWords(headlines[id], column.unit);
        const [mean, half] = [headlines[id], halfWidths[id]];
        const ends = { low: mean - half, high: mean + half };
        return `${intervalWords(mean, ends, column.unit).mean} ${spreadWords(half, column.unit)}`;
      }),
    ]);
    const head = [...paths, ...columns.map(({ title }) => title)];
    process.stdout.write(`${sweep.scenario.title}, played ${sweep.fidelity}\n\n`);
    const right = head.map((_, index) => index);
    for (const line of table([head, ...rows], { right })) process.stdout.write(`${line}\n`);
    const notes = bullets(sweep.remarks, '', widthFor(process.stdout));
    if (notes.length > 0) process.stdout.write(`\n${notes.join('\n')}\n`);
  }
}

/** Words with `..` are axes; the others hold a figure still for all points. */
function planOf({ set, lhs }: SweepOptions): { plan: SweepPlan; still: readonly string[] } {
  const isAxis = (word: string): boolean => word.slice(word.indexOf('=') + 1).includes('..');
  const axes = set.filter(isAxis).map((word) => {
    const equals = word.indexOf('=');
    const match = AXIS.exec(word.slice(equals + 1));
    if (equals < 1 || match === null) {
      return refuse(`${word} is not an axis: write path=lo..hi:steps, fx.markupBps=20..100:5`);
    }
    const [, low, high, steps] = match;
    const axis = { low: Number(low), high: Number(high), steps: Number(steps ?? DEFAULT_STEPS) };
    if (axis.steps < 1 || axis.low > axis.high) {
      return refuse(`${word} goes nowhere: the low end comes first, and there is a step at least`);
    }
    return { path: word.slice(0, equals), ...axis };
  });
  if (axes.length === 0) return refuse('a sweep needs an axis: --set fx.markupBps=20..100:5');
  const points = axes.reduce((all, { steps }) => all * steps, 1);
  if (lhs === undefined && points > MOST_POINTS) {
    return refuse(
      `that is ${points.toLocaleString('en')} points, more than ${MOST_POINTS.toLocaleString('en')}: ` +
        'take fewer steps, or --lhs 200 for points spread over all axes',
    );
  }
  return { plan: { axes, hypercube: lhs ?? null }, still: set.filter((word) => !isAxis(word)) };
}

function refuse(message: string): never {
  throw new ExplainedError(message, { exitCode: EXIT_USAGE });
}

/** RFC 4180; a column for each axis, then each headline and its half-width. */
function csvOf({ axes, points }: Sweep): string {
  const ids = HEADLINES.map(({ id }) => id);
  const head = [...axes.map(({ path }) => path), ...ids.flatMap((id) => [id, `${id}HalfWidth`])];
  const rows = points.map(({ at, headlines, halfWidths }) => [
    ...axes.map(({ path }) => at[path] ?? ''),
    ...ids.flatMap((id) => [headlines[id], halfWidths?.[id] ?? '']),
  ]);
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
