/*
 * Goal: the measurement of cut-offs works: payments go through while days are closed, and the books
 * hold afterwards. How much a close costs must never decide a test.
 * Method: a run of a few seconds; the measurement itself refuses a run with broken books.
 */
import { benchCycleClose } from './cycle-close.js';

it('brings payments through several closes and finds the books in order', async () => {
  const figures = await benchCycleClose({
    serverUrl: process.env['WAYFARE_TEST_DATABASE_URL'] ?? '',
    callers: 4,
    warmUpSeconds: 1,
    steadySeconds: 5,
    closeEveryMs: 1_600,
    mostPerSecond: 100,
  });
  expect(figures.closes).toBeGreaterThan(1);
  for (const stretch of [figures.without, figures.with]) {
    expect(stretch.failures).toEqual({});
    expect(stretch.succeeded).toBeGreaterThan(0);
  }
}, 180_000);
