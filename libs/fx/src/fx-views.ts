import type { FxPathView, FxQuoteView, FxRatesView, FxRateView } from '#contracts/operator/fx';
import type { CurrencyCode } from '#domain/currency';
import type { MidRate, Quote, Ratio } from '#domain/fx';
import { decideQuote, isExpired, quotePairText, quotePriceText } from '#domain/rates/quote';
import { pathFor, stationsOf } from '#domain/rates/rate-book';
import { invertRatio, multiplyRatios, ratio, ratioText } from '#domain/rates/ratio';
import { accepted, type Outcome } from '#domain/rejection';
import type { RateDesk } from './rate-desk.js';

/** Published figures have few decimals; this many show any of them whole. */
const PUBLISHED_PLACES = 18;

export function viewOfRate(rate: MidRate): FxRateView {
  const { base, counter, asOf, source, quality } = rate;
  const published = ratioText(rate.ratio, PUBLISHED_PLACES);
  return { base, counter, rate: published, asOf, source, quality, pinned: rate.pinned === true };
}

export function viewOfRates(desk: RateDesk): FxRatesView {
  const { asOf, pinned, book, tiers } = desk.current();
  return {
    asOf,
    pinned,
    maxAgeDays: desk.ageLimitDays,
    rates: book.rates.map(viewOfRate),
    tiers: [...tiers.values()].map(({ id, markupBps, what, quality }) => ({
      id,
      markupBps,
      what,
      quality,
    })),
  };
}

/**
 * How a pair is reached now and what each tier would be quoted in both directions. A pair that is
 * known but too old to quote is still shown, with the refusal, so that an operator sees why.
 */
export function viewOfPath(
  desk: RateDesk,
  base: CurrencyCode,
  counter: CurrencyCode,
  nowMs: number,
): Outcome<FxPathView> {
  const { book, tiers } = desk.current();
  const path = pathFor(book, base, counter);
  if (!path.ok) return path;
  const { ratio: mid, legs } = path.value;
  let refusal: string | null = null;
  const quoted = (tierId: string, from: CurrencyCode, to: CurrencyCode): Quote | undefined => {
    const context = desk.quoteContext(tierId, nowMs);
    if (!context.ok) return undefined;
    const quote = decideQuote(context.value, { base: from, counter: to }, nowMs, 'quo_indication');
    if (quote.ok) return quote.value;
    refusal = quote.rejection.detail;
    return undefined;
  };
  const prices = [...tiers.keys()].flatMap((tier) => {
    const there = quoted(tier, base, counter);
    const back = quoted(tier, counter, base);
    if (there === undefined || back === undefined) return [];
    return [
      {
        tier,
        markupBps: there.markupBps,
        price: quotePriceText(there),
        inversePrice: quotePriceText(back),
        roundTripLossBps: roundTripLoss(there.price, back.price),
      },
    ];
  });
  return accepted({
    base,
    counter,
    mid: ratioText(mid),
    midExact: exactText(mid),
    inverse: ratioText(invertRatio(mid)),
    stations: stationsOf(base, legs),
    legs: legs.map(viewOfRate),
    pinned: legs.some((leg) => leg.pinned === true),
    refusal,
    tiers: prices,
  });
}

/**
 * Whoever buys one unit pays `there`, and gets 1/`back` for it when selling: 1 − 1/(there × back)
 * of the money is gone, in basis points.
 */
function roundTripLoss(there: Ratio, back: Ratio): string {
  const kept = invertRatio(multiplyRatios(there, back));
  const lost = ratio((kept.denominator - kept.numerator) * 10_000n, kept.denominator);
  return ratioText(lost, 2);
}

export function viewOfQuote(quote: Quote, nowMs: number): FxQuoteView {
  return {
    id: quote.id,
    base: quote.base,
    counter: quote.counter,
    pair: quotePairText(quote),
    price: quotePriceText(quote),
    mid: ratioText(quote.mid),
    midExact: exactText(quote.mid),
    markupBps: quote.markupBps,
    tier: quote.tier,
    stations: stationsOf(quote.base, quote.path),
    legs: quote.path.map(viewOfRate),
    issuedAt: new Date(quote.issuedAtMs).toISOString(),
    expiresAt: new Date(quote.expiresAtMs).toISOString(),
    expired: isExpired(quote, nowMs),
    pinned: quote.pinned,
  };
}

function exactText(value: Ratio): string {
  return `${value.numerator.toString()}/${value.denominator.toString()}`;
}
