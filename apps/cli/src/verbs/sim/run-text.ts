import type { ScenarioRun, SimulationRun } from '#scenarios';
import { fold } from '../../story/table.js';
import { resultText, section, type ResultLook } from './result-text.js';

/** How a run went, beside what it came to. */
export interface RunTelling {
  readonly seconds: number;
  /** Where it was kept, as the person named it. */
  readonly out: string | undefined;
}

/** A run for a terminal: what was played, what came of it, and how to get it again. */
export function runText(
  { run, manifest }: Pick<ScenarioRun, 'run' | 'manifest'>,
  told: RunTelling,
  look: ResultLook,
): string[] {
  const { scenario } = run;
  const { paint, width } = look;
  return [
    paint('bold', scenario.title),
    paint('dim', `${scenario.name}, ${scenario.from} to ${scenario.to}`),
    ...(run.partial ? [paint('yellow', partialWords(run))] : []),
    '',
    ...resultText(run, look),
    ...section(
      'How it was played',
      [...howPlayed(run, told), ...run.remarks].flatMap((line) => fold(line, width - 2)),
      look,
    ),
    '',
    `seed ${String(run.seed)}, result hash ${run.resultHash}`,
    ...(manifest === null || told.out === undefined ? [] : keptWords(told.out, manifest.files)),
  ];
}

function partialWords({ replications, replicationsAsked }: SimulationRun): string {
  return `INTERRUPTED: ${String(replications)} of ${String(replicationsAsked)} replications are whole, and only those count here`;
}

function howPlayed(run: SimulationRun, { seconds }: RunTelling): string[] {
  const times = run.replications === 1 ? 'once' : `${String(run.replications)} times`;
  const purchases = Math.round(run.purchases).toLocaleString('en');
  const merchants = run.merchants.toLocaleString('en');
  const lines = [
    `Played ${times} by the ${run.fidelity} kernel: ${purchases} purchases at ${merchants} merchants ` +
      `in ${seconds.toFixed(1)} s.`,
    run.assumptionDraws === 0
      ? 'Assumptions were not drawn: the intervals hold chance alone.'
      : `Assumptions were drawn ${String(run.assumptionDraws)} times and played by the fluid kernel.`,
  ];
  if (run.fidelity === 'fluid') lines.push(FLUID_CHANCE);
  const { asked, reached, widest } = run.precision;
  if (asked !== null) lines.push(precisionWords(asked, reached === true, widest));
  return lines;
}

const FLUID_CHANCE =
  'No purchase was drawn: chance is what luck would do to one such period, worked out from the expected ' +
  'counts, and a dash stands where that cannot be known.';

function precisionWords(
  asked: number,
  reached: boolean,
  widest: SimulationRun['precision']['widest'],
): string {
  const aim = `±${String(asked * 100)} %`;
  if (reached)
    return `Every headline is sure to ${aim} as far as chance goes, those near zero to their own tolerance.`;
  const worst = widest === null ? '' : `; the least sure is ${widest.id}`;
  return `NOT every headline is sure to ${aim} after the most replications allowed${worst}.`;
}

function keptWords(out: string, files: readonly unknown[]): string[] {
  return [
    `kept in ${out}: ${String(files.length)} files and the manifest`,
    `wayfare sim verify ${out} plays it again and compares`,
  ];
}
