import { playNaively } from '#testkit/naive-totals';
import { smallWorld } from '#testkit/small-world';
import { playExact } from '../exact/play-exact.js';
import { playFast } from '../fast/play-fast.js';
import { playFluid } from '../fluid/play-fluid.js';
import { emptyTotals, TOTALS_COLUMNS } from '../totals.js';
import { waitsOf } from '../waits.js';
import { totalsFaults } from './totals-faults.js';

// Goal: the columns of every kernel tell of the same payments, and a column that does not is named.
// Method: the check is asked of every kernel, and of a play into which one fault a column is planted.

const world = smallWorld();

it('finds nothing amiss in payments counted one by one', () => {
  expect(totalsFaults(world, playNaively(world, 5).totals)).toEqual([]);
});

it('finds nothing amiss in the fast kernel', () => {
  const totals = emptyTotals(world);
  playFast(world, { seed: 5, replicate: 0 }, totals);
  expect(totals.outcomes.some((count) => count > 100)).toBe(true);
  expect(totalsFaults(world, totals)).toEqual([]);
});

it('finds nothing amiss in the exact kernel, waits among it', () => {
  const days = smallWorld({ days: 4 });
  const totals = emptyTotals(days);
  playExact(days, { seed: 5, replicate: 0 }, totals);
  expect(waitsOf(totals.waits, 'answered')).toBeGreaterThan(1_000);
  expect(totalsFaults(days, totals)).toEqual([]);
});

it('finds nothing amiss in expected values, but for the last digits', () => {
  const { totals } = playFluid(world);
  expect(totals.outcomes.some((count) => count > 100)).toBe(true);
  expect(totalsFaults(world, totals, 1e-9)).toEqual([]);
});

it.each(TOTALS_COLUMNS)('names a fault planted into %s', (name) => {
  const { totals } = playNaively(smallWorld({ days: 3 }), 5);
  const column = totals[name];
  const busiest = column.indexOf(column.reduce((most, value) => Math.max(most, value), 0));
  column[busiest] = name === 'refundedMinor' ? 1e12 : (column[busiest] ?? 0) + 1;
  expect(totalsFaults(smallWorld({ days: 3 }), totals).length).toBeGreaterThan(0);
});
