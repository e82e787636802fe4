/*
 * Goal: a cycle whose files are overdue is matched without being asked, once, and not before.
 * Method: one cleared day made final, looked at just before and after the deadline, by two at once.
 */
import { seededIds } from '#platform/id-source';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { clearedPayment, openReconDay, RECON_CYCLE } from '#testkit/recon-cases';
import { listBreaks } from './break-repository.js';
import { matchOverdueCycles } from './overdue-cycles.js';

const HOUR_MS = 3_600_000;
/** 22 November, 00:30 at UTC+8. */
const FINAL_MS = Date.UTC(2026, 10, 21, 16, 30);

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await openReconDay(db.dataSource.manager, [clearedPayment(1, 100n)]);
});
afterAll(() => db.close());

it('waits for the deadline, then asks both partners for their file, and does so once', async () => {
  const look = (atMs: number, seed = 1): Promise<number> =>
    matchOverdueCycles(db.dataSource, atMs, seededIds(seed));
  expect(await look(FINAL_MS + 25 * HOUR_MS)).toBe(0);
  await db.dataSource.query(`UPDATE cycles SET state = 'final', final_at = $2 WHERE id = $1`, [
    RECON_CYCLE,
    new Date(FINAL_MS).toISOString(),
  ]);
  expect(await look(FINAL_MS + 24 * HOUR_MS - 1)).toBe(0);
  expect(await listBreaks(db.dataSource.manager, { limit: 10 })).toEqual([]);
  const at = FINAL_MS + 24 * HOUR_MS;
  await Promise.all([look(at, 2), look(at, 3)]);
  const breaks = await listBreaks(db.dataSource.manager, { limit: 10 });
  expect(breaks.map(({ type, participantId }) => `${type} ${participantId}`).sort()).toEqual([
    'fileMissing acq_kamogawa',
    'fileMissing truemoney',
  ]);
  expect(await look(at + HOUR_MS)).toBe(0);
});
