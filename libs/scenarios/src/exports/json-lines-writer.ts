import { closeSync, openSync, writeSync } from 'node:fs';
import { checkRow, isoDay, type Row, type TableDescription } from './table-description.js';
import { RowBatches, type TableWriter } from './table-writer.js';

/** One JSON object a line, keys in the order of the columns, days as ISO dates. */
export function jsonLinesWriter(path: string, table: TableDescription): TableWriter {
  const file = openSync(path, 'wx');
  const record = (row: Row): string => {
    checkRow(table, row);
    return JSON.stringify(
      Object.fromEntries(
        table.columns.map(({ name, type }, index) => {
          const cell = row[index] ?? null;
          return [name, type === 'date' && typeof cell === 'number' ? isoDay(cell) : cell];
        }),
      ),
    );
  };
  const batches = new RowBatches((rows) => {
    writeSync(file, rows.map((row) => `${record(row)}\n`).join(''));
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
