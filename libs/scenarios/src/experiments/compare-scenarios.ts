import { ExplainedError } from '#platform/explained-error';
import type { HeadlineId, Headlines } from '#simulation/answers/headlines';
import { comparePlays, type ComparedHeadline } from '#simulation/experiments/compare-plays';
import {
  changedSections,
  differencesOf,
  withSection,
  type Difference,
  type Section,
} from '#simulation/experiments/differences';
import type { Fidelity, Scenario } from '#simulation/scenario';
import type { Samples } from '#simulation/statistics/summarise';
import type { ExperimentWatch, Player, Sampling } from './player.js';

/** Of the time that a comparison takes; the rest goes into taking the difference apart. */
const SHARE_OF_ONE = 0.4;

/** Headlines whose change is taken apart by what caused it. */
export const EXPLAINED = [
  'valueUsd',
  'payments',
  'hubRevenueUsd',
] as const satisfies readonly HeadlineId[];

/** What one part of a scenario does by itself, in expectation; null where it cannot stand alone. */
export interface SectionEffect {
  readonly section: Section;
  readonly effects: Readonly<Record<(typeof EXPLAINED)[number], number>> | null;
}

export interface Comparison {
  readonly base: { readonly name: string; readonly title: string };
  readonly other: { readonly name: string; readonly title: string };
  readonly seed: number;
  readonly replications: number;
  readonly fidelity: Fidelity;
  readonly headlines: readonly ComparedHeadline[];
  readonly differences: readonly Difference[];
  readonly effects: readonly SectionEffect[];
  /** What the parts do together beyond what each does alone. */
  readonly together: SectionEffect['effects'];
  /** Of the worlds that were played, such as acceptance that came to 100 % by growth. */
  readonly remarks: readonly string[];
}

/**
 * Plays two scenarios with the same random numbers and tells what differs: headline by headline
 * with the interval of the difference, what the two assume otherwise, and what each of these
 * assumptions does on its own.
 */
export async function compareScenarios(
  base: Scenario,
  other: Scenario,
  sampling: Sampling,
  player: Player,
  watch: ExperimentWatch = {},
): Promise<Comparison> {
  const { replications } = sampling;
  const play = (scenario: Scenario, from: number): Promise<Samples> => {
    const tell = (done: number): void => {
      const step = `playing ${scenario.name}, ${String(done)} of ${String(replications)}`;
      watch.onProgress?.(step, from + (SHARE_OF_ONE * done) / replications);
    };
    tell(0);
    return player.sample(scenario, sampling, tell);
  };
  const before = await play(base, 0);
  const after = await play(other, SHARE_OF_ONE);
  watch.onProgress?.('taking the difference apart', 2 * SHARE_OF_ONE);
  const { effects, together } = await takeApart(base, other, player);
  return {
    base: { name: base.name, title: base.title },
    other: { name: other.name, title: other.title },
    ...sampling,
    fidelity: player.fidelity,
    headlines: comparePlays(before, after, player.fidelity === 'fluid'),
    differences: differencesOf(base, other),
    effects,
    together,
    remarks: player.remarks?.() ?? [],
  };
}

async function takeApart(
  base: Scenario,
  other: Scenario,
  player: Player,
): Promise<Pick<Comparison, 'effects' | 'together'>> {
  const sections = changedSections(base, other);
  if (sections.length === 0) return { effects: [], together: null };
  const stated = await player.expect(base);
  const whole = effectsOf(stated, await player.expect(other));
  if (sections.length === 1) {
    return { effects: sections.map((section) => ({ section, effects: whole })), together: null };
  }
  const effects: SectionEffect[] = [];
  for (const section of sections) {
    effects.push({ section, effects: await effectAlone(base, other, section, stated, player) });
  }
  return { effects, together: rest(whole, effects) };
}

/** Null where the section names what only another section brings, and so is no scenario alone. */
async function effectAlone(
  base: Scenario,
  other: Scenario,
  section: Section,
  stated: Headlines,
  player: Player,
): Promise<SectionEffect['effects']> {
  try {
    return effectsOf(stated, await player.expect(withSection(base, other, section)));
  } catch (error) {
    if (error instanceof ExplainedError && error.exitCode !== 130) return null;
    throw error;
  }
}

function effectsOf(base: Headlines, other: Headlines): NonNullable<SectionEffect['effects']> {
  const of = (id: (typeof EXPLAINED)[number]): number => other[id] - base[id];
  return {
    valueUsd: of('valueUsd'),
    payments: of('payments'),
    hubRevenueUsd: of('hubRevenueUsd'),
  };
}

function rest(
  whole: NonNullable<SectionEffect['effects']>,
  parts: readonly SectionEffect[],
): NonNullable<SectionEffect['effects']> {
  const left = (id: (typeof EXPLAINED)[number]): number =>
    parts.reduce((sum, { effects }) => sum - (effects?.[id] ?? 0), whole[id]);
  return {
    valueUsd: left('valueUsd'),
    payments: left('payments'),
    hubRevenueUsd: left('hubRevenueUsd'),
  };
}
