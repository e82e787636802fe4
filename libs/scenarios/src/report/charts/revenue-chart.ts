import { scaleLinear } from 'd3-scale';
import type { RevenueAnswer } from '#simulation/answers/answers';
import { figureBlock } from '../figure-block.js';
import { usd } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const ROW = 58;
const LEFT = 120;
const RIGHT = 110;

const KEY = html`<ul class="key">
  <li><i style="background:var(--c0)"></i>from merchants</li>
  <li><i style="background:var(--c1)"></i>interchange, acquirer to wallet</li>
  <li><i style="background:var(--c2)"></i>scheme fees, to the hub</li>
  <li><i style="background:var(--c4)"></i>FX margin</li>
</ul>`;

interface Part {
  readonly name: string;
  readonly usd: number;
  readonly colour: number;
}
interface Party {
  readonly name: string;
  readonly total: number;
  readonly parts: readonly Part[];
}

/** What each party earns, and what of it it hands on: parts to the right, hand-ons to the left. */
export function revenueChart({ wallets, hub, acquirers }: RevenueAnswer): Markup | null {
  const parties: readonly Party[] = [
    {
      name: 'Acquirers',
      total: acquirers.total,
      parts: [
        { name: 'from merchants', usd: acquirers.mdr, colour: 0 },
        { name: 'interchange', usd: acquirers.interchange, colour: 1 },
        { name: 'scheme fees', usd: acquirers.schemeFees, colour: 2 },
      ],
    },
    {
      name: 'Wallets',
      total: wallets.total,
      parts: [
        { name: 'interchange', usd: wallets.interchange, colour: 1 },
        { name: 'scheme fees', usd: wallets.schemeFees, colour: 2 },
      ],
    },
    {
      name: 'Hub',
      total: hub.total,
      parts: [
        { name: 'FX margin', usd: hub.fxMargin, colour: 4 },
        {
          name: 'scheme fees',
          usd: hub.schemeFeesOfAcquirers + hub.schemeFeesOfWallets,
          colour: 2,
        },
        { name: 'margin handed back', usd: hub.fxMarginReturned, colour: 4 },
      ],
    },
  ];
  const sums = parties.map(({ parts }) => [
    parts.reduce((sum, part) => sum + Math.min(part.usd, 0), 0),
    parts.reduce((sum, part) => sum + Math.max(part.usd, 0), 0),
  ]);
  const least = Math.min(...sums.map(([low = 0]) => low));
  const most = Math.max(...sums.map(([, high = 0]) => high));
  if (most <= 0) return null;
  const x = scaleLinear([least, most], [LEFT, WIDTH - RIGHT]);
  const whole = parties.reduce((sum, { total }) => sum + total, 0);
  return figureBlock({
    id: 'revenue',
    title: 'Who earns what',
    says:
      `${usd(whole)} in all, net of refunds: ` +
      parties.map(({ name, total }) => `${name.toLowerCase()} ${usd(total)}`).join(', ') +
      '. To the left of the line: what a party hands on to another.',
    width: WIDTH,
    height: parties.length * ROW + 6,
    key: KEY,
    drawing: html`
      ${parties.map((party, row) => drawParty(party, row, x))}
      <line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${parties.length * ROW}" />
    `,
    table: {
      head: ['Party', 'Part', 'US dollars'],
      words: [1],
      rows: parties.flatMap(({ name, total, parts }) => [
        ...parts.map((part) => [name, part.name, usd(part.usd)]),
        [name, 'total', usd(total)],
      ]),
    },
  });
}

function drawParty({ name, total, parts }: Party, row: number, x: (usd: number) => number): Markup {
  const top = row * ROW + 8;
  let [left, right] = [0, 0];
  const bars = parts
    .filter((part) => part.usd !== 0)
    .map((part) => {
      const from = part.usd < 0 ? left + part.usd : right;
      if (part.usd < 0) left = from;
      else right += part.usd;
      const width = Math.abs(x(part.usd) - x(0));
      const label = `${part.name} ${usd(part.usd)}`;
      // Words go inside where they have room, else the title and the table tell.
      const hasRoom = width > label.length * 6.6 + 12;
      return html`<g>
        <rect
          class="f${part.colour}"
          x="${x(from)}"
          y="${top}"
          width="${Math.max(width - 1, 0.5)}"
          height="26"
          rx="2"
        >
          <title>${label}</title>
        </rect>
        ${hasRoom ? html`<text class="in" x="${x(from) + 8}" y="${top + 17.5}">${label}</text>` : null}
      </g>`;
    });
  return html`<g>
    <text class="b" x="0" y="${top + 18}">${name}</text>
    ${bars}
    <text class="b end" x="${WIDTH}" y="${top + 18}">${usd(total)}</text>
  </g>`;
}
