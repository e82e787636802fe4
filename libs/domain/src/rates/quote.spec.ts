/**
 * Goal: a quote is found, priced and dated by the rules, and its text is its price.
 * Method: small books of published figures; expected values computed by hand in the comments.
 */
import type { MidRate } from '../fx.js';
import { caseBook, midOf } from '#testkit/pricing-cases';
import { convertAt } from './convert.js';
import {
  decideQuote,
  isExpired,
  quotePairText,
  quotePriceText,
  type QuoteContext,
} from './quote.js';
import { pathFor, rateBook, stationsOf } from './rate-book.js';
import { equalRatios, isRatioText, parseRatio, ratio, ratioText } from './ratio.js';

const policy = { ttlMs: 60_000, maxAgeDays: 7, today: '2026-04-13' };
const tier = { id: 'standard', markupBps: 50 };
const context: QuoteContext = { book: caseBook(), tier, policy };

function pathOf(rates: readonly MidRate[], base: string, counter: string): string {
  const path = pathFor(rateBook(rates), base, counter);
  if (!path.ok) return path.rejection.code;
  return `${stationsOf(base, path.value.legs).join(' ')} ${ratioText(path.value.ratio)}`;
}

function quote(base: string, counter: string, over: Partial<QuoteContext> = {}) {
  const outcome = decideQuote({ ...context, ...over }, { base, counter }, 1_000, 'quo_a');
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

describe('paths', () => {
  it('needs no rate for a currency against itself, even an unknown one', () => {
    expect(pathOf([], 'JPY', 'JPY')).toBe('JPY 1');
  });

  it('takes a published pair directly, and the other way round as its exact inverse', () => {
    const rates = [midOf('EUR', 'JPY', '160')];
    expect(pathOf(rates, 'EUR', 'JPY')).toBe('EUR JPY 160');
    expect(pathOf(rates, 'JPY', 'EUR')).toBe('JPY EUR 0.00625');
  });

  it('goes through the euro before the dollar, and prefers a direct figure to both', () => {
    const viaBoth = [
      midOf('USD', 'JPY', '150'),
      midOf('USD', 'THB', '30'),
      midOf('EUR', 'JPY', '160'),
      midOf('EUR', 'THB', '40'),
    ];
    expect(pathOf(viaBoth, 'JPY', 'THB')).toBe('JPY EUR THB 0.25');
    expect(pathOf([...viaBoth].reverse(), 'JPY', 'THB')).toBe('JPY EUR THB 0.25');
    expect(pathOf([...viaBoth, midOf('JPY', 'THB', '0.22')], 'JPY', 'THB')).toBe('JPY THB 0.22');
  });

  it('joins two series through both references', () => {
    // VND is known per dollar, JPY per euro: 1 VND = 1/25000 USD = 1/25000/1.25 EUR × 160 JPY.
    const rates = [
      midOf('USD', 'VND', '25000'),
      midOf('EUR', 'USD', '1.25'),
      midOf('EUR', 'JPY', '160'),
    ];
    expect(pathOf(rates, 'VND', 'JPY')).toBe('VND USD EUR JPY 0.00512');
  });

  it('keeps the newest figure of a pair', () => {
    const old = { ...midOf('EUR', 'JPY', '100'), asOf: '2026-04-10' };
    expect(pathOf([old, midOf('EUR', 'JPY', '160')], 'EUR', 'JPY')).toBe('EUR JPY 160');
    expect(pathOf([midOf('EUR', 'JPY', '160'), old], 'EUR', 'JPY')).toBe('EUR JPY 160');
  });

  it('names the currency without a rate, and pairs that no rate connects', () => {
    const islands = rateBook([midOf('EUR', 'JPY', '160'), midOf('SGD', 'BND', '1')]);
    const unknown = pathFor(islands, 'JPY', 'MNT');
    expect(unknown).toMatchObject({ ok: false, rejection: { code: 'RATE_MISSING' } });
    expect(JSON.stringify(unknown)).toContain('MNT');
    expect(pathFor(islands, 'JPY', 'BND')).toMatchObject({ rejection: { code: 'RATE_MISSING' } });
  });
});

describe('quotes', () => {
  it('prices yen in baht above mid, rounded up at the twelfth place', () => {
    // mid = 37.728 / 186.75 = 0.202024096385542…; × 1.005 = 0.203034216867469…
    const q = quote('JPY', 'THB');
    expect(equalRatios(q.mid, ratio(37_728n, 186_750n))).toBe(true);
    expect(quotePriceText(q)).toBe('0.203034216868');
    expect(equalRatios(q.price, parseRatio('0.203034216868') ?? ratio(1n, 1n))).toBe(true);
    expect(quotePairText(q)).toBe('JPY/THB');
    expect(q).toMatchObject({ markupBps: 50, tier: 'standard', pinned: false, issuedAtMs: 1_000 });
    expect(q.path.map((leg) => `${leg.base}/${leg.counter}`)).toEqual(['EUR/JPY', 'EUR/THB']);
  });

  it('prices without mark-up at the nearest decimal to mid', () => {
    // 1.1684 / 1740.86 = 0.00067116252886504…
    const q = quote('KRW', 'USD', { tier: { id: 'mid', markupBps: 0 } });
    expect(quotePriceText(q)).toBe('0.000671162529');
  });

  it('asks exactly 1 and no mark-up within one currency', () => {
    const q = quote('JPY', 'JPY', { book: rateBook([]) });
    expect(q).toMatchObject({ markupBps: 0, path: [], pinned: false });
    expect(quotePriceText(q)).toBe('1');
  });

  it('expires at its time, not before', () => {
    const q = quote('JPY', 'THB');
    expect(isExpired(q, 60_999)).toBe(false);
    expect(isExpired(q, 61_000)).toBe(true);
  });

  it('refuses rates beyond the age, to the day, and names the leg', () => {
    const at = (today: string) =>
      decideQuote(
        { ...context, policy: { ...policy, today } },
        { base: 'JPY', counter: 'THB' },
        0,
        'quo_a',
      );
    expect(at('2026-04-20').ok).toBe(true);
    const stale = at('2026-04-21');
    expect(stale).toMatchObject({ ok: false, rejection: { code: 'RATE_STALE' } });
    expect(JSON.stringify(stale)).toContain('EUR/JPY');
    expect(JSON.stringify(stale)).toContain('2026-04-13');
  });

  it('quotes shipped rates at any age and says that they are pinned; pegs neither age nor pin', () => {
    const shipped = rateBook([{ ...midOf('EUR', 'JPY', '160'), pinned: true }]);
    const late = { ...policy, today: '2031-01-01' };
    expect(quote('JPY', 'EUR', { book: shipped, policy: late }).pinned).toBe(true);
    const peg = rateBook([
      { ...midOf('USD', 'AED', '3.6725'), quality: 'rule', asOf: '1997-11-01' },
    ]);
    expect(quote('AED', 'USD', { book: peg, policy: late }).pinned).toBe(false);
  });

  it('refuses a pair whose price has no digit within twelve places', () => {
    const book = rateBook([midOf('EUR', 'JPY', '99999999999999')]);
    const outcome = decideQuote(
      { ...context, book, tier: { id: 'mid', markupBps: 0 } },
      { base: 'JPY', counter: 'EUR' },
      0,
      'quo_a',
    );
    expect(outcome).toMatchObject({ ok: false, rejection: { code: 'RATE_MISSING' } });
  });
});

describe('conversion', () => {
  it('shifts exponents: yen to baht by a hundred, dinar to yen by a thousand', () => {
    const fifth = ratio(1n, 5n);
    // JPY 7 at 0.2 = THB 1.40; KWD 1.500 at 500 = JPY 750.
    expect(convertAt({ currency: 'JPY', minor: 7n }, fifth, 'THB', 'halfUp').minor).toBe(140n);
    const dinars = { currency: 'KWD', minor: 1_500n };
    expect(convertAt(dinars, ratio(500n, 1n), 'JPY', 'halfUp').minor).toBe(750n);
  });

  it('reads decimals exactly and nothing else', () => {
    expect(parseRatio('186.75')).toEqual({ numerator: 747n, denominator: 4n });
    expect(isRatioText('186.75') && isRatioText('0.01') && isRatioText('1')).toBe(true);
    for (const text of ['', '0', '0.000', '-1', '1e3', '1,5', '.5', '5.', ' 1', 'NaN', 'N/A']) {
      expect(parseRatio(text)).toBeUndefined();
      expect(isRatioText(text)).toBe(false);
    }
  });
});
