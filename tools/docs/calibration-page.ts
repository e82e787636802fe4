import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { backtestArrivals, calibrateScenario, loadScenario } from '#scenarios';
import type { BacktestReport } from '#simulation/calibration/backtest';
import type { ErrorTable, ForecastError } from '#simulation/calibration/forecast-errors';
import { markdownTable } from './markdown-table.js';

export const CALIBRATION_PAGE = 'docs/calibration.md';
const SCENARIO = 'all-asia-japan-2024';
const ORIGINS_SHOWN = 15;

const ROLES = { fitted: 'fitted', heldOut: 'held out', input: 'input' } as const;
const YARDSTICKS = {
  lastYear: 'last year once more',
  growthOfTotal: 'last year with the growth of the total',
  lastQuarter: 'four times the last quarter',
} as const;

/**
 * The page with its errors worked out anew: they stand between two comments each, so that nobody
 * publishes an error that the program no longer makes.
 */
export async function calibrationPage(): Promise<string> {
  const report = await backtestArrivals({ fitYear: 2023, predictYear: 2024, actual: null });
  const figures: Readonly<Record<string, string>> = {
    calibration: await calibrationTable(),
    'backtest-2024': originTable(report),
    'backtest-rules': ruleTable(report),
    'backtest-years': yearTable(report),
    'backtest-terms': await termsTable(),
  };
  let page = readFileSync(join(projectRoot, CALIBRATION_PAGE), 'utf8');
  for (const [name, table] of Object.entries(figures)) {
    const [open, close] = [`<!-- figures: ${name} -->`, `<!-- end of ${name} -->`];
    const [from, until] = [page.indexOf(open), page.indexOf(close)];
    if (from === -1 || until < from)
      throw new Error(`${CALIBRATION_PAGE} has no place for ${name}`);
    page = `${page.slice(0, from)}${open}\n\n${table}\n\n${page.slice(until)}`;
  }
  return page;
}

const percent = (fraction: number): string => {
  const text = Math.abs(fraction * 100).toFixed(1);
  const sign = Number(text) === 0 ? '' : fraction < 0 ? '−' : '+';
  return `${sign}${text} %`;
};
const size = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`;
const amount = (value: number): string =>
  Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 2 });

async function calibrationTable(): Promise<string> {
  const { report } = await calibrateScenario(loadScenario(SCENARIO), { fit: false });
  const judged = report.targets.filter(({ error }) => error !== null);
  return markdownTable(
    ['Published', 'Figure', 'Model', 'Error', 'Role', 'Met by'],
    judged.map(({ target, modelled, error, parameter }) => [
      target.what,
      `${amount(target.value)} ${target.unit}`,
      amount(modelled ?? 0),
      percent(error ?? 0),
      ROLES[target.role],
      parameter === null ? '' : `\`${parameter}\``,
    ]),
  );
}

function originTable({ model }: BacktestReport): string {
  const row = (name: string, error: ForecastError): string[] => [
    name,
    Math.round(error.forecast).toLocaleString('en'),
    error.actual.toLocaleString('en'),
    percent(error.bias),
    size(error.mape),
    size(error.nrmse),
  ];
  const shown = (model?.origins ?? []).slice(0, ORIGINS_SHOWN);
  return markdownTable(
    ['Origin', 'Predicted', 'Came', 'Bias', 'MAPE', 'NRMSE'],
    [
      ...shown.map((error) => row(error.origin, error)),
      ...(model?.total === null || model === null ? [] : [row('all', model.total)]),
    ],
  );
}

function ruleTable({ model, yardsticks }: BacktestReport): string {
  const row = (name: string, errors: ErrorTable | null): string[] =>
    errors === null || errors.total === null
      ? []
      : [
          name,
          percent(errors.total.bias),
          size(errors.total.mape),
          size(errors.total.nrmse),
          size(errors.weightedAbsolute),
        ];
  return markdownTable(
    ['Rule', 'Bias', 'MAPE', 'NRMSE', 'Mean error of an origin’s year'],
    [
      row('this model', model),
      ...yardsticks.map(({ yardstick, errors }) => row(YARDSTICKS[yardstick], errors)),
    ],
  );
}

function yearTable({ years }: BacktestReport): string {
  return markdownTable(
    ['2024', 'Predicted', 'Came', 'Error', 'Last year repeated', 'How'],
    years.map((year) => [
      `${year.what}, ${year.unit}`,
      amount(year.forecast),
      year.actual === null ? '–' : amount(year.actual),
      year.error === null ? '–' : percent(year.error),
      year.lastYearError === null ? '–' : percent(year.lastYearError),
      year.how,
    ]),
  );
}

/** Every window and damping that could have been chosen, and what it would have come to. */
async function termsTable(): Promise<string> {
  const rows: string[][] = [];
  for (const windowMonths of [3, 4, 6]) {
    for (const damping of [0, 0.5, 0.7, 0.8, 0.9]) {
      const request = { fitYear: 2023, predictYear: 2024, actual: null, windowMonths, damping };
      const { model } = await backtestArrivals(request);
      if (model?.total === undefined || model.total === null) continue;
      rows.push([
        String(windowMonths),
        String(damping),
        percent(model.total.bias),
        size(model.total.mape),
        size(model.weightedAbsolute),
      ]);
    }
  }
  return markdownTable(
    ['Window, months', 'Damping', 'Bias', 'MAPE', 'Mean error of an origin’s year'],
    rows,
  );
}
