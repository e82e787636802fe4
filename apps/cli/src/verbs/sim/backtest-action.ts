import { ExplainedError } from '#platform/explained-error';
import { backtestArrivals } from '#scenarios';
import type { BacktestReport, YearForecast } from '#simulation/calibration/backtest';
import type { ErrorTable, ForecastError } from '#simulation/calibration/forecast-errors';
import { givenPath } from '../../given-path.js';
import { bullets, fold, table, widthFor } from '../../story/table.js';
import { paintFor } from '../paint.js';
import type { BacktestWords } from './backtest.js';
import { percentText, quantityText } from './quantity-text.js';

/** Prints what a year was predicted to be, and what it was. */
export async function backtestAction(words: BacktestWords): Promise<void> {
  const fitYear = numberOf(words.fit, '--fit');
  const report = await backtestArrivals({
    fitYear,
    predictYear: words.predict === undefined ? fitYear + 1 : numberOf(words.predict, '--predict'),
    actual: words.actual === undefined ? null : givenPath(words.actual),
    ...(words.window === undefined ? {} : { windowMonths: numberOf(words.window, '--window') }),
    ...(words.damping === undefined ? {} : { damping: numberOf(words.damping, '--damping') }),
  });
  const count = numberOf(words.origins, '--origins');
  const text =
    words.json === true
      ? JSON.stringify({ ...report, forecast: Object.fromEntries(report.forecast) }, null, 2)
      : backtestText(report, count).join('\n');
  process.stdout.write(`${text}\n`);
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new ExplainedError(`${option} is a number, and ${text} is not.`, { exitCode: 2 });
  }
  return value;
}

const YARDSTICK_WORDS = {
  lastYear: 'last year once more',
  growthOfTotal: 'last year with the growth of the total',
  lastQuarter: 'four times the last quarter',
} as const;

function backtestText(report: BacktestReport, count: number): string[] {
  const paint = paintFor(process.stdout);
  const width = widthFor(process.stdout);
  const { fitYear, predictYear, model } = report;
  const how =
    `Level of the last ${String(report.windowMonths)} months without their season, carried on by their ` +
    `trend, of which ${String(report.damping * 100)} % lasts into each next month; nothing after ${String(fitYear)} is looked at.`;
  return [
    paint(
      'bold',
      `Arrivals in Japan: ${String(predictYear)} predicted from ${String(fitYear)} and before`,
    ),
    '',
    ...fold(how, width),
    '',
    ...(model === null ? forecastText(report, count) : errorText(report, model, count)),
    ...(report.years.length === 0 ? [] : ['', ...yearText(report.years, width)]),
  ];
}

function errorText(report: BacktestReport, model: ErrorTable, count: number): string[] {
  const row = (name: string, error: ForecastError): string[] => [
    name,
    people(error.forecast),
    people(error.actual),
    percentText(error.bias),
    percentText(error.mape).replace('+', ''),
    percentText(error.nrmse).replace('+', ''),
    String(error.months),
  ];
  const heads = ['', 'predicted', 'came', 'bias', 'MAPE', 'NRMSE', 'months'];
  const rows = model.origins.slice(0, count).map(({ origin, ...error }) => row(origin, error));
  const total = model.total === null ? [] : [row('all', model.total)];
  const compared = [
    ['this model', model] as const,
    ...report.yardsticks.map(
      ({ yardstick, errors }) => [YARDSTICK_WORDS[yardstick], errors] as const,
    ),
  ].flatMap(([name, errors]) =>
    errors === null || errors.total === null
      ? []
      : [
          [
            name,
            percentText(errors.total.bias),
            percentText(errors.total.mape).replace('+', ''),
            percentText(errors.total.nrmse).replace('+', ''),
            percentText(errors.weightedAbsolute).replace('+', ''),
          ],
        ],
  );
  return [
    ...table([heads, ...rows, ...total], { right: [1, 2, 3, 4, 5, 6] }),
    '',
    'Against rules of thumb, months of all origins together, and the mean error of an origin’s year:',
    ...table([['', 'bias', 'MAPE', 'NRMSE', 'origin'], ...compared], { right: [1, 2, 3, 4] }),
  ];
}

/** Where nothing of the year is known yet: the forecast itself. */
function forecastText(report: BacktestReport, count: number): string[] {
  const sum = (months: readonly number[]): number => months.reduce((a, b) => a + b, 0);
  const rows = [...report.forecast]
    .map(([origin, months]) => ({ origin, year: sum(months) }))
    .sort((a, b) => b.year - a.year);
  const all = rows.reduce((total, { year }) => total + year, 0);
  return [
    `Nothing of ${String(report.predictYear)} is known here; give --actual <file.csv> to judge it.`,
    '',
    ...table(
      [
        ['', 'predicted'],
        ...rows.slice(0, count).map(({ origin, year }) => [origin, people(year)]),
        ['all', people(all)],
      ],
      { right: [1] },
    ),
  ];
}

function yearText(years: readonly YearForecast[], width: number): string[] {
  const rows = years.map((year) => [
    year.what,
    quantityText(year.forecast, year.unit),
    year.actual === null ? '–' : quantityText(year.actual, year.unit),
    year.error === null ? '–' : percentText(year.error),
    year.lastYearError === null ? '–' : percentText(year.lastYearError),
  ]);
  return [
    ...table([['', 'predicted', 'came', 'error', 'last year repeated'], ...rows], {
      right: [1, 2, 3, 4],
    }),
    ...bullets(
      years.map(({ what, how }) => `${what}: ${how}`),
      '  ',
      width,
    ),
  ];
}

function people(visitors: number): string {
  return Math.round(visitors).toLocaleString('en');
}
