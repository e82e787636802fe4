import type { ScenarioRun } from '#scenarios';
import { widthFor } from '../../story/table.js';
import { paintFor } from '../paint.js';
import { resultText } from './result-text.js';

/** What a run came to, as lines for a terminal. */
export function runText(
  { run, manifest }: ScenarioRun,
  { seconds, out }: { readonly seconds: number; readonly out: string | undefined },
): string[] {
  const { scenario } = run;
  const look = {
    width: widthFor(process.stdout),
    paint: paintFor(process.stdout),
    plain: process.env['TERM'] === 'dumb',
  };
  const replications = run.replications === 1 ? 'replication' : 'replications';
  return [
    look.paint('bold', scenario.title) +
      look.paint('dim', `  ${scenario.name}, ${scenario.from} to ${scenario.to}`),
    ...(run.partial
      ? [look.paint('yellow', 'INTERRUPTED: less than was asked, but what is here is whole')]
      : []),
    '',
    ...resultText(run, look),
    '',
    `seed ${String(run.seed)}, ${String(run.replications)} ${replications} of the ${run.fidelity} kernel, ` +
      `${run.purchases.toLocaleString('en')} purchases in ${seconds.toFixed(1)} s`,
    `result hash ${run.resultHash}`,
    ...(manifest === null || out === undefined ? [] : [`kept in ${out}`]),
  ];
}
