import type { ScenarioRun, ScenarioRunRequest } from './run-and-keep.js';
import type { RunMachinery } from './run-machinery.js';
import type { RunWatch } from './run-scenario.js';
import type { VerifiedRun } from './verify-run.js';

/**
 * The way into runs from outside: kernels, figures and writers are loaded when the first run is
 * asked for, so that who only lists scenarios does not wait for them.
 */
export async function runScenario(
  asked: ScenarioRunRequest,
  watch: RunWatch = {},
): Promise<ScenarioRun> {
  const { playAndKeep } = await import('./run-and-keep.js');
  return playAndKeep(asked, watch);
}

/**
 * Checks the files of a run, then plays it again from its manifest and compares.
 *
 * @throws ExplainedError when the folder is no run
 */
export async function verifyRun(
  folder: string,
  jobs: number,
  watch: RunWatch = {},
): Promise<VerifiedRun> {
  const { playAgain } = await import('./run-and-keep.js');
  return playAgain(folder, jobs, watch);
}

/** For those who play the parts of a run elsewhere and put them together again. */
export function loadRunMachinery(): Promise<RunMachinery> {
  return import('./run-machinery.js');
}
