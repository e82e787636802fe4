import { emptyTotals, type Totals } from '../totals.js';
import type { World } from '../world.js';

/** Expected totals, and the variance of each number of them under independent purchases. */
export interface FluidSums {
  readonly totals: Totals;
  readonly variances: Totals;
}

export function emptySums(world: World): FluidSums {
  return { totals: emptyTotals(world), variances: emptyTotals(world) };
}

export function addAt(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}
