/*
 * Goal: a person learns from `wayfare verify` which row is wrong, and a script from its exit code.
 * Method: the command line itself, on a database with one planted fault and on a clean one.
 */
import { jest } from '@jest/globals';
import { dailyCycleAt, ensureCycles } from '#ledger';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { run } from '../run.js';

let db: TestDatabase;
let output = '';

beforeAll(async () => {
  db = await openTestDatabase();
  process.env['DATABASE_URL'] = db.url;
  await ensureCycles(db.dataSource.manager, Date.UTC(2026, 10, 21), 2);
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
});
beforeEach(() => {
  output = '';
  process.exitCode = undefined;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

it('finds nothing in a clean database and exits 0', async () => {
  expect(await run(['verify'])).toBe(0);
  expect(output).toMatch(/ok {4}entry-balanced/);
  expect(output).toMatch(/All \d+ invariants hold\.\n$/);
});

it('names the offending row, in words and as JSON, and exits 1', async () => {
  const { id } = dailyCycleAt(Date.UTC(2026, 10, 22));
  await db.dataSource.query(
    `ALTER TABLE cycles DISABLE TRIGGER cycles_forward_only;
     UPDATE cycles SET starts_at = starts_at - interval '1 hour' WHERE id = '${id}';
     ALTER TABLE cycles ENABLE TRIGGER cycles_forward_only`,
  );
  expect(await run(['verify'])).toBe(1);
  expect(output).toContain('FAIL  cycle-states-legal');
  expect(output).toContain(`${id}: starts before`);
  expect(output).toMatch(/1 of \d+ invariants do not hold/);
  output = '';
  expect(await run(['verify', '--json'])).toBe(1);
  const report = JSON.parse(output) as { ok: boolean; checks: { name: string; ok: boolean }[] };
  expect(report.ok).toBe(false);
  expect(report.checks.length).toBeGreaterThanOrEqual(8);
  expect(report.checks.filter((check) => !check.ok)).toMatchObject([
    { name: 'cycle-states-legal', count: 1, offenders: [{ offender: id }] },
  ]);
});
