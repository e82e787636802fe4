import { invariant } from '#domain/invariant';
import { latinColumn } from './sample-assumptions.js';

/** A figure that a sweep moves: evenly from `low` to `high`, both included, in `steps` values. */
export interface Axis {
  readonly path: string;
  readonly low: number;
  readonly high: number;
  readonly steps: number;
}

/** One scenario of a sweep: a value for each axis. */
export type SweepPoint = ReadonlyMap<string, number>;

/** Every combination of all axes' steps; the last axis turns fastest. */
export function gridPoints(axes: readonly Axis[]): SweepPoint[] {
  let points: SweepPoint[] = [new Map()];
  for (const axis of axes) {
    const values = stepsOf(axis);
    points = points.flatMap((point) =>
      values.map((value) => new Map([...point, [axis.path, value]])),
    );
  }
  return points;
}

/** `count` points spread evenly over all axes at once: a Latin hypercube. */
export function hypercubePoints(axes: readonly Axis[], count: number, seed: number): SweepPoint[] {
  const columns = axes.map(({ path, low, high }) => ({
    path,
    values: latinColumn(path, count, seed).map((chance) => low + chance * (high - low)),
  }));
  return Array.from(
    { length: count },
    (_, point) => new Map(columns.map(({ path, values }) => [path, values[point] ?? 0])),
  );
}

function stepsOf({ path, low, high, steps }: Axis): number[] {
  invariant(Number.isInteger(steps) && steps >= 1, `${path} needs a step at least`);
  if (steps === 1) return [low];
  return Array.from({ length: steps }, (_, step) => {
    const share = step / (steps - 1);
    // Twelve digits: 0.1 + 0.2 reads 0.3, and the ends are what was asked for.
    return Number((low * (1 - share) + high * share).toPrecision(12));
  });
}
