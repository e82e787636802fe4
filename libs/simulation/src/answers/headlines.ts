import { UNBOUNDED, type Bounds } from '../statistics/bounds.js';
import type { World } from '../world.js';
import { CLEARING_HEADLINES } from './clearing-headlines.js';
import type { HeadlineDefinition } from './headline-definition.js';
import { TRADE_HEADLINES } from './trade-headlines.js';

export {
  HEADLINE_GROUPS,
  type HeadlineDefinition,
  type HeadlineGroup,
  type HeadlineUnit,
} from './headline-definition.js';

/**
 * The figures that a run is summed up in, each a single number, so that replications, sweeps and
 * comparisons can carry them in columns. Money is US dollars at each clearing day's mids, because
 * a sum over corridors has no other currency; the tables keep every currency's own minor units.
 */
export const HEADLINES = [...TRADE_HEADLINES, ...CLEARING_HEADLINES] as const;

export type HeadlineId = (typeof HEADLINES)[number]['id'];
export type Headlines = Readonly<Record<HeadlineId, number>>;

const BY_ID: ReadonlyMap<string, HeadlineDefinition> = new Map(
  HEADLINES.map((headline) => [headline.id, headline]),
);

/** The definition of a headline; undefined for a name that is none. */
export function headlineOf(id: string): HeadlineDefinition | undefined {
  return BY_ID.get(id);
}

/** Between what a headline of a world lies; unbounded for a name that is none. */
export function boundsOfHeadline(id: string, { flows }: Pick<World, 'flows'>): Bounds {
  const bounds = headlineOf(id)?.bounds ?? UNBOUNDED;
  const isCorridors: boolean = id === ('dearCorridors' satisfies HeadlineId);
  return isCorridors ? { ...bounds, most: flows.length } : bounds;
}

/**
 * The absolute half-width at which a headline is sure enough, in its own unit, given what the run
 * came to: a figure near zero is measured by the value it stands beside.
 */
export function absoluteTolerance(
  id: HeadlineId,
  { valueUsd }: Pick<Headlines, 'valueUsd'>,
): number {
  const definition = headlineOf(id);
  if (definition === undefined) return 0;
  const { tolerance, toleranceOf } = definition;
  return toleranceOf === undefined ? tolerance : (tolerance * Math.abs(valueUsd)) / 10_000;
}
