import { ExplainedError } from '#platform/explained-error';
import type { HeadlineDefinition, HeadlineId } from '#simulation/answers/headlines';
import { withFigures } from '#simulation/experiments/figures-of';
import {
  isElsewhere,
  rankedBars,
  stillFigures,
  swingsOf,
  type Swing,
  type TornadoBar,
} from '#simulation/experiments/tornado';
import type { Scenario } from '#simulation/scenario';
import { headlineNamed } from './headline-named.js';
import type { ExperimentWatch, Player } from './player.js';

export interface Tornado {
  readonly scenario: { readonly name: string; readonly title: string };
  readonly headline: HeadlineDefinition;
  /** The headline where every figure is as stated. */
  readonly stated: number;
  readonly bars: readonly TornadoBar[];
  /** Figures that do nothing to the headline between their ends. */
  readonly idle: readonly string[];
  /** Figures that were not swung: 0 or of a range without width. */
  readonly still: readonly string[];
  /** Figures one end of which is no valid scenario, with the fault. */
  readonly refused: readonly { readonly path: string; readonly why: string }[];
  /** Of the worlds that were played, such as acceptance that would pass 100 % at an end. */
  readonly remarks: readonly string[];
}

/**
 * Moves one figure after the other to both ends of its range, all else as stated, and ranks them by
 * what that does to a headline. In expectation, so no chance at all is left in the bars.
 */
export async function tornadoOf(
  scenario: Scenario,
  headlineId: string,
  player: Player,
  watch: ExperimentWatch = {},
): Promise<Tornado> {
  const headline = headlineNamed(headlineId);
  const id = headline.id as HeadlineId;
  const all = swingsOf(scenario);
  const swings = all.filter(({ path }) => !isElsewhere(scenario, path));
  const elsewhere = all.filter(({ path }) => isElsewhere(scenario, path)).map(({ path }) => path);
  const stated = (await player.expect(scenario))[id];
  const said = (): readonly string[] => player.remarks?.() ?? [];
  const remarks = [...said()];
  const played: Swing[] = [];
  const ends: { atLow: number; atHigh: number }[] = [];
  const refused: { path: string; why: string }[] = [];
  for (const [index, swing] of swings.entries()) {
    const place = `figure ${String(index + 1)} of ${String(swings.length)}`;
    watch.onProgress?.(`${place}: ${swing.path}`, index / swings.length);
    const at = async (value: number): Promise<number> => {
      const known = said().length;
      const headlines = await player.expect(withFigures(scenario, new Map([[swing.path, value]])));
      for (const remark of said().slice(known)) {
        remarks.push(`${swing.path} at ${String(value)}: ${remark}`);
      }
      return headlines[id];
    };
    try {
      ends.push({ atLow: await at(swing.low), atHigh: await at(swing.high) });
      played.push(swing);
    } catch (error) {
      if (!(error instanceof ExplainedError) || error.exitCode === 130) throw error;
      refused.push({ path: swing.path, why: error.message });
    }
  }
  const bars = rankedBars(played, ends);
  const moves = ({ reach }: TornadoBar): boolean => reach > Math.abs(stated) * 1e-9;
  return {
    scenario: { name: scenario.name, title: scenario.title },
    headline,
    stated,
    bars: bars.filter(moves),
    idle: [...bars.filter((bar) => !moves(bar)).map(({ path }) => path), ...elsewhere],
    still: stillFigures(scenario),
    refused,
    remarks,
  };
}
