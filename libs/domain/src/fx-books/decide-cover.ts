import { convertAt } from '../rates/convert.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import type { Ratio } from '../fx.js';
import type { CoverQuote, CoverRequest, FirmQuote } from './cover-quote.js';

/** A part of a request that one provider takes. */
export interface CoverFill {
  readonly providerId: string;
  readonly price: Ratio;
  /** Magnitudes: minor units of the currency, US cents. */
  readonly minor: bigint;
  readonly usd: bigint;
}

export interface CoverDecision {
  readonly fills: readonly CoverFill[];
  /** What nobody took; it stays open and is revalued. */
  readonly uncoveredMinor: bigint;
}

/**
 * Chooses among the quotes: the best price first, as much as its provider takes, then the next.
 * Of equal prices the provider whose id sorts first wins, so that anybody who has the quotes comes
 * to the same choice.
 */
export function decideCover(request: CoverRequest, quotes: readonly CoverQuote[]): CoverDecision {
  const firm = quotes.filter((quote): quote is FirmQuote => quote.answer === 'firm');
  const fills: CoverFill[] = [];
  let open = request.minor;
  for (const quote of firm.sort((a, b) => compareQuotes(request, a, b))) {
    const minor = open < quote.maxMinor ? open : quote.maxMinor;
    if (minor === 0n || minor < quote.minMinor) continue;
    const usd = convertAt(
      { currency: request.currency, minor },
      quote.price,
      FUNCTIONAL_CURRENCY,
      'halfUp',
    );
    fills.push({ providerId: quote.providerId, price: quote.price, minor, usd: usd.minor });
    open -= minor;
  }
  return { fills, uncoveredMinor: open };
}

function compareQuotes({ side }: CoverRequest, a: FirmQuote, b: FirmQuote): number {
  const difference =
    a.price.numerator * b.price.denominator - b.price.numerator * a.price.denominator;
  const forHub = side === 'buy' ? difference : -difference;
  if (forHub !== 0n) return forHub < 0n ? -1 : 1;
  return a.providerId < b.providerId ? -1 : 1;
}
