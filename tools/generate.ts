import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { envExample } from '#platform/config';
import { projectRoot } from '#platform/project-root';
import { CALIBRATION_PAGE, calibrationPage } from './docs/calibration-page.js';
import { PAGES_WITH_TABLES, withTables } from './docs/embedded-tables.js';
import { SCENARIO_SCHEMA_PATH, scenarioJsonSchemaText } from '#scenarios';
import { isoExample } from './docs/iso-example.js';
import { openApiJsonAlone } from './docs/openapi.js';
import { paymentStatesPage } from './docs/payment-states.js';
import { merchantsJsonl } from './network/generate-merchants.js';

/** A committed file that is written by the program it describes; a test each keeps it fresh. */
interface Generated {
  /** Relative to the project. */
  readonly path: string;
  readonly text: () => string | Promise<string>;
}

const GENERATED: readonly Generated[] = [
  { path: '.env.example', text: envExample },
  { path: 'data/network/merchants.jsonl', text: merchantsJsonl },
  { path: SCENARIO_SCHEMA_PATH, text: scenarioJsonSchemaText },
  { path: 'docs/payment-states.md', text: paymentStatesPage },
  { path: 'docs/openapi.json', text: openApiJsonAlone },
  { path: 'docs/examples/pacs.008.xml', text: isoExample },
  { path: CALIBRATION_PAGE, text: calibrationPage },
  ...PAGES_WITH_TABLES.map((path) => ({ path, text: () => withTables(path) })),
];

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

for (const { path, text } of GENERATED) {
  const absolute = join(projectRoot, path);
  const wanted = await text();
  const changed = readOrEmpty(absolute) !== wanted;
  if (changed) {
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, wanted);
  }
  process.stderr.write(`${changed ? 'wrote' : 'fresh'} ${path}\n`);
}
