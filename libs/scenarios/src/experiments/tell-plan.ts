import { figureWords, intervalWords, percentWords, type IntervalWords } from './figure-words.js';
import type { ScenarioPlan } from './plan-scenario.js';

function intervalOf({ addsUsd, lowUsd, highUsd }: ScenarioPlan['steps'][number]): IntervalWords {
  return intervalWords(addsUsd, { low: lowUsd, high: highUsd }, 'usd');
}

/** The plan in a few sentences. */
export function tellPlan(plan: ScenarioPlan): string[] {
  const { best, bySize, reachedUsd, steps, request } = plan;
  const first = steps[0];
  const percent = (usd: number): string =>
    reachedUsd > 0 ? ` (${percentWords((usd / reachedUsd) * 100)})` : '';
  const names = best.steps.map(({ title }) => title).join(', ');
  const limits = request.budget === null ? '' : `, for ${String(best.cost)} points`;
  const shared = best.addsUsd - best.sumOfAloneUsd;
  const sharing =
    best.steps.length < 2 || Math.abs(shared) < best.addsUsd * 0.001
      ? ''
      : shared < 0
        ? ` That is ${figureWords(-shared, 'usd')} less than the sum of each alone: they share travellers.`
        : ` That is ${figureWords(shared, 'usd')} more than the sum of each alone: they need each other.`;
  const gain = best.addsUsd - bySize.addsUsd;
  const against =
    gain > best.addsUsd * 1e-9
      ? ` Taking the largest one after the other adds ${figureWords(gain, 'usd')} less.`
      : ' Taking the largest one after the other does as well here.';
  return [
    ...(first === undefined
      ? []
      : [
          `The next step that adds most is ${first.candidate.title}: ${intervalOf(first).mean}${percent(first.addsUsd)} ` +
            `of reachable spending, 95 % between ${intervalOf(first).between}.`,
        ]),
    `The best ${String(best.steps.length)}${limits}: ${names}, together ${figureWords(best.addsUsd, 'usd')}${percent(best.addsUsd)}.${sharing}${against}`,
    best.proof === 'exact'
      ? 'No other set within these limits adds more.'
      : 'The list is too long to look at every set: none better was found by steps and swaps.',
  ];
}
