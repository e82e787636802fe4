import { HEADLINES, type Headlines } from '#simulation/answers/headlines';
import {
  gridPoints,
  hypercubePoints,
  type Axis,
  type SweepPoint,
} from '#simulation/experiments/sweep-points';
import { meanInterval } from '#simulation/statistics/intervals';
import type { Fidelity, Scenario } from '#simulation/scenario';
import type { ExperimentWatch, Player, Sampling } from './player.js';

export interface SweepPlan {
  readonly axes: readonly Axis[];
  /** Points of a Latin hypercube; null for every combination of all steps. */
  readonly hypercube: number | null;
}

export interface SweptPoint {
  /** By path. */
  readonly at: Readonly<Record<string, number>>;
  readonly headlines: Headlines;
  /** Half of the 95 % interval, by headline; null where nothing was drawn. */
  readonly halfWidths: Headlines | null;
}

export interface Sweep {
  readonly scenario: { readonly name: string; readonly title: string };
  readonly fidelity: Fidelity;
  readonly sampling: Sampling | null;
  readonly axes: readonly Axis[];
  readonly points: readonly SweptPoint[];
  /** Of the worlds that were played, such as acceptance that came to 100 % by growth. */
  readonly remarks: readonly string[];
}

/**
 * Plays a scenario over and over with figures moved along axes, each time with the same random
 * numbers, so that neighbours differ by the figures and not by luck.
 *
 * @param load the scenario with `path=value` words applied and checked
 */
export async function sweepScenario(
  load: (set: readonly string[]) => Scenario,
  plan: SweepPlan,
  sampling: Sampling,
  player: Player,
  watch: ExperimentWatch = {},
): Promise<Sweep> {
  const { axes, hypercube } = plan;
  const points =
    hypercube === null ? gridPoints(axes) : hypercubePoints(axes, hypercube, sampling.seed);
  // All are judged before the first is played: a fault in the last should not cost an hour.
  const scenarios = points.map((point) => load(settingsOf(point)));
  const swept: SweptPoint[] = [];
  for (const [index, point] of points.entries()) {
    watch.onProgress?.(
      `point ${String(index + 1)} of ${String(points.length)}`,
      index / points.length,
    );
    const scenario = scenarios[index];
    if (scenario === undefined) continue;
    swept.push({ at: Object.fromEntries(point), ...(await played(scenario, sampling, player)) });
  }
  const { name, title } = load([]);
  return {
    scenario: { name, title },
    fidelity: player.fidelity,
    sampling: player.fidelity === 'fluid' ? null : sampling,
    axes,
    points: swept,
    remarks: player.remarks?.() ?? [],
  };
}

function settingsOf(point: SweepPoint): string[] {
  return [...point].map(([path, value]) => `${path}=${String(value)}`);
}

async function played(
  scenario: Scenario,
  sampling: Sampling,
  player: Player,
): Promise<Pick<SweptPoint, 'headlines' | 'halfWidths'>> {
  if (player.fidelity === 'fluid') {
    return { headlines: await player.expect(scenario), halfWidths: null };
  }
  const samples = await player.sample(scenario, sampling);
  const intervals = HEADLINES.map(({ id }) => [id, meanInterval(samples.get(id) ?? [0])] as const);
  return {
    headlines: Object.fromEntries(intervals.map(([id, { mean }]) => [id, mean])) as Headlines,
    halfWidths: Object.fromEntries(
      intervals.map(([id, { halfWidth }]) => [id, halfWidth ?? 0]),
    ) as Headlines,
  };
}
