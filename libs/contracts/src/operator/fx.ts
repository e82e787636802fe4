import { z } from 'zod';

/**
 * Exchange rates and quotes as the operator API shows them. Rates are decimal text, because a
 * number of JSON would round them; `…Exact` is the whole ratio, `numerator/denominator`.
 */
const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'give an ISO 4217 code like JPY')
  .describe('ISO 4217 alphabetic code');

export const fxRate = z
  .object({
    base: currencyCode,
    counter: currencyCode,
    rate: z.string().describe('Major units of counter per major unit of base, as published'),
    asOf: z.string().describe('Calendar day of the figure, ISO'),
    source: z.string(),
    quality: z.string().describe('How the figure came about, e.g. measured or rule'),
    pinned: z.boolean().describe('A shipped figure, pinned to its day: it never goes stale'),
  })
  .meta({ title: 'FxRate' });

export const fxTier = z
  .object({
    id: z.string(),
    markupBps: z.int().describe('Mark-up over mid in basis points'),
    what: z.string(),
    quality: z.string(),
  })
  .meta({ title: 'FxTier' });

export const fxRates = z
  .object({
    asOf: z.string().describe('Day of the newest figure'),
    pinned: z.boolean().describe('True while nothing was imported and all figures are shipped'),
    maxAgeDays: z.int().describe('Age at which an imported figure refuses to quote'),
    rates: z.array(fxRate),
    tiers: z.array(fxTier),
  })
  .meta({ title: 'FxRates' });

export const fxPathQuery = z.object({ base: currencyCode, counter: currencyCode });

export const fxPath = z
  .object({
    base: currencyCode,
    counter: currencyCode,
    mid: z.string().describe('Twelve places, half up'),
    midExact: z.string(),
    inverse: z.string().describe('Major units of base per major unit of counter, at mid'),
    stations: z.array(currencyCode).describe('The currencies passed, ends included'),
    legs: z.array(fxRate).describe('Published figures used, each in its published direction'),
    pinned: z.boolean(),
    refusal: z.string().nullable().describe('Why this pair is not quoted now, else null'),
    tiers: z.array(
      z.object({
        tier: z.string(),
        markupBps: z.int(),
        price: z.string().describe('What a payer is quoted per major unit of base'),
        inversePrice: z.string().describe('The same the other way round'),
        roundTripLossBps: z.string().describe('Lost by changing there and back, basis points'),
      }),
    ),
  })
  .meta({ title: 'FxPath' });

export const fxQuote = z
  .object({
    id: z.string(),
    base: currencyCode,
    counter: currencyCode,
    pair: z.string().describe('quoteCurrencyPair of the partner wire'),
    price: z.string().describe('quotePrice of the partner wire: the exact price'),
    mid: z.string().describe('Twelve places, half up'),
    midExact: z.string(),
    markupBps: z.int(),
    tier: z.string(),
    stations: z.array(currencyCode),
    legs: z.array(fxRate),
    issuedAt: z.string().describe('ISO 8601, UTC'),
    expiresAt: z.string().describe('ISO 8601, UTC'),
    expired: z.boolean(),
    pinned: z.boolean(),
  })
  .meta({ title: 'FxQuote' });

export type FxRateView = z.infer<typeof fxRate>;
export type FxRatesView = z.infer<typeof fxRates>;
export type FxPathQuery = z.infer<typeof fxPathQuery>;
export type FxPathView = z.infer<typeof fxPath>;
export type FxQuoteView = z.infer<typeof fxQuote>;
