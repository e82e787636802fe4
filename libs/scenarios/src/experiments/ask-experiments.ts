import type { Fidelity } from '#simulation/scenario';
import { loadScenario, type LoadOptions } from '../scenario-files/load-scenario.js';
import { DEFAULT_SEED } from '../runs/defaults.js';
import { shippedParts } from '../runs/shipped-parts.js';
import { compareScenarios, type Comparison } from './compare-scenarios.js';
import { playerOf, type ExperimentWatch } from './player.js';

/** How an experiment plays; what is left out has a default that is told. */
export interface ExperimentSettings {
  readonly load?: LoadOptions;
  readonly seed?: number | undefined;
  readonly replications?: number | undefined;
  readonly fidelity?: Fidelity | undefined;
  readonly jobs?: number | undefined;
}

/** Enough that an interval of paired differences is not mostly its Student factor. */
export const DEFAULT_REPLICATIONS = 6;

/** @throws ExplainedError for a scenario that is not valid (exit code 3) or Ctrl-C (130) */
export async function askComparison(
  base: string,
  other: string,
  settings: ExperimentSettings,
  watch: ExperimentWatch,
): Promise<Comparison> {
  const [before, after] = [base, other].map((name) => loadScenario(name, settings.load));
  if (before === undefined || after === undefined) throw new Error('two scenarios are compared');
  const fidelity = settings.fidelity ?? before.run.fidelity;
  const player = playerOf(shippedParts(fidelity, settings.jobs ?? 1), fidelity, watch.signal);
  const sampling = {
    seed: settings.seed ?? DEFAULT_SEED,
    replications: fidelity === 'fluid' ? 1 : (settings.replications ?? DEFAULT_REPLICATIONS),
  };
  return compareScenarios(before, after, sampling, player, watch);
}
