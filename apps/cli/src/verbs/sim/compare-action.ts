import {
  changeWords,
  compareShipped,
  figureWords,
  intervalWords,
  percentWords,
  spreadWords,
  tellComparison,
  tellPlan,
  type ComparisonWithPlan,
} from '#scenarios';
import { bullets, fold, table, widthFor } from '../../story/table.js';
import { paintFor, type Paint } from '../paint.js';
import type { ExperimentOptions } from './compare.js';
import { experiment, settingsOf } from './experiment.js';

export async function compareSimulations(
  base: string,
  other: string,
  options: ExperimentOptions,
): Promise<void> {
  const comparison = await experiment(options, (watch) =>
    compareShipped(base, other, settingsOf(options), watch),
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
    return;
  }
  const width = widthFor(process.stdout);
  for (const line of comparisonText(comparison, width, paintFor(process.stdout))) {
    process.stdout.write(`${line}\n`);
  }
}

function comparisonText(comparison: ComparisonWithPlan, width: number, paint: Paint): string[] {
  const { base, other, differences, headlines } = comparison;
  const changes = differences.map(({ path, base: before, other: after }) => [
    `  ${path}`,
    `${before ?? 'not there'} → ${after ?? 'not there'}`,
  ]);
  const rows = headlines.map(({ headline, paired, standing, merit }) => {
    const { difference, differencePercent } = paired;
    const { mean, halfWidth } = difference;
    const isSame = standing === 'unchanged';
    const words = standing === 'moved' ? merit : isSame ? 'no change' : standing;
    const colour = merit === 'better' ? 'green' : merit === 'worse' ? 'red' : 'dim';
    return [
      headline.title,
      figureWords(paired.base, headline.unit),
      figureWords(paired.other, headline.unit),
      isSame ? '–' : changeWords(mean, headline.unit, halfWidth),
      isSame || halfWidth === null ? '' : spreadWords(halfWidth, headline.unit),
      isSame || differencePercent === null ? '' : percentWords(differencePercent),
      paint(colour, words === 'even' ? '' : words),
    ];
  });
  return [
    paint('bold', `${other.title}, against ${base.title}`),
    '',
    ...tellComparison(comparison).flatMap((sentence) => fold(sentence, width)),
    '',
    ...(changes.length === 0 ? [] : ['What differs:', ...table(changes, { width }), '']),
    ...planLines(comparison, width),
    ...table([['', base.name, other.name, 'difference', '95 %', '', ''], ...rows], {
      right: [1, 2, 3, 4, 5],
    }),
    ...(comparison.remarks.length === 0 ? [] : ['', ...bullets(comparison.remarks, '', width)]),
  ];
}

/** Several wallets more: which of them first. */
function planLines({ plan, base }: ComparisonWithPlan, width: number): string[] {
  if (plan === null) return [];
  const rows = plan.steps.map(({ candidate, addsUsd, lowUsd, highUsd }) => {
    const { mean, between } = intervalWords(addsUsd, { low: lowUsd, high: highUsd }, 'usd');
    return [`  ${candidate.title}`, mean, between];
  });
  return [
    'Which of them first:',
    ...tellPlan(plan).flatMap((sentence) => fold(sentence, width)),
    ...table([['', 'reaches more', '95 %'], ...rows], { right: [1, 2] }),
    `  wayfare sim plan ${base.name}    asks for markets, shops and links too`,
    '',
  ];
}
