/**
 * Goal: the arithmetic everything stands on is exact: rounding is the nearest multiple by its
 * rule, splits lose nothing, text and money convert without loss, ids sort by time.
 * Method: generated numbers against definitions restated here by multiplication, not division.
 */
import * as fc from 'fast-check';
import { allocate } from './allocation.js';
import { listCurrencies } from './currency.js';
import { makeId } from './ids.js';
import { MAX_WIRE_MINOR, addMoney, parseDecimal, subtractMoney, toDecimal } from './money.js';
import { divideRounded, type Rounding } from './rounding.js';

const big = fc.bigInt(-(10n ** 24n), 10n ** 24n);
const positive = fc.bigInt(1n, 10n ** 12n);
const increment = fc.constantFrom(1n, 2n, 5n, 100n);
const size = (value: bigint): bigint => (value < 0n ? -value : value);

function rounded(check: (n: bigint, step: bigint, by: (rule: Rounding) => bigint) => void): void {
  fc.assert(
    fc.property(big, positive, increment, (n, d, i) => {
      check(n, d * i, (rule) => divideRounded(n, d, rule, i) / i);
    }),
  );
}

describe('rounding', () => {
  it('goes to the nearest multiple, a tie away from zero or to the even one', () => {
    rounded((n, step, by) => {
      for (const rule of ['halfUp', 'halfEven'] as const) {
        const multiple = by(rule);
        const off = size(n - multiple * step);
        expect(off * 2n <= step).toBe(true);
        if (off * 2n === step) {
          if (rule === 'halfEven') expect(multiple % 2n).toBe(0n);
          else expect(size(multiple * step) > size(n)).toBe(true);
        }
      }
    });
  });

  it('goes down towards zero and up away from it, by less than a step', () => {
    rounded((n, step, by) => {
      const down = size(n) - size(by('down') * step);
      const up = size(by('up') * step) - size(n);
      expect(down >= 0n && down < step && up >= 0n && up < step).toBe(true);
    });
  });

  it('treats a debt as it treats a claim', () => {
    fc.assert(
      fc.property(big, positive, increment, (n, d, i) => {
        for (const rule of ['halfUp', 'halfEven', 'down', 'up'] as const) {
          expect(divideRounded(-n, d, rule, i)).toBe(-divideRounded(n, d, rule, i));
        }
      }),
    );
  });

  // Ties written out: n / 2 for n = 1, 3, 5, 7 is 0.5, 1.5, 2.5, 3.5.
  it.each([
    ['halfUp', [1n, 2n, 3n, 4n]],
    ['halfEven', [0n, 2n, 2n, 4n]],
    ['down', [0n, 1n, 2n, 3n]],
    ['up', [1n, 2n, 3n, 4n]],
  ] as const)('%s settles ties as written', (rule, expected) => {
    expect([1n, 3n, 5n, 7n].map((n) => divideRounded(n, 2n, rule))).toEqual(expected);
  });

  it('refuses a denominator or step of nothing', () => {
    expect(() => divideRounded(1n, 0n, 'down')).toThrow('denominator');
    expect(() => divideRounded(1n, 1n, 'down', 0n)).toThrow('increment');
  });
});

describe('allocation', () => {
  const weights = fc
    .array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 12 })
    .filter((list) => list.some((weight) => weight > 0n));

  it('adds up, keeps each part within one unit of its share, and gives nothing for nothing', () => {
    fc.assert(
      fc.property(big, weights, (total, list) => {
        const parts = allocate(total, list);
        const all = list.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const weight = list[index] ?? 0n;
          expect(size(part * all - total * weight) < all).toBe(true);
          if (weight === 0n) expect(part).toBe(0n);
        });
      }),
    );
  });

  it('splits a refund as it split the payment', () => {
    fc.assert(
      fc.property(big, weights, (total, list) => {
        expect(allocate(-total, list)).toEqual(allocate(total, list).map((part) => -part));
      }),
    );
  });

  it('gives the odd unit to the largest remainder, then to the first', () => {
    // 100 by 1:1:1 is 33.33 each; 10 by 1:5:4 of 3 is 0.3, 1.5, 1.2.
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(3n, [1n, 5n, 4n])).toEqual([0n, 2n, 1n]);
    expect(() => allocate(1n, [0n])).toThrow('positive');
  });
});

describe('money', () => {
  const currency = fc.constantFrom(...listCurrencies().map(({ code }) => code));

  it('survives being written and read again, in every currency', () => {
    fc.assert(
      fc.property(currency, fc.bigInt(0n, MAX_WIRE_MINOR), (code, minor) => {
        expect(parseDecimal(toDecimal({ currency: code, minor }), code)).toEqual({
          currency: code,
          minor,
        });
      }),
    );
  });

  it('adds and takes away within a currency only', () => {
    fc.assert(
      fc.property(currency, big, big, (code, a, b) => {
        const sum = addMoney({ currency: code, minor: a }, { currency: code, minor: b });
        expect(subtractMoney(sum, { currency: code, minor: b }).minor).toBe(a);
      }),
    );
    const yen = { currency: 'JPY', minor: 1n };
    const baht = { currency: 'THB', minor: 1n };
    expect(() => addMoney(yen, baht)).toThrow('THB');
    expect(() => subtractMoney(yen, baht)).toThrow('THB');
  });

  it.each([
    ['98.', 'USD', 9_800n],
    ['0.05', 'USD', 5n],
    ['1200', 'JPY', 1_200n],
    ['1.250', 'KWD', 1_250n],
    ['1200.00', 'JPY', 'tooManyDecimals'],
    ['1.234', 'USD', 'tooManyDecimals'],
    ['98,73', 'USD', 'notADecimal'],
    ['1e3', 'USD', 'notADecimal'],
    ['-1', 'USD', 'notADecimal'],
    ['.5', 'USD', 'notADecimal'],
    ['', 'USD', 'notADecimal'],
    ['9999999999999.99', 'USD', MAX_WIRE_MINOR],
    ['10000000000000', 'USD', 'tooLarge'],
  ] as const)('reads %j of %s as %s', (text, code, expected) => {
    const parsed = parseDecimal(text, code);
    expect(typeof parsed === 'string' ? parsed : parsed.minor).toBe(expected);
  });
});

describe('ids', () => {
  const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
  const atMs = fc.integer({ min: 0, max: 2 ** 48 - 1 });

  it('sort by time, whatever is random in them', () => {
    fc.assert(
      fc.property(atMs, atMs, random, random, (a, b, x, y) => {
        fc.pre(a !== b);
        expect(makeId('pay_', a, x) < makeId('pay_', b, y)).toBe(a < b);
      }),
    );
  });

  it('differ whenever time or a random bit differs', () => {
    fc.assert(
      fc.property(atMs, random, fc.nat(79), (at, bytes, bit) => {
        const other = Uint8Array.from(bytes);
        const index = Math.floor(bit / 8);
        other[index] = (other[index] ?? 0) ^ (1 << (bit % 8));
        expect(makeId('pay_', at, other)).not.toBe(makeId('pay_', at, bytes));
        expect(makeId('pay_', at, bytes)).toMatch(/^pay_[0-9a-hjkmnp-tv-z]{26}$/);
      }),
    );
  });
});
