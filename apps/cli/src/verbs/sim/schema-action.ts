import { scenarioJsonSchemaText } from '#scenarios';

/** Prints the JSON Schema of scenario files. */
export function printScenarioSchema(): void {
  process.stdout.write(scenarioJsonSchemaText());
}
