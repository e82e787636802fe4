// Goal: every format gives back, to a reader that is not ours, exactly the cells that went in, with
// types, emptiness and meaning kept; what does not fit a table is refused instead of bent.
// Method: one table with every type and the nastiest cells (quotes, line breaks, empty text beside
// no value, 2^53 - 1, days before 1970) is written in two batches and read by csv-parse,
// hyparquet and the Arrow reader.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC, type StructRowProxy } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { FORMATS, type TableFormat } from './formats.js';
import {
  checkRow,
  date,
  integer,
  isoDay,
  maybeInteger,
  maybeReal,
  maybeText,
  money,
  real,
  text,
  type Row,
  type TableDescription,
} from './table-description.js';
import { BATCH_ROWS } from './table-writer.js';

const TABLE: TableDescription = {
  id: 'everything',
  means: 'every type there is',
  oneRowPer: 'nasty case',
  columns: [
    text('name', 'a text'),
    date('day', 'a day'),
    integer('count', 'a number'),
    real('share', 'a share', 'of 1'),
    maybeText('note', 'a text or none'),
    maybeInteger('most', 'a number or none'),
    maybeReal('ratio', 'a share or none'),
    ...money('shop', 'the shop’s currency', { paid: 'what was paid' }),
  ],
};

const NASTY: readonly Row[] = [
  ['plain', 20_089, 1, 0.1, 'x', 7, -0.5, 'JPY', 0, 1_200],
  ['comma, "quote"', 0, Number.MAX_SAFE_INTEGER, 1e-300, '', null, null, 'KWD', 3, -5],
  ['two\r\nlines', -1, -Number.MAX_SAFE_INTEGER, 1 / 3, null, 0, 0, 'THB', 2, 0],
  ['京都 ต้มยำ', 11_016, 0, 1e21, ' padded ', -1, 1e-7, 'IDR', 2, 2 ** 52],
];

/** More rows than a batch, so that its border is tried too. */
const ROWS: readonly Row[] = Array.from({ length: BATCH_ROWS + 5 }, (_, index) => {
  const [name, ...cells] = NASTY[index % NASTY.length]!;
  return [`${String(name)} ${index}`, ...cells];
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-exports-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function write(format: TableFormat, rows: readonly Row[], name: string): Promise<string> {
  const path = join(folder, name + FORMATS[format].ending);
  const writer = (await FORMATS[format].load())(path, TABLE);
  writer.append(rows.slice(0, 3));
  writer.append(rows.slice(3));
  await writer.close();
  return path;
}

/** A row as an object with ISO days and numbers, whatever the reader makes of its types. */
const plain = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    TABLE.columns.map(({ name, type }, index) => [
      name,
      type === 'date' ? isoDay(Number(row[index])) : row[index],
    ]),
  );

describe.each(['two batches', 'no row'])('a table of %s', (kind) => {
  const rows = kind === 'no row' ? [] : ROWS;

  it('comes back from CSV', async () => {
    const source = readFileSync(await write('csv', rows, `c-${kind}`), 'utf8');
    expect(source.split('\r\n')[0]).toBe(TABLE.columns.map(({ name }) => name).join(','));
    const read = parse(source, {
      columns: true,
      record_delimiter: '\r\n',
      // What is quoted is a text, even an empty one; what is not and is empty is no value.
      cast: (value, { quoting, column }) => {
        const type = TABLE.columns.find(({ name }) => name === column)?.type;
        if (value === '' && !quoting) return null;
        return type === 'integer' || type === 'real' ? Number(value) : value;
      },
    });
    expect(read).toEqual(rows.map(plain));
  });

  it('comes back from Parquet, exact and described', async () => {
    const file = await asyncBufferFromFile(await write('parquet', rows, `p-${kind}`));
    const metadata = await parquetMetadataAsync(file);
    expect(metadata.row_groups).toHaveLength(Math.ceil(rows.length / BATCH_ROWS));
    const described = metadata.key_value_metadata?.find(({ key }) => key === 'wayfare.table');
    expect(JSON.parse(described?.value ?? '')).toEqual(TABLE);
    const read = await parquetReadObjects({ file });
    expect(
      read.map((record) => ({
        ...record,
        day: (record['day'] as Date).toISOString().slice(0, 10),
        count: Number(record['count']),
        most: record['most'] === null ? null : Number(record['most']),
        shop_exponent: Number(record['shop_exponent']),
        paid_minor: Number(record['paid_minor']),
      })),
    ).toEqual(rows.map(plain));
    for (const { paid_minor: paid } of read) expect(typeof paid).toBe('bigint');
  });

  it('comes back from Arrow, exact and described', async () => {
    const read = tableFromIPC(readFileSync(await write('arrow', rows, `a-${kind}`)));
    expect(read.numRows).toBe(rows.length);
    expect(JSON.parse(read.schema.metadata.get('wayfare.table') ?? '')).toEqual(TABLE);
    const share = read.schema.fields.find(({ name }) => name === 'share');
    expect([share?.metadata.get('means'), share?.metadata.get('unit')]).toEqual([
      'a share',
      'of 1',
    ]);
    const whole = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
    const records = (read.toArray() as StructRowProxy[]).map((record) => {
      const cells: Record<string, unknown> = record.toJSON();
      const day = new Date(Number(cells['day'])).toISOString().slice(0, 10);
      return Object.fromEntries(
        Object.entries({ ...cells, day }).map(([name, value]) => [name, whole(value)]),
      );
    });
    expect(records).toEqual(rows.map(plain));
  });

  it('comes back from JSON lines', async () => {
    const source = readFileSync(await write('json', rows, `j-${kind}`), 'utf8');
    const read = source
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
    expect(read).toEqual(rows.map(plain));
  });
});

describe('what does not fit', () => {
  const fitting = NASTY[0]!;
  const withCell = (index: number, cell: Row[number]): Row =>
    fitting.map((old, at) => (at === index ? cell : old));

  it.each([
    ['a fraction of a minor unit', withCell(9, 0.5)],
    ['more than 2^53', withCell(2, 2 ** 53)],
    ['no value where one must be', withCell(0, null)],
    ['infinity', withCell(3, Infinity)],
    ['a number in a text', withCell(0, 5)],
    ['a cell too few', fitting.slice(1)],
  ])('is refused: %s', (_, row) => {
    expect(() => checkRow(TABLE, row)).toThrow(/^everything/);
    expect(() => checkRow(TABLE, fitting)).not.toThrow();
  });

  it('never reaches a file', async () => {
    const writer = (await FORMATS.csv.load())(join(folder, 'bad.csv'), TABLE);
    writer.append([withCell(9, 0.5)]);
    expect(() => void writer.close()).toThrow('everything.paid_minor cannot hold 0.5');
  });
});
