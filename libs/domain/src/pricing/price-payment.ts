import type { CurrencyCode } from '../currency.js';
import type { Quote, Ratio } from '../fx.js';
import { invariant } from '../invariant.js';
import type { Money } from '../money.js';
import { amountRounding, convertAt, exactAt } from '../rates/convert.js';
import { BPS } from '../rates/quote.js';
import { FUNCTIONAL_CURRENCY, type UsdMids } from '../rates/rate-book.js';
import { divideRounded } from '../rounding.js';
import { priceItems, type PriceItem } from './price-items.js';

/** Everything a payment's amounts follow from; fixed when it is created, never looked up again. */
export interface PriceTerms {
  readonly paymentAmount: Money;
  /** Payment currency → wallet currency, marked up. */
  readonly payerQuote: Quote;
  /** Payment currency → the acquirer's settlement currency, never marked up. */
  readonly settlementQuote: Quote;
  /** US dollars per major unit, mid, of the payment, wallet and settlement currency. */
  readonly usd: UsdMids;
  /** Acquirer to wallet, of the payment amount. */
  readonly interchangeBps: number;
  /** Acquirer to hub, of the gross settlement amount. */
  readonly schemeFeeAcquirerBps: number;
  /** Wallet to hub, of the amount the wallet owes. */
  readonly schemeFeeWalletBps: number;
  /** Merchant to acquirer, of the payment amount; the hub only notes it. */
  readonly mdrBps: number;
}

/**
 * One conversion taken apart: `amount` = `atMid` + `margin` + `rounding`, in whole minor units of
 * the target. `atMid` is what the books carry the currency at; `margin` is what the price is away
 * from mid (mark-up, and the twelfth place of the price); `rounding` is what the currency's step
 * or the smallest amount added: at most half a step, or one step where dust is raised to it.
 */
export interface ConvertedAmount {
  readonly amount: Money;
  readonly atMid: bigint;
  readonly margin: bigint;
  readonly rounding: bigint;
}

/** Interchange: computed once in payment currency, then converted at both locked quotes. */
export interface Interchange {
  readonly payment: Money;
  /** What the acquirer is charged, settlement currency. */
  readonly charged: ConvertedAmount;
  /** What the wallet is credited, wallet currency. */
  readonly credited: ConvertedAmount;
}

export interface PaymentPrice {
  readonly paymentAmount: Money;
  /** What the wallet owes the hub before fees, and what the payer is shown. */
  readonly payToAmount: Money;
  /** What the hub owes the acquirer before fees. */
  readonly settlementAmount: Money;
  readonly payer: ConvertedAmount;
  readonly settlement: ConvertedAmount;
  readonly interchange: Interchange;
  readonly schemeFeeAcquirer: Money;
  readonly schemeFeeWallet: Money;
  /** Memo: between merchant and acquirer, outside the hub's books. */
  readonly mdr: Money;
  /** The hub's earning on the rate, in the wallet's currency. */
  readonly fxMargin: Money;
  /** payToAmount − interchange credited + schemeFeeWallet. */
  readonly walletOwes: Money;
  /** settlementAmount − interchange charged − schemeFeeAcquirer; negative when fees exceed it. */
  readonly acquirerReceives: Money;
  /**
   * US dollar cost at mid of the currency that changed hands; the same on both sides, zero when
   * wallet and acquirer use one currency.
   */
  readonly positionUsd: Money;
  /** What the hub earned, all currencies at mid in US dollars; for reports, worked out when read. */
  readonly hubIncomeUsd: Money;
  /** Where every amount comes from; worked out when read, since few payments are ever explained. */
  readonly items: readonly PriceItem[];
}

/**
 * Prices a payment: both legs, all fees, what each side owes in the end. Pure arithmetic on
 * locked terms, so that a receipt, a cancel or a differential run computes the same minor units.
 *
 * Rounding: fees half up; amounts by `amountRounding`; payToAmount is at least one step, because
 * the wire knows no zero (docs/sources.md A1.2), while dust owed to an acquirer may round to
 * nothing, lest splitting a bill pay it out. A leg within one currency is not converted or rounded at all.
 */
export function pricePayment(terms: PriceTerms): PaymentPrice {
  checkTerms(terms);
  const { paymentAmount, payerQuote, settlementQuote } = terms;
  const payer = convertPayer(paymentAmount, payerQuote);
  const settlement = convert(
    paymentAmount,
    settlementQuote,
    amountRounding(settlementQuote.counter),
    false,
  );
  const interchangeAmount = feeOf(paymentAmount, terms.interchangeBps);
  const interchange: Interchange = {
    payment: interchangeAmount,
    charged: convert(interchangeAmount, settlementQuote, FEE_ROUNDING, false),
    credited: convert(interchangeAmount, payerQuote, FEE_ROUNDING, false),
  };
  const schemeFeeAcquirer = feeOf(settlement.amount, terms.schemeFeeAcquirerBps);
  const schemeFeeWallet = feeOf(payer.amount, terms.schemeFeeWalletBps);
  const figures = {
    paymentAmount,
    payer,
    settlement,
    interchange,
    schemeFeeAcquirer,
    schemeFeeWallet,
    mdr: feeOf(paymentAmount, terms.mdrBps),
  };
  return new Priced(figures, positionUsd(terms, figures), terms);
}

type Parts = Pick<
  PaymentPrice,
  | 'paymentAmount'
  | 'payer'
  | 'settlement'
  | 'interchange'
  | 'schemeFeeAcquirer'
  | 'schemeFeeWallet'
  | 'mdr'
>;

/** A class, because what is worked out when read must not cost anything when it is not. */
class Priced implements PaymentPrice {
  readonly paymentAmount: Money;
  readonly payToAmount: Money;
  readonly settlementAmount: Money;
  readonly payer: ConvertedAmount;
  readonly settlement: ConvertedAmount;
  readonly interchange: Interchange;
  readonly schemeFeeAcquirer: Money;
  readonly schemeFeeWallet: Money;
  readonly mdr: Money;
  readonly fxMargin: Money;
  readonly walletOwes: Money;
  readonly acquirerReceives: Money;
  readonly positionUsd: Money;
  readonly #terms: PriceTerms;

  constructor(parts: Parts, position: Money, terms: PriceTerms) {
    const { payer, settlement, interchange } = parts;
    const [payTo, settled] = [payer.amount, settlement.amount];
    this.paymentAmount = parts.paymentAmount;
    this.payToAmount = payTo;
    this.settlementAmount = settled;
    this.payer = payer;
    this.settlement = settlement;
    this.interchange = interchange;
    this.schemeFeeAcquirer = parts.schemeFeeAcquirer;
    this.schemeFeeWallet = parts.schemeFeeWallet;
    this.mdr = parts.mdr;
    this.fxMargin = { currency: payTo.currency, minor: payer.margin };
    this.walletOwes = {
      currency: payTo.currency,
      minor: payTo.minor - interchange.credited.amount.minor + parts.schemeFeeWallet.minor,
    };
    this.acquirerReceives = {
      currency: settled.currency,
      minor: settled.minor - interchange.charged.amount.minor - parts.schemeFeeAcquirer.minor,
    };
    this.positionUsd = position;
    this.#terms = terms;
  }

  get hubIncomeUsd(): Money {
    return hubIncomeUsd(this.#terms, this);
  }

  get items(): readonly PriceItem[] {
    return priceItems(this.#terms, this);
  }
}

/** What a wallet would owe for an amount, before fees: for showing a price before there is one. */
export function payToAmountOf(paymentAmount: Money, payerQuote: Quote): Money {
  return convertPayer(paymentAmount, payerQuote).amount;
}

function convertPayer(paymentAmount: Money, quote: Quote): ConvertedAmount {
  return convert(paymentAmount, quote, amountRounding(quote.counter), true);
}

const FEE_ROUNDING = { rounding: 'halfUp', increment: 1n } as const;

/** A share of an amount, half up to one minor unit. */
function feeOf(amount: Money, bps: number): Money {
  const minor = divideRounded(amount.minor * BigInt(bps), BPS, 'halfUp');
  return { currency: amount.currency, minor };
}

function convert(
  amount: Money,
  quote: Quote,
  step: ReturnType<typeof amountRounding>,
  atLeastOneStep: boolean,
): ConvertedAmount {
  if (quote.base === quote.counter) {
    return { amount, atMid: amount.minor, margin: 0n, rounding: 0n };
  }
  const at = (price: Ratio): bigint => convertAt(amount, price, quote.counter, 'halfUp').minor;
  const atMid = at(quote.mid);
  // An amount without mark-up is the same at the price where the price is the mid itself.
  const atPrice = quote.price === quote.mid ? atMid : at(quote.price);
  // Where the wire's step is the minor unit, what crosses it is what was worked out already.
  const rounded =
    step.rounding === 'halfUp' && step.increment === 1n
      ? atPrice
      : convertAt(amount, quote.price, quote.counter, step.rounding, step.increment).minor;
  const minor = atLeastOneStep && rounded < step.increment ? step.increment : rounded;
  return {
    amount: { currency: quote.counter, minor },
    atMid,
    margin: atPrice - atMid,
    rounding: minor - atPrice,
  };
}

/**
 * The position's cost is the dollars that changed hands where one side is in dollars, else the
 * payment's worth at mid, net of interchange. One figure for both sides: what one position cost is
 * what the other yielded, so nothing is left over to round away.
 */
function positionUsd(
  terms: PriceTerms,
  figures: Pick<PaymentPrice, 'payer' | 'settlement' | 'interchange' | 'paymentAmount'>,
): Money {
  const currency = FUNCTIONAL_CURRENCY;
  const { payer, settlement, interchange } = figures;
  if (inOneCurrency(figures)) return { currency, minor: 0n };
  if (payer.amount.currency === currency) {
    return { currency, minor: payer.atMid - interchange.credited.atMid };
  }
  if (settlement.amount.currency === currency) {
    return { currency, minor: settlement.atMid - interchange.charged.atMid };
  }
  const exchanged: Money = {
    currency: figures.paymentAmount.currency,
    minor: figures.paymentAmount.minor - interchange.payment.minor,
  };
  return convertAt(exchanged, terms.usd.payment, currency, 'halfUp');
}

/** True when wallet and acquirer settle in one currency, so that the hub exchanges nothing. */
export function inOneCurrency(price: Pick<PaymentPrice, 'payer' | 'settlement'>): boolean {
  return price.payer.amount.currency === price.settlement.amount.currency;
}

/** Margins, scheme fees and residues, less what interchange cost between the two quotes. */
function hubIncomeUsd(
  terms: PriceTerms,
  figures: Pick<
    PaymentPrice,
    'payer' | 'settlement' | 'interchange' | 'schemeFeeWallet' | 'schemeFeeAcquirer'
  >,
): Money {
  const { payer, settlement, interchange } = figures;
  const betweenMids = inOneCurrency(figures)
    ? payer.atMid - interchange.credited.atMid - settlement.atMid + interchange.charged.atMid
    : 0n;
  const earned: readonly [CurrencyCode, bigint, Ratio][] = [
    [
      payer.amount.currency,
      payer.margin +
        payer.rounding +
        figures.schemeFeeWallet.minor +
        betweenMids -
        interchange.credited.margin -
        interchange.credited.rounding,
      terms.usd.payer,
    ],
    [
      settlement.amount.currency,
      interchange.charged.margin +
        interchange.charged.rounding +
        figures.schemeFeeAcquirer.minor -
        settlement.margin -
        settlement.rounding,
      terms.usd.settlement,
    ],
  ];
  const exact = earned.map(([currency, minor, mid]) =>
    exactAt({ currency, minor }, mid, FUNCTIONAL_CURRENCY),
  );
  const denominator = exact.reduce((product, part) => product * part.denominator, 1n);
  const numerator = exact.reduce(
    (sum, part) => sum + part.numerator * (denominator / part.denominator),
    0n,
  );
  return {
    currency: FUNCTIONAL_CURRENCY,
    minor: divideRounded(numerator, denominator, 'halfEven'),
  };
}

function checkTerms(terms: PriceTerms): void {
  const { paymentAmount, payerQuote, settlementQuote } = terms;
  invariant(paymentAmount.minor > 0n, 'a payment amount must be positive');
  for (const quote of [payerQuote, settlementQuote]) {
    invariant(quote.base === paymentAmount.currency, 'a quote must price the payment currency');
  }
  invariant(settlementQuote.markupBps === 0, 'a settlement quote bears no mark-up');
  const shares = [
    terms.interchangeBps,
    terms.schemeFeeAcquirerBps,
    terms.schemeFeeWalletBps,
    terms.mdrBps,
  ];
  invariant(
    shares.every((bps) => Number.isInteger(bps) && bps >= 0 && bps < Number(BPS)),
    'a fee is a whole number of basis points below the whole amount',
  );
}
