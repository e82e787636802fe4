import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { DayAnswer, MonthAnswer } from '#simulation/answers/answers';
import { figureBlock } from '../figure-block.js';
import { compact, monthWords, usd } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const HEIGHT = 300;
const LEFT = 64;
const TOP = 40;
const BOTTOM = 30;

/** Value by clearing day, with what each month came to above it. */
export function yearChart(
  days: readonly DayAnswer[],
  months: readonly MonthAnswer[],
): Markup | null {
  const byDay = [...sumByDay(days)];
  if (byDay.length < 2) return null;
  const x = scaleLinear([0, byDay.length - 1], [LEFT, WIDTH]);
  const y = scaleLinear([0, max(byDay, ([, value]) => value) ?? 1], [HEIGHT - BOTTOM, TOP]).nice(4);
  const points = byDay.map(([, value], index): [number, number] => [x(index), y(value)]);
  const busiest = byDay.reduce((best, day) => (day[1] > best[1] ? day : best));
  const [best] = [...months].sort((a, b) => b.usd - a.usd);
  return figureBlock({
    id: 'year',
    title: 'Through the period',
    says:
      `The busiest day is ${busiest[0]} with ${usd(busiest[1])}` +
      (best === undefined ? '.' : `; the best month is ${best.month} with ${usd(best.usd)}.`),
    width: WIDTH,
    height: HEIGHT,
    drawing: html`
      ${y
        .ticks(4)
        .map(
          (tick) =>
            html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}" />
              <text class="s end" x="${LEFT - 10}" y="${y(tick) + 4}">${usd(tick)}</text>`,
        )}
      ${monthMarks(byDay, months, x)}
      <path
        class="wash"
        d="${area(
          (p) => p[0],
          y(0),
          (p) => p[1],
        )(points)}"
      />
      <path class="line" d="${line()(points)}" />
      <line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${y(0)}" y2="${y(0)}" />
    `,
    table: {
      head: ['Month', 'Payments', 'Value'],
      rows: months.map(({ month, payments, usd: value }) => [month, compact(payments), usd(value)]),
    },
  });
}

function sumByDay(days: readonly DayAnswer[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { day, usd: value } of days) sums.set(day, (sums.get(day) ?? 0) + value);
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function monthMarks(
  byDay: readonly (readonly [string, number])[],
  months: readonly MonthAnswer[],
  x: (index: number) => number,
): Markup[] {
  return months.flatMap(({ month, usd: value }) => {
    const places = byDay.flatMap(([day], index) => (day.startsWith(month) ? [index] : []));
    const [from, until] = [places[0], places.at(-1)];
    // A month of some days has no room for words.
    if (from === undefined || until === undefined || x(until) - x(from) < 44) return [];
    const middle = (x(from) + x(until)) / 2;
    return html`<line
        class="grid"
        x1="${x(from)}"
        x2="${x(from)}"
        y1="${TOP - 8}"
        y2="${HEIGHT - BOTTOM}"
      />
      <text class="s mid" x="${middle}" y="${HEIGHT - 10}">${monthWords(month)}</text>
      <text class="s mid" x="${middle}" y="${TOP - 18}">${usd(value)}</text>`;
  });
}
