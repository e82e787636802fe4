import { cellsOf } from '#contracts/clearing-files/csv-line';
import {
  DETAIL_COLUMNS,
  type DetailColumn,
  type DetailLine,
} from '#contracts/clearing-files/transaction-detail';
import { parseWireTime } from '#contracts/partner-wire/wire-time';
import { findCurrency } from '#domain/currency';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { isRatioText } from '#domain/rates/ratio';

/** A detail line that was checked field by field. */
export interface ReadLine {
  /** In the file, counted from 1. */
  readonly lineNo: number;
  readonly line: DetailLine;
  readonly completedAtMs: number;
}

const MOST_ID_CHARACTERS = 64;
const ID = /^[\x21-\x7e]*$/;
/** Fifteen digits, as on the wire: sums of a day stay far below what the database holds. */
const AMOUNT = /^\d{1,15}$/;
const SIGNED = /^-?\d{1,15}$/;
const PAIR = /^([A-Z]{3})\/([A-Z]{3})$/;

/** What is wrong with a cell, as an end of the sentence "…, but "x" stands there". */
type Rule = (cell: string) => string | undefined;

const id: Rule = (cell) =>
  cell.length <= MOST_ID_CHARACTERS && ID.test(cell)
    ? undefined
    : 'write at most 64 printable ASCII characters without spaces';
const amount: Rule = (cell) =>
  AMOUNT.test(cell) ? undefined : 'write minor units, digits only, at most 15';
const currency: Rule = (cell) =>
  findCurrency(cell) === undefined ? 'write an ISO 4217 code like JPY' : undefined;

function oneOf(...words: string[]): Rule {
  return (cell) => (words.includes(cell) ? undefined : `write ${words.join(' or ')}`);
}

const RULES: Readonly<Record<DetailColumn, Rule>> = {
  settlementBatchId: () => undefined,
  customerId: (cell) => (cell.length <= 128 ? undefined : 'write at most 128 characters'),
  transactionId: id,
  originalTransactionId: id,
  transactionRequestId: id,
  referenceMerchantId: id,
  referenceStoreId: id,
  transactionType: oneOf('PAYMENT', 'REFUND'),
  paymentTime: (cell) =>
    parseWireTime(cell) === undefined || !/^\d{4}-/.test(cell)
      ? 'write a time with offset like 2026-11-21T12:00:05+08:00'
      : undefined,
  transactionAmountValue: amount,
  transactionCurrency: currency,
  settlementAmountValue: amount,
  settlementCurrency: currency,
  interchangeAmountValue: amount,
  serviceFeeAmountValue: amount,
  quoteCurrencyPair: (cell) =>
    cell === '' || PAIR.test(cell) ? undefined : 'write a pair like JPY/THB, or nothing',
  quotePrice: (cell) =>
    cell === '' || isRatioText(cell) ? undefined : 'write a positive decimal, or nothing',
  roundingValue: (cell) =>
    cell === '' || SIGNED.test(cell) ? undefined : 'write signed minor units, or nothing',
  result: oneOf('SUCCESS', 'FAILED'),
};

/**
 * Reads one detail line strictly. Nothing is trimmed, guessed or left out.
 *
 * Rejection: PARAM_ILLEGAL, field `line 7, column quotePrice`, with what to write instead.
 */
export function readDetailLine(text: string, lineNo: number, batchId: string): Outcome<ReadLine> {
  const cells = cellsOf(text);
  if (!('map' in cells)) return refuseLine(lineNo, String(cells.column), cells.reason);
  if (cells.length !== DETAIL_COLUMNS.length) {
    const reason = `the line has ${String(cells.length)} cells, the header ${String(DETAIL_COLUMNS.length)}`;
    return refuseLine(lineNo, String(Math.min(cells.length, DETAIL_COLUMNS.length)), reason);
  }
  const line: Record<string, string> = {};
  for (const [index, column] of DETAIL_COLUMNS.entries()) {
    const cell = cells[index] ?? '';
    const advice = RULES[column](cell);
    if (advice !== undefined) return refuseLine(lineNo, column, `${shown(cell)}: ${advice}`);
    line[column] = cell;
  }
  const detail = line as unknown as DetailLine;
  if (detail.settlementBatchId !== batchId) {
    const reason = `${shown(detail.settlementBatchId)} is another batch than the file's, ${batchId}`;
    return refuseLine(lineNo, 'settlementBatchId', reason);
  }
  if ((detail.quotePrice === '') !== (detail.quoteCurrencyPair === '')) {
    return refuseLine(lineNo, 'quotePrice', 'write pair and price, or neither');
  }
  return accepted({ lineNo, line: detail, completedAtMs: parseWireTime(detail.paymentTime) ?? 0 });
}

export function refuseLine(lineNo: number, column: string, reason: string): Outcome<never> {
  const field = `line ${String(lineNo)}, column ${column}`;
  return rejected('PARAM_ILLEGAL', `${field}: ${reason}.`, field);
}

/** A cell of a stranger's file, short enough for one line on a terminal. */
export function shown(cell: string): string {
  const plain = cell.replace(/[^\x20-\x7e]/g, '?');
  return `"${plain.length > 40 ? `${plain.slice(0, 40)}…` : plain}"`;
}
