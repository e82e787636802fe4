import { scaleLinear } from 'd3-scale';
import type { FunnelStep } from '#simulation/answers/answers';
import { figureBlock } from '../figure-block.js';
import { compact, outcomeWords, percentWords, usd } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const ROW = 34;
const LEFT = 270;
const RIGHT = 150;

interface Step {
  readonly name: string;
  readonly count: number;
  /** Where its bar begins and ends, in purchases. */
  readonly from: number;
  readonly until: number;
  readonly look: 'quiet' | 'loss' | 'accent';
  readonly share: string;
}

/** From everything wanted down to what was paid, a step for each way of getting lost. */
export function funnelChart(funnel: readonly FunnelStep[]): Markup | null {
  const all = funnel.reduce((sum, { count }) => sum + count, 0);
  if (all <= 0) return null;
  const steps = stepsOf(funnel, all);
  const x = scaleLinear([0, all], [LEFT, WIDTH - RIGHT]);
  const height = steps.length * ROW + 8;
  return figureBlock({
    id: 'funnel',
    title: 'How purchases end',
    says: saysOf(steps, all),
    width: WIDTH,
    height,
    drawing: html`
      <line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height - 8}" />
      ${steps.map((step, row) => drawStep(step, row, x))}
    `,
    table: {
      head: ['Outcome', 'Purchases', 'Share', 'Value', 'Share of value'],
      rows: funnel.map(({ outcome, count, countBps, usd: value, usdBps }) => [
        outcomeWords(outcome),
        compact(count),
        shareWords(countBps, count),
        usd(value),
        shareWords(usdBps, value),
      ]),
    },
  });
}

function stepsOf(funnel: readonly FunnelStep[], all: number): readonly Step[] {
  const steps: Step[] = [
    { name: 'Wanted to pay', count: all, from: 0, until: all, look: 'quiet', share: '100 %' },
  ];
  let left = all;
  for (const { outcome, count, countBps } of funnel) {
    if (outcome === 'paid' || count <= 0) continue;
    const name = outcomeWords(outcome);
    const share = shareWords(countBps, count);
    steps.push({ name, count, from: left - count, until: left, look: 'loss', share });
    left -= count;
  }
  const paid = funnel.find(({ outcome }) => outcome === 'paid');
  const [count, share] = [paid?.count ?? 0, shareWords(paid?.countBps ?? 0)];
  return [...steps, { name: 'Paid', count, from: 0, until: count, look: 'accent', share }];
}

function saysOf(steps: readonly Step[], all: number): string {
  const paid = steps.at(-1)?.share ?? '';
  const [worst] = steps.filter(({ look }) => look === 'loss').sort((a, b) => b.count - a.count);
  const wanted = `Of ${compact(all)} purchases that a traveller wanted to pay by wallet, ${paid} are paid.`;
  if (worst === undefined) return wanted;
  return `${wanted} What stops most others: ${worst.name.toLowerCase()}, ${worst.share}.`;
}

function drawStep(step: Step, row: number, x: (purchases: number) => number): Markup {
  const { name, count, from, until, look, share } = step;
  const [top, middle] = [row * ROW + 5, row * ROW + 21];
  const box = (kind: string, start: number, end: number): Markup =>
    html`<rect
      class="${kind}"
      x="${x(start)}"
      y="${top}"
      width="${Math.max(x(end) - x(start), 1.5)}"
      height="${ROW - 10}"
    />`;
  return html`<g>
    <text class="end" x="${LEFT - 14}" y="${middle}">${name}</text>
    ${look === 'loss' && from > 0 ? box('wash', 0, from) : null} ${box(look, from, until)}
    <text x="${WIDTH - RIGHT + 14}" y="${middle}">
      <tspan class="b">${share}</tspan> <tspan class="s">${compact(count)}</tspan>
    </text>
  </g>`;
}

/** Something happened, even where hundredths of a percent do not show it. */
function shareWords(bps: number, count = 0): string {
  return bps === 0 && count > 0 ? '< 0.01 %' : percentWords(bps / 100);
}
