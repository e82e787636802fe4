import { scaleLinear } from 'd3-scale';
import type { ComparedHeadline } from '#simulation/experiments/compare-plays';
import { figureBlock, type DataTable } from '../figure-block.js';
import { inUnit, percentWords } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const ROW = 26;
const LEFT = 330;
const RIGHT = 170;
const TOP = 26;

interface Moved extends ComparedHeadline {
  /** Of the base; the half-width alike. */
  readonly percent: number;
  readonly half: number;
}

/** Paired differences in percent of the base, with their 95 % intervals. */
export function differencesChart(
  base: string,
  other: string,
  compared: readonly ComparedHeadline[],
): Markup | null {
  const moved = compared.flatMap(movedOf);
  if (moved.length === 0) return null;
  const most = scaleEnd(moved);
  const x = scaleLinear([-most, most], [LEFT, WIDTH - RIGHT]).clamp(true);
  const height = TOP + moved.length * ROW + 8;
  const still = compared.filter((one) => !moved.some(({ headline }) => headline === one.headline));
  const count = (merit: ComparedHeadline['merit']): string =>
    String(moved.filter((one) => one.merit === merit).length);
  return figureBlock({
    id: 'differences',
    title: `${other}, against ${base}`,
    says:
      `Played with the same random numbers: ${count('better')} headlines are better, ` +
      `${count('worse')} worse. Dots are differences in percent of the base, lines their 95 % intervals.` +
      stillWords(still),
    width: WIDTH,
    height,
    drawing: html`
      ${x
        .ticks(6)
        .map(
          (tick) =>
            html`<line
                class="grid"
                x1="${x(tick)}"
                x2="${x(tick)}"
                y1="${TOP - 6}"
                y2="${height}"
              />
              <text class="s mid" x="${x(tick)}" y="${TOP - 12}">${percentWords(tick)}</text>`,
        )}
      <line class="zero" x1="${x(0)}" x2="${x(0)}" y1="${TOP - 6}" y2="${height}" />
      ${moved.map((one, row) => drawMoved(one, row, x, most))}
    `,
    key: html`<ul class="key">
      <li><i style="background:var(--c2)"></i>better</li>
      <li><i style="background:var(--c1)"></i>worse</li>
      <li><i style="background:var(--c6)"></i>unclear, slight, or a matter of view</li>
    </ul>`,
    table: differencesTable(base, other, compared),
  });
}

function movedOf(one: ComparedHeadline): Moved[] {
  const { base, difference, differencePercent } = one.paired;
  if (differencePercent === null || base === 0 || one.standing === 'unchanged') return [];
  const half = ((difference.halfWidth ?? 0) / Math.abs(base)) * 100;
  if (Math.abs(differencePercent) < LEAST_SHOWN && half < LEAST_SHOWN) return [];
  return [{ ...one, percent: differencePercent, half }];
}

/** Percent that a figure of two decimals would show as nothing. */
const LEAST_SHOWN = 0.005;

const MOST_NAMED = 3;

function stillWords(still: readonly ComparedHeadline[]): string {
  if (still.length === 0) return '';
  return still.length <= MOST_NAMED
    ? ` Not moved: ${still.map(({ headline }) => headline.title).join(', ')}.`
    : ` ${String(still.length)} headlines are not moved, and stand among the numbers.`;
}

/** How far out a figure may lie, against nine tenths of all, and still have room made for it. */
const FARTHEST = 3;

/** A figure near zero that multiplies would squeeze all others, so it may leave the scale. */
function scaleEnd(moved: readonly Moved[]): number {
  const reaches = moved.map(({ percent, half }) => Math.abs(percent) + half).sort((a, b) => a - b);
  const most = reaches.at(-1) ?? 1;
  const usual = reaches[Math.floor((reaches.length - 1) * 0.9)] ?? 1;
  return Math.max(most > usual * FARTHEST ? usual : most, 0.01) * 1.05;
}

function drawMoved(
  { headline, percent, half, merit }: Moved,
  row: number,
  x: (percent: number) => number,
  most: number,
): Markup {
  const y = TOP + row * ROW + 13;
  const colour = merit === 'better' ? 2 : merit === 'worse' ? 1 : 6;
  const beyond = Math.abs(percent) > most ? ' off the scale' : '';
  const [from, until] = [x(percent - half), x(percent + half)];
  return html`<text class="end" x="${LEFT - 16}" y="${y + 4.5}">${headline.title}</text>
    <line class="k${colour}" stroke-width="2" x1="${from}" x2="${until}" y1="${y}" y2="${y}" />
    <circle class="f${colour}" cx="${x(percent)}" cy="${y}" r="4.5" />
    <text x="${WIDTH - RIGHT + 14}" y="${y + 4.5}">
      ${percent > 0 ? '+' : ''}${percentWords(percent)}<tspan class="s">${beyond}</tspan>
    </text>`;
}

function differencesTable(
  base: string,
  other: string,
  compared: readonly ComparedHeadline[],
): DataTable {
  return {
    head: ['Headline', base, other, 'Difference', '95 % interval ±', 'Correlation'],
    rows: compared.map(({ headline: { title, unit }, paired }) => [
      title,
      inUnit(paired.base, unit),
      inUnit(paired.other, unit),
      inUnit(paired.difference.mean, unit),
      paired.difference.halfWidth === null ? '–' : inUnit(paired.difference.halfWidth, unit),
      paired.correlation === null ? '–' : paired.correlation.toFixed(3),
    ]),
  };
}
