/**
 * Goal: the published schema says of shapes what the loader says, so that an editor and
 * `wayfare sim check` never disagree; the committed file is the one the program would write.
 * Method: an independent validator (ajv, there by way of the linter) and the loader judge the same
 * good and bad files. Skipped visibly where no such validator is installed.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { parse } from 'yaml';
import { scenarioFileSchema } from './file-schema.js';
import { SCENARIO_SCHEMA_PATH, scenarioJsonSchema, scenarioJsonSchemaText } from './json-schema.js';
import { shippedNames, shippedPath } from './shipped-scenarios.js';

type Validator = (value: unknown) => boolean;

function independentValidator(): Validator | undefined {
  try {
    const load = createRequire(import.meta.url);
    const Ajv = load('ajv') as new (options: object) => { compile(schema: unknown): Validator };
    return new Ajv({ allErrors: true, unknownFormats: 'ignore' }).compile(scenarioJsonSchema());
  } catch {
    return undefined;
  }
}

it('is fresh: npm run generate would change nothing', () => {
  const published = readFileSync(join(projectRoot, SCENARIO_SCHEMA_PATH), 'utf8');
  expect(published).toBe(scenarioJsonSchemaText());
});

it('tells an editor what each key means', () => {
  const { definitions, properties } = scenarioJsonSchema() as {
    definitions: Record<string, { description?: string }>;
    properties: Record<
      string,
      { description?: string; properties?: Record<string, { description?: string }> }
    >;
  };
  expect(Object.keys(properties)).toContain('shocks');
  expect(definitions['because']?.description).toContain('assumed');
  const fees = Object.values(properties['fees']?.properties ?? {});
  expect(fees).toHaveLength(4);
  for (const fee of fees) expect(fee.description).toContain('Unit: basis points');
});

const good = { wayfareScenario: 1, name: 'a-b', title: 'A title', extends: 'thailand-japan' };
const figure = { value: 5, because: 'a test says so' };
const day = '2025-05-01';
const CASES: readonly (readonly [string, unknown, boolean])[] = [
  ['the least', good, true],
  ['no name', { ...good, name: undefined }, false],
  ['a name with blanks', { ...good, name: 'a b' }, false],
  ['another format', { ...good, wayfareScenario: 2 }, false],
  ['an unknown key', { ...good, fes: {} }, false],
  ['a figure', { ...good, fees: { mdrBps: figure } }, true],
  [
    'a figure with all',
    {
      ...good,
      fees: {
        mdrBps: { ...figure, range: { low: 1, high: 9 }, source: 'jnto', quality: 'measured' },
      },
    },
    true,
  ],
  ['a bare number', { ...good, fees: { mdrBps: 5 } }, false],
  ['half a range', { ...good, fees: { mdrBps: { ...figure, range: { low: 1 } } } }, false],
  [
    'a share above 100',
    { ...good, conduct: { abandonedPercent: { ...figure, value: 101 } } },
    false,
  ],
  ['an unknown quality', { ...good, fees: { mdrBps: { ...figure, quality: 'good' } } }, false],
  ['a date', { ...good, period: { from: day, to: day } }, true],
  ['half a period', { ...good, period: { from: day } }, false],
  ['no date', { ...good, period: { from: '01.05.2025', to: day } }, false],
  ['all origins', { ...good, corridors: { origins: 'all' } }, true],
  ['some origins', { ...good, corridors: { origins: ['TH'] } }, true],
  ['no origins', { ...good, corridors: { origins: [] } }, false],
  ['a word for origins', { ...good, corridors: { origins: 'some' } }, false],
  ['figures by market', { ...good, wallets: { wishPercentByOrigin: { TH: figure } } }, true],
  ['figures by nothing', { ...good, wallets: { wishPercentByOrigin: { thai: figure } } }, false],
  ['nothing for a cap', { ...good, settlement: { capDays: null } }, true],
  ['a figure for a cap', { ...good, settlement: { capDays: figure } }, true],
  ['three cycles', { ...good, settlement: { cyclesPerDay: 3 } }, false],
  [
    'a shock',
    { ...good, shocks: [{ kind: 'rate', currency: 'JPY', percent: figure, from: day, to: day }] },
    true,
  ],
  [
    'a shock added',
    { ...good, shocks: { add: [{ kind: 'default', participant: 'kplus', on: day }] } },
    true,
  ],
  ['a shock of no kind', { ...good, shocks: [{ participant: 'kplus', on: day }] }, false],
  [
    'a shock with another’s key',
    { ...good, shocks: [{ kind: 'default', participant: 'kplus', on: day, percent: figure }] },
    false,
  ],
  [
    'an outage of everything',
    {
      ...good,
      shocks: [{ kind: 'outage', percent: figure, from: day, to: '2025-05-01T12:00:00+09:00' }],
    },
    true,
  ],
  ['a leaving wallet', { ...good, wallets: { leaving: [{ wallet: 'kplus', on: day }] } }, true],
  ['half a joining wallet', { ...good, wallets: { joining: [{ id: 'kplus' }] } }, false],
];

const validate = independentValidator();
const judged = validate === undefined ? describe.skip : describe;

judged('an independent validator and the loader (skipped without ajv)', () => {
  it.each(CASES)('agree on %s', (_, file, fits) => {
    const asRead: unknown = JSON.parse(JSON.stringify(file));
    expect(validate?.(asRead)).toBe(fits);
    expect(scenarioFileSchema.safeParse(asRead).success).toBe(fits);
  });

  it.each([...shippedNames(), 'base'])('agree on %s', (name) => {
    const file: unknown = parse(readFileSync(shippedPath(name), 'utf8'));
    expect(validate?.(file)).toBe(true);
    expect(scenarioFileSchema.safeParse(file).success).toBe(true);
  });
});
