import { scaleLinear } from 'd3-scale';
import type { HeadlineDefinition } from '#simulation/answers/headlines';
import type { TornadoBar } from '#simulation/experiments/tornado';
import { figureBlock } from '../figure-block.js';
import { grouped, inUnit } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const ROW = 30;
const LEFT = 400;
const RIGHT = 90;
const TOP = 30;
/** For the value at the end of the longest bar. */
const VALUE_ROOM = 70;
const MOST_BARS = 15;

/** One headline with each uncertain figure at its low and at its high end, the widest first. */
export function tornadoChart(
  headline: HeadlineDefinition,
  stated: number,
  bars: readonly TornadoBar[],
): Markup | null {
  const shown = bars.slice(0, MOST_BARS).filter(({ reach }) => reach > 0);
  const [widest] = shown;
  if (widest === undefined) return null;
  const ends = shown.flatMap(({ atLow, atHigh }) => [atLow, atHigh]);
  const x = scaleLinear(
    [Math.min(stated, ...ends), Math.max(stated, ...ends)],
    [LEFT + VALUE_ROOM, WIDTH - RIGHT],
  );
  const height = TOP + shown.length * ROW;
  const value = (at: number): string => inUnit(at, headline.unit);
  return figureBlock({
    id: 'tornado',
    title: `What ${headline.title.toLowerCase()} depends on`,
    says:
      `As stated it is ${value(stated)}. ${widest.path} moves it most: from ${value(widest.atLow)} ` +
      `at ${plain(widest.low)} to ${value(widest.atHigh)} at ${plain(widest.high)}.`,
    width: WIDTH,
    height,
    key: html`<ul class="key">
      <li><i style="background:var(--c1)"></i>at the figure’s low end</li>
      <li><i style="background:var(--c0)"></i>at its high end</li>
    </ul>`,
    drawing: html`
      ${shown.map((bar, index) => {
        const top = TOP + index * ROW + 4;
        const side = (at: number, colour: number): Markup =>
          html`<rect
            class="f${colour}"
            x="${Math.min(x(at), x(stated))}"
            y="${top}"
            width="${Math.max(Math.abs(x(at) - x(stated)), 0.5)}"
            height="${ROW - 9}"
          >
            <title>${bar.path}: ${value(at)}</title>
          </rect>`;
        return html`<text class="end" x="${LEFT - 98}" y="${top + 15}">${bar.path}</text>
          <text class="s end" x="${LEFT - 14}" y="${top + 15}">${range(bar)}</text>
          ${side(bar.atLow, 1)} ${side(bar.atHigh, 0)}
          ${endsOf(bar, x, stated).map(
            ({ at, isLeft }) =>
              html`<text
                class="s${isLeft ? ' end' : ''}"
                x="${x(at) + (isLeft ? -7 : 7)}"
                y="${top + 15}"
              >
                ${value(at)}
              </text>`,
          )}`;
      })}
      <line class="zero" x1="${x(stated)}" x2="${x(stated)}" y1="${TOP - 6}" y2="${height}" />
      <text class="s mid" x="${x(stated)}" y="${TOP - 12}">as stated ${value(stated)}</text>
    `,
    table: {
      head: ['Figure', 'Low', 'High', 'At low', 'At high', 'Swing by'],
      rows: bars.map((bar) => [
        bar.path,
        grouped(bar.low, 2),
        grouped(bar.high, 2),
        value(bar.atLow),
        value(bar.atHigh),
        bar.by === 'range' ? 'its range' : '±10 %',
      ]),
    },
  });
}

/** What stands at the outer ends of a bar; a side that nothing reaches has no words. */
function endsOf(
  { atLow, atHigh }: TornadoBar,
  x: (value: number) => number,
  stated: number,
): readonly { readonly at: number; readonly isLeft: boolean }[] {
  const [left, right] = [Math.min(atLow, atHigh, stated), Math.max(atLow, atHigh, stated)];
  return [
    { at: left, isLeft: true },
    { at: right, isLeft: false },
  ].filter(({ at }) => Math.abs(x(at) - x(stated)) >= 0.5);
}

const range = ({ low, high }: TornadoBar): string => `${plain(low)} to ${plain(high)}`;
const plain = (value: number): string => String(Math.round(value * 100) / 100).replace('-', '−');
