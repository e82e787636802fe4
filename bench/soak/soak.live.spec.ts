/*
 * Goal: the soak itself works: real processes come up, are struck while they are paid at, come back,
 * and what they leave is judged sound. How long a recovery takes must never decide a test.
 * Method: a run of a few seconds with a fault or two on PostgreSQL's queues.
 */
import { runSoak } from './soak.js';

it('strikes, recovers and finds the books as the rules say', async () => {
  const told: string[] = [];
  const report = await runSoak({
    ...{ seconds: 7, seed: 1, perSecond: 4, faultEveryMs: 500, workers: 2 },
    redisBinary: undefined,
    tell: (line) => told.push(line),
    signal: new AbortController().signal,
  });
  expect(report.faults.length).toBeGreaterThan(0);
  expect(report.payments).toBeGreaterThan(5);
  expect(report.ledger.ledger.entries).toBeGreaterThan(5);
  expect(report.leftOpen).toEqual([]);
  expect(report.brokenPromises).toEqual([]);
  expect(report.verify.failed).toEqual([]);
  expect(report.ok).toBe(true);
}, 300_000);
