import type { Totals } from '../totals.js';
import type { World } from '../world.js';
import type { Replication } from './draw-bin.js';
import type { FastTables } from './fast-tables.js';

export function holdCaps(
  _world: World,
  _tables: FastTables,
  _run: Replication,
  _totals: Totals,
): void {
  // Follows.
}
