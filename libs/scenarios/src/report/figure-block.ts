import { html, type Markup } from './markup.js';

/** Figures to the right, words to the left. */
export interface DataTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words; the first one always is. */
  readonly words?: readonly number[];
}

export interface FigureBlock {
  readonly id: string;
  readonly title: string;
  /** What to see in it, in a sentence: what a reader without the picture gets. */
  readonly says: string;
  readonly width: number;
  readonly height: number;
  readonly drawing: Markup;
  readonly table: DataTable;
  /** A key to colours, if labels do not tell them. */
  readonly key?: Markup | undefined;
}

/**
 * A picture that can be done without: it has a title and a sentence for those who hear the page,
 * and its numbers stand in a table behind it.
 */
export function figureBlock(figure: FigureBlock): Markup {
  const { id, title, says, width, height, drawing, table, key } = figure;
  const box = `0 0 ${String(width)} ${String(Math.ceil(height))}`;
  return html`<figure id="${id}">
    <figcaption>
      <h2>${title}</h2>
      <p>${says}</p>
    </figcaption>
    ${key ?? null}
    <div class="canvas">
      <svg viewBox="${box}" role="img" aria-labelledby="${id}-t ${id}-d">
        <title id="${id}-t">${title}</title>
        <desc id="${id}-d">${says}</desc>
        ${drawing}
      </svg>
    </div>
    ${numbersBehind(table)}
  </figure>`;
}

export function numbersBehind(table: DataTable): Markup {
  return html`<details>
    <summary>Numbers</summary>
    ${dataTable(table)}
  </details>`;
}

export function dataTable({ head, rows, words = [] }: DataTable): Markup {
  const kind = (index: number): string => (index === 0 || words.includes(index) ? 'w' : 'n');
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${head.map((cell, index) => html`<th scope="col" class="${kind(index)}">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) =>
                index === 0
                  ? html`<th scope="row" class="w">${cell}</th>`
                  : html`<td class="${kind(index)}">${cell}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
