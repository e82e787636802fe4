import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { cellsOf } from '#contracts/clearing-files/csv-line';
import {
  addToTotals,
  DETAIL_COLUMNS,
  END_LINE,
  MOST_PARTS,
  NO_TOTALS,
  SUMMARY_COLUMNS,
  type DetailFileName,
  type DetailTotals,
} from '#contracts/clearing-files/transaction-detail';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { readDetailLine, refuseLine, shown, type ReadLine } from './detail-line-reading.js';

/** What is known of a file once its last line was read. */
export interface ReadFile {
  readonly lineCount: number;
  readonly partCount: number;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly digest: string;
}

/** Lines are short; a file without line breaks must not fill the memory. */
const MOST_LINE_CHARACTERS = 8_192;
const BATCH_LINES = 2_000;

/**
 * Reads a transaction detail file piece by piece, in memory that does not grow with the file. The
 * first fault ends it and names line and column; lines handed on before are the caller's to undo.
 *
 * @param onLines gets the checked detail lines, at most 2,000 at a time; reading waits for it
 */
export async function readDetailFile(
  name: DetailFileName,
  pieces: AsyncIterable<Uint8Array | string>,
  onLines: (lines: readonly ReadLine[]) => Promise<void>,
): Promise<Outcome<ReadFile>> {
  const reader = new LineReader(name);
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const piece of pieces) {
    hash.update(piece);
    const text = typeof piece === 'string' ? piece : decoded(decoder, piece);
    if (text === undefined) return notUtf8(reader.lineNo + 1);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const fault = reader.push(line);
      if (fault !== undefined) return fault;
      if (reader.waiting.length >= BATCH_LINES) await onLines(reader.take());
    }
    if (rest.length > MOST_LINE_CHARACTERS) return tooLong(reader.lineNo + 1);
  }
  if (decoded(decoder) === undefined) return notUtf8(reader.lineNo + 1);
  const fault = rest === '' ? undefined : reader.push(rest);
  if (fault !== undefined) return fault;
  if (reader.waiting.length > 0) await onLines(reader.take());
  return reader.end(hash.digest('hex'));
}

function decoded(decoder: TextDecoder, piece?: Uint8Array): string | undefined {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    return undefined;
  }
}

function notUtf8(lineNo: number): Outcome<never> {
  return refuseLine(lineNo, '1', 'the file is not UTF-8 from here on; save it as UTF-8');
}

function tooLong(lineNo: number): Outcome<never> {
  return refuseLine(lineNo, '1', `a line has at most ${String(MOST_LINE_CHARACTERS)} characters`);
}

type Section = 'summaryHeader' | 'summary' | 'detailHeader' | 'detail' | 'ended';

/** Where the reading stands: which line comes next, and what the summary has promised. */
class LineReader {
  lineNo = 0;
  waiting: ReadLine[] = [];
  private section: Section = 'summaryHeader';
  private totals: DetailTotals = NO_TOTALS;
  private promised: readonly string[] = [];

  constructor(private readonly name: DetailFileName) {}

  take(): readonly ReadLine[] {
    const lines = this.waiting;
    this.waiting = [];
    return lines;
  }

  /** @returns a rejection, or undefined when the line is as it should be */
  push(raw: string): Outcome<never> | undefined {
    this.lineNo++;
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text.length > MOST_LINE_CHARACTERS) return tooLong(this.lineNo);
    switch (this.section) {
      case 'summaryHeader':
        this.section = 'summary';
        // Spreadsheets put a byte order mark in front; it means UTF-8, which is what we want.
        return this.header(text.replace(/^\uFEFF/, ''), SUMMARY_COLUMNS);
      case 'summary':
        this.section = 'detailHeader';
        return this.summary(text);
      case 'detailHeader':
        this.section = 'detail';
        return this.header(text, DETAIL_COLUMNS);
      case 'detail':
        return this.detail(text);
      case 'ended':
        return text === ''
          ? undefined
          : refuseLine(this.lineNo, '1', `nothing follows ${END_LINE}`);
    }
  }

  end(digest: string): Outcome<ReadFile> {
    if (this.section !== 'ended') {
      const reason = `the file ends before its last line, ${END_LINE}; send the whole file again`;
      return refuseLine(this.lineNo + 1, '1', reason);
    }
    const found = this.figures();
    for (const [index, column] of SUMMARY_COLUMNS.entries()) {
      const promised = this.promised[index] ?? '';
      const counted = found[column];
      if (counted !== undefined && counted !== promised) {
        return refuseLine(2, column, `${shown(promised)} is promised, the lines give ${counted}`);
      }
    }
    return accepted({
      lineCount: Number(this.promised[0]),
      partCount: Number(this.promised[1]),
      digest,
    });
  }

  private figures(): Partial<Record<(typeof SUMMARY_COLUMNS)[number], string>> {
    const { paymentCount, refundCount, settlement, interchange, serviceFee } = this.totals;
    return {
      totalCount: String(paymentCount + refundCount),
      paymentCount: String(paymentCount),
      refundCount: String(refundCount),
      settlementAmountValue: settlement.toString(),
      interchangeAmountValue: interchange.toString(),
      serviceFeeAmountValue: serviceFee.toString(),
    };
  }

  private header(text: string, columns: readonly string[]): Outcome<never> | undefined {
    const cells = text.split(',');
    for (const [index, column] of columns.entries()) {
      if (cells[index] === column) continue;
      const reason = `${shown(cells[index] ?? '')} stands where the header must have ${column}`;
      return refuseLine(this.lineNo, String(index + 1), reason);
    }
    if (cells.length === columns.length) return undefined;
    const extra = shown(cells[columns.length] ?? '');
    return refuseLine(
      this.lineNo,
      String(columns.length + 1),
      `${extra} is no column of this file`,
    );
  }

  private summary(text: string): Outcome<never> | undefined {
    const cells = cellsOf(text);
    if (!('map' in cells)) return refuseLine(this.lineNo, String(cells.column), cells.reason);
    if (cells.length !== SUMMARY_COLUMNS.length) {
      const reason = `the line has ${String(cells.length)} cells, the header ${String(SUMMARY_COLUMNS.length)}`;
      return refuseLine(this.lineNo, '1', reason);
    }
    for (const [index, column] of SUMMARY_COLUMNS.entries()) {
      const cell = cells[index] ?? '';
      const advice = this.adviceOn(column, cell);
      if (advice !== undefined) return refuseLine(this.lineNo, column, `${shown(cell)}: ${advice}`);
    }
    this.promised = cells;
    return undefined;
  }

  private adviceOn(column: (typeof SUMMARY_COLUMNS)[number], cell: string): string | undefined {
    switch (column) {
      case 'settlementCurrency': {
        const { settlementCurrency } = this.name;
        return cell === settlementCurrency ? undefined : `the name says ${settlementCurrency}`;
      }
      case 'partCount': {
        const parts = /^[1-9]\d{0,3}$/.test(cell) ? Number(cell) : 0;
        if (parts === 0 || parts > MOST_PARTS) return 'write a number from 1 to 1000';
        return this.name.seq < parts ? undefined : `the name is of part ${String(this.name.seq)}`;
      }
      case 'totalCount':
      case 'paymentCount':
      case 'refundCount':
        return /^\d{1,9}$/.test(cell) ? undefined : 'write a count';
      case 'settlementAmountValue':
      case 'interchangeAmountValue':
      case 'serviceFeeAmountValue':
        return /^-?\d{1,24}$/.test(cell) ? undefined : 'write signed minor units';
    }
  }

  private detail(text: string): Outcome<never> | undefined {
    if (text === END_LINE) {
      this.section = 'ended';
      return undefined;
    }
    const read = readDetailLine(text, this.lineNo, this.name.clearingBatchId);
    if (!read.ok) return read;
    this.totals = addToTotals(this.totals, read.value.line);
    this.waiting.push(read.value);
    return undefined;
  }
}

/** Name faults speak of the name; everything else of a line. */
export function refuseName(name: string): Outcome<never> {
  return rejected(
    'PARAM_ILLEGAL',
    `${shown(name)} is no name of a transaction detail file. Write ` +
      'transactionItems_<participantId>_<settlementCurrency>_<clearingBatchId>_' +
      '<participantAgreementId>_<seq>.csv, such as ' +
      'transactionItems_truemoney_THB_cyc_20261121_standard_000.csv.',
    'name',
  );
}
