/**
 * Goal: the frozen currency table is ISO 4217.
 * Method: compared in both directions with an independent table (npm currency-codes, generated
 * from SIX's list one); every known difference is listed, so that a new one on either side fails.
 */
import currencyCodes from 'currency-codes';
import { currencyOf, findCurrency, findCurrencyByNumeric, listCurrencies } from './currency.js';

const peer = new Map(currencyCodes.data.map((record) => [record.code, record]));

/** Codes that are units of account, metals, tests or none: nobody pays a merchant with them. */
const NOT_MONEY = [
  'XAG',
  'XAU',
  'XBA',
  'XBB',
  'XBC',
  'XBD',
  'XDR',
  'XPD',
  'XPT',
  'XSU',
  'XTS',
].concat(['XUA', 'XXX']);

/** In the peer's table only. */
const ONLY_THERE: readonly string[] = [];
/** In ours only: XCG took the place of ANG in 2025; the peer's list is older. */
const ONLY_HERE: readonly string[] = ['XCG'];

it('has every currency of the peer, and no other, but for the listed ones', () => {
  const ours = listCurrencies().map(({ code }) => code);
  const theirs = [...peer.keys()].filter((code) => !NOT_MONEY.includes(code));
  expect(theirs.length).toBeGreaterThan(150);
  expect(theirs.filter((code) => !ours.includes(code))).toEqual(ONLY_THERE);
  expect(ours.filter((code) => !peer.has(code))).toEqual(ONLY_HERE);
});

it('agrees on numeric codes and decimals', () => {
  const differing = listCurrencies().flatMap(({ code, numeric, exponent }) => {
    const record = peer.get(code);
    if (record === undefined) return [];
    const same = record.number === numeric && record.digits === exponent;
    return same
      ? []
      : [`${code} ${numeric} ${String(exponent)} / ${record.number} ${String(record.digits)}`];
  });
  expect(differing).toEqual([]);
});

it('finds a currency by its number, the living one where two shared it', () => {
  for (const currency of listCurrencies()) {
    expect(findCurrencyByNumeric(currency.numeric)?.code).toBe(
      currency.code === 'ANG' ? 'XCG' : currency.code,
    );
  }
});

it('keeps shop prices apart from arithmetic: rupiah has two decimals and steps of a hundred', () => {
  expect(currencyOf('IDR')).toMatchObject({ exponent: 2, displayIncrement: 100n });
  expect(currencyOf('JPY')).toMatchObject({ exponent: 0, displayIncrement: 1n });
});

it('knows nothing of a code it does not know, and calls trusting it a bug', () => {
  for (const code of ['', 'jpy', 'XXX', 'YEN', '__proto__', 'constructor']) {
    expect(findCurrency(code)).toBeUndefined();
  }
  expect(findCurrencyByNumeric('000')).toBeUndefined();
  expect(() => currencyOf('YEN')).toThrow('YEN');
});
