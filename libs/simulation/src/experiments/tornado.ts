import { invariant } from '#domain/invariant';
import type { Scenario } from '../scenario.js';
import { agreeable, figuresOf, type PlacedFigure } from './figures-of.js';

/** How far a figure without a range of its own is moved either way. */
export const PLAIN_SWING = 0.1;

/** A figure to be played at both of its ends, all else as stated. */
export interface Swing {
  readonly path: string;
  readonly stated: number;
  readonly low: number;
  readonly high: number;
  /** `range`: 95 of 100 lie between, as the scenario says; `tenth`: nobody says, so ±10 %. */
  readonly by: 'range' | 'tenth';
}

/**
 * The figures that a tornado swings. A range of no width is not swung, nor is a figure without a range
 * whose tenth comes to nothing (0, or a few basis points): `stillFigures` names them.
 */
export function swingsOf(scenario: Scenario): Swing[] {
  return figuresOf(scenario).flatMap((placed) => {
    const swing = swingOf(placed);
    return swing === null ? [] : [swing];
  });
}

export function stillFigures(scenario: Scenario): string[] {
  return figuresOf(scenario)
    .filter((placed) => swingOf(placed) === null)
    .map(({ path }) => path);
}

function swingOf({ path, figure: { value, range } }: PlacedFigure): Swing | null {
  if (range !== undefined) {
    return range.low === range.high
      ? null
      : { path, stated: value, low: range.low, high: range.high, by: 'range' };
  }
  if (value === 0) return null;
  const [a, b] = [1 - PLAIN_SWING, 1 + PLAIN_SWING].map((part) =>
    // Twelve digits: a tenth more than 100 is 110.
    agreeable(path, Number((value * part).toPrecision(12))),
  );
  if (a === undefined || b === undefined || a === b) return null;
  return { path, stated: value, low: Math.min(a, b), high: Math.max(a, b), by: 'tenth' };
}

/** Figures of markets that the scenario leaves out, which can do nothing to it. */
export function isElsewhere({ corridors }: Scenario, path: string): boolean {
  const origin = /ByOrigin\.([A-Z]{2})$/.exec(path)?.[1];
  if (origin !== undefined) return !corridors.origins.includes(origin);
  const destination = /^acceptance\.merchants\.([A-Z]{2})$/.exec(path)?.[1];
  return destination !== undefined && !corridors.destinations.includes(destination);
}

/** One bar: a headline at both ends of a figure. */
export interface TornadoBar extends Swing {
  readonly atLow: number;
  readonly atHigh: number;
  /** From the smaller to the greater of both: what the bars are ranked by. */
  readonly reach: number;
}

/** Bars by reach, the widest first; equal ones keep the scenario's order. */
export function rankedBars(
  swings: readonly Swing[],
  ends: readonly { readonly atLow: number; readonly atHigh: number }[],
): TornadoBar[] {
  invariant(swings.length === ends.length, 'every swing was played at both ends');
  return swings
    .map((swing, index): TornadoBar => {
      const { atLow, atHigh } = ends[index] ?? { atLow: 0, atHigh: 0 };
      return { ...swing, atLow, atHigh, reach: Math.abs(atHigh - atLow) };
    })
    .sort((a, b) => b.reach - a.reach);
}
