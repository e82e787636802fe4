import { currencyOf } from '#domain/currency';
import type { Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import { integer, type Cell, type Row, type TableDescription } from '../table-description.js';

/** One replication as a kernel left it: what tables of exact numbers are made of. */
export interface Replication {
  readonly world: World;
  readonly totals: Totals;
  /** Counted from 0. */
  readonly replication: number;
}

/** A table whose rows every replication adds to. */
export interface ReplicationTable {
  readonly table: TableDescription;
  readonly rows: (of: Replication) => Iterable<Row>;
}

export const REPLICATION = integer('replication', 'which replication, counted from 0');

/** Cells of `money(…)` columns: code, exponent, then the amounts. */
export function moneyCells(
  world: World,
  currency: number,
  amounts: readonly number[],
): readonly Cell[] {
  const code = world.currencies[currency] ?? '';
  return [code, currencyOf(code).exponent, ...amounts.map(whole)];
}

/**
 * Kernels that draw payments count whole units already. The fluid kernel expects 1,234.5 payments:
 * its figures are rounded to whole units here, half up, and its sums may miss by that much.
 */
export function whole(value: number): number {
  return Math.floor(value + 0.5);
}
