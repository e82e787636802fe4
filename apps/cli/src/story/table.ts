/** What lines are folded to where nobody tells a width: a page, a pipe, a log. */
const STANDARD_WIDTH = 100;
const LEAST_WIDTH = 60;
const MOST_WIDTH = 140;
/** A last column narrower than this is not folded: a word a line reads worse than a long line. */
const LEAST_FOLDED = 24;

/** How wide lines may be on a stream: a terminal's own width, within reason. */
export function widthFor(stream: NodeJS.WriteStream): number {
  const columns = stream.isTTY ? stream.columns : STANDARD_WIDTH;
  return Math.min(Math.max(columns, LEAST_WIDTH), MOST_WIDTH);
}

export interface TableOptions {
  /** Columns of figures, set to the right. */
  readonly right?: readonly number[];
  /** Folds the last column so that lines stay within it. */
  readonly width?: number;
}

/** Rows as lines: text columns to the left, figures to the right, the last column folded. */
export function table(
  rows: readonly (readonly string[])[],
  { right = [], width = Number.POSITIVE_INFINITY }: TableOptions = {},
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  }
  return rows.flatMap((row) => {
    const last = row.length - 1;
    const head = row
      .slice(0, last)
      .map((cell, index) => aligned(cell, widths[index] ?? 0, right.includes(index)))
      .join('  ');
    const indent = last === 0 ? 0 : widthOf(head) + 2;
    const room = width - indent;
    const cell = row[last] ?? '';
    const [first = '', ...more] =
      room < LEAST_FOLDED || right.includes(last) ? [cell] : fold(cell, room);
    const shown = right.includes(last) ? aligned(first, widths[last] ?? 0, true) : first;
    const line = (last === 0 ? shown : `${head}  ${shown}`).trimEnd();
    return [line, ...more.map((text) => ' '.repeat(indent) + text)];
  });
}

/** A list with hanging indents: `   · text` folded to the width. */
export function bullets(texts: readonly string[], indent: string, width: number): string[] {
  return texts.flatMap((text) => {
    const [first = '', ...more] = fold(text, width - indent.length - 2);
    return [`${indent}· ${first}`, ...more.map((line) => `${indent}  ${line}`)];
  });
}

/** Breaks a text at spaces; a word longer than the room (an address) keeps a line of its own. */
export function fold(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function aligned(cell: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(width - widthOf(cell), 0));
  return right ? gap + cell : cell + gap;
}

/** Colour codes take no room. */
function widthOf(text: string): number {
  // eslint-disable-next-line no-control-regex
  return [...text.replace(/\u001b\[\d+m/g, '')].length;
}
