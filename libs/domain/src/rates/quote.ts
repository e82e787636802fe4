import type { CurrencyCode } from '../currency.js';
import type { FxTier, Quote, Ratio } from '../fx.js';
import type { QuoteId } from '../ids.js';
import { invariant } from '../invariant.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import { pathFor, staleLeg, type RateBook } from './rate-book.js';
import { ONE, PRICE_PLACES, multiplyRatios, ratio, ratioText, roundRatio } from './ratio.js';

export const BPS = 10_000n;

export interface QuotePolicy {
  /** How long a quote may be paid with. */
  readonly ttlMs: number;
  /** Calendar days after which an imported rate is refused. */
  readonly maxAgeDays: number;
  /** ISO date in UTC of the moment of quoting. */
  readonly today: string;
}

export interface QuoteContext {
  readonly book: RateBook;
  readonly tier: FxTier;
  readonly policy: QuotePolicy;
}

export interface QuoteRequest {
  /** The currency that is priced: the payment's. */
  readonly base: CurrencyCode;
  /** The currency that is paid or settled in. */
  readonly counter: CurrencyCode;
}

/**
 * Locks a price: mid × (1 + mark-up), per major unit of base. A marked-up price is rounded up to
 * twelve places, in the hub's favour; one without mark-up to the nearest, in nobody's. A currency
 * against itself costs 1 and bears no mark-up.
 *
 * Rejections: RATE_MISSING names the currency, RATE_STALE the leg and its date.
 */
export function decideQuote(
  context: QuoteContext,
  request: QuoteRequest,
  nowMs: number,
  id: QuoteId,
): Outcome<Quote> {
  const { book, tier, policy } = context;
  const { base, counter } = request;
  const path = pathFor(book, base, counter);
  if (!path.ok) return path;
  const { ratio: mid, legs } = path.value;
  const stale = staleLeg(legs, policy.today, policy.maxAgeDays);
  if (stale !== undefined) {
    return rejected(
      'RATE_STALE',
      `The ${stale.base}/${stale.counter} rate of ${stale.source} is of ${stale.asOf}, more than ` +
        `${String(policy.maxAgeDays)} days before ${policy.today}; import newer rates.`,
    );
  }
  const markupBps = base === counter ? 0 : tier.markupBps;
  const price = base === counter ? ONE : priceOver(mid, markupBps);
  if (price.numerator === 0n) {
    return rejected(
      'RATE_MISSING',
      `One ${base} is worth too little ${counter} to be quoted in ${String(PRICE_PLACES)} places.`,
    );
  }
  return accepted({
    id,
    base,
    counter,
    mid,
    markupBps,
    tier: tier.id,
    price,
    path: legs,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + policy.ttlMs,
    pinned: legs.some((leg) => leg.pinned === true),
  });
}

/** The price of a mid under a mark-up, to twelve places; what `decideQuote` locks. */
export function priceOver(mid: Ratio, markupBps: number): Ratio {
  invariant(Number.isInteger(markupBps) && markupBps >= 0, 'a mark-up must be whole, not negative');
  const exact = multiplyRatios(mid, ratio(BPS + BigInt(markupBps), BPS));
  return roundRatio(exact, PRICE_PLACES, markupBps > 0 ? 'up' : 'halfEven');
}

/** A quote may be used up to, and not at, its expiry. */
export function isExpired(quote: Pick<Quote, 'expiresAtMs'>, nowMs: number): boolean {
  return nowMs >= quote.expiresAtMs;
}

/**
 * The wire's `quotePrice`. It equals the price exactly, because a price has at most twelve
 * places: whoever multiplies with this text gets the amount we charge.
 */
export function quotePriceText(quote: Pick<Quote, 'price'>): string {
  return ratioText(quote.price, PRICE_PLACES);
}

/** The wire's `quoteCurrencyPair`, base first: `JPY/THB`. */
export function quotePairText(quote: Pick<Quote, 'base' | 'counter'>): string {
  return `${quote.base}/${quote.counter}`;
}
