import type { Answers, TargetAnswer } from '#simulation/answers/answers';
import { headlineOf } from '#simulation/answers/headlines';
import type { ComparedHeadline } from '#simulation/experiments/compare-plays';
import type { TornadoBar } from '#simulation/experiments/tornado';
import type { PlayedRun, SimulationRun } from '../runs/simulation-run.js';
import type { Explanation } from '../scenario-files/explain/explain-scenario.js';
import { assumptionsSection } from './assumptions-section.js';
import { costChart } from './charts/cost-chart.js';
import { differencesChart } from './charts/differences-chart.js';
import { flowsChart } from './charts/flows-chart.js';
import { funnelChart } from './charts/funnel-chart.js';
import { exposureChart, liquidityChart } from './charts/liquidity-chart.js';
import { revenueChart } from './charts/revenue-chart.js';
import { tornadoChart } from './charts/tornado-chart.js';
import { yearChart } from './charts/year-chart.js';
import { dataTable } from './figure-block.js';
import {
  categoryWords,
  compact,
  grouped,
  inUnit,
  moneyWords,
  percentWords,
  usd,
} from './figure-words.js';
import { headlineCards, rangeWords } from './headline-cards.js';
import { Markup, html } from './markup.js';
import { STYLE } from './style.js';

export interface Report {
  readonly played: PlayedRun;
  /** The scenario in sentences; null where its file is not at hand. */
  readonly explanation: Explanation | null;
  /** Another scenario played with the same random numbers, the run being the base. */
  readonly comparison?: {
    readonly title: string;
    readonly headlines: readonly ComparedHeadline[];
  };
  readonly tornado?: {
    readonly headline: string;
    readonly stated: number;
    readonly bars: readonly TornadoBar[];
  };
  /** What was asked for beside the run was interrupted, and is left out. */
  readonly isCut?: boolean;
}

/**
 * A run as one page that needs nothing else: no network, no script, no font, no picture beside it.
 * It opens from a disk or a mail, in light and dark, and prints.
 */
export function reportPage(report: Report): string {
  const { run } = report.played;
  const { isCut = false } = report;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${run.scenario.title} · Wayfare</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        ${opening(run, isCut)}
        <main>${sections(report)}</main>
        <footer>
          <p>
            Simulated by Wayfare ${run.product}. Names of wallets and markets are real, what they do
            here is simulated: nobody named takes part in it or endorses it.
          </p>
        </footer>
      </body>
    </html>`;
  return `${page.text.replace(/\n\s+/g, '\n').trim()}\n`;
}

function sections({
  played,
  explanation,
  comparison,
  tornado,
}: Report): readonly (Markup | null)[] {
  const { run, world, paths, mean } = played;
  const { answers } = run;
  const swung = tornado === undefined ? undefined : headlineOf(tornado.headline);
  return [
    headlineCards(run.headlines),
    html`<p class="note">
      Dots are means, lines 95 % intervals. Chance alone makes only the coloured part, often hidden
      by the dot${assumed(run)}
    </p>`,
    comparison === undefined
      ? null
      : differencesChart(run.scenario.title, comparison.title, comparison.headlines),
    flowsChart(world, mean),
    funnelChart(answers.funnel),
    yearChart(
      answers.days.filter(({ day }) => day >= run.scenario.from && day <= run.scenario.to),
      answers.months,
    ),
    revenueChart(answers.revenue),
    costChart(answers.costs, answers.targets),
    tornado === undefined || swung === undefined
      ? null
      : tornadoChart(swung, tornado.stated, tornado.bars),
    exposureChart(world, paths, answers.wallets),
    liquidityChart(world, paths),
    allHeadlines(run),
    breakdowns(answers),
    targets(answers),
    explanation === null ? null : assumptionsSection(explanation),
    howToRepeat(run),
  ];
}

function assumed({ assumptionDraws }: SimulationRun): string {
  return assumptionDraws === 0
    ? '. Assumptions were not drawn.'
    : `; the rest is what the assumptions leave open (${String(assumptionDraws)} draws of them).`;
}

function opening(run: SimulationRun, isCut: boolean): Markup {
  const { scenario, headlines } = run;
  const mean = (id: string): number => headlines.find((one) => one.id === id)?.mean ?? 0;
  const lede =
    `${compact(mean('payments'))} payments worth ${usd(mean('valueUsd'))}, ` +
    `${percentWords(mean('spendingSharePercent'))} of what these visitors spend. ` +
    `Shops that take no wallet of theirs leave ${usd(mean('acceptanceGapUsd'))} on the table; ` +
    `the hub earns ${usd(mean('hubRevenueUsd'))}.`;
  return html`<header class="top">
    <p class="kicker">Wayfare simulation</p>
    <h1>${scenario.title}</h1>
    <p class="lede">${lede}</p>
    <p class="facts">
      ${scenario.from} to ${scenario.to} · ${grouped(run.replications)}
      replication${run.replications === 1 ? '' : 's'} of the ${run.fidelity} kernel ·
      ${compact(run.purchases)} purchases at ${compact(run.merchants)} merchants · seed
      ${String(run.seed)}
    </p>
    ${
      run.partial
        ? html`<p class="partial">
            <strong>Interrupted.</strong> ${String(run.replications)} of
            ${String(run.replicationsAsked)} replications are whole, and only those are shown.
          </p>`
        : null
    }
    ${
      isCut
        ? html`<p class="partial">
            <strong>Interrupted.</strong> The run is whole; what was to be played beside it for this
            page is left out.
          </p>`
        : null
    }
    ${run.remarks.map((remark) => html`<p class="note">${remark}</p>`)}
  </header>`;
}

function allHeadlines({ headlines }: SimulationRun): Markup {
  return html`<section class="long" id="headlines">
    <h2>Every headline</h2>
    ${dataTable({
      head: ['', 'Mean', '95 % interval', 'Chance alone ±', 'Assumptions − / +'],
      rows: headlines.map((headline) => {
        const { title, mean, unit, samplingHalfWidth, assumption } = headline;
        return [
          title,
          inUnit(mean, unit),
          rangeWords(headline),
          samplingHalfWidth === null ? '–' : inUnit(samplingHalfWidth, unit),
          assumption === null
            ? '–'
            : `${inUnit(assumption.below, unit)} / ${inUnit(assumption.above, unit)}`,
        ];
      }),
    })}
  </section>`;
}

function breakdowns({ corridors, wallets, acquirers, categories, areas }: Answers): Markup {
  const largest = [...areas].sort((a, b) => b.usd - a.usd).slice(0, 20);
  return html`<section class="long" id="breakdowns">
    <h2>By corridor, wallet, shop and place</h2>
    <h3>Corridors</h3>
    ${dataTable({
      head: ['', 'Payments', 'Value', 'Of spending', 'Gap', 'Success', 'All-in cost'],
      rows: corridors.map((one) => [
        `${one.origin} → ${one.destination}`,
        compact(one.payments),
        moneyWords(one.currency, one.paymentMinor),
        percentWords(one.spendingSharePercent),
        percentWords(one.gapPercent),
        percentWords(one.successPercent),
        `${grouped(one.allInCostBps, 0)} bps`,
      ]),
    })}
    <h3>Wallets</h3>
    ${dataTable({
      head: ['', 'Home', 'Payments', 'Value', 'Owes the hub', 'Earns'],
      words: [1],
      rows: wallets.map((one) => [
        one.name,
        one.origin,
        compact(one.payments),
        usd(one.usd),
        moneyWords(one.currency, one.owesMinor),
        usd(one.revenueUsd),
      ]),
    })}
    <h3>Acquirers</h3>
    ${dataTable({
      head: ['', 'Market', 'Payments', 'Value', 'Receives', 'Earns'],
      words: [1],
      rows: acquirers.map((one) => [
        one.name,
        one.destination,
        compact(one.payments),
        usd(one.usd),
        moneyWords(one.currency, one.receivesMinor),
        usd(one.revenueUsd),
      ]),
    })}
    <h3>Kinds of shop</h3>
    ${dataTable({
      head: ['', 'Market', 'Payments', 'Value'],
      words: [1],
      rows: [...categories]
        .sort((a, b) => b.usd - a.usd)
        .map((one) => [
          categoryWords(one.category),
          one.destination,
          compact(one.payments),
          moneyWords(one.currency, one.paymentMinor),
        ]),
    })}
    <h3>Places${largest.length < areas.length ? ', the largest twenty' : ''}</h3>
    ${dataTable({
      head: ['', 'Market', 'Payments', 'Value'],
      words: [1],
      rows: largest.map((one) => [
        one.name,
        one.destination,
        compact(one.payments),
        moneyWords(one.currency, one.paymentMinor),
      ]),
    })}
  </section>`;
}

function targets({ targets: { averageCost, dearestCorridor, speed, remark } }: Answers): Markup {
  const line = ({ what, value, met }: TargetAnswer): Markup =>
    html`<li>
      <span class="${met ? 'met' : 'missed'}">${met ? 'Met' : 'Missed'}:</span>
      ${percentWords(value)}. <span class="src">${what}</span>
    </li>`;
  return html`<section id="targets">
    <h2>Against the G20’s targets for 2027</h2>
    <ul class="plain">
      ${[averageCost, dearestCorridor, speed].map(line)}
    </ul>
    <p class="note">${remark}</p>
  </section>`;
}

function howToRepeat({
  scenario,
  seed,
  replications,
  fidelity,
  resultHash,
  product,
}: SimulationRun): Markup {
  return html`<section id="repeat">
    <h2>To get the same numbers again</h2>
    <pre>
wayfare sim run ${scenario.name} --seed ${String(seed)} --reps ${String(
        replications,
      )} --fidelity ${fidelity}</pre>
    ${dataTable({
      head: ['', ''],
      words: [1],
      rows: [
        ['Result hash', resultHash],
        ['Scenario', `${scenario.name}, ${scenario.hash}`],
        ['Product', `Wayfare ${product}`],
      ],
    })}
    <p class="note">
      Any number of threads and any machine give this result hash, as long as the scenario and the
      shipped figures are the same. <code>wayfare sim verify</code> on the run’s folder checks both.
    </p>
  </section>`;
}
