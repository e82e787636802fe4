import { z } from 'zod';
import { scenarioFileSchema } from './file-schema.js';

/** Where the published schema lies, relative to the project. */
export const SCENARIO_SCHEMA_PATH = 'data/scenarios/scenario.schema.json';

/**
 * The file format as a JSON Schema, for editors. Draft 7, since that is what YAML editors and most
 * validators read. It knows shapes, bounds and words; names, sums and dates against each other are
 * judged by `wayfare sim check`.
 */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(scenarioFileSchema, { target: 'draft-7', io: 'input' });
}

export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
