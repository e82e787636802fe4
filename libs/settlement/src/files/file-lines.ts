import type { FeeCells, TransactionCells } from '#contracts/clearing-files/file-columns';
import { detailTime } from '#contracts/clearing-files/transaction-detail';
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
  const shared = {
    settlementBatchId: of.cycleId,
    transactionId: leg.id,
    transactionType: terms.kind,
    sequence: String(leg.no),
    settlementCurrency: of.currency,
  };
  const interchange = {
    ...shared,
    feeType: 'INTERCHANGE',
    direction: directionOf(!legPays(of, terms.kind)),
    baseAmountValue: terms.transaction.minor.toString(),
    baseCurrency: terms.transaction.currency,
    baseBeforeValue: before.transaction.toString(),
    feeBps: String(terms.interchangeBps),
    feeValue: amounts.interchangeTransaction.toString(),
    feeCurrency: terms.transaction.currency,
    feeBeforeValue: before.interchangeTransaction.toString(),
    quoteId: leg.quoteId,
    quoteCurrencyPair: `${leg.base}/${of.currency}`,
    quotePrice: quotePriceText(terms),
    settlementFeeValue: amounts.interchange.toString(),
    settlementFeeBeforeValue: before.interchange.toString(),
  };
  if (terms.kind === 'REFUND') return [interchange];
  const serviceFee = {
    ...shared,
    feeType: 'SERVICE_FEE',
    direction: 'D',
    baseAmountValue: amounts.settlement.toString(),
    baseCurrency: of.currency,
    baseBeforeValue: '0',
    feeBps: String(terms.serviceFeeBps),
    feeValue: amounts.serviceFee.toString(),
    feeCurrency: of.currency,
    feeBeforeValue: '0',
    quoteId: '',
    quoteCurrencyPair: '',
    quotePrice: '',
    settlementFeeValue: amounts.serviceFee.toString(),
    settlementFeeBeforeValue: '0',
  };
  return [interchange, serviceFee];
}
