import { EXIT_INVALID_SCENARIO, faultText, readScenario } from '#scenarios';
import { givenScenario } from './given-scenario.js';

/** Says whether a scenario is valid, and if not, everything that is wrong with it. */
export function checkScenario(
  nameOrPath: string,
  options: { readonly json?: boolean; readonly set?: readonly string[] },
): void {
  const read = readScenario(nameOrPath, givenScenario(options.set));
  if (options.json === true) {
    const faults = read.ok ? [] : read.faults;
    process.stdout.write(`${JSON.stringify({ valid: read.ok, faults }, null, 2)}\n`);
  } else if (read.ok) {
    process.stdout.write(`${read.scenario.name} is valid: ${read.scenario.title}\n`);
  } else {
    process.stderr.write(`wayfare: ${faultText(read.faults)}\n`);
  }
  if (!read.ok) process.exitCode = EXIT_INVALID_SCENARIO;
}
