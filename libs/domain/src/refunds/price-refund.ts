import type { CurrencyCode } from '../currency.js';
import type { Money } from '../money.js';
import type { PaymentFees, PayerTerms } from '../payments/payment.js';
import {
  pricePayment,
  type ConvertedAmount,
  type Interchange,
  type PaymentPrice,
} from '../pricing/price-payment.js';

/** The part of a payment's terms that its refunds are priced by. */
export type RefundTerms = Pick<PayerTerms, 'payerQuote' | 'settlementQuote'> & {
  readonly fees: PaymentFees;
};

/**
 * What one refund moves, at the payment's own quotes. Scheme fees are kept, so they have no part
 * in it; interchange goes back (docs/sources.md A4.3).
 */
export interface RefundPrice {
  readonly refundAmount: Money;
  /** `payer.amount` is what the user gets back, the wire's refundFromAmount. */
  readonly payer: ConvertedAmount;
  /** `settlement.amount` is what the acquirer gives back before interchange. */
  readonly settlement: ConvertedAmount;
  readonly interchange: Interchange;
  /** How much less the wallet owes the hub: payer amount less interchange credited. */
  readonly walletCredit: Money;
  /** How much less the hub owes the acquirer: settlement amount less interchange charged. */
  readonly acquirerDebit: Money;
}

type Amounts = Pick<PaymentPrice, 'payer' | 'settlement' | 'interchange'>;

/**
 * Prices a refund as the difference of two prices of the payment's own kind: of everything
 * refunded with it, less what was refunded before. So each amount is round(cumulative) less what
 * is already refunded, and whoever refunds a payment in full, in whatever pieces, ends at the
 * payment's own amounts to the minor unit.
 *
 * @param before prices of the payment's refunds that stand; a declined one is not among them
 */
export function priceRefund(
  terms: RefundTerms,
  before: readonly RefundPrice[],
  amount: Money,
): RefundPrice {
  const { payerQuote, settlementQuote, fees } = terms;
  const refunded = before.reduce((sum, { refundAmount }) => sum + refundAmount.minor, 0n);
  const paymentAmount = { currency: amount.currency, minor: refunded + amount.minor };
  const total = pricePayment({ paymentAmount, payerQuote, settlementQuote, ...fees });
  const parts = before.reduce<Amounts>(less, total);
  const { payer, settlement, interchange } = parts;
  return {
    refundAmount: amount,
    payer,
    settlement,
    interchange,
    walletCredit: {
      currency: payer.amount.currency,
      minor: payer.amount.minor - interchange.credited.amount.minor,
    },
    acquirerDebit: {
      currency: settlement.amount.currency,
      minor: settlement.amount.minor - interchange.charged.amount.minor,
    },
  };
}

/**
 * What a refund takes back of the hub's two positions, at mid: the currency bought from the
 * wallet, and the one sold to the acquirer. Minor units, both positive.
 */
export interface RefundPositions {
  readonly payer: bigint;
  readonly settlement: bigint;
}

export function positionsOf(price: Amounts): RefundPositions {
  const { payer, settlement, interchange } = price;
  return {
    payer: payer.atMid - interchange.credited.atMid,
    settlement: settlement.atMid - interchange.charged.atMid,
  };
}

/** The currencies of a refund's two legs. */
export function legCurrencies(price: Amounts): {
  readonly payer: CurrencyCode;
  readonly settlement: CurrencyCode;
} {
  return { payer: price.payer.amount.currency, settlement: price.settlement.amount.currency };
}

function less(total: Amounts, part: Amounts): Amounts {
  return {
    payer: difference(total.payer, part.payer),
    settlement: difference(total.settlement, part.settlement),
    interchange: {
      payment: {
        currency: total.interchange.payment.currency,
        minor: total.interchange.payment.minor - part.interchange.payment.minor,
      },
      charged: difference(total.interchange.charged, part.interchange.charged),
      credited: difference(total.interchange.credited, part.interchange.credited),
    },
  };
}

function difference(a: ConvertedAmount, b: ConvertedAmount): ConvertedAmount {
  return {
    amount: { currency: a.amount.currency, minor: a.amount.minor - b.amount.minor },
    atMid: a.atMid - b.atMid,
    margin: a.margin - b.margin,
    rounding: a.rounding - b.rounding,
  };
}
