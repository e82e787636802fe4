import type { CurrencyCode } from '#domain/currency';
import type { FxTier, MidRate, Quote } from '#domain/fx';
import { decideQuote } from '#domain/rates/quote';
import { rateBook, usdMids, type RateBook } from '#domain/rates/rate-book';
import { parseRatio } from '#domain/rates/ratio';
import type { PriceTerms } from '#domain/pricing/price-payment';

/**
 * Ready terms for tests of pricing and books, here and in features above: a book of figures that
 * span the awkward cases (no decimals, three decimals, a step of a hundred, a thousandfold worth,
 * a path of three legs) and terms built from it the way the product builds them.
 */
const FIGURES: readonly (readonly [CurrencyCode, CurrencyCode, string])[] = [
  ['EUR', 'USD', '1.1684'],
  ['EUR', 'JPY', '186.75'],
  ['EUR', 'THB', '37.728'],
  ['EUR', 'KRW', '1740.86'],
  ['EUR', 'IDR', '20082.05'],
  ['EUR', 'SGD', '1.4912'],
  ['USD', 'VND', '26310.5'],
  ['USD', 'KWD', '0.3071'],
];

export const CASE_CURRENCIES: readonly CurrencyCode[] = [
  'EUR',
  'USD',
  'JPY',
  'THB',
  'KRW',
  'IDR',
  'SGD',
  'VND',
  'KWD',
];

export const CASE_DAY = '2026-04-13';

export function midOf(base: CurrencyCode, counter: CurrencyCode, text: string): MidRate {
  const ratio = parseRatio(text);
  if (ratio === undefined) throw new Error(`not a rate: ${text}`);
  return { base, counter, ratio, asOf: CASE_DAY, source: 'test', quality: 'measured' };
}

export function caseBook(): RateBook {
  return rateBook(FIGURES.map(([base, counter, text]) => midOf(base, counter, text)));
}

export function quoteOf(
  book: RateBook,
  base: CurrencyCode,
  counter: CurrencyCode,
  tier: FxTier,
): Quote {
  const policy = { ttlMs: 60_000, maxAgeDays: 7, today: CASE_DAY };
  const quote = decideQuote({ book, tier, policy }, { base, counter }, 0, 'quo_test');
  if (!quote.ok) throw new Error(quote.rejection.detail);
  return quote.value;
}

export interface CaseTerms {
  readonly payment: readonly [CurrencyCode, bigint];
  readonly wallet: CurrencyCode;
  readonly settlement: CurrencyCode;
  readonly markupBps?: number;
  readonly interchangeBps?: number;
  readonly schemeFeeAcquirerBps?: number;
  readonly schemeFeeWalletBps?: number;
  readonly mdrBps?: number;
}

export function termsOf(input: CaseTerms, book = caseBook()): PriceTerms {
  const [currency, minor] = input.payment;
  const usd = usdMids(book, {
    payment: currency,
    payer: input.wallet,
    settlement: input.settlement,
  });
  if (!usd.ok) throw new Error(usd.rejection.detail);
  const tier = { id: 'test', markupBps: input.markupBps ?? 0 };
  return {
    paymentAmount: { currency, minor },
    payerQuote: quoteOf(book, currency, input.wallet, tier),
    settlementQuote: quoteOf(book, currency, input.settlement, { id: 'mid', markupBps: 0 }),
    usd: usd.value,
    interchangeBps: input.interchangeBps ?? 0,
    schemeFeeAcquirerBps: input.schemeFeeAcquirerBps ?? 0,
    schemeFeeWalletBps: input.schemeFeeWalletBps ?? 0,
    mdrBps: input.mdrBps ?? 0,
  };
}
