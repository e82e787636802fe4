import fc from 'fast-check';
import { sharesOf } from './funnel.js';

// Goal: shares shown to people add up to exactly 100 %, whatever they are shares of.
// Method: any parts at all, counts or dollars; a share is never a whole step off its true value.

const parts = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 300_000_000 }), fc.double({ min: 0, max: 1e9, noNaN: true })),
  { minLength: 1, maxLength: 11 },
);

it('adds up to 10,000 hundredths of a percent and stays within one of the truth', () => {
  fc.assert(
    fc.property(parts, (amounts) => {
      const whole = amounts.reduce((sum, amount) => sum + amount, 0);
      fc.pre(whole > 1e-3);
      const shares = sharesOf(amounts);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(10_000);
      amounts.forEach((amount, index) => {
        expect(Math.abs((shares[index] ?? 0) - (amount / whole) * 10_000)).toBeLessThan(1.001);
      });
    }),
  );
});

it('shares nothing out of nothing, and thirds by the largest remainder', () => {
  expect(sharesOf([0, 0])).toEqual([0, 0]);
  expect(sharesOf([1, 1, 1])).toEqual([3_334, 3_333, 3_333]);
});
