import { ExplainedError } from '#platform/explained-error';
import { calibrateScenario, loadScenario, type CalibrationRun } from '#scenarios';
import type { JudgedTarget, UsedFreedom } from '#simulation/calibration/calibrate';
import { bullets, fold, table, widthFor } from '../../story/table.js';
import { paintFor } from '../paint.js';
import type { CalibrateWords } from './calibrate.js';
import { givenScenario } from './given-scenario.js';
import { percentText, quantityText } from './quantity-text.js';

/** What the shell sees when an error is larger than it may be. */
const EXIT_OUTSIDE_TOLERANCE = 4;

/** Prints a calibration, and fails where an error is larger than it may be. */
export async function calibrateAction(nameOrPath: string, words: CalibrateWords): Promise<void> {
  const tolerance = percentOf(words.tolerance, '--tolerance');
  const heldOut =
    words.heldOutTolerance === undefined
      ? null
      : percentOf(words.heldOutTolerance, '--held-out-tolerance');
  const scenario = loadScenario(nameOrPath, givenScenario(words.set));
  const run = await calibrateScenario(scenario, { fit: words.fit === true });
  const outside = run.report.targets.filter(({ error, target }) => {
    const limit = target.role === 'heldOut' ? heldOut : tolerance;
    return error !== null && limit !== null && Math.abs(error) > limit;
  });
  const text =
    words.json === true
      ? JSON.stringify(
          {
            ...run.report,
            evaluations: run.evaluations,
            outside: outside.map(({ target }) => target.id),
          },
          null,
          2,
        )
      : calibrationText(run, outside).join('\n');
  process.stdout.write(`${text}\n`);
  if (outside.length > 0) process.exitCode = EXIT_OUTSIDE_TOLERANCE;
}

function percentOf(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) {
    throw new ExplainedError(`${option} is a percentage such as 5, and ${text} is not.`, {
      exitCode: 2,
    });
  }
  return value / 100;
}

const ROLES = { fitted: 'fitted', heldOut: 'held out', input: 'input' } as const;

function calibrationText(
  { report, evaluations }: CalibrationRun,
  outside: readonly JudgedTarget[],
): string[] {
  const paint = paintFor(process.stdout);
  const width = widthFor(process.stdout);
  const judged = report.targets.filter(({ error }) => error !== null);
  const rest = report.targets.filter(({ error }) => error === null);
  const rows = judged.map((one) => [
    one.target.what,
    quantityText(one.target.value, one.target.unit),
    quantityText(one.modelled ?? 0, one.target.unit),
    paint(outside.includes(one) ? 'red' : 'green', percentText(one.error ?? 0)),
    ROLES[one.target.role],
  ]);
  const heads = ['published total', 'published', 'model', 'error', 'role'];
  const shown = table([heads, ...rows], { right: [1, 2, 3], width });
  return [
    paint('bold', `${report.scenario} against published totals`),
    '',
    ...shown,
    '',
    ...bullets(
      judged.map(
        ({ target, how }) =>
          `${target.id}: ${how}; source ${target.source} (${target.quality.replace('_', ' ')})`,
      ),
      '  ',
      width,
    ),
    ...(rest.length === 0 ? [] : ['', `Not judged by this scenario:`]),
    ...bullets(
      rest.map(({ target, how }) => `${target.id}: ${how}`),
      '  ',
      width,
    ),
    '',
    ...freedomText(report.freedoms, evaluations, width),
    '',
    ...fold(
      'Fitted totals prove nothing. The shares of wallets by origin were estimated so that they come to 10 % of spending in Japan, and one factor on them was fitted to that total again.',
      width,
    ),
  ];
}

function freedomText(
  freedoms: readonly UsedFreedom[],
  evaluations: number,
  width: number,
): string[] {
  const lines = freedoms.map(
    ({ parameter, what, target, low, high, value, before }) =>
      `${parameter}: ${value.toFixed(2)}${before === null ? '' : ` (was ${before.toFixed(2)})`} within ${String(low)} to ${String(high)}, ${what}; for ${target}`,
  );
  const count = freedoms.length === 1 ? '1 parameter' : `${String(freedoms.length)} parameters`;
  const how =
    evaluations === 0 ? 'as the scenario has them' : `fitted now, in ${String(evaluations)} rounds`;
  return [`Freedom used: ${count}, ${how}`, ...bullets(lines, '  ', width)];
}
