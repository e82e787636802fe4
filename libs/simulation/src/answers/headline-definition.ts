import type { Bounds } from '../statistics/bounds.js';

/** Units of headlines; `usd` is major units, `percent` of 100, `bps` basis points. */
export type HeadlineUnit =
  'count' | 'usd' | 'percent' | 'bps' | 'ratio' | 'hours' | 'ms' | 'number';

/** What a headline is about, for tables that have room for headings. */
export const HEADLINE_GROUPS = [
  'volume',
  'acceptance',
  'revenue',
  'cost',
  'currencies',
  'settlement',
  'limits',
  'time',
] as const;
export type HeadlineGroup = (typeof HEADLINE_GROUPS)[number];

export interface HeadlineDefinition {
  readonly id: string;
  readonly group: HeadlineGroup;
  readonly title: string;
  readonly unit: HeadlineUnit;
  /** Which way is better, and for whom the network works: `neither` where that is a matter of view. */
  readonly better: 'more' | 'less' | 'neither';
  /**
   * Half-width at which a figure near zero is sure enough, in its own unit; 0 where only the
   * relative error counts. With `toleranceOf`, that many basis points of another headline.
   */
  readonly tolerance: number;
  readonly toleranceOf?: 'valueUsd';
  /** Between what it lies whatever happens: intervals stay within. */
  readonly bounds: Bounds;
  /** What it says, in one sentence; formulas are in docs/metrics.md. */
  readonly what: string;
}
