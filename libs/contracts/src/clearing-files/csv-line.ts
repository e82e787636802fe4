/**
 * One line of a clearing file. Cells hold ids, digits and codes, so a cell needs quotes only where
 * a partner's id has a comma in it; a line break never stands inside one, and a reader can work
 * line by line in bounded memory.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? quoted(cell) : cell)).join(',');
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"`;
}

/** A line that is not CSV: `column` counts cells from 1. */
export interface CsvFault {
  readonly column: number;
  readonly reason: string;
}

/** Splits a line into cells (RFC 4180 without line breaks inside quotes). */
export function cellsOf(line: string): readonly string[] | CsvFault {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const column = cells.length + 1;
    if (line[at] !== '"') {
      const end = line.indexOf(',', at);
      const cell = line.slice(at, end === -1 ? line.length : end);
      if (cell.includes('"')) return { column, reason: 'a quote stands inside an unquoted cell' };
      cells.push(cell);
      if (end === -1) return cells;
      at = end + 1;
      continue;
    }
    const end = closingQuote(line, at + 1);
    if (end === -1) return { column, reason: 'a quote is never closed' };
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === line.length) return cells;
    if (line[end + 1] !== ',') return { column, reason: 'something follows the closing quote' };
    at = end + 2;
  }
}

function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}
