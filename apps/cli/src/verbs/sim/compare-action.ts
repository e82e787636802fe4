import {
  changeWords,
  compareShipped,
  figureWords,
  percentWords,
  tellComparison,
  tellPlan,
  type ComparisonWithPlan,
} from '#scenarios';
import { fold, table, widthFor } from '../../story/table.js';
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
  const rows = headlines.map(({ headline, paired, merit }) => {
    const { difference, differencePercent, verdict } = paired;
    const spread =
      difference.halfWidth === null ? '' : `± ${figureWords(difference.halfWidth, headline.unit)}`;
    const words = verdict === 'same' ? 'same' : verdict === 'unclear' ? 'unclear' : merit;
    const colour = merit === 'better' ? 'green' : merit === 'worse' ? 'red' : 'dim';
    return [
      headline.title,
      figureWords(paired.base, headline.unit),
      figureWords(paired.other, headline.unit),
      verdict === 'same' ? '–' : changeWords(difference.mean, headline.unit),
      verdict === 'same' ? '' : spread,
      verdict === 'same' || differencePercent === null ? '' : percentWords(differencePercent),
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
  ];
}

/** Several wallets more: which of them first. */
function planLines({ plan, base }: ComparisonWithPlan, width: number): string[] {
  if (plan === null) return [];
  const rows = plan.steps.map(({ candidate, addsUsd, lowUsd, highUsd }) => [
    `  ${candidate.title}`,
    figureWords(addsUsd, 'usd'),
    `${figureWords(lowUsd, 'usd')} … ${figureWords(highUsd, 'usd')}`,
  ]);
  return [
    'Which of them first:',
    ...tellPlan(plan).flatMap((sentence) => fold(sentence, width)),
    ...table([['', 'reaches more', '95 %'], ...rows], { right: [1, 2] }),
    `  wayfare sim plan ${base.name}    asks for markets, shops and links too`,
    '',
  ];
}
