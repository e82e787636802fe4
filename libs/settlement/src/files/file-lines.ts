import type { FeeCells, TransactionCells } from '#contracts/clearing-files/file-columns';
import { detailTime } from '#contracts/clearing-files/transaction-detail';
import type { Money } from '#domain/money';
import { quotePriceText } from '#domain/rates/quote';
import type { FileLeg, LegsOf } from './file-legs.js';

/** D: the participant pays the hub; C: it receives. */
export const directionOf = (pays: boolean): 'D' | 'C' => (pays ? 'D' : 'C');

/** Which way a leg goes before fees: a wallet pays for payments, an acquirer for refunds. */
export function legPays({ role }: Pick<LegsOf, 'role'>, kind: 'PAYMENT' | 'REFUND'): boolean {
  return (role === 'wallet') === (kind === 'PAYMENT');
}

/**
 * The payer's pseudonym is left out: files outlive a payer's wish to be forgotten, and the wallet
 * finds its payer by its own id of the payment.
 */
export function transactionCells(of: LegsOf, leg: FileLeg): Omit<TransactionCells, 'lineDigest'> {
  const { terms, amounts } = leg;
  const { before } = terms;
  return {
    settlementBatchId: of.cycleId,
    customerId: '',
    transactionId: leg.id,
    originalTransactionId: leg.originalId,
    transactionRequestId: leg.requestId,
    referenceMerchantId: leg.merchantId,
    referenceStoreId: leg.storeId,
    transactionType: terms.kind,
    paymentTime: detailTime(leg.completedAtMs),
    transactionAmountValue: terms.transaction.minor.toString(),
    transactionCurrency: terms.transaction.currency,
    settlementAmountValue: amounts.settlement.toString(),
    settlementCurrency: of.currency,
    interchangeAmountValue: amounts.interchange.toString(),
    serviceFeeAmountValue: amounts.serviceFee.toString(),
    quoteCurrencyPair: `${leg.base}/${of.currency}`,
    quotePrice: quotePriceText(terms),
    roundingValue: amounts.rounding.toString(),
    result: 'SUCCESS',
    sequence: String(leg.no),
    direction: directionOf(legPays(of, terms.kind)),
    netAmountValue: amounts.net.toString(),
    quoteId: leg.quoteId,
    quoteMid: `${leg.mid.numerator.toString()}/${leg.mid.denominator.toString()}`,
    markupBps: String(leg.markupBps),
    interchangeBps: String(terms.interchangeBps),
    serviceFeeBps: String(terms.serviceFeeBps),
    refundedBeforeValue: before.transaction.toString(),
    settlementBeforeValue: before.settlement.toString(),
    interchangeBeforeValue: before.interchange.toString(),
    roundingBeforeValue: before.rounding.toString(),
    traceId: leg.traceId,
  };
}

/** Interchange of every line; the service fee of a payment, since a refund leaves it. */
export function feeCells(of: LegsOf, leg: FileLeg): Omit<FeeCells, 'lineDigest'>[] {
  const { terms, amounts } = leg;
  const { before } = terms;
  const interchange = feeLine(of, leg, {
    feeType: 'INTERCHANGE',
    direction: directionOf(!legPays(of, terms.kind)),
    base: terms.transaction,
    baseBefore: before.transaction,
    bps: terms.interchangeBps,
    fee: { currency: terms.transaction.currency, minor: amounts.interchangeTransaction },
    feeBefore: before.interchangeTransaction,
    converted: true,
    settlementFee: amounts.interchange,
    settlementFeeBefore: before.interchange,
  });
  if (terms.kind === 'REFUND') return [interchange];
  const serviceFee = feeLine(of, leg, {
    feeType: 'SERVICE_FEE',
    direction: 'D',
    base: { currency: of.currency, minor: amounts.settlement },
    baseBefore: 0n,
    bps: terms.serviceFeeBps,
    fee: { currency: of.currency, minor: amounts.serviceFee },
    feeBefore: 0n,
    converted: false,
    settlementFee: amounts.serviceFee,
    settlementFeeBefore: 0n,
  });
  return [interchange, serviceFee];
}

interface Fee {
  readonly feeType: 'INTERCHANGE' | 'SERVICE_FEE';
  readonly direction: 'D' | 'C';
  readonly base: Money;
  /** Of the refunds before this one, as everything that ends in `Before`. */
  readonly baseBefore: bigint;
  readonly bps: number;
  readonly fee: Money;
  readonly feeBefore: bigint;
  /** Whether it was reckoned in the currency of the transaction and converted at the leg's price. */
  readonly converted: boolean;
  readonly settlementFee: bigint;
  readonly settlementFeeBefore: bigint;
}

// One literal: of objects put together by spreading, V8 makes dictionaries, ten times slower.
const feeLine = (of: LegsOf, leg: FileLeg, fee: Fee): Omit<FeeCells, 'lineDigest'> => ({
  settlementBatchId: of.cycleId,
  transactionId: leg.id,
  transactionType: leg.terms.kind,
  sequence: String(leg.no),
  settlementCurrency: of.currency,
  feeType: fee.feeType,
  direction: fee.direction,
  baseAmountValue: fee.base.minor.toString(),
  baseCurrency: fee.base.currency,
  baseBeforeValue: fee.baseBefore.toString(),
  feeBps: String(fee.bps),
  feeValue: fee.fee.minor.toString(),
  feeCurrency: fee.fee.currency,
  feeBeforeValue: fee.feeBefore.toString(),
  quoteId: fee.converted ? leg.quoteId : '',
  quoteCurrencyPair: fee.converted ? `${leg.base}/${of.currency}` : '',
  quotePrice: fee.converted ? quotePriceText(leg.terms) : '',
  settlementFeeValue: fee.settlementFee.toString(),
  settlementFeeBeforeValue: fee.settlementFeeBefore.toString(),
});
