// Goal: keys are read as the standard writes them, and compared as a whole.
// Method: headers that hold a key, and headers that only look so.
import { bearerKeyOf, sameKey } from './bootstrap-key.js';

it('reads the bearer scheme as the standard writes it', () => {
  expect(bearerKeyOf('bearer  k')).toBe('k');
  expect(bearerKeyOf('Bearer k ')).toBe('k');
  for (const header of [undefined, '', 'Basic k', 'Bearer', 'Bearer ', 'Bearer a b', 'k']) {
    expect(bearerKeyOf(header)).toBeUndefined();
  }
});

it('takes no part of a key for the key', () => {
  expect(sameKey('wop_abc', 'wop_abc')).toBe(true);
  for (const near of ['wop_ab', 'wop_abcd', 'WOP_ABC', ''])
    expect(sameKey(near, 'wop_abc')).toBe(false);
});
