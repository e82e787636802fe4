import { closeSync, openSync, writeSync } from 'node:fs';
import {
  checkRow,
  isoDay,
  type Cell,
  type ColumnType,
  type TableDescription,
} from './table-description.js';
import { RowBatches, type TableWriter } from './table-writer.js';

/**
 * CSV by RFC 4180: a header line, CRLF, quotes only where they are needed. An empty cell means
 * there is no value; an empty text is written as `""`, so that the two stay apart.
 */
export function csvWriter(path: string, table: TableDescription): TableWriter {
  const file = openSync(path, 'wx');
  const types = table.columns.map(({ type }) => type);
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  writeSync(file, line(table.columns.map(({ name }) => quoted(name))));
  const batches = new RowBatches((rows) => {
    let text = '';
    for (const row of rows) {
      checkRow(table, row);
      text += line(row.map((cell, index) => csvCell(types[index] ?? 'text', cell)));
    }
    writeSync(file, text);
  });
  return {
    append: (rows) => batches.append(rows),
    close: () => {
      batches.flush();
      closeSync(file);
      return Promise.resolve();
    },
  };
}

function csvCell(type: ColumnType, cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(cell);
  return type === 'date' ? isoDay(cell) : String(cell);
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
