/**
 * Questions that take more than one play. Kernels and figures are loaded when one is asked.
 */
import type { Comparison } from './compare-scenarios.js';
import type { ExperimentSettings } from './ask-experiments.js';
import type { ExperimentWatch } from './player.js';

export type { Comparison, SectionEffect } from './compare-scenarios.js';
export type { ExperimentSettings } from './ask-experiments.js';
export type { ExperimentWatch } from './player.js';
export { changeWords, figureWords, percentWords } from './figure-words.js';
export { tellComparison } from './tell-comparison.js';

/** Two scenarios with the same random numbers, headline by headline. */
export async function compareShipped(
  base: string,
  other: string,
  settings: ExperimentSettings = {},
  watch: ExperimentWatch = {},
): Promise<Comparison> {
  const { askComparison } = await import('./ask-experiments.js');
  return askComparison(base, other, settings, watch);
}
