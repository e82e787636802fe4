import { OUTCOMES } from '../outcomes.js';
import { MONEY_COLUMNS, type Totals } from '../totals.js';
import type { DayRange } from './play-fast.js';
import type { FastTables } from './fast-tables.js';

/** Columns that go by clearing hour or day; a part holds only those its days can touch. */
const TIMED = ['money', 'owes', 'receives', 'refundedMinor'] as const;
const WHOLE = [
  'outcomes',
  'outcomeMinor',
  'categoryCount',
  'categoryMinor',
  'areaCount',
  'areaMinor',
] as const;

/**
 * Empty totals of some days: those days and the two around them that local days reach into. Its
 * first clearing hour is that of the whole plus 24 hours for each day before `fromDay`.
 */
export function partTotals(tables: FastTables, { fromDay, untilDay }: DayRange): Totals {
  const { pairs, flows, categories, areas } = tables;
  const clearingDays = untilDay - fromDay + 2;
  const zeros = (length: number): Float64Array => new Float64Array(length);
  return {
    pairs,
    clearingHours: clearingDays * 24,
    money: zeros(clearingDays * pairs.length * MONEY_COLUMNS.length),
    owes: zeros(clearingDays * 24 * pairs.length),
    receives: zeros(clearingDays * 24 * pairs.length),
    outcomes: zeros(flows.length * OUTCOMES.length),
    outcomeMinor: zeros(flows.length * OUTCOMES.length),
    categoryCount: zeros(flows.length * categories),
    categoryMinor: zeros(flows.length * categories),
    areaCount: zeros(areas),
    areaMinor: zeros(areas),
    refundedMinor: zeros(clearingDays * pairs.length),
    // Columns know no moments.
    waits: zeros(0),
  };
}

/** Adds the totals of some days to those of the period, in place. */
export function addPart(
  into: Totals,
  part: Pick<Totals, (typeof TIMED)[number] | (typeof WHOLE)[number]>,
  fromDay: number,
): void {
  const clearingDays = into.clearingHours / 24;
  for (const name of TIMED) {
    addAt(into[name], part[name], (into[name].length / clearingDays) * fromDay);
  }
  for (const name of WHOLE) addAt(into[name], part[name], 0);
}

function addAt(into: Float64Array, part: Float64Array, start: number): void {
  for (let i = 0; i < part.length; i++) into[start + i] = (into[start + i] ?? 0) + (part[i] ?? 0);
}
