import {
  DEFAULT_COSTS,
  figureWords,
  intervalWords,
  percentWords,
  planShipped,
  tellPlan,
} from '#scenarios';
import type { PlanRequest, ScenarioPlan } from '#scenarios';
import { ExplainedError } from '#platform/explained-error';
import { bullets, fold, table, widthFor } from '../../story/table.js';
import { paintFor, type Paint } from '../paint.js';
import { experiment } from './experiment.js';
import { givenScenario } from './given-scenario.js';
import { STEP_KINDS, type PlanOptions } from './plan.js';

export async function showPlan(scenario: string, options: PlanOptions): Promise<void> {
  const request: PlanRequest = {
    pick: options.pick,
    budget: options.budget ?? null,
    costs: costsOf(options.cost),
    kinds: options.kinds,
    seed: options.seed,
  };
  const settings = { load: givenScenario(options.set) };
  const plan = await experiment(options, (watch) =>
    planShipped(scenario, request, settings, watch),
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return;
  }
  const width = widthFor(process.stdout);
  for (const line of planText(plan, options.top, width, paintFor(process.stdout))) {
    process.stdout.write(`${line}\n`);
  }
}

function costsOf(words: readonly string[]): PlanRequest['costs'] {
  const costs = { ...DEFAULT_COSTS };
  for (const word of words) {
    const [name = '', points = ''] = word.split('=');
    const kind = STEP_KINDS.find((known) => known === name);
    if (kind === undefined || !(Number(points) > 0)) {
      throw new ExplainedError(`${word} is not a cost: write wallet=3 or market=5`, {
        exitCode: 2,
      });
    }
    costs[kind] = Number(points);
  }
  return costs;
}

export function planText(plan: ScenarioPlan, top: number, width: number, paint: Paint): string[] {
  const shown = ofEveryKind(plan.steps, top);
  const chosen = new Set(plan.best.steps.map(({ id }) => id));
  const rows = shown.map(({ candidate, addsUsd, lowUsd, highUsd, addsPercent }) => [
    chosen.has(candidate.id) ? paint('green', '●') : ' ',
    candidate.kind,
    candidate.title,
    String(candidate.cost),
    ...addsWords(addsUsd, lowUsd, highUsd),
    percentWords(addsPercent),
  ]);
  const left = plan.steps.length - shown.length;
  return [
    paint('bold', `Next steps for ${plan.scenario.title}`),
    `${figureWords(plan.reachedUsd, 'usd')} of spending can be paid by wallet as things are.`,
    '',
    ...tellPlan(plan).flatMap((sentence) => fold(sentence, width)),
    '',
    ...table([['', 'kind', 'step', 'points', 'adds', '95 %', ''], ...rows], {
      right: [3, 4, 5, 6],
    }),
    ...(left > 0 ? [`  ${String(left)} smaller steps are not shown (--top).`] : []),
    '',
    'Why:',
    ...bullets(
      shown.slice(0, 5).map(({ candidate, reason }) => `${candidate.title}: ${reason}`),
      '  ',
      width,
    ),
    ...plan.remarks,
  ];
}

function addsWords(addsUsd: number, lowUsd: number, highUsd: number): [string, string] {
  const { mean, between } = intervalWords(addsUsd, { low: lowUsd, high: highUsd }, 'usd');
  return [mean, between];
}

/** The largest, but of every kind its share of lines: a market would hide all shops. */
function ofEveryKind(steps: ScenarioPlan['steps'], top: number): ScenarioPlan['steps'] {
  const kinds = new Set(steps.map(({ candidate }) => candidate.kind));
  const each = Math.max(1, Math.floor(top / Math.max(1, kinds.size)));
  const seen = new Map<string, number>();
  const first = steps.filter(({ candidate: { kind } }) => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= each;
  });
  const rest = steps.filter((step) => !first.includes(step));
  const shown = new Set([...first, ...rest.slice(0, Math.max(0, top - first.length))]);
  return steps.filter((step) => shown.has(step));
}
