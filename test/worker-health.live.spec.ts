// Goal: an orchestrator replaces a worker that hangs, and leaves one alone that works.
// Method: the health script against a real database with a worker that speaks, that fell
// silent, and with none.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import pg from 'pg';

const root = fileURLToPath(new URL('../', import.meta.url));
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const health = (url: string, allowedSeconds = '30'): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [join(root, 'scripts/worker-health.mjs'), allowedSeconds], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
  });

it('is well while a worker asks for work, and not when it fell silent', async () => {
  const worker = new pg.Client({
    connectionString: database.url,
    application_name: 'wayfare-clearing 4711',
  });
  await worker.connect();
  await worker.query('select 1');
  expect(health(database.url)).toMatchObject({ status: 0, stderr: '' });
  await sleep(1_100);
  expect(health(database.url, '1').status).toBe(1);
  expect(health(database.url).status).toBe(0);
  await worker.end();
});

it('is unwell without a worker', () => {
  const { status, stderr } = health(database.url);
  expect(status).toBe(1);
  expect(stderr).toContain('no worker here spoke');
});

it('is unwell without a database', () => {
  expect(health('postgresql://nobody@127.0.0.1:1/none').status).toBe(1);
});
