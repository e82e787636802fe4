import { findCurrency } from '#domain/currency';
import type { Quote } from '#domain/fx';
import { toWireAmount, type Money } from '#domain/money';
import type { Payment } from '#domain/payments/payment';
import type { PaymentState } from '#domain/payments/state-machine';
import { quotePairText, quotePriceText } from '#domain/rates/quote';
import type { PartnerResult } from '#domain/rejection';
import type { Order, WireOrder, WireQuote } from '#contracts/partner-wire/index';
import type { WireReply } from '#platform/wire/wire-call';
import { isoOf } from './payment-row.js';

export const SUCCESS: PartnerResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};

const IN_PROCESS: PartnerResult = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'The payment has no final result yet; inquire or wait for the notification.',
};

/** A reply with the fields of its operation. */
export function replyWith(result: PartnerResult, fields: object): WireReply {
  return { result, ...fields };
}

/** How a state is told to a wallet as the result of the payment; acquirers: `acquirerResultOf`. */
export function paymentResultOf(payment: Payment): PartnerResult {
  switch (payment.state) {
    case 'succeeded':
      return SUCCESS;
    case 'declined':
      return {
        resultStatus: 'F',
        resultCode: payment.decline?.code ?? 'PROCESS_FAIL',
        resultMessage: payment.decline?.detail ?? 'The payment was declined.',
      };
    case 'closed':
    case 'cancelling':
    case 'cancelled':
      return {
        resultStatus: 'F',
        resultCode: 'ORDER_IS_CLOSED',
        resultMessage: payment.decline?.detail ?? 'The order is closed; nothing was paid.',
      };
    case 'awaitingPayer':
    case 'authorising':
    case 'pushing':
      return IN_PROCESS;
  }
}

/**
 * What an acquirer reads where the hub declined for reasons of the payer's side. The reason itself
 * is kept for operators and names the wallet's limits, its exposure and what the payer spent today:
 * terms of the other leg.
 */
const PAYER_SIDE_REASONS: Readonly<Partial<Record<string, string>>> = {
  PAYMENT_AMOUNT_EXCEED_LIMIT:
    'The amount is above the largest payment that the corridor or the wallet allows.',
  USER_AMOUNT_EXCEED_LIMIT: "The amount is above what the payer's wallet allows in a day.",
  PROCESS_FAIL:
    'The wallet cannot take this payment now, for want of a rate or of room below its net debit cap; try later or pay otherwise.',
};

export function declineForAcquirer(decline: Payment['decline']): Payment['decline'] {
  if (decline?.by !== 'hub') return decline;
  return { ...decline, detail: PAYER_SIDE_REASONS[decline.code] ?? decline.detail };
}

/** The result of a payment in an acquirer's answers, inquiries and notifications. */
export function acquirerResultOf(payment: Payment): PartnerResult {
  return paymentResultOf({ ...payment, decline: declineForAcquirer(payment.decline) });
}

/** The AMS dialect's word for the same (docs/sources.md A1.8). */
export function paymentStatusOf(
  state: PaymentState,
): 'SUCCESS' | 'FAIL' | 'PROCESSING' | 'CANCELLED' {
  switch (state) {
    case 'succeeded':
      return 'SUCCESS';
    case 'declined':
      return 'FAIL';
    case 'closed':
    case 'cancelling':
    case 'cancelled':
      return 'CANCELLED';
    case 'awaitingPayer':
    case 'authorising':
    case 'pushing':
      return 'PROCESSING';
  }
}

/** `quotePrice` is the stored price digit by digit, so that a stranger recomputes the amount. */
export function wireQuoteOf(quote: Quote): WireQuote {
  return {
    quoteId: quote.id,
    quoteCurrencyPair: quotePairText(quote),
    quotePrice: quotePriceText(quote),
    quoteStartTime: isoOf(quote.issuedAtMs),
    quoteExpiryTime: isoOf(quote.expiresAtMs),
    baseCurrency: quote.base,
    quoteUnit: '1',
  };
}

/** What the acquirer is told of a payment, in answers, inquiries and notifications alike. */
export function acquirerView(payment: Payment, walletName: string | undefined): object {
  const { payer } = payment;
  return {
    acquirerId: payment.acquirerId,
    paymentId: payment.id,
    paymentAmount: toWireAmount(payment.paymentAmount),
    ...(payment.completedAtMs === null || payment.state !== 'succeeded'
      ? {}
      : { paymentTime: isoOf(payment.completedAtMs) }),
    ...(payer === null
      ? {}
      : {
          pspId: payer.walletId,
          customerId: payer.customerId,
          ...(walletName === undefined ? {} : { walletBrandName: walletName }),
          settlementAmount: toWireAmount(payer.price.settlementAmount),
          ...(payer.settlementQuote.base === payer.settlementQuote.counter
            ? {}
            : { settlementQuote: wireQuoteOf(payer.settlementQuote) }),
        }),
    ...(payment.walletPaymentId === null ? {} : { mppPaymentId: payment.walletPaymentId }),
  };
}

/** What the wallet is told: the same amounts it was asked for, with the quote behind them. */
export function walletAmounts(payment: Payment): {
  paymentAmount: WireMoney;
  payToAmount?: WireMoney;
  paymentQuote?: WireQuote;
} {
  const { payer } = payment;
  const paymentAmount = toWireAmount(payment.paymentAmount);
  if (payer === null) return { paymentAmount };
  return {
    paymentAmount,
    payToAmount: toWireAmount(payer.price.payToAmount),
    // The quote is sent only when there is something to convert (docs/sources.md A4.1).
    ...(payer.payerQuote.base === payer.payerQuote.counter
      ? {}
      : { paymentQuote: wireQuoteOf(payer.payerQuote) }),
  };
}

interface WireMoney {
  currency: string;
  value: string;
}

/** The order as the hub passes it on. */
export function wireOrderOf(payment: Payment): WireOrder {
  const { order } = payment;
  return {
    referenceOrderId: order.referenceOrderId,
    orderDescription: order.description,
    orderAmount: toWireAmount(payment.paymentAmount),
    merchant: {
      referenceMerchantId: payment.merchantId ?? 'unregistered',
      merchantName: order.merchantName,
      merchantMCC: order.merchantMcc,
      ...(payment.storeId === null
        ? {}
        : {
            store: {
              referenceStoreId: payment.storeId,
              storeName: order.storeName ?? order.merchantName,
            },
          }),
    },
  };
}

/** What the hub keeps of an acquirer's order. */
export function orderMemoOf(order: Order, requestId: string): Payment['order'] {
  const { merchant } = order;
  return {
    referenceOrderId: order.referenceOrderId ?? requestId,
    description: order.orderDescription ?? 'In-store payment',
    merchantName: merchant.merchantDisplayName ?? merchant.merchantName ?? 'Merchant',
    merchantMcc: merchant.merchantMCC ?? '0000',
    storeName: merchant.store?.storeDisplayName ?? merchant.store?.storeName ?? null,
  };
}

/** For fingerprints: `JPY 1200`, or `absent`. */
export function amountText(amount: Money | undefined): string {
  return amount === undefined ? 'absent' : `${amount.currency} ${amount.minor.toString()}`;
}

export function sameAmount(told: Money | undefined, known: Money): boolean {
  return (
    told === undefined ||
    (findCurrency(told.currency) !== undefined &&
      told.currency === known.currency &&
      told.minor === known.minor)
  );
}
