// Goal: the committed description of the operator API is the one the hub gives of itself, complete
// enough to build a client from. Method: put the hub together and compare, then read the document
// as a client's author would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { openApiJson } from './openapi.js';

const committed = readFileSync(join(projectRoot, 'docs/openapi.json'), 'utf8');

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses?: Readonly<Record<string, { readonly content?: object }>>;
  readonly security?: readonly object[];
}
const { openapi, paths } = JSON.parse(committed) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
);

describe('docs/openapi.json', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  }, 60_000);
  afterAll(() => database.close());

  it('is fresh: npm run generate would change nothing', async () => {
    expect(await openApiJson(database.url)).toBe(committed);
  }, 60_000);

  it('describes the payments, the network, rates and connections', () => {
    expect(openapi).toMatch(/^3\./);
    for (const path of [
      '/api/payments',
      '/api/payments/{id}',
      '/api/payments/{id}/explanation',
      '/api/participants/{id}/connection',
      '/health',
      '/ready',
    ]) {
      expect(Object.keys(paths)).toContain(path);
    }
  });

  it.each(operations)('%s: has a name, a sentence, a shelf and an answer', (_, operation) => {
    expect(operation.operationId).toMatch(/^\w+_\w+$/);
    expect(operation.summary).toMatch(/^[A-Z]/);
    expect(operation.tags?.length).toBeGreaterThan(0);
    const good = Object.entries(operation.responses ?? {}).find(([status]) => status[0] === '2');
    expect(good?.[1].content).toBeDefined();
  });

  it('names no operation twice', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('asks for the operator key wherever something is changed', () => {
    for (const [name, { security }] of operations) {
      if (!name.startsWith('get ')) expect({ name, security }).not.toEqual({ name });
    }
  });
});
