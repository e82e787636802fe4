import { scaleLinear } from 'd3-scale';
import type { CostAnswer, TargetsAnswer } from '#simulation/answers/answers';
import { figureBlock } from '../figure-block.js';
import { grouped, percentWords, usd } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const LEFT = 250;
const RIGHT = 90;
const ROW = 30;

interface Bar {
  readonly who: 'Merchant' | 'Payer';
  readonly how: string;
  readonly bps: number;
  readonly own: boolean;
}

/** What the purchases cost, and would have cost otherwise. */
export function costChart({ merchant, payer }: CostAnswer, targets: TargetsAnswer): Markup {
  const bars: readonly Bar[] = [
    { who: 'Merchant', how: 'this network', bps: merchant.walletBps, own: true },
    { who: 'Merchant', how: 'foreign card', bps: merchant.cardBps, own: false },
    { who: 'Payer', how: 'this network', bps: payer.walletBps, own: true },
    { who: 'Payer', how: 'card abroad', bps: payer.cardBps, own: false },
    { who: 'Payer', how: 'cash exchange', bps: payer.cashBps, own: false },
  ];
  const most = Math.max(...bars.map(({ bps }) => bps), 1);
  const x = scaleLinear([0, most], [LEFT, WIDTH - RIGHT]);
  const top = (index: number): number => index * ROW + (index >= 2 ? 16 : 0) + 4;
  const allIn = (merchant.walletBps + payer.walletBps) / 100;
  return figureBlock({
    id: 'costs',
    title: 'What it costs, beside cards and cash',
    says:
      `Merchant and payer together pay ${percentWords(allIn)} of value; the G20 aims at ` +
      `${percentWords(targets.averageCost.target)} on average. Against cards the merchants save ` +
      `${usd(merchant.savedUsd)} and the payers ${usd(payer.savedAgainstCardUsd)}.`,
    width: WIDTH,
    height: top(4) + ROW,
    drawing: html`
      ${bars.map(
        ({ who, how, bps, own }, index) =>
          html`<text class="end" x="${LEFT - 14}" y="${top(index) + 16}"
              ><tspan class="b">${index === 0 || index === 2 ? who : ''}</tspan> ${how}</text
            >
            <rect
              class="${own ? 'accent' : 'quiet'}"
              x="${LEFT}"
              y="${top(index)}"
              width="${Math.max(x(bps) - LEFT, 1)}"
              height="${ROW - 8}"
              rx="2"
            />
            <text x="${x(bps) + 10}" y="${top(index) + 16}">${grouped(bps, 0)} bps</text>`,
      )}
      <line class="axis" x1="${LEFT}" x2="${LEFT}" y1="0" y2="${top(4) + ROW - 6}" />
    `,
    table: {
      head: ['Who', 'How', 'Basis points of value'],
      words: [1],
      rows: bars.map(({ who, how, bps }) => [who, how, grouped(bps, 1)]),
    },
  });
}
