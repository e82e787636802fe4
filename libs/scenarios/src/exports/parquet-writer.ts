import { ParquetWriter, fileWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import {
  checkRow,
  type Cell,
  type Column,
  type ColumnType,
  type TableDescription,
} from './table-description.js';
import { RowBatches, type TableWriter } from './table-writer.js';

const TYPES: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
};

/**
 * Parquet with Snappy, a row group a batch. The description of the table travels in the file's own
 * metadata under `wayfare.table`, so a file that was sent alone still explains itself.
 */
export function parquetWriter(path: string, table: TableDescription): TableWriter {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [{ name: 'root', num_children: table.columns.length }, ...table.columns.map(element)],
    kvMetadata: [{ key: 'wayfare.table', value: JSON.stringify(table) }],
    createdBy: 'wayfare',
  });
  const batches = new RowBatches((rows) => {
    rows.forEach((row) => checkRow(table, row));
    void writer.write({
      columnData: table.columns.map((column, index) => ({
        name: column.name,
        data: rows.map((row) => stored(column, row[index] ?? null)),
      })),
      rowGroupSize: rows.length,
    });
  });
  return {
    append: (rows) => batches.append(rows),
    close: async () => {
      batches.flush();
      await writer.finish();
    },
  };
}

function element(column: Column): SchemaElement {
  return {
    name: column.name,
    repetition_type: column.nullable ? 'OPTIONAL' : 'REQUIRED',
    ...TYPES[column.type],
  };
}

function stored(column: Column, cell: Cell): Cell | bigint {
  return column.type === 'integer' && typeof cell === 'number' ? BigInt(cell) : cell;
}
