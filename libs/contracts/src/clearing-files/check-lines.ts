import {
  NOTHING_BEFORE,
  priceOf,
  recomputeLeg,
  share,
  converted,
  type LegAmounts,
  type LegKind,
  type LegSide,
  type LegTerms,
} from '#domain/clearing-files/recompute-leg';
import { findCurrency } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import { equalRatios, parseRatio } from '#domain/rates/ratio';
import type { FeeCells, TransactionCells } from './file-columns.js';

/** A cell that is not what the rest of the files make of it. */
export interface CellFault {
  readonly column: string;
  readonly says: string;
  /** What it should say, or what is wrong with it. */
  readonly expected: string;
}

/** What the file's name and the manifest fix for every line. */
export interface LineContext {
  readonly cycleId: string;
  readonly currency: string;
  readonly role: LegSide;
}

/** A line as it was read and computed again. */
export interface CheckedLine {
  readonly cells: TransactionCells;
  readonly terms: LegTerms;
  readonly amounts: LegAmounts;
}

export type LineCheck =
  | { readonly ok: true; readonly line: CheckedLine; readonly faults: readonly CellFault[] }
  | { readonly ok: false; readonly faults: readonly CellFault[] };

const UNSIGNED = /^(0|[1-9]\d{0,18})$/;
const SIGNED = /^-?(0|[1-9]\d{0,18})$/;
const BPS = /^(0|[1-9]\d{0,3})$/;
const RATIO = /^([1-9]\d{0,60})\/([1-9]\d{0,60})$/;

const FORMS: Readonly<Partial<Record<keyof TransactionCells, readonly [RegExp, string]>>> = {
  transactionId: [/^(pay|ref)_[0-9a-z]+$/, 'an id pay_… or ref_…'],
  originalTransactionId: [/^(pay_[0-9a-z]+)?$/, 'an id pay_… or nothing'],
  transactionType: [/^(PAYMENT|REFUND)$/, 'PAYMENT or REFUND'],
  paymentTime: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/, 'a time with +08:00'],
  transactionAmountValue: [/^[1-9]\d{0,18}$/, 'minor units'],
  settlementAmountValue: [UNSIGNED, 'minor units'],
  interchangeAmountValue: [SIGNED, 'minor units'],
  serviceFeeAmountValue: [UNSIGNED, 'minor units'],
  roundingValue: [SIGNED, 'signed minor units'],
  sequence: [/^[1-9]\d{0,9}$/, 'a number from 1 on'],
  netAmountValue: [SIGNED, 'signed minor units'],
  quoteId: [/^quo_[0-9a-z]+$/, 'an id quo_…'],
  quoteMid: [RATIO, 'a fraction like 3/10'],
  markupBps: [BPS, 'basis points'],
  interchangeBps: [BPS, 'basis points'],
  serviceFeeBps: [BPS, 'basis points'],
  refundedBeforeValue: [UNSIGNED, 'minor units'],
  settlementBeforeValue: [SIGNED, 'minor units'],
  interchangeBeforeValue: [SIGNED, 'minor units'],
  roundingBeforeValue: [SIGNED, 'minor units'],
};

/** Computes one line of a transaction file again from its own rate and basis points. */
export function checkTransaction(cells: TransactionCells, context: LineContext): LineCheck {
  const malformed = formFaults(cells);
  if (malformed.length > 0) return { ok: false, faults: malformed };
  const price = parseRatio(cells.quotePrice);
  const unknown = findCurrency(cells.transactionCurrency) === undefined;
  if (price === undefined) return { ok: false, faults: [fault(cells, 'quotePrice', 'a price')] };
  if (unknown) {
    return { ok: false, faults: [fault(cells, 'transactionCurrency', 'a currency of ISO 4217')] };
  }
  const kind = cells.transactionType as LegKind;
  const terms = termsOf(cells, context, kind, price);
  const amounts = recomputeLeg(terms);
  const expected: Partial<TransactionCells> = {
    settlementBatchId: context.cycleId,
    customerId: '',
    settlementCurrency: context.currency,
    settlementAmountValue: amounts.settlement.toString(),
    roundingValue: amounts.rounding.toString(),
    interchangeAmountValue: amounts.interchange.toString(),
    serviceFeeAmountValue: amounts.serviceFee.toString(),
    netAmountValue: amounts.net.toString(),
    quoteCurrencyPair: `${cells.transactionCurrency}/${context.currency}`,
    result: 'SUCCESS',
    direction: (context.role === 'wallet') === (kind === 'PAYMENT') ? 'D' : 'C',
    ...(kind === 'PAYMENT'
      ? {
          originalTransactionId: '',
          refundedBeforeValue: '0',
          settlementBeforeValue: '0',
          interchangeBeforeValue: '0',
          roundingBeforeValue: '0',
        }
      : { serviceFeeBps: '0' }),
  };
  const faults = [...kindFaults(cells, kind), ...priceFaults(cells, price, context)];
  return {
    ok: true,
    line: { cells, terms, amounts },
    faults: [...faults, ...differences(cells, expected)],
  };
}

function formFaults(cells: TransactionCells): CellFault[] {
  return (Object.keys(FORMS) as (keyof TransactionCells)[]).flatMap((column) => {
    const [form, what] = FORMS[column] ?? [/^/, ''];
    return form.test(cells[column]) ? [] : [fault(cells, column, what)];
  });
}

function kindFaults(cells: TransactionCells, kind: LegKind): CellFault[] {
  const prefix = kind === 'PAYMENT' ? 'pay_' : 'ref_';
  const faults: CellFault[] = [];
  if (!cells.transactionId.startsWith(prefix)) {
    faults.push(fault(cells, 'transactionId', `an id ${prefix}… for a ${kind}`));
  }
  if (kind === 'REFUND' && cells.originalTransactionId === '') {
    faults.push(fault(cells, 'originalTransactionId', 'the refunded payment'));
  }
  return faults;
}

/** The price must be what mid and mark-up make it. */
function priceFaults(cells: TransactionCells, price: Ratio, context: LineContext): CellFault[] {
  const [, numerator = '1', denominator = '1'] = RATIO.exec(cells.quoteMid) ?? [];
  const expected = priceOf({
    base: cells.transactionCurrency,
    counter: context.currency,
    mid: { numerator: BigInt(numerator), denominator: BigInt(denominator) },
    markupBps: Number(cells.markupBps),
  });
  return equalRatios(price, expected)
    ? []
    : [fault(cells, 'quotePrice', `${cells.quoteMid} and ${cells.markupBps} bps`)];
}

function termsOf(
  cells: TransactionCells,
  context: LineContext,
  kind: LegKind,
  price: Ratio,
): LegTerms {
  return {
    side: context.role,
    kind,
    transaction: {
      currency: cells.transactionCurrency,
      minor: BigInt(cells.transactionAmountValue),
    },
    currency: context.currency,
    price,
    interchangeBps: Number(cells.interchangeBps),
    serviceFeeBps: Number(cells.serviceFeeBps),
    before: {
      ...NOTHING_BEFORE,
      transaction: BigInt(cells.refundedBeforeValue),
      settlement: BigInt(cells.settlementBeforeValue),
      rounding: BigInt(cells.roundingBeforeValue),
      interchange: BigInt(cells.interchangeBeforeValue),
    },
  };
}

/** How many fee lines a transaction has: interchange always, the service fee of a payment. */
export function feeLinesOf(kind: LegKind): readonly ('INTERCHANGE' | 'SERVICE_FEE')[] {
  return kind === 'PAYMENT' ? ['INTERCHANGE', 'SERVICE_FEE'] : ['INTERCHANGE'];
}

/**
 * One fee line against its transaction. Only what earlier refunds took in the shop's currency is
 * this file's own; everything else follows from the transaction's line.
 */
export function checkFee(
  cells: FeeCells,
  type: 'INTERCHANGE' | 'SERVICE_FEE',
  line: CheckedLine,
): CellFault[] {
  const { terms, amounts, cells: of } = line;
  const shared = {
    settlementBatchId: of.settlementBatchId,
    transactionId: of.transactionId,
    transactionType: of.transactionType,
    sequence: of.sequence,
    feeType: type,
    settlementCurrency: terms.currency,
  };
  if (type === 'SERVICE_FEE') {
    const fee = share(amounts.settlement, terms.serviceFeeBps).toString();
    return differences(cells, {
      ...shared,
      direction: 'D',
      baseAmountValue: amounts.settlement.toString(),
      baseCurrency: terms.currency,
      baseBeforeValue: '0',
      feeBps: String(terms.serviceFeeBps),
      feeValue: fee,
      feeCurrency: terms.currency,
      feeBeforeValue: '0',
      quoteId: '',
      quoteCurrencyPair: '',
      quotePrice: '',
      settlementFeeValue: fee,
      settlementFeeBeforeValue: '0',
    });
  }
  const { before, transaction } = terms;
  const whole = share(transaction.minor + before.transaction, terms.interchangeBps);
  const feeBefore = SIGNED.test(cells.feeBeforeValue) ? BigInt(cells.feeBeforeValue) : 0n;
  const fee = converted({ currency: transaction.currency, minor: whole }, terms);
  return differences(cells, {
    ...shared,
    direction: of.direction === 'D' ? 'C' : 'D',
    baseAmountValue: transaction.minor.toString(),
    baseCurrency: transaction.currency,
    baseBeforeValue: before.transaction.toString(),
    feeBps: String(terms.interchangeBps),
    feeValue: (whole - feeBefore).toString(),
    feeCurrency: transaction.currency,
    ...(terms.kind === 'PAYMENT' ? { feeBeforeValue: '0' } : {}),
    quoteId: of.quoteId,
    quoteCurrencyPair: of.quoteCurrencyPair,
    quotePrice: of.quotePrice,
    settlementFeeValue: (fee - before.interchange).toString(),
    settlementFeeBeforeValue: before.interchange.toString(),
  });
}

/** Cells that say something else than expected; columns without an expectation are not looked at. */
export function differences(
  cells: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string | undefined>>,
): CellFault[] {
  return Object.entries(expected).flatMap(([column, wanted]) => {
    const says = cells[column] ?? '';
    return wanted === undefined || says === wanted ? [] : [{ column, says, expected: wanted }];
  });
}

function fault(cells: TransactionCells, column: keyof TransactionCells, what: string): CellFault {
  return { column, says: cells[column], expected: what };
}
