import type { Assumption, Explanation } from '../scenario-files/explain/explain-scenario.js';
import { html, type Markup } from './markup.js';

/** Everything the numbers rest on, in sentences; what this scenario changes is marked. */
export function assumptionsSection(explanation: Explanation): Markup {
  const used = explanation.assumptions.filter((one) => one.used);
  const groups = [...new Set(used.map(({ group }) => group))];
  return html`<section class="long" id="assumptions">
    <h2>What this rests on</h2>
    <p class="note">
      ${explanation.description} <span class="mark">Marked</span>: what it says otherwise than
      ${explanation.extends}.
    </p>
    ${groups.map(
      (group) =>
        html`<h3>${group}</h3>
          <ul class="plain">
            ${used.filter((one) => one.group === group).map(assumptionLine)}
          </ul>`,
    )}
    ${sourceList(explanation)}
  </section>`;
}

function assumptionLine({ sentence, figure, differs }: Assumption): Markup {
  const range =
    figure?.range === undefined
      ? ''
      : ` Between ${String(figure.range.low)} and ${String(figure.range.high)}, 95 times of 100.`;
  const why = [figure?.source, figure?.because].filter((text) => text !== undefined).join('; ');
  const grounds = figure === null ? '' : `${range} ${why} (${figure.quality})`.trim();
  return html`<li>
    <span class="${differs ? 'mark' : ''}">${sentence}</span> <span class="src">${grounds}</span>
  </li>`;
}

function sourceList({ sources }: Explanation): Markup | null {
  if (sources.length === 0) return null;
  return html`<h3>Sources</h3>
    <ul class="plain">
      ${sources.map(
        ({ id, what, quality, asOf, url }) =>
          html`<li>
            <code>${id}</code> ${what}
            <span class="src">${quality}, ${asOf}${url === null ? '' : ', '}${link(url)}</span>
          </li>`,
      )}
    </ul>`;
}

function link(url: string | null): Markup | null {
  if (url === null) return null;
  return /^https?:/.test(url) ? html`<a href="${url}">${url}</a>` : html`${url}`;
}
