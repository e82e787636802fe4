import { closeSync, openSync, writeSync } from 'node:fs';
import {
  DateDay,
  Field,
  Float64,
  Int64,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  makeData,
  vectorFromArray,
  type Data,
  type DataType,
} from 'apache-arrow';
import {
  checkRow,
  type Cell,
  type Column,
  type ColumnType,
  type Row,
  type TableDescription,
} from './table-description.js';
import { RowBatches, type TableWriter } from './table-writer.js';

const MS_PER_DAY = 86_400_000;

const TYPES: Readonly<Record<ColumnType, () => DataType>> = {
  text: () => new Utf8(),
  integer: () => new Int64(),
  real: () => new Float64(),
  date: () => new DateDay(),
};

/**
 * Arrow IPC, the file format (`.arrow`): a reader maps it and copies nothing. A record batch a
 * batch of rows; meaning and unit of a column are metadata of its field.
 */
export function arrowWriter(path: string, table: TableDescription): TableWriter {
  const file = openSync(path, 'wx');
  const schema = new Schema(
    table.columns.map(fieldOf),
    new Map([['wayfare.table', JSON.stringify(table)]]),
  );
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  const written = drain(writer, file);
  const batches = new RowBatches((rows) => {
    rows.forEach((row) => checkRow(table, row));
    writer.write(batchOf(schema, table, rows));
  });
  return {
    append: (rows) => batches.append(rows),
    close: async () => {
      batches.flush();
      // An Arrow file without a batch has no schema either, unless an empty one is written.
      writer.write(batchOf(schema, table, []));
      writer.finish();
      await written;
      closeSync(file);
    },
  };
}

async function drain(writer: RecordBatchFileWriter, file: number): Promise<void> {
  const chunks: AsyncIterable<Uint8Array> = writer;
  for await (const chunk of chunks) writeSync(file, chunk);
}

function fieldOf(column: Column): Field {
  const metadata = new Map([['means', column.means]]);
  if (column.unit !== null) metadata.set('unit', column.unit);
  return new Field(column.name, TYPES[column.type](), column.nullable, metadata);
}

function batchOf(schema: Schema, table: TableDescription, rows: readonly Row[]): RecordBatch {
  const children = table.columns.map((column, index): Data => {
    const cells = rows.map((row) => stored(column, row[index] ?? null));
    const [data] = vectorFromArray(cells, TYPES[column.type]()).data;
    return data ?? makeData({ type: TYPES[column.type](), length: 0 });
  });
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, children }),
  );
}

function stored(column: Column, cell: Cell): Cell | bigint | Date {
  if (typeof cell !== 'number') return cell;
  switch (column.type) {
    case 'integer':
      return BigInt(cell);
    case 'date':
      return new Date(cell * MS_PER_DAY);
    case 'real':
    case 'text':
      return cell;
  }
}
