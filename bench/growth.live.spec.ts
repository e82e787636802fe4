/*
 * Goal: the measurement of a grown database works, and the database it grows is honest: the past
 * days look to the hub like days it lived through, so that it closes, nets and settles them, and
 * every invariant holds over them. How fast anything is must never decide a test.
 * Method: a run with two thousand copies in two days; the invariants are those of
 * `wayfare verify`, which know nothing of copies.
 */
import { benchGrowth } from './growth.js';

it('fills the past with days the hub can close and settle, and measures both sides', async () => {
  const figures = await benchGrowth({
    serverUrl: process.env['WAYFARE_TEST_DATABASE_URL'] ?? '',
    payments: 2_000,
    callers: [4],
    rounds: 1,
    warmUpSeconds: 2,
    fewestTemplates: 1,
    seconds: 1,
    mostPerSecond: 100,
    verify: true,
  });
  expect(figures.broken).toEqual([]);
  expect(figures.cycles).toBe(2);
  expect(figures.templates).toBeGreaterThan(0);
  expect(figures.failed).toBe(0);
  const rows = new Map(figures.tables.map(({ table, rows: n }) => [table, n]));
  // Everything that was copied, and beside it what was really paid.
  expect(rows.get('payments')).toBeGreaterThan(2_000);
  expect(rows.get('journal_entries')).toBeGreaterThan(2_000);
  for (const { emptyPerSecond, grownPerSecond } of figures.figures) {
    expect(emptyPerSecond).toBeGreaterThan(0);
    expect(grownPerSecond).toBeGreaterThan(0);
  }
}, 300_000);
