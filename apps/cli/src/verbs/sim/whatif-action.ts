import { figureWords, whatifShipped, type WhatIf } from '#scenarios';
import { bullets, table, widthFor } from '../../story/table.js';
import { paintFor, type Paint } from '../paint.js';
import { experiment } from './experiment.js';
import { givenScenario } from './given-scenario.js';
import type { WhatifOptions } from './whatif.js';

export async function showDesigns(scenario: string, options: WhatifOptions): Promise<void> {
  const overlay = { fxYear: options.fxYear, shocks: options.shock };
  const settings = { load: givenScenario(options.set) };
  const whatif = await experiment(options, (watch) =>
    whatifShipped(scenario, overlay, settings, watch),
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(whatif, null, 2)}\n`);
    return;
  }
  const width = widthFor(process.stdout);
  for (const line of designsText(whatif, width, paintFor(process.stdout))) {
    process.stdout.write(`${line}\n`);
  }
}

function designsText({ scenario, rates, designs }: WhatIf, width: number, paint: Paint): string[] {
  const usd = (value: number): string => figureWords(value, 'usd').replace('USD ', '');
  const rows = designs.map((design) => [
    design.title,
    usd(design.liquidityUsd),
    usd(design.liquidityLowerUsd),
    usd(design.liquidityUpperUsd),
    usd(design.hubFundingPeakUsd),
    figureWords(design.nettingPercent, 'percent'),
    figureWords(design.prefundBreachHours + design.capBreachHours, 'number'),
    usd(design.capDeclinedUsd),
    usd(design.fxResultUsd - design.coverCostUsd),
    usd(design.rateLockCostUsd),
    figureWords(design.hoursToFunds, 'number'),
  ]);
  const head = [
    'USD',
    'liquidity',
    'lower',
    'upper',
    'pay-out',
    'netting',
    'hours over',
    'declined',
    'FX, net',
    'lock',
    'hours',
  ];
  const right = head.map((_, index) => index).slice(1);
  return [
    paint('bold', `Ways to settle ${scenario.title}`),
    `Expected, with ${rates}.`,
    '',
    ...table([head, ...rows], { right }),
    '',
    ...bullets(
      designs.slice(1).map(({ title, why, finding }) => `${title}: ${why}. ${finding}`),
      '',
      width,
    ),
    '',
    ...bullets(
      [
        'liquidity: mean over clearing days of the deepest net debits; lower with one multilateral net a day, upper with every payment by itself',
        'pay-out: the most the hub pays acquirers on one value date',
        'hours over: wallet-hours beyond prefund or cap; declined: for want of room under a cap',
        'FX, net: result of positions less the cost of covers; lock: worth of the option in locked rates',
        'hours: from payment to the acquirer’s money, mean by value',
      ],
      '',
      width,
    ),
  ];
}
