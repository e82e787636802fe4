/*
 * Goal: the measurement of whole payments works: hub, wallets and tills come up as processes of
 * their own, payments go through signed on both hops, their answers are verified, they are posted,
 * and the books hold afterwards. How fast that is must never decide a test.
 * Method: a run of a second or two; the measurement itself refuses a run with broken books.
 */
import { benchPayments } from './payments.js';

it('brings payments through and finds the books in order', async () => {
  const told: string[] = [];
  const figures = await benchPayments({
    serverUrl: process.env['WAYFARE_TEST_DATABASE_URL'] ?? '',
    callers: [8],
    warmUpSeconds: 1,
    sweepSeconds: 2,
    steadySeconds: 1,
    mostPerSecond: 200,
    tell: (line) => told.push(line),
  });
  const { sweep, hot, steady } = figures;
  for (const stretch of [...sweep, hot, steady]) {
    expect(stretch.failures).toEqual({});
    expect(stretch.succeeded).toBeGreaterThan(0);
    expect(stretch.p50Ms).toBeLessThanOrEqual(stretch.p99Ms);
  }
  expect(figures.failed).toBe(0);
  expect(figures.sent).toBe(sweep.concat(hot, steady).reduce((sum, { sent }) => sum + sent, 0));
  // Also the first payment's answer is looked at, however few there are.
  expect(sweep[0]?.verified).toBeGreaterThan(0);
  expect(told).toHaveLength(4);
}, 180_000);
