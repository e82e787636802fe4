// Goal: refused attempts are seen, and cannot fill the disk. Method: the same and different ones,
// within a minute and beyond.
import { DeniedAttempts } from './denied-attempts.js';

it('takes the same attempt once a minute and tells how many it left out', () => {
  const attempts = new DeniedAttempts();
  expect(attempts.admit('a', 0)).toBe(0);
  expect(attempts.admit('a', 1)).toBeUndefined();
  expect(attempts.admit('a', 59_999)).toBeUndefined();
  expect(attempts.admit('b', 59_999)).toBe(2);
  expect(attempts.admit('a', 60_000)).toBe(0);
});

it('takes a limited number of different ones', () => {
  const attempts = new DeniedAttempts();
  const admitted = Array.from({ length: 1_000 }, (_, at) => attempts.admit(String(at), 5));
  const written = admitted.filter((leftOut) => leftOut !== undefined).length;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThanOrEqual(100);
  expect(attempts.admit('later', 60_000)).toBe(1_000 - written);
});
