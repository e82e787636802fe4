import { checkScenarioFile, EXIT_INVALID_SCENARIO, faultText } from '#scenarios';
import { givenScenario } from './given-scenario.js';

/** Says whether a scenario can be played, and if not, everything that is wrong with it. */
export async function checkScenario(
  nameOrPath: string,
  options: { readonly json?: boolean; readonly set: readonly string[] },
): Promise<void> {
  const checked = await checkScenarioFile(nameOrPath, givenScenario(options.set));
  const { name, title, faults, remarks } = checked;
  const valid = faults.length === 0;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ valid, faults, remarks }, null, 2)}\n`);
  } else if (valid) {
    process.stdout.write(`${name} is valid: ${title}\n`);
    for (const remark of remarks) process.stderr.write(`  ${remark}\n`);
  } else {
    process.stderr.write(`wayfare: ${faultText(faults)}\n`);
  }
  if (!valid) process.exitCode = EXIT_INVALID_SCENARIO;
}
