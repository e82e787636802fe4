/**
 * Goal: rates compose exactly, prices never undercut mid, texts are the numbers, days are days.
 * Method: generated pairs, figures and mark-ups; the calendar against the platform's own.
 */
import * as fc from 'fast-check';
import { CASE_CURRENCIES, caseBook, midOf, quoteOf } from '#testkit/pricing-cases';
import type { Ratio } from '../fx.js';
import { dayNumber } from './calendar-day.js';
import { convertAt } from './convert.js';
import { quotePriceText } from './quote.js';
import { pathFor, stationsOf } from './rate-book.js';
import { equalRatios, multiplyRatios, ONE, parseRatio, ratioText } from './ratio.js';
import { usableRates } from './usable-rates.js';

const book = caseBook();
const currency = fc.constantFrom(...CASE_CURRENCIES);
const markupBps = fc.integer({ min: 1, max: 1_000 });

function mid(base: string, counter: string): Ratio {
  const path = pathFor(book, base, counter);
  if (!path.ok) throw new Error(path.rejection.detail);
  expect(stationsOf(base, path.value.legs).at(-1)).toBe(counter);
  return path.value.ratio;
}

function atLeast(a: Ratio, b: Ratio): boolean {
  return a.numerator * b.denominator >= b.numerator * a.denominator;
}

it('there and back is one, and a detour costs nothing at mid', () => {
  fc.assert(
    fc.property(currency, currency, currency, (a, b, c) => {
      expect(equalRatios(multiplyRatios(mid(a, b), mid(b, a)), ONE)).toBe(true);
      expect(equalRatios(multiplyRatios(mid(a, b), mid(b, c)), mid(a, c))).toBe(true);
    }),
  );
});

it('a marked-up price is at most a twelfth place above mark-up, and its text is the price', () => {
  fc.assert(
    fc.property(currency, currency, markupBps, (base, counter, bps) => {
      fc.pre(base !== counter);
      const quote = quoteOf(book, base, counter, { id: 'test', markupBps: bps });
      const scale = 10n ** 12n;
      // price × 10^12 is whole, and the exact mark-up lies in the last place below it.
      expect((quote.price.numerator * scale) % quote.price.denominator).toBe(0n);
      const exact = multiplyRatios(mid(base, counter), {
        numerator: 10_000n + BigInt(bps),
        denominator: 10_000n,
      });
      expect(atLeast(quote.price, exact)).toBe(true);
      const below = {
        numerator: quote.price.numerator * scale - quote.price.denominator,
        denominator: quote.price.denominator * scale,
      };
      expect(atLeast(below, exact)).toBe(false);
      expect(equalRatios(parseRatio(quotePriceText(quote)) ?? ONE, quote.price)).toBe(true);
    }),
  );
});

it('converts a larger amount, or at a larger mark-up, to no smaller one', () => {
  fc.assert(
    fc.property(
      currency,
      currency,
      fc.bigInt(1n, 10n ** 12n),
      fc.bigInt(0n, 10n ** 6n),
      markupBps,
      (base, counter, minor, more, bps) => {
        const at = (amount: bigint, tierBps: number): bigint => {
          const quote = quoteOf(book, base, counter, { id: 'test', markupBps: tierBps });
          return convertAt({ currency: base, minor: amount }, quote.price, counter, 'halfUp').minor;
        };
        expect(at(minor + more, bps) >= at(minor, bps)).toBe(true);
        expect(at(minor, bps) >= at(minor, 0)).toBe(true);
      },
    ),
  );
});

it('reads and writes decimals without loss', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 18n - 1n),
      fc.integer({ min: 0, max: 12 }),
      (digits, places) => {
        const text = digits.toString().padStart(places + 1, '0');
        const decimal =
          places === 0 ? text : `${text.slice(0, text.length - places)}.${text.slice(-places)}`;
        const value = parseRatio(decimal);
        expect(
          value && value.numerator * 10n ** BigInt(places) === digits * value.denominator,
        ).toBe(true);
        expect(value && equalRatios(parseRatio(ratioText(value)) ?? ONE, value)).toBe(true);
      },
    ),
  );
});

it('counts days as the Gregorian calendar does', () => {
  const ms = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2400, 0, 1) });
  fc.assert(
    fc.property(ms, (at) => {
      const day = Math.floor(at / 86_400_000);
      expect(dayNumber(new Date(at).toISOString().slice(0, 10))).toBe(day);
    }),
  );
  for (const none of ['2023-02-29', '2100-02-29', '2024-13-01', '2024-00-10', '2024-04-31', '']) {
    expect(dayNumber(none)).toBeUndefined();
  }
  expect(dayNumber('2024-02-29')).toBe(Date.UTC(2024, 1, 29) / 86_400_000);
});

it('lets an import replace every shipped figure of its currencies, whatever their base', () => {
  const shipped = [
    midOf('USD', 'MXN', '18'),
    midOf('USD', 'VND', '26000'),
    { ...midOf('USD', 'SAR', '3.75'), quality: 'rule' as const },
    { ...midOf('USD', 'AED', '3.6725'), quality: 'rule' as const },
  ];
  const usable = usableRates(shipped, [midOf('EUR', 'MXN', '20'), midOf('EUR', 'AED', '4.2')]);
  expect(usable.map((rate) => `${rate.base}/${rate.counter} ${String(rate.pinned)}`)).toEqual([
    'EUR/MXN undefined',
    'EUR/AED undefined',
    'USD/VND true',
    'USD/SAR undefined',
  ]);
});
