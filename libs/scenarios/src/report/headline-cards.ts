import type { HeadlineId } from '#simulation/answers/headlines';
import type { HeadlineResult } from '../runs/simulation-run.js';
import { inUnit } from './figure-words.js';
import { html, type Markup } from './markup.js';

/** What a person asks first; all others stand in the table below. */
const FIRST: readonly HeadlineId[] = [
  'valueUsd',
  'payments',
  'spendingSharePercent',
  'hubRevenueUsd',
  'allInCostBps',
  'successPercent',
];

const WIDTH = 280;

/** The first figures, each with its interval as a small picture. */
export function headlineCards(headlines: readonly HeadlineResult[]): Markup {
  const shown = FIRST.flatMap((id) => headlines.filter((headline) => headline.id === id));
  return html`<ul class="cards">
    ${shown.map(
      (headline) =>
        html`<li>
          <div class="name">${headline.title}</div>
          <div class="value">${inUnit(headline.mean, headline.unit)}</div>
          <div class="range">${rangeWords(headline)}</div>
          ${intervalPicture(headline)}
        </li>`,
    )}
  </ul>`;
}

export function rangeWords({ low, high, unit, samplingHalfWidth }: HeadlineResult): string {
  if (low === high) return samplingHalfWidth === null ? 'no interval' : 'the same every time';
  return `${inUnit(low, unit)} to ${inUnit(high, unit)}`;
}

/** The whole interval as a line, of it what chance alone does as a bar, and the mean as a dot. */
function intervalPicture({ mean, low, high, samplingHalfWidth }: HeadlineResult): Markup | null {
  if (!(high > low)) return null;
  const x = (value: number): number => 6 + ((value - low) / (high - low)) * (WIDTH - 12);
  const half = samplingHalfWidth ?? 0;
  const [from, until] = [x(Math.max(mean - half, low)), x(Math.min(mean + half, high))];
  return html`<svg viewBox="0 0 ${WIDTH} 14" aria-hidden="true">
    <rect class="quiet" x="6" y="5.5" width="${WIDTH - 12}" height="3" rx="1.5" />
    <rect
      class="accent"
      x="${from}"
      y="4"
      width="${Math.max(until - from, 1.5)}"
      height="6"
      rx="1.5"
    />
    <circle class="accent" cx="${x(mean)}" cy="7" r="5" />
  </svg>`;
}
