import type { HeadlineResult, ScenarioRun } from '#scenarios';
import { table } from '../../story/table.js';

/** What a run came to, as lines for a terminal. */
export function runText(
  { run, manifest }: ScenarioRun,
  { seconds, out }: { readonly seconds: number; readonly out: string | undefined },
): string[] {
  const { scenario } = run;
  const rows = run.headlines.map((headline) => [
    headline.title,
    figureText(headline.mean, headline),
    `${figureText(headline.low, headline)} … ${figureText(headline.high, headline)}`,
  ]);
  return [
    `${scenario.title}  (${scenario.name}, ${scenario.from} to ${scenario.to})`,
    ...(run.partial ? ['INTERRUPTED: less than was asked, but what is here is whole'] : []),
    '',
    ...table([['', 'mean', '95 % interval'], ...rows], { right: [1, 2] }),
    '',
    `seed ${String(run.seed)}, ${String(run.replications)} replications of the ${run.fidelity} kernel, ` +
      `${run.purchases.toLocaleString('en')} purchases in ${seconds.toFixed(1)} s`,
    `result hash ${run.resultHash}`,
    ...(manifest === null || out === undefined ? [] : [`kept in ${out}`]),
  ];
}

function figureText(value: number, { unit }: HeadlineResult): string {
  const digits = Math.abs(value) >= 1_000 ? 0 : 2;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
}
