import type { DayRange } from '#simulation/fast/play-fast';
import type { FastTables } from '#simulation/fast/fast-tables';
import type { Totals } from '#simulation/totals';
import type { World } from '#simulation/world';

/** What a thread is started with: the kernel and all it looks up. */
export type ThreadPremises =
  | {
      readonly kernel: 'fast';
      readonly seed: number;
      /** In shared memory. */
      readonly tables: FastTables;
      /** What caps are held by; of the merchants nothing but what `tables` has anyway. */
      readonly world: World;
    }
  | {
      readonly kernel: 'exact';
      readonly seed: number;
      /** Columns in shared memory. */
      readonly world: World;
    };

/** One piece of work; whichever thread does it, and however often, the bytes are the same. */
export type ThreadTask =
  | { readonly kind: 'days'; readonly replicate: number; readonly range: DayRange }
  /** The caps of a replication whose days are all there. */
  | { readonly kind: 'caps'; readonly replicate: number; readonly totals: Totals }
  /** All days of a replication, one after another. */
  | { readonly kind: 'whole'; readonly replicate: number };

/** What a thread says: how far a long task is, and what came of it. */
export type ThreadWord =
  | {
      readonly kind: 'underway';
      /** Since the task began. */
      readonly purchases: number;
    }
  | { readonly kind: 'done'; readonly result: ThreadResult };

/** The totals of the days, of the replication after caps, or of the whole replication. */
export interface ThreadResult {
  readonly totals: Totals;
  readonly purchases: number;
}
