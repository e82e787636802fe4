import type { Ratio } from '../fx.js';
import { equalRatios, invertRatio, parseRatio } from '../rates/ratio.js';
import type { PartnerRow, RatePair } from './match-case.js';

/** A price of the other direction is a rounded inverse; with fewer digits it proves nothing. */
const ENOUGH_DIGITS = 6;

export interface TheirPrice {
  readonly isSame: boolean;
  /** In the hub's direction; undefined for another pair, or for what is no price. */
  readonly price: Ratio | undefined;
}

/**
 * Reads the price of a partner's line. A pair may be written in either order (docs/sources.md
 * A4.1). In the hub's own order it must be the locked price itself; the other way about it is the
 * same when it is our inverse to the last place they wrote.
 */
export function readTheirPrice(
  quote: NonNullable<PartnerRow['quote']>,
  pair: RatePair,
  ours: Ratio,
): TheirPrice {
  const theirs = parseRatio(quote.priceText);
  if (theirs === undefined) return { isSame: false, price: undefined };
  if (quote.pair.base === pair.base && quote.pair.counter === pair.counter) {
    return { isSame: equalRatios(theirs, ours), price: theirs };
  }
  if (quote.pair.base !== pair.counter || quote.pair.counter !== pair.base) {
    return { isSame: false, price: undefined };
  }
  const inverse = invertRatio(ours);
  const isSame =
    equalRatios(theirs, inverse) ||
    (significantDigits(quote.priceText) >= ENOUGH_DIGITS &&
      isWithinLastPlace(theirs, inverse, placesOf(quote.priceText)));
  return { isSame, price: invertRatio(theirs) };
}

function placesOf(text: string): number {
  return (text.split('.')[1] ?? '').length;
}

function significantDigits(text: string): number {
  return text.replace('.', '').replace(/^0+/, '').length;
}

function isWithinLastPlace(a: Ratio, b: Ratio, places: number): boolean {
  const off = a.numerator * b.denominator - b.numerator * a.denominator;
  return (off < 0n ? -off : off) * 10n ** BigInt(places) < a.denominator * b.denominator;
}
