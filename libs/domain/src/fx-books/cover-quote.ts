import type { CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import { exactAt } from '../rates/convert.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import { PRICE_PLACES, ratio, roundRatio } from '../rates/ratio.js';
import { divideRounded } from '../rounding.js';

export type CoverSide = 'buy' | 'sell';

/** What the hub asks every provider for at a cut-off: a currency against US dollars. */
export interface CoverRequest {
  readonly currency: CurrencyCode;
  /** Whether the hub buys or sells the currency. */
  readonly side: CoverSide;
  /** A magnitude, minor units of the currency. */
  readonly minor: bigint;
  /** US dollars per major unit. */
  readonly mid: Ratio;
}

/** What a provider deals in, one currency each. */
export interface CoverTerms {
  readonly currency: CurrencyCode;
  readonly spreadBps: number;
  /** How far a quote strays from the spread, either way, in basis points. */
  readonly jitterBps: number;
  /** Smallest and largest trade, US cents at mid. */
  readonly minUsd: bigint;
  readonly maxUsd: bigint;
}

/** A simulated provider of cover trades: it answers by seed, so that a run can be played again. */
export interface CoverProvider {
  readonly id: string;
  readonly name: string;
  readonly seed: string;
  /** Chance to answer at all, of 10,000. */
  readonly availability: number;
  readonly terms: readonly CoverTerms[];
}

/** An answer; both kinds are kept, since a choice can be judged only beside what was refused. */
export type CoverQuote =
  | { readonly providerId: string; readonly answer: 'declined'; readonly reason: string }
  | {
      readonly providerId: string;
      readonly answer: 'firm';
      /** US dollars per major unit, a decimal of at most twelve places. */
      readonly price: Ratio;
      /** Smallest and largest amount, minor units of the currency. */
      readonly minMinor: bigint;
      readonly maxMinor: bigint;
    };

export type FirmQuote = Extract<CoverQuote, { readonly answer: 'firm' }>;

/**
 * What a simulated provider answers. The same provider, occasion and request always give the same
 * answer, in any process.
 *
 * @param occasion what is covered, e.g. the cycle's id: another one draws anew
 */
export function quoteOfProvider(
  provider: CoverProvider,
  occasion: string,
  request: CoverRequest,
): CoverQuote {
  const { id: providerId } = provider;
  const terms = provider.terms.find(({ currency }) => currency === request.currency);
  if (terms === undefined) {
    return { providerId, answer: 'declined', reason: `does not deal in ${request.currency}` };
  }
  const draw = drawsOf(`${provider.seed}|${providerId}|${occasion}|${request.currency}`);
  if (draw(10_000) >= provider.availability) {
    return { providerId, answer: 'declined', reason: 'is not available' };
  }
  const jitter = terms.jitterBps === 0 ? 0 : draw(2 * terms.jitterBps * 100 + 1);
  const hundredths = Math.max(0, (terms.spreadBps - terms.jitterBps) * 100 + jitter);
  const [minMinor, maxMinor] = [
    amountFor(terms.minUsd, request, 'up'),
    amountFor(terms.maxUsd, request, 'down'),
  ];
  if (request.minor < minMinor) {
    return { providerId, answer: 'declined', reason: 'the amount is below its smallest trade' };
  }
  return {
    providerId,
    answer: 'firm',
    price: awayFromMid(request, BigInt(hundredths)),
    minMinor,
    maxMinor,
  };
}

/** Dearer than mid for whoever buys, cheaper for whoever sells, rounded against the hub. */
function awayFromMid({ mid, side }: CoverRequest, hundredthsOfBps: bigint): Ratio {
  const whole = 1_000_000n;
  const factor = side === 'buy' ? whole + hundredthsOfBps : whole - hundredthsOfBps;
  const exact = ratio(mid.numerator * factor, mid.denominator * whole);
  return roundRatio(exact, PRICE_PLACES, side === 'buy' ? 'up' : 'down');
}

/** The currency's amount that is worth so many cents at mid. */
function amountFor(usdCents: bigint, request: CoverRequest, rounding: 'up' | 'down'): bigint {
  const { numerator, denominator } = exactAt(
    { currency: request.currency, minor: 1n },
    request.mid,
    FUNCTIONAL_CURRENCY,
  );
  return divideRounded(usdCents * denominator, numerator, rounding);
}

/** Numbers from a text: FNV-1a over its characters, stirred by the finaliser of MurmurHash3. */
function drawsOf(text: string): (below: number) => number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (below) => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash ^ (hash >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}
