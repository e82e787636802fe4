import { max } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { WalletAnswer } from '#simulation/answers/answers';
import type { World } from '#simulation/world';
import type { SettlementPaths } from '../../runs/settlement-paths.js';
import { isoDay } from '../../exports/table-description.js';
import { figureBlock } from '../figure-block.js';
import { grouped, moneyWords, monthWords, percentWords } from '../figure-words.js';
import { html, type Markup } from '../markup.js';

const WIDTH = 1032;
const PANEL = 210;
const LEFT = 104;
const RIGHT = 12;
const TOP = 34;
const BOTTOM = 34;
const MOST_WALLETS = 4;
/** A limit further away than this would flatten the curve; it is told in words instead. */
const FARTHEST_LIMIT = 1.6;

type Point = readonly [x: number, low: number, high: number];

/**
 * What the wallets that use most of their room owe, day by day: the band runs from what is left in
 * the evening to the day's peak, under the lines of prefund and cap.
 */
export function exposureChart(
  world: World,
  paths: SettlementPaths,
  wallets: readonly WalletAnswer[],
): Markup | null {
  const shown = wallets
    .map((answer, index) => ({ answer, index }))
    .filter(({ answer }) => answer.exposure.peakMinor > 0)
    .sort((a, b) => b.answer.exposure.peakPercent - a.answer.exposure.peakPercent)
    .slice(0, MOST_WALLETS);
  const [first] = shown;
  if (first === undefined) return null;
  const { exposure, name } = first.answer;
  return figureBlock({
    id: 'exposure',
    title: 'What wallets owe, and the room they have',
    says:
      `${name} comes closest to its limit: at most ${percentWords(exposure.peakPercent)} of prefund ` +
      `and cap, ${grouped(exposure.hoursBeyondPrefund)} hours beyond its prefund and ` +
      `${grouped(exposure.hoursBeyondCap)} beyond its cap. Only confirmed settlement releases room, ` +
      'so weekends and holidays pile up.',
    width: WIDTH,
    height: shown.length * PANEL,
    key: html`<ul class="key">
      <li><i style="background:var(--accent)"></i>peak of the day</li>
      <li><i style="background:var(--accent);opacity:.3"></i>down to the end of the day</li>
      <li><i style="background:var(--loss)"></i>prefund, and prefund with cap</li>
    </ul>`,
    drawing: html`${shown.map(({ answer, index }, row) =>
      exposurePanel(world, paths, answer, index, row * PANEL),
    )}`,
    table: {
      head: ['Wallet', 'Peak', 'Of cap and prefund', 'Prefund', 'Cap', 'Hours beyond prefund'],
      rows: wallets.map(({ name: wallet, currency, exposure: its }) => [
        wallet,
        moneyWords(currency, its.peakMinor),
        percentWords(its.peakPercent),
        moneyWords(currency, its.prefundMinor),
        moneyWords(currency, its.capMinor),
        grouped(its.hoursBeyondPrefund),
      ]),
    },
  });
}

function exposurePanel(
  world: World,
  { exposures }: SettlementPaths,
  { name, currency, exposure }: WalletAnswer,
  wallet: number,
  top: number,
): Markup {
  const points = exposures
    .filter((day) => day.wallet === wallet)
    .map(({ clearingDay, end, peak }): Point => [clearingDay, end, peak]);
  const { prefundMinor, capMinor, peakMinor } = exposure;
  const limits = [
    { at: prefundMinor, name: 'prefund' },
    { at: prefundMinor + capMinor, name: 'prefund and cap' },
  ].filter(({ at }) => at > 0);
  const drawn = limits.filter(({ at }) => at <= peakMinor * FARTHEST_LIMIT);
  const far = limits.filter(({ at }) => at > peakMinor * FARTHEST_LIMIT);
  const title =
    far.length === 0
      ? name
      : `${name} · ${far.map((limit) => `${limit.name} at ${moneyWords(currency, limit.at)}, ${grouped(limit.at / peakMinor, 1)} times the peak`).join('; ')}`;
  return panel(world, currency, title, points, drawn, top);
}

/** Liquidity that participants need each day, between its bounds, for the two largest currencies. */
export function liquidityChart(world: World, paths: SettlementPaths): Markup | null {
  // The clearing days on either side of the period hold a few hours of it.
  const liquidity = paths.liquidity.filter(
    ({ clearingDay }) => clearingDay >= 1 && clearingDay <= world.days,
  );
  const sums = new Map<number, number>();
  for (const { currency, used } of liquidity) {
    sums.set(currency, (sums.get(currency) ?? 0) + used);
  }
  const shown = [...sums.keys()].filter((currency) => (sums.get(currency) ?? 0) > 0).slice(0, 2);
  const [first] = shown;
  if (first === undefined) return null;
  const peak = liquidity
    .filter(({ currency }) => currency === first)
    .reduce((best, day) => (day.used > best.used ? day : best));
  const code = world.currencies[first] ?? '';
  return figureBlock({
    id: 'liquidity',
    title: 'Liquidity, day by day',
    says:
      `Participants need at most ${moneyWords(code, peak.used)} on one clearing day, ` +
      `${isoDay(world.firstDay - 1 + peak.clearingDay)}. The band runs from one net a day to ` +
      'everything settled at once; the line is this scenario’s design.',
    width: WIDTH,
    height: shown.length * PANEL,
    drawing: html`${shown.map((currency, row) => {
      const days = liquidity.filter((day) => day.currency === currency);
      const name = world.currencies[currency] ?? '';
      const points = days.map(({ clearingDay, lower, upper }): Point => [
        clearingDay,
        lower,
        upper,
      ]);
      const used = days.map(({ clearingDay, used: at }): Point => [clearingDay, at, at]);
      return panel(world, name, name, points, [], row * PANEL, used);
    })}`,
    table: {
      head: ['Clearing day', 'Currency', 'Lower bound', 'Used', 'Upper bound'],
      words: [1],
      rows: liquidity
        .filter(({ currency }) => shown.includes(currency))
        .map(({ clearingDay, currency, lower, used, upper }) => {
          const name = world.currencies[currency] ?? '';
          return [
            isoDay(world.firstDay - 1 + clearingDay),
            name,
            ...[lower, used, upper].map((minor) => moneyWords(name, minor)),
          ];
        }),
    },
  });
}

/** One curve with its band and its limits. */
function panel(
  world: World,
  currency: string,
  title: string,
  points: readonly Point[],
  limits: readonly { readonly at: number; readonly name: string }[],
  top: number,
  curve: readonly Point[] = points,
): Markup {
  const last = world.days + 1;
  const highest = Math.max(max(points, ([, , high]) => high) ?? 1, ...limits.map(({ at }) => at));
  const x = scaleLinear([0, last], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, highest], [top + PANEL - BOTTOM, top + TOP]).nice(3);
  const band = area<Point>(
    ([day]) => x(day),
    ([, low]) => y(Math.max(low, 0)),
    ([, , high]) => y(Math.max(high, 0)),
  );
  const edge = line<Point>(
    ([day]) => x(day),
    ([, , high]) => y(Math.max(high, 0)),
  );
  return html`<g>
    <text class="b" x="0" y="${top + 16}">${title}</text>
    ${y
      .ticks(3)
      .map(
        (tick) =>
          html`<line
              class="grid"
              x1="${LEFT}"
              x2="${WIDTH - RIGHT}"
              y1="${y(tick)}"
              y2="${y(tick)}"
            />
            <text class="s end" x="${LEFT - 10}" y="${y(tick) + 4}"
              >${moneyWords(currency, tick)}</text
            >`,
      )}
    ${monthTicks(world, x, top)}
    <path class="band" d="${band([...points])}" />
    <path class="thin" d="${edge([...curve])}" />
    ${limits.map(
      ({ at, name }) =>
        html`<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(at)}" y2="${y(at)}" />
          <text class="s halo end" x="${WIDTH - RIGHT}" y="${y(at) - 6}"
            >${name} ${moneyWords(currency, at)}</text
          >`,
    )}
  </g>`;
}

function monthTicks(world: World, x: ScaleLinear<number, number>, top: number): Markup[] {
  const ticks: Markup[] = [];
  for (let day = 0; day <= world.days; day++) {
    const iso = isoDay(world.firstDay - 1 + day);
    const isFirst = iso.endsWith('-01');
    // Short periods have too few firsts of a month to find one's way by.
    if (world.days > 62 ? !isFirst : day % 7 !== 1) continue;
    ticks.push(
      html`<text class="s" x="${x(day)}" y="${top + PANEL - 14}"
        >${world.days > 62 ? monthWords(iso) : iso.slice(5)}</text
      >`,
    );
  }
  return ticks;
}
