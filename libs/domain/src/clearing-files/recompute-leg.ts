import type { CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import type { Money } from '../money.js';
import { amountRounding, convertAt } from '../rates/convert.js';
import { BPS } from '../rates/quote.js';
import { ONE, PRICE_PLACES, roundRatio } from '../rates/ratio.js';
import { divideRounded } from '../rounding.js';

export type LegSide = 'wallet' | 'acquirer';
export type LegKind = 'PAYMENT' | 'REFUND';

/** One participant's leg of a payment or refund, as a line of its files states it. */
export interface LegTerms {
  readonly side: LegSide;
  readonly kind: LegKind;
  /** What was paid or refunded, in the shop's currency. */
  readonly transaction: Money;
  /** The leg's own currency, the quote's counter. */
  readonly currency: CurrencyCode;
  readonly price: Ratio;
  readonly interchangeBps: number;
  /** Of the leg's amount; a refund gives none of it back. */
  readonly serviceFeeBps: number;
  /** What the same payment's earlier refunds took; nothing for a payment. */
  readonly before: RefundedBefore;
}

/** Minor units. */
export interface RefundedBefore {
  /** In the shop's currency. */
  readonly transaction: bigint;
  readonly settlement: bigint;
  readonly rounding: bigint;
  /** In the shop's currency, and converted. */
  readonly interchangeTransaction: bigint;
  readonly interchange: bigint;
}

export const NOTHING_BEFORE: RefundedBefore = {
  transaction: 0n,
  settlement: 0n,
  rounding: 0n,
  interchangeTransaction: 0n,
  interchange: 0n,
};

/** Minor units of the leg's currency, but for `interchangeTransaction`, which is the shop's. */
export interface LegAmounts {
  readonly settlement: bigint;
  /** What the currency's step added to the settlement amount. */
  readonly rounding: bigint;
  readonly interchangeTransaction: bigint;
  readonly interchange: bigint;
  readonly serviceFee: bigint;
  /** Positive: the participant pays the hub; negative: it receives. */
  readonly net: bigint;
}

/**
 * Computes a leg again from its rate and basis points, by the published rules and none of the code
 * that priced it, so that the files prove themselves: half up, by the currency's own step for the
 * amount, at least one step for what a wallet owes. A refund is the worth of everything refunded so
 * far less what earlier refunds took (docs/files.md).
 */
export function recomputeLeg(terms: LegTerms): LegAmounts {
  const { before, side, kind } = terms;
  const { currency } = terms.transaction;
  const sum = { currency, minor: terms.transaction.minor + before.transaction };
  const whole = legAmount(sum, terms);
  const fee = { currency, minor: share(sum.minor, terms.interchangeBps) };
  const settlement = whole.minor - before.settlement;
  const interchange = converted(fee, terms) - before.interchange;
  const serviceFee = kind === 'PAYMENT' ? share(settlement, terms.serviceFeeBps) : 0n;
  const towardsHub = side === 'wallet' ? settlement - interchange : interchange - settlement;
  return {
    settlement,
    rounding: whole.rounding - before.rounding,
    interchangeTransaction: fee.minor - before.interchangeTransaction,
    interchange,
    serviceFee,
    net: kind === 'PAYMENT' ? towardsHub + serviceFee : -towardsHub,
  };
}

/** An amount in the shop's currency at the leg's price, half up to one minor unit. */
export function converted(amount: Money, terms: Pick<LegTerms, 'currency' | 'price'>): bigint {
  if (amount.currency === terms.currency) return amount.minor;
  return convertAt(amount, terms.price, terms.currency, 'halfUp').minor;
}

/** A share of an amount, half up to one minor unit. */
export function share(minor: bigint, bps: number): bigint {
  return divideRounded(minor * BigInt(bps), BPS, 'halfUp');
}

function legAmount(amount: Money, terms: LegTerms): { minor: bigint; rounding: bigint } {
  const { currency, price, side } = terms;
  if (amount.currency === currency) return { minor: amount.minor, rounding: 0n };
  const { rounding, increment } = amountRounding(currency);
  const stepped = convertAt(amount, price, currency, rounding, increment).minor;
  const minor = side === 'wallet' && stepped < increment ? increment : stepped;
  return { minor, rounding: minor - converted(amount, terms) };
}

/** The price that a mid and a mark-up give: twelve places, up where there is a mark-up. */
export function priceOf(quote: {
  readonly base: CurrencyCode;
  readonly counter: CurrencyCode;
  readonly mid: Ratio;
  readonly markupBps: number;
}): Ratio {
  if (quote.base === quote.counter) return ONE;
  // Not reduced: a file has many lines, and the rounding does not ask for lowest terms.
  const exact: Ratio = {
    numerator: quote.mid.numerator * (BPS + BigInt(quote.markupBps)),
    denominator: quote.mid.denominator * BPS,
  };
  return roundRatio(exact, PRICE_PLACES, quote.markupBps > 0 ? 'up' : 'halfEven');
}
