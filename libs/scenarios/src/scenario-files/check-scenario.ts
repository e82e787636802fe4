import { readScenario } from './load-scenario.js';
import type { LoadOptions } from './load-scenario.js';
import type { ScenarioFault } from './scenario-fault.js';

/** Whether a scenario can be played, and what a reader should know of how it is made. */
export interface CheckedScenario {
  readonly name: string;
  readonly title: string;
  readonly faults: readonly ScenarioFault[];
  /** What was made of it where the figures leave something open. */
  readonly remarks: readonly string[];
}

/**
 * Everything that is wrong with a scenario: what its files say, and, where they are sound, what the
 * shipped figures cannot give. Figures are loaded only then, since they are many.
 */
export async function checkScenarioFile(
  nameOrPath: string,
  options: LoadOptions = {},
): Promise<CheckedScenario> {
  const read = readScenario(nameOrPath, options);
  if (!read.ok) return { name: nameOrPath, title: '', faults: read.faults, remarks: [] };
  const [{ compileWorld }, { loadFigures, loadNetwork }] = await Promise.all([
    import('#simulation/demand/compile-world'),
    import('../figures/index.js'),
  ]);
  const { name, title } = read.scenario;
  const compiled = compileWorld(read.scenario, loadFigures(), loadNetwork());
  if (compiled.ok) return { name, title, faults: [], remarks: compiled.remarks };
  const faults = compiled.faults.map(({ pointer, message }) => ({
    at: read.place(pointer),
    pointer,
    message,
  }));
  return { name, title, faults, remarks: [] };
}
