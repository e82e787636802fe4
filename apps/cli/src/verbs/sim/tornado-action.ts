import { figureWords, intervalWords, tornadoShipped, type Tornado } from '#scenarios';
import { table, widthFor } from '../../story/table.js';
import { paintFor, type Paint } from '../paint.js';
import { experiment } from './experiment.js';
import { givenScenario } from './given-scenario.js';
import type { TornadoOptions } from './tornado.js';

export async function showTornado(scenario: string, options: TornadoOptions): Promise<void> {
  const tornado = await experiment(options, (watch) =>
    tornadoShipped(scenario, options.headline, { load: givenScenario(options.set) }, watch),
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(tornado, null, 2)}\n`);
    return;
  }
  const room = widthFor(process.stdout);
  for (const line of tornadoText(tornado, options.top, room, paintFor(process.stdout))) {
    process.stdout.write(`${line}\n`);
  }
}

const LEAST_BAR = 16;

function tornadoText(tornado: Tornado, top: number, width: number, paint: Paint): string[] {
  const { headline, stated, bars, idle, still, refused, scenario } = tornado;
  const shown = bars.slice(0, top);
  const column = headline.unit === 'usd' ? `${headline.title}, USD` : headline.title;
  const cells = shown.map((bar) => [
    bar.path,
    `${signed(bar.low)} … ${signed(bar.high)}${bar.by === 'tenth' ? ' (±10 %)' : ''}`,
    intervalWords(stated, { low: bar.atLow, high: bar.atHigh }, headline.unit).between,
  ]);
  const taken = table(cells).reduce((most, line) => Math.max(most, line.length), 0);
  const half = Math.max(LEAST_BAR, width - taken - 4) >> 1;
  const reach = Math.max(
    ...shown.flatMap(({ atLow, atHigh }) => [Math.abs(atLow - stated), Math.abs(atHigh - stated)]),
    Number.MIN_VALUE,
  );
  const rows = shown.map((bar, index) => [
    ...(cells[index] ?? []),
    barOf(bar.atLow - stated, bar.atHigh - stated, reach, half, paint),
  ]);
  const lists = [
    ...refused.map(({ path, why }) => `${path} could not be moved: ${why.split('\n')[0] ?? ''}`),
    ...(bars.length > top
      ? [`${String(bars.length - top)} smaller bars are not shown (--top).`]
      : []),
    ...(idle.length === 0 ? [] : [`${String(idle.length)} figures do nothing to it.`]),
    ...(still.length === 0
      ? []
      : [`${String(still.length)} figures of 0 or of no width were not moved.`]),
    ...tornado.remarks,
  ];
  return [
    paint(
      'bold',
      `${headline.title} of ${scenario.title}: ${figureWords(stated, headline.unit)} as stated`,
    ),
    '',
    ...table([['figure', 'from … to', column, ''], ...rows]),
    ...(lists.length === 0 ? [] : ['', ...lists]),
  ];
}

/** As written in a scenario, with a minus that is not a hyphen. */
function signed(value: number): string {
  return String(value).replace('-', '−');
}

/** `░` where the low end takes it, `█` the high end; the middle stroke is the stated value. */
function barOf(low: number, high: number, reach: number, half: number, paint: Paint): string {
  const length = (value: number): number => Math.round((Math.abs(value) / reach) * half);
  const side = (isLeft: boolean): string => {
    const parts = [
      { value: low, mark: '░' },
      { value: high, mark: '█' },
    ].filter(({ value }) => (isLeft ? value < 0 : value > 0));
    const longest = [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const cells = Array.from({ length: half }, (_, place) => {
      const found = longest.findLast(({ value }) => length(value) > place);
      return found?.mark ?? ' ';
    });
    return (isLeft ? cells.reverse() : cells).join('');
  };
  return `${paint('red', side(true))}│${paint('green', side(false))}`;
}
