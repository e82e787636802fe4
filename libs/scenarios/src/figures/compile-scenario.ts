import { ExplainedError } from '#platform/explained-error';
import { compileWorld } from '#simulation/demand/compile-world';
import type { Scenario } from '#simulation/scenario';
import type { World } from '#simulation/world';
import { loadFigures } from './load-figures.js';
import { loadNetwork } from './load-network.js';

/** Exit code of a scenario that is not valid. */
export const EXIT_INVALID_WORLD = 3;

/**
 * Makes a loaded scenario a world with the shipped figures, and tells what a reader should know of
 * how it was made.
 *
 * @throws ExplainedError with exit code 3, a line for each fault that opens with its JSON pointer
 */
export function compileScenario(scenario: Scenario): {
  readonly world: World;
  readonly remarks: readonly string[];
} {
  const compiled = compileWorld(scenario, loadFigures(), loadNetwork());
  if (compiled.ok) return { world: compiled.world, remarks: compiled.remarks };
  const lines = compiled.faults.map(({ pointer, message }) => `${pointer}: ${message}`);
  throw new ExplainedError(`${scenario.name} cannot be simulated:\n${lines.join('\n')}`, {
    exitCode: EXIT_INVALID_WORLD,
  });
}

/** The world alone. */
export function worldOf(scenario: Scenario): World {
  return compileScenario(scenario).world;
}
