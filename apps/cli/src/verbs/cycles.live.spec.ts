/*
 * Goal: an operator sees how far cycles have come and what they wait for, and can turn them without
 * a hub. Method: the command line itself on a database whose hub clock is set past one cycle's end,
 * with an entry that is not posted yet.
 */
import { jest } from '@jest/globals';
import { AccountBook, setHubClock } from '#ledger';
import { completePayments, postOutbox } from '#testkit/cycle-cases';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { run } from '../run.js';

const NOON_MS = Date.UTC(2026, 10, 21, 4);
const FINAL_MS = Date.UTC(2026, 10, 21, 16, 30);

let db: TestDatabase;
let output = '';

beforeAll(async () => {
  db = await openTestDatabase();
  process.env['DATABASE_URL'] = db.url;
  await setHubClock(db.dataSource.manager, NOON_MS);
  await completePayments(db.dataSource, new AccountBook(), [1, 2]);
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await db.close();
});
beforeEach(() => {
  output = '';
  process.exitCode = undefined;
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

/** Asked as if by a new process. */
function ask(words: readonly string[]): Promise<number> {
  output = '';
  process.exitCode = undefined;
  return run(words);
}

it('turns a cycle step by step and says what it waits for', async () => {
  expect(await ask(['cycles'])).toBe(0);
  expect(output).toMatch(/cyc_20261121 +daily +open +–/);
  expect(await ask(['cycles', '--json', '--limit', '1'])).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ items: [{ id: 'cyc_20261121', state: 'open' }] });
  expect(await ask(['cycles', 'close'])).toBe(0);
  expect(output).toContain('Nothing has ended');

  await setHubClock(db.dataSource.manager, FINAL_MS);
  expect(await ask(['cycles', 'close', '--json'])).toBe(0);
  expect(JSON.parse(output)).toEqual({
    closed: ['cyc_20261121'],
    numbered: [{ id: 'cyc_20261121', members: 2 }],
    gaveWay: false,
  });
  expect(await ask(['cycles', 'finalise'])).toBe(1);
  expect(output).toContain('cyc_20261121 waits: 2 entries are not posted yet');
  expect(await ask(['cycles', 'show', 'cyc_20261121'])).toBe(0);
  expect(output).toContain('2 entries are not posted yet');

  await postOutbox(db.dataSource.manager);
  expect(await ask(['cycles', 'finalise'])).toBe(0);
  expect(output).toContain('cyc_20261121 is final');
  expect(await ask(['cycles', 'show', 'cyc_20261121', '--json'])).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    state: 'final',
    members: 2,
    settlementPhase: 'cyc_20261121_s',
    waitsFor: [],
  });
});

it('says in one line what was wrong with a question', async () => {
  expect(await ask(['cycles', 'show', 'cyc_none'])).not.toBe(0);
  expect(output).toMatch(/there is no cycle cyc_none/);
  expect(await ask(['cycles', '--limit', 'many'])).not.toBe(0);
  expect(output).toMatch(/--limit must be a number/);
});
