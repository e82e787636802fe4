import { DETAIL_COLUMNS, END_LINE, SUMMARY_COLUMNS } from './transaction-detail.js';
import { csvLine } from './csv-line.js';
import type { CsvKind } from './file-names.js';

/**
 * The columns of the hub's own files. Amounts are in minor units. `direction` is D where the
 * participant pays and C where it receives; `netAmountValue` is signed, positive where it pays.
 * What a stranger needs to compute a line again stands on the line: the rate with the mid (an
 * exact fraction) and mark-up it was made of, basis points, rounding, and for refunds what
 * earlier refunds of the payment took. `lineDigest` is over the other cells (docs/files.md).
 */
export const TRANSACTION_COLUMNS = [
  ...DETAIL_COLUMNS,
  'sequence',
  'direction',
  'netAmountValue',
  'quoteId',
  'quoteMid',
  'markupBps',
  'interchangeBps',
  'serviceFeeBps',
  'refundedBeforeValue',
  'settlementBeforeValue',
  'interchangeBeforeValue',
  'roundingBeforeValue',
  'traceId',
  'lineDigest',
] as const;

/** One line for each fee of a transaction, in the order of the transaction file. */
export const FEE_COLUMNS = [
  'settlementBatchId',
  'transactionId',
  'transactionType',
  'sequence',
  'feeType',
  'direction',
  'baseAmountValue',
  'baseCurrency',
  'baseBeforeValue',
  'feeBps',
  'feeValue',
  'feeCurrency',
  'feeBeforeValue',
  'quoteId',
  'quoteCurrencyPair',
  'quotePrice',
  'settlementFeeValue',
  'settlementFeeBeforeValue',
  'settlementCurrency',
  'lineDigest',
] as const;

export const FEE_SUMMARY_COLUMNS = [
  'totalCount',
  'interchangeCount',
  'serviceFeeCount',
  'settlementCurrency',
  'interchangeAmountValue',
  'serviceFeeAmountValue',
] as const;

/** One line for each type of transaction and currency of the shop. */
export const SUMMARY_FILE_COLUMNS = [
  'settlementBatchId',
  'direction',
  'transactionType',
  'totalCount',
  'transactionCurrency',
  'transactionAmountValue',
  'settlementCurrency',
  'settlementAmountValue',
  'interchangeAmountValue',
  'serviceFeeAmountValue',
  'netAmountValue',
  'lineDigest',
] as const;

/** Payments, refunds, and each small amount of an earlier cycle that waited for this one. */
export const SETTLEMENT_COLUMNS = [
  'settlementBatchId',
  'clearingBatchId',
  'itemType',
  'totalCount',
  'direction',
  'settlementAmountValue',
  'interchangeAmountValue',
  'serviceFeeAmountValue',
  'netAmountValue',
  'settlementCurrency',
  'lineDigest',
] as const;

export const SETTLEMENT_SUMMARY_COLUMNS = [
  'totalCount',
  'participantId',
  'role',
  'settlementBatchId',
  'settlementCurrency',
  'ownAmountValue',
  'carriedInAmountValue',
  'netAmountValue',
  'direction',
  'minimumAmountValue',
  'state',
  'valueDate',
  'obligationId',
  'ledgerBlock',
  'ledgerHead',
  'proofHash',
  'lineDigest',
] as const;

/** A section is a line of column names and its lines; the summary file has no summary above. */
export interface FileShape {
  readonly summary: readonly string[] | null;
  readonly detail: readonly string[];
}

export const FILE_SHAPES = {
  transactionItems: { summary: SUMMARY_COLUMNS, detail: TRANSACTION_COLUMNS },
  feeItems: { summary: FEE_SUMMARY_COLUMNS, detail: FEE_COLUMNS },
  summary: { summary: null, detail: SUMMARY_FILE_COLUMNS },
  settlement: { summary: SETTLEMENT_SUMMARY_COLUMNS, detail: SETTLEMENT_COLUMNS },
} as const satisfies Record<CsvKind, FileShape>;

/** Cells by column name. */
export type Cells<C extends string> = Readonly<Record<C, string>>;
export type TransactionCells = Cells<(typeof TRANSACTION_COLUMNS)[number]>;
export type FeeCells = Cells<(typeof FEE_COLUMNS)[number]>;
export type SummaryCells = Cells<(typeof SUMMARY_FILE_COLUMNS)[number]>;
export type SettlementCells = Cells<(typeof SETTLEMENT_COLUMNS)[number]>;
export type SettlementSummaryCells = Cells<(typeof SETTLEMENT_SUMMARY_COLUMNS)[number]>;

export const DIGEST_COLUMN = 'lineDigest';

/** Hexadecimal SHA-256 of a UTF-8 text; whoever reads or writes files brings one. */
export type Sha256 = (text: string) => string;

const DIGEST_DIGITS = 16;

/** The first 16 digits of the SHA-256 of the line without its last cell. */
export function lineDigestOf(cells: readonly string[], sha256: Sha256): string {
  return sha256(csvLine(cells)).slice(0, DIGEST_DIGITS);
}

/** All cells of a line in order, the digest added where the line ends with one. */
export function cellsInOrder(
  columns: readonly string[],
  cells: Readonly<Record<string, string>>,
  sha256: Sha256,
): string[] {
  const named = columns.filter((column) => column !== DIGEST_COLUMN);
  const texts = named.map((column) => cells[column] ?? '');
  return named.length === columns.length ? texts : [...texts, lineDigestOf(texts, sha256)];
}

/** Everything above the detail lines. */
export function fileHead(shape: FileShape, summary: readonly string[] | null): string {
  const above =
    shape.summary === null || summary === null ? [] : [csvLine(shape.summary), csvLine(summary)];
  return [...above, csvLine(shape.detail), ''].join('\n');
}

export const FILE_FOOT = `${END_LINE}\n`;
