import { findCurrency, type CurrencyCode } from '#domain/currency';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { dayNumber } from '#domain/rates/calendar-day';
import { isRatioText } from '#domain/rates/ratio';

/** One figure of the file: units of `counter` per euro, as written. */
export interface EcbFigure {
  readonly counter: CurrencyCode;
  readonly asOf: string;
  readonly rate: string;
}

export interface EcbHistory {
  readonly figures: readonly EcbFigure[];
  /** Cells that hold `N/A`: no rate was published that day. */
  readonly gaps: number;
  /** Columns of currencies that no longer exist (`EEK`); their figures are left out. */
  readonly unknownColumns: readonly string[];
  readonly newest: string;
  readonly oldest: string;
  readonly days: number;
}

/** Bounds of a believable figure; beyond them a decimal sign was lost or the file is another. */
const SMALLEST = 0.000_001;
const LARGEST = 1_000_000_000;

/**
 * Reads the ECB's `eurofxref-hist.csv`: header `Date,USD,JPY,…`, one line a business day, units
 * per euro, `N/A` for gaps, a comma at the line's end (Source: ECB, euro foreign exchange
 * reference rates). Nothing is guessed: the first fault refuses the whole file and names line and
 * column. The order of days is free, a day may come only once.
 *
 * @param today ISO date in UTC; a figure later than tomorrow is refused
 */
export function parseEcbHistory(text: string, today: string): Outcome<EcbHistory> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = parseHeader(lines[0] ?? '');
  if (!header.ok) return header;
  const { columns, unknownColumns } = header.value;
  const figures: EcbFigure[] = [];
  const days = new Map<string, number>();
  let gaps = 0;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const number = index + 1;
    const cells = cellsOf(line);
    const day = checkDay(cells, columns.length, number, today, days);
    if (!day.ok) return day;
    for (const [column, code] of columns.entries()) {
      if (column === 0 || unknownColumns.includes(code)) continue;
      const cell = cells[column] ?? '';
      if (cell === 'N/A') gaps++;
      else if (!isFigure(cell)) {
        return refused(number, code, `"${shown(cell)}" is no rate`);
      } else figures.push({ counter: code, asOf: day.value, rate: cell });
    }
  }
  const sorted = [...days.keys()].sort();
  const [oldest] = sorted;
  const newest = sorted.at(-1);
  if (oldest === undefined || newest === undefined) {
    return rejected('PARAM_ILLEGAL', 'The file has a header and no day.', 'line 2');
  }
  return accepted({ figures, gaps, unknownColumns, newest, oldest, days: days.size });
}

interface Header {
  readonly columns: readonly string[];
  readonly unknownColumns: readonly string[];
}

function parseHeader(line: string): Outcome<Header> {
  const columns = cellsOf(line);
  if (columns[0] !== 'Date') {
    return rejected(
      'PARAM_ILLEGAL',
      'The first line must be the header Date,USD,JPY,… of the ECB history file.',
      'line 1, column 1',
    );
  }
  const codes = columns.slice(1);
  if (codes.length === 0) return refused(1, 'Date', 'the header names no currency');
  for (const [index, code] of codes.entries()) {
    if (!/^[A-Z]{3}$/.test(code))
      return refused(1, shown(code), 'a column must be a currency code');
    if (code === 'EUR') return refused(1, code, 'the euro cannot be priced in euros');
    if (codes.indexOf(code) !== index) return refused(1, code, 'the column comes twice');
  }
  const unknownColumns = codes.filter((code) => findCurrency(code) === undefined);
  return accepted({ columns, unknownColumns });
}

function checkDay(
  cells: readonly string[],
  width: number,
  number: number,
  today: string,
  days: Map<string, number>,
): Outcome<string> {
  const day = cells[0] ?? '';
  const at = dayNumber(day);
  const now = dayNumber(today);
  if (at === undefined) return refused(number, 'Date', `"${shown(day)}" is no day like 2026-04-13`);
  if (now !== undefined && at > now + 1) return refused(number, 'Date', `${day} is in the future`);
  const first = days.get(day);
  if (first !== undefined) {
    return refused(number, 'Date', `${day} stands in line ${String(first)} already`);
  }
  if (cells.length !== width) {
    const reason = `the line has ${String(cells.length)} cells, the header ${String(width)}`;
    return refused(number, 'Date', reason);
  }
  days.set(day, number);
  return accepted(day);
}

/** Cells without blanks around them; the comma that ends each line of the ECB opens no cell. */
function cellsOf(line: string): string[] {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length > 1 && cells.at(-1) === '') cells.pop();
  return cells;
}

/** Exactness comes from the text itself; the float here only measures how large it is. */
function isFigure(cell: string): boolean {
  const size = Number(cell);
  return isRatioText(cell) && size >= SMALLEST && size <= LARGEST;
}

function shown(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}

function refused(line: number, column: string, reason: string): Outcome<never> {
  const place = `line ${String(line)}, column ${column}`;
  return rejected('PARAM_ILLEGAL', `${place}: ${reason}; nothing was imported.`, place);
}
