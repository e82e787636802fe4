/**
 * What a table holds, told once: the writers of all formats, the data dictionary and the page in
 * docs read the same description, so a column cannot be an integer in one file and text in another.
 */
export interface TableDescription {
  /** Name of the file without its ending, e.g. `corridors`. */
  readonly id: string;
  readonly means: string;
  /** What one row stands for. */
  readonly oneRowPer: string;
  readonly columns: readonly Column[];
}

export interface Column {
  /** Snake case; money columns end in `_minor`. */
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly unit: string | null;
  readonly means: string;
}

/**
 * `integer` is 64 bits wide and exact; `real` a double; `date` days since 1970-01-01, written as
 * an ISO date where the format has no type for it.
 */
export type ColumnType = 'text' | 'integer' | 'real' | 'date';

/** Cells in the order of the columns; integers and days are doubles that hold whole numbers. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

type ColumnText = readonly [means: string, unit?: string];

const column =
  (type: ColumnType, nullable = false) =>
  (name: string, ...[means, unit]: ColumnText): Column => ({
    name,
    type,
    nullable,
    unit: unit ?? null,
    means,
  });

/** Columns by type; `maybe…` may be empty, and says when. */
export const text = column('text');
export const integer = column('integer');
export const real = column('real');
export const date = column('date');
export const maybeText = column('text', true);
export const maybeInteger = column('integer', true);
export const maybeReal = column('real', true);
export const maybeDate = column('date', true);

/**
 * Money as tools can add it up: the currency and its number of decimals in columns of their own,
 * then amounts as whole minor units. `means` names whose currency it is.
 */
export function money(
  prefix: string,
  whose: string,
  amounts: Readonly<Record<string, string>>,
): readonly Column[] {
  return [
    text(`${prefix}_currency`, `${whose}, ISO 4217`),
    integer(`${prefix}_exponent`, `decimals of ${prefix}_currency: minor / 10^exponent is major`),
    ...Object.entries(amounts).map(([name, means]) =>
      integer(`${name}_minor`, means, `minor units of ${prefix}_currency`),
    ),
  ];
}

/** ISO date of a day counted from 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Refuses a row that does not fit its table before any writer turns it into something plausible: a
 * fraction of a minor unit, a number past 2^53, a cell too many.
 */
export function checkRow(table: TableDescription, row: Row): void {
  if (row.length !== table.columns.length) {
    throw new Error(`${table.id}: ${row.length} cells for ${table.columns.length} columns`);
  }
  table.columns.forEach((column, index) => {
    const cell = row[index] ?? null;
    if (!fits(column, cell)) {
      throw new Error(`${table.id}.${column.name} cannot hold ${String(cell)}`);
    }
  });
}

function fits(column: Column, cell: Cell): boolean {
  if (cell === null) return column.nullable;
  switch (column.type) {
    case 'text':
      return typeof cell === 'string';
    case 'integer':
    case 'date':
      return Number.isSafeInteger(cell);
    case 'real':
      return Number.isFinite(cell);
  }
}
