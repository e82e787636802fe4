import type { CurrencyCode } from './currency.js';
import type { QuoteId } from './ids.js';
import type { Quality } from './network.js';

/** A positive rational; rates are never floats. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A published mid: one major unit of `base` is `ratio` major units of `counter`. */
export interface MidRate {
  readonly base: CurrencyCode;
  readonly counter: CurrencyCode;
  readonly ratio: Ratio;
  /** Calendar date the figure is of, ISO. */
  readonly asOf: string;
  readonly source: string;
  readonly quality: Quality;
  /** True for a figure that ships with the product: pinned to its date, it never goes stale. */
  readonly pinned?: boolean;
}

/**
 * How a pair was reached: one leg when published, more through the reference currencies, none
 * for a currency against itself. Legs keep the direction they were published in, so that a
 * reader finds the very figure at its source; `ratio` is that of `base` to `counter`.
 */
export interface RatePath {
  readonly base: CurrencyCode;
  readonly counter: CurrencyCode;
  readonly ratio: Ratio;
  readonly legs: readonly MidRate[];
}

export interface FxTier {
  readonly id: string;
  readonly markupBps: number;
}

/**
 * A locked price. `price` is what the payer-side or acquirer-side amount is computed with, per
 * major unit, already including the mark-up, and equal to a decimal of at most twelve places, so
 * that the wire's `quotePrice` is the same number and a stranger can recompute the amount.
 */
export interface Quote {
  readonly id: QuoteId;
  readonly base: CurrencyCode;
  readonly counter: CurrencyCode;
  readonly mid: Ratio;
  readonly markupBps: number;
  readonly tier: string;
  readonly price: Ratio;
  readonly path: readonly MidRate[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** True when a leg of the path is a shipped rate, pinned to its date instead of ageing. */
  readonly pinned: boolean;
}
