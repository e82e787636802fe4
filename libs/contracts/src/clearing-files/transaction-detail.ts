import type { CycleId } from '#domain/ids';
import { csvLine } from './csv-line.js';

/**
 * The transaction detail file: what a participant and the hub each recorded of one clearing cycle
 * in one settlement currency, line by line. Name and shape are those of the Alipay+ set
 * (docs/sources.md A4.2): a summary section, a detail section, `<END>`. Its public column list
 * lacks the rate and the fees; here every line carries them with the rounding, so that a stranger
 * can recompute it. The hub writes these files and reads those of its partners by one contract.
 *
 * ```text
 * transactionItems_<participantId>_<settlementCurrency>_<clearingBatchId>_<participantAgreementId>_<seq>.csv
 *
 * totalCount,partCount,…          summary: column names, then one line of figures
 * 2,1,…
 * settlementBatchId,customerId,…  detail: column names, then one line a transaction
 * …
 * <END>
 * ```
 *
 * UTF-8, comma separated, lines end in LF or CRLF. Amounts are digit strings in minor units and
 * never negative: `transactionType` tells the direction. A refund's fees are what is given back.
 */
export const DETAIL_COLUMNS = [
  'settlementBatchId',
  'customerId',
  'transactionId',
  'originalTransactionId',
  'transactionRequestId',
  'referenceMerchantId',
  'referenceStoreId',
  'transactionType',
  'paymentTime',
  'transactionAmountValue',
  'transactionCurrency',
  'settlementAmountValue',
  'settlementCurrency',
  'interchangeAmountValue',
  'serviceFeeAmountValue',
  'quoteCurrencyPair',
  'quotePrice',
  'roundingValue',
  'result',
] as const;

export type DetailColumn = (typeof DETAIL_COLUMNS)[number];

/**
 * - `totalCount`, `paymentCount`, `refundCount`: detail lines of this file
 * - `partCount`: files of the set, numbered 000 and up; the set has landed when all have
 * - the three sums: payments less refunds over the lines of this file, as signed digit strings
 */
export const SUMMARY_COLUMNS = [
  'totalCount',
  'partCount',
  'paymentCount',
  'refundCount',
  'settlementCurrency',
  'settlementAmountValue',
  'interchangeAmountValue',
  'serviceFeeAmountValue',
] as const;

export const END_LINE = '<END>';

export type TransactionType = 'PAYMENT' | 'REFUND';
export type TransactionResult = 'SUCCESS' | 'FAILED';

/** One detail line as text, by column. Empty where a participant has nothing to say. */
export interface DetailLine {
  /** The cycle the line is cleared in. */
  readonly settlementBatchId: string;
  /** The wallet's pseudonym of the payer; empty in an acquirer's file. */
  readonly customerId: string;
  /** The hub's id of the payment or refund, `pay_…` or `ref_…`. */
  readonly transactionId: string;
  /** Of a refund: the hub's id of the payment. */
  readonly originalTransactionId: string;
  /** The participant's own id: an acquirer's request id, a wallet's payment or refund id. */
  readonly transactionRequestId: string;
  readonly referenceMerchantId: string;
  readonly referenceStoreId: string;
  readonly transactionType: TransactionType;
  /** ISO 8601 with offset: when it was completed. */
  readonly paymentTime: string;
  readonly transactionAmountValue: string;
  readonly transactionCurrency: string;
  /** Before fees: what the wallet owes for it (payToAmount), or what the acquirer is owed. */
  readonly settlementAmountValue: string;
  readonly settlementCurrency: string;
  /** Credited to a wallet, charged to an acquirer; of a refund, the other way about. */
  readonly interchangeAmountValue: string;
  /** What the participant pays the hub; a refund gives none of it back. */
  readonly serviceFeeAmountValue: string;
  /** `JPY/THB`: one major unit of the first costs `quotePrice` of the second. */
  readonly quoteCurrencyPair: string;
  readonly quotePrice: string;
  /** Signed: what rounding added to the settlement amount, in minor units. */
  readonly roundingValue: string;
  readonly result: TransactionResult;
}

/** What a file's name says of its content. */
export interface DetailFileName {
  readonly participantId: string;
  readonly settlementCurrency: string;
  /** Clearing cycle. */
  readonly clearingBatchId: CycleId;
  readonly participantAgreementId: string;
  /** 0 to 999. */
  readonly seq: number;
}

/** The agreement between the hub and a participant; there is one each. */
export const STANDARD_AGREEMENT = 'standard';
/** `seq` has three digits. */
export const MOST_PARTS = 1_000;

const NAME =
  /^transactionItems_([a-z][a-z0-9_]{1,63})_([A-Z]{3})_(cyc_\d{8}(?:_[a-z]\d{1,2})?)_([A-Za-z0-9-]{1,32})_(\d{3})\.csv$/;

/** Undefined for a name of another shape. */
export function parseDetailFileName(name: string): DetailFileName | undefined {
  const [, participantId, settlementCurrency, batch, participantAgreementId, seq] =
    NAME.exec(name) ?? [];
  if (participantId === undefined || settlementCurrency === undefined) return undefined;
  return {
    participantId,
    settlementCurrency,
    clearingBatchId: batch as CycleId,
    participantAgreementId: participantAgreementId ?? '',
    seq: Number(seq),
  };
}

export function detailFileName(name: DetailFileName): string {
  const { participantId, settlementCurrency, clearingBatchId, participantAgreementId } = name;
  const seq = String(name.seq).padStart(3, '0');
  return `transactionItems_${participantId}_${settlementCurrency}_${clearingBatchId}_${participantAgreementId}_${seq}.csv`;
}

export interface DetailTotals {
  readonly paymentCount: number;
  readonly refundCount: number;
  readonly settlement: bigint;
  readonly interchange: bigint;
  readonly serviceFee: bigint;
}

export const NO_TOTALS: DetailTotals = {
  paymentCount: 0,
  refundCount: 0,
  settlement: 0n,
  interchange: 0n,
  serviceFee: 0n,
};

/** The three amounts a line adds to the summary. */
export type SummedAmounts = Pick<
  DetailLine,
  'transactionType' | 'settlementAmountValue' | 'interchangeAmountValue' | 'serviceFeeAmountValue'
>;

/** The summary section of a file is these totals over its detail lines. */
export function addToTotals(totals: DetailTotals, line: SummedAmounts): DetailTotals {
  const isPayment = line.transactionType === 'PAYMENT';
  const sign = isPayment ? 1n : -1n;
  return {
    paymentCount: totals.paymentCount + (isPayment ? 1 : 0),
    refundCount: totals.refundCount + (isPayment ? 0 : 1),
    settlement: totals.settlement + sign * BigInt(line.settlementAmountValue),
    interchange: totals.interchange + sign * BigInt(line.interchangeAmountValue),
    serviceFee: totals.serviceFee + sign * BigInt(line.serviceFeeAmountValue),
  };
}

/** Everything above the detail lines. Each text below ends in a line break. */
export function detailHead(
  totals: DetailTotals,
  settlementCurrency: string,
  partCount: number,
): string {
  const figures = [
    String(totals.paymentCount + totals.refundCount),
    String(partCount),
    String(totals.paymentCount),
    String(totals.refundCount),
    settlementCurrency,
    totals.settlement.toString(),
    totals.interchange.toString(),
    totals.serviceFee.toString(),
  ];
  return [csvLine(SUMMARY_COLUMNS), csvLine(figures), csvLine(DETAIL_COLUMNS), ''].join('\n');
}

export function detailLine(line: DetailLine): string {
  return `${csvLine(DETAIL_COLUMNS.map((column) => line[column]))}\n`;
}

export const DETAIL_FOOT = `${END_LINE}\n`;

/** A whole file of few lines; a long one is written piece by piece with the parts above. */
export function detailFileText(
  lines: readonly DetailLine[],
  settlementCurrency: string,
  partCount = 1,
): string {
  const totals = lines.reduce<DetailTotals>(addToTotals, NO_TOTALS);
  const head = detailHead(totals, settlementCurrency, partCount);
  return [head, ...lines.map(detailLine), DETAIL_FOOT].join('');
}

const CLEARING_OFFSET_MS = 8 * 3_600_000;

/** `paymentTime` as the hub writes it: the clearing day's own clock, `2026-11-21T12:00:05+08:00`. */
export function detailTime(atMs: number): string {
  return `${new Date(atMs + CLEARING_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}
