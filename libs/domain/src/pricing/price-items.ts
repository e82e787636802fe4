import type { Quote, Ratio } from '../fx.js';
import type { Money } from '../money.js';
import { amountRounding, exactAt } from '../rates/convert.js';
import { BPS, quotePriceText } from '../rates/quote.js';
import { ratio, ratioText } from '../rates/ratio.js';
import type { ConvertedAmount, PaymentPrice, PriceTerms } from './price-payment.js';

export type PriceParty = 'merchant' | 'acquirer' | 'hub' | 'wallet';

/**
 * What an item is in the sum. `flow`s between two parties add up to what each owes; `part`s add
 * up to the flow named in `partOf`; a `memo` is shown and counted nowhere.
 */
export type PriceItemKind = 'flow' | 'part' | 'memo';

export type PriceItemName =
  | 'payToAmount'
  | 'settlementAmount'
  | 'interchangeCharged'
  | 'interchangeCredited'
  | 'schemeFeeWallet'
  | 'schemeFeeAcquirer'
  | 'valueAtMid'
  | 'fxMargin'
  | 'interchangeFxDifference'
  | 'rounding'
  | 'interchange'
  | 'mdr';

/** One line of the explanation of a price. */
export interface PriceItem {
  readonly name: PriceItemName;
  readonly kind: PriceItemKind;
  readonly partOf?: PriceItemName;
  readonly from: PriceParty;
  readonly to: PriceParty;
  readonly amount: Money;
  /** How a person recomputes it, e.g. `JPY 1200 × 0.203034216868, half up to 1 minor unit`. */
  readonly rule: string;
  /** The amount before rounding, a fraction of minor units; may be zero or, for parts, negative. */
  readonly exact: Ratio;
}

type Figures = Omit<PaymentPrice, 'items' | 'hubIncomeUsd'>;

/** Explains a price so that the items add up to every total to the minor unit. */
export function priceItems(terms: PriceTerms, price: Figures): PriceItem[] {
  const { payerQuote, settlementQuote } = terms;
  const { interchange } = price;
  return [
    ...conversion(price.payer, price.paymentAmount, payerQuote, {
      name: 'payToAmount',
      from: 'wallet',
      to: 'hub',
      difference: 'fxMargin',
      wire: true,
    }),
    ...conversion(interchange.credited, interchange.payment, payerQuote, {
      name: 'interchangeCredited',
      from: 'hub',
      to: 'wallet',
      difference: 'interchangeFxDifference',
      wire: false,
    }),
    fee('schemeFeeWallet', 'wallet', 'hub', price.schemeFeeWallet, {
      of: price.payToAmount,
      name: 'payToAmount',
      bps: terms.schemeFeeWalletBps,
    }),
    ...conversion(price.settlement, price.paymentAmount, settlementQuote, {
      name: 'settlementAmount',
      from: 'hub',
      to: 'acquirer',
      difference: 'fxMargin',
      wire: true,
    }),
    ...conversion(interchange.charged, interchange.payment, settlementQuote, {
      name: 'interchangeCharged',
      from: 'acquirer',
      to: 'hub',
      difference: 'interchangeFxDifference',
      wire: false,
    }),
    fee('schemeFeeAcquirer', 'acquirer', 'hub', price.schemeFeeAcquirer, {
      of: price.settlementAmount,
      name: 'settlementAmount',
      bps: terms.schemeFeeAcquirerBps,
    }),
    fee('interchange', 'acquirer', 'wallet', interchange.payment, {
      of: price.paymentAmount,
      name: 'paymentAmount',
      bps: terms.interchangeBps,
    }),
    fee('mdr', 'merchant', 'acquirer', price.mdr, {
      of: price.paymentAmount,
      name: 'paymentAmount',
      bps: terms.mdrBps,
    }),
  ];
}

function fee(
  name: PriceItemName,
  from: PriceParty,
  to: PriceParty,
  amount: Money,
  share: { readonly of: Money; readonly name: string; readonly bps: number },
): PriceItem {
  const percent = ratioText(ratio(BigInt(share.bps), 100n), 2);
  return {
    name,
    kind: name === 'mdr' || name === 'interchange' ? 'memo' : 'flow',
    from,
    to,
    amount,
    rule: `${percent} % of ${share.name}, half up to 1 minor unit`,
    exact: ratio(share.of.minor * BigInt(share.bps), BPS),
  };
}

interface ConversionNames {
  readonly name: PriceItemName;
  readonly from: PriceParty;
  readonly to: PriceParty;
  /** What the part between mid and price is called. */
  readonly difference: PriceItemName;
  /** Amounts on the wire follow the currency's step; fees are kept to one minor unit. */
  readonly wire: boolean;
}

function conversion(
  converted: ConvertedAmount,
  amount: Money,
  quote: Quote,
  names: ConversionNames,
): PriceItem[] {
  const { name, from, to } = names;
  const base = { from, to } as const;
  const source = names.wire ? 'paymentAmount' : 'interchange';
  if (quote.base === quote.counter) {
    const rule = `equals ${source}, same currency`;
    const exact = ratio(amount.minor, 1n);
    return [{ ...base, name, kind: 'flow', amount: converted.amount, rule, exact }];
  }
  const { currency } = converted.amount;
  const atPrice = reduced(exactAt(amount, quote.price, currency));
  const atMid = reduced(exactAt(amount, quote.mid, currency));
  const part = (partName: PriceItemName, minor: bigint, rule: string, exact: Ratio): PriceItem => ({
    ...base,
    name: partName,
    kind: 'part',
    partOf: name,
    amount: { currency, minor },
    rule,
    exact,
  });
  const step = stepText(names.wire, currency);
  const items: PriceItem[] = [
    {
      ...base,
      name,
      kind: 'flow',
      amount: converted.amount,
      rule: `${source} × ${quotePriceText(quote)} ${currency} per ${quote.base}, ${step}`,
      exact: atPrice,
    },
    part(
      'valueAtMid',
      converted.atMid,
      `${source} × mid ${ratioText(quote.mid)}, half up to 1 minor unit`,
      atMid,
    ),
  ];
  if (converted.margin !== 0n || quote.markupBps > 0) {
    const percent = ratioText(ratio(BigInt(quote.markupBps), 100n), 2);
    const exact = differenceOf(atPrice, atMid);
    const rule = `price less mid: mark-up of ${percent} %, tier ${quote.tier}`;
    items.push(part(names.difference, converted.margin, rule, exact));
  }
  if (converted.rounding !== 0n) {
    const exact = differenceOf(ratio(converted.amount.minor, 1n), atPrice);
    items.push(part('rounding', converted.rounding, `what ${step} added`, exact));
  }
  return items;
}

function stepText(wire: boolean, currency: string): string {
  const step = amountRounding(currency);
  return wire && step.increment > 1n
    ? `half to even to ${step.increment.toString()} minor units`
    : 'half up to 1 minor unit';
}

function reduced(value: Ratio): Ratio {
  return ratio(value.numerator, value.denominator);
}

function differenceOf(a: Ratio, b: Ratio): Ratio {
  return ratio(
    a.numerator * b.denominator - b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}
