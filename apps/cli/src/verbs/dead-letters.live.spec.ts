/*
 * Goal: an operator without a hub sees what failed, and an alarm can ask by exit code.
 * Method: the command line itself on a database with one planted failure.
 */
import { jest } from '@jest/globals';
import { AccountBook, dailyCycleAt, ensureCycles, setEntryAside, stageEntries } from '#ledger';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { run } from '../run.js';

const DAY_MS = Date.UTC(2026, 10, 21, 4);
let db: TestDatabase;
let output = '';

beforeAll(async () => {
  db = await openTestDatabase();
  process.env['DATABASE_URL'] = db.url;
  await ensureCycles(db.dataSource.manager, DAY_MS, 1);
}, 30_000);
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
});
beforeEach(() => {
  const capture = (text: string | Uint8Array): boolean => {
    output += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(capture);
  jest.spyOn(process.stderr, 'write').mockImplementation(capture);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

function ask(...words: string[]): Promise<number> {
  output = '';
  process.exitCode = undefined;
  return run(['dead-letters', ...words]);
}

it('lists, shows and counts', async () => {
  expect(await ask()).toBe(0);
  expect(output).toContain('Nothing has failed');
  const entry = entryCase(1, dailyCycleAt(DAY_MS).id);
  const { manager } = db.dataSource;
  await stageEntries(manager, new AccountBook(), [entry]);
  const [row] = await manager.query<{ seq: string }[]>('SELECT seq FROM staged_entries');
  await setEntryAside(manager, Number(row?.seq), 'entry 1 is planted', 60_000);

  const id = `entry:${entry.id}`;
  expect(await ask()).toBe(1);
  expect(output).toMatch(new RegExp(`${id} +1 +open .* entry 1 is planted`));
  await setEntryAside(manager, Number(row?.seq), 'entry 1 is planted', 90_000);
  expect(await ask('--json')).toBe(1);
  expect(JSON.parse(output)).toMatchObject({ items: [{ id, attempts: 2, endedAt: null }] });
  expect(await ask('show', id)).toBe(0);
  expect(output).toMatch(/about +pay_0+1\n/);

  await manager.query('DELETE FROM staged_entries');
  expect(await ask()).toBe(0);
  expect(await ask('list', '--all')).toBe(0);
  expect(output).toMatch(new RegExp(`${id} +2 +done`));
});

it('says in one line what was wrong with a question', async () => {
  expect(await ask('show', 'entry:none')).not.toBe(0);
  expect(output).toMatch(/nothing has failed as entry:none/);
});
