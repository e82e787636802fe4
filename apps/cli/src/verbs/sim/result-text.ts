import {
  figureWords,
  intervalWords,
  spreadWords,
  type HeadlineResult,
  type SimulationRun,
} from '#scenarios';
import { HEADLINE_GROUPS, headlineOf, type HeadlineGroup } from '#simulation/answers/headlines';
import { fold, table } from '../../story/table.js';
import type { Paint } from '../paint.js';
import {
  columnsThatFit,
  corridorLines,
  costLines,
  defaultLines,
  settlementLines,
  walletLines,
} from './result-tables.js';
import { bar, sparkline, type ChartLook } from './small-charts.js';

/** Where a result is shown: lines stay within the width, colour is left to `paint`. */
export interface ResultLook extends ChartLook {
  readonly width: number;
  readonly paint: Paint;
}

const GROUP_TITLES: Readonly<Record<HeadlineGroup, string>> = {
  volume: 'Volume',
  acceptance: 'Acceptance',
  revenue: 'Who earns what',
  cost: 'What it costs, against cards and cash',
  currencies: 'Currencies',
  settlement: 'Settlement',
  limits: 'Limits and losses',
  time: 'Time',
};

/** What a run came to, for a person: headlines with intervals, then where they come from. */
export function resultText(run: SimulationRun, look: ResultLook): string[] {
  const { answers } = run;
  return [
    ...headlineLines(run.headlines, look),
    ...section('The same purchases paid otherwise', costLines(answers), look),
    ...section('What becomes of purchases meant for a wallet', funnelLines(run, look), look),
    ...section('Through the period', monthLines(run, look), look),
    ...section('Corridors', corridorLines(answers, look), look),
    ...section('Wallets', walletLines(answers, look), look),
    ...section('Settlement by currency', settlementLines(answers, look), look),
    ...section('G20 targets for 2027', targetLines(run, look), look),
    ...section('Defaults', defaultLines(answers, look), look),
  ];
}

export function section(title: string, lines: readonly string[], { paint }: ResultLook): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
}

/**
 * Headlines by subject. Chance shrinks with replications, what nobody knows does not: where there
 * is room the two stand apart, as half-widths. What is nought whatever happens is said in one line.
 */
function headlineLines(headlines: readonly HeadlineResult[], look: ResultLook): string[] {
  const { width, paint } = look;
  const told = headlines.filter((headline) => !isNought(headline));
  const parts = {
    chance: told.some(({ samplingLow }) => samplingLow !== null),
    assumptions: told.some(({ assumption }) => assumption !== null),
  };
  const rows = HEADLINE_GROUPS.flatMap((group) => {
    const own = told.filter(({ id }) => headlineOf(id)?.group === group);
    if (own.length === 0) return [];
    return [[GROUP_TITLES[group]], ...own.map((one) => headlineRow(one, parts))];
  });
  const head = [
    '',
    '',
    '95 % between',
    ...(parts.chance ? ['chance'] : []),
    ...(parts.assumptions ? ['assumptions'] : []),
  ];
  const fits = columnsThatFit([head, ...rows], width);
  const shown = rows.map((row) =>
    row.length === 1 ? row.map((cell) => paint('bold', cell)) : row.slice(0, fits),
  );
  const nought = headlines.filter(isNought).map(({ title }) => title);
  return [
    ...table([head.slice(0, fits).map((cell) => paint('dim', cell)), ...shown], {
      right: [1, 2, 3, 4],
    }),
    ...(nought.length === 0
      ? []
      : [
          '',
          ...fold(`Nought throughout: ${nought.join(', ')}.`, width).map((l) => paint('dim', l)),
        ]),
  ];
}

function headlineRow(
  headline: HeadlineResult,
  parts: { readonly chance: boolean; readonly assumptions: boolean },
): string[] {
  const { title, unit, mean, low, high, samplingLow, samplingHigh, assumption } = headline;
  const words = intervalWords(mean, { low, high }, unit);
  const isKnown = samplingLow !== null || assumption !== null;
  const spread = (halfWidth: number): string =>
    halfWidth > 0 ? spreadWords(halfWidth, unit) : 'none';
  const chance =
    samplingLow === null || samplingHigh === null ? '–' : spread((samplingHigh - samplingLow) / 2);
  return [
    `  ${title}`,
    words.mean,
    isKnown ? words.between : '–',
    ...(parts.chance ? [chance] : []),
    ...(parts.assumptions ? [assumption === null ? '–' : spread(assumption.halfWidth)] : []),
  ];
}

/** Also where expected values leave a millionth of a cent. */
function isNought({ unit, mean, low, high }: HeadlineResult): boolean {
  return [mean, low, high].every((value) => !/[1-9]/.test(figureWords(value, unit)));
}

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  paid: 'paid',
  notAccepted: 'shop takes no wallet',
  noRoute: 'shop and wallet not linked',
  outage: 'out of service',
  abandoned: 'payer gave up',
  outsideCorridorLimits: 'outside the corridor’s limits',
  abovePayerLimit: 'above the payer’s limit',
  capExceeded: 'wallet’s cap exhausted',
  insufficientFunds: 'not enough money',
  riskRefused: 'refused as risky',
  timedOut: 'no answer in time',
};

/** Indent, outcome, purchases and both shares. */
const WIDTH_BESIDE_BARS = 62;
const LONGEST_BAR = 40;

/** Only what happened; shares have been made to add up to 100 % over all outcomes. */
function funnelLines({ answers }: SimulationRun, { width, paint, ...look }: ResultLook): string[] {
  const steps = answers.funnel.filter(({ count, usdBps }) => count >= 0.5 || usdBps > 0);
  const most = Math.max(...steps.map(({ countBps }) => countBps), 1);
  const room = Math.min(width - WIDTH_BESIDE_BARS, LONGEST_BAR);
  const share = (bps: number): string => `${(bps / 100).toFixed(2)} %`;
  const rows = steps.map(({ outcome, count, countBps, usdBps }) => {
    const drawn = bar(countBps / most, room, look);
    return [
      OUTCOME_WORDS[outcome] ?? outcome,
      figureWords(Math.round(count), 'count'),
      share(countBps),
      share(usdBps),
      outcome === 'paid' ? paint('green', drawn) : paint('yellow', drawn),
    ];
  });
  const head = ['', 'purchases', 'of them', 'of value', ''].map((cell) => paint('dim', cell));
  return rows.length === 0 ? [] : table([head, ...rows], { right: [1, 2, 3] });
}

function monthLines({ answers }: SimulationRun, { width, ...look }: ResultLook): string[] {
  const { months, days } = answers;
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (months.length >= 3) {
    const best = months.reduce((most, month) => (month.usd > most.usd ? month : most));
    const least = months.reduce((worst, month) => (month.usd < worst.usd ? month : worst));
    const line = sparkline(
      months.map(({ usd }) => usd),
      look,
    );
    return fold(
      `${first.month} ${line} ${last.month}   most in ${best.month} ` +
        `(${figureWords(best.usd, 'usd')}), least in ${least.month} (${figureWords(least.usd, 'usd')})`,
      width - 2,
    );
  }
  const byDay = new Map<string, number>();
  for (const { day, usd } of days) byDay.set(day, (byDay.get(day) ?? 0) + usd);
  const dates = [...byDay.keys()];
  const best = [...byDay].reduce((most, day) => (day[1] > most[1] ? day : most));
  return fold(
    `${dates[0] ?? ''} ${sparkline([...byDay.values()], look)} ${dates.at(-1) ?? ''}   ` +
      `most on ${best[0]} (${figureWords(best[1], 'usd')})`,
    width - 2,
  );
}

function targetLines({ answers }: SimulationRun, { width, paint }: ResultLook): string[] {
  const { averageCost, dearestCorridor, speed, remark } = answers.targets;
  const rows = [averageCost, dearestCorridor, speed].map(({ value, met, what }) => [
    met ? paint('green', 'met') : paint('yellow', 'not met'),
    figureWords(value, 'percent'),
    what,
  ]);
  return [...table(rows, { right: [1], width: width - 2 }), ...fold(remark, width - 2)];
}
