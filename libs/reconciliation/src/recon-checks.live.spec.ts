/*
 * Goal: each check finds its own kind of fault and names the row, and nothing else cries wolf.
 * Method: a day with one break, then one planted fault at a time, with triggers off the way only a
 * superuser can, inside a transaction that is rolled back.
 */
import { runChecks } from '#platform/invariant-check';
import { seededIds } from '#platform/id-source';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { CASE_NOW_MS } from '#testkit/payment-cases';
import { alarmsOf } from '#testkit/planted-fault';
import { clearedPayment, openReconDay, RECON_CYCLE } from '#testkit/recon-cases';
import { listBreaks } from './break-repository.js';
import { loadDetailFile } from './load-file.js';
import { filesOfSet, partnerSets } from './partner-files.js';
import { reconciliationChecks } from './recon-checks.js';

let db: TestDatabase;
let breakId = '';
let fileName = '';

beforeAll(async () => {
  db = await openTestDatabase();
  const { manager } = db.dataSource;
  await openReconDay(manager, [clearedPayment(1, 100n), clearedPayment(2, 200n)]);
  const files = await db.dataSource.transaction(async (tx) => {
    const all: { name: string; text: string }[] = [];
    for await (const set of partnerSets(tx, RECON_CYCLE)) {
      const lines = set.lines.map((line, at) =>
        at === 0 && set.side === 'wallet' ? { ...line, transactionAmountValue: '77' } : line,
      );
      all.push(...filesOfSet({ ...set, lines }, RECON_CYCLE, 10));
    }
    return all;
  });
  async function* piece(text: string): AsyncGenerator<string> {
    yield await Promise.resolve(text);
  }
  for (const { name, text } of files) {
    const terms = { nowMs: CASE_NOW_MS, actor: 'test', ids: seededIds(1) };
    const outcome = await loadDetailFile(db.dataSource, name, piece(text), terms);
    expect(outcome.ok).toBe(true);
  }
  const breaks = await listBreaks(manager, { limit: 10 });
  expect(breaks).toHaveLength(1);
  breakId = breaks[0]?.id ?? '';
  fileName = breaks[0]?.evidence[0]?.file ?? '';
});
afterAll(() => db.close());

it('holds on a healthy day with a break in it', async () => {
  const results = await runChecks(db.dataSource, reconciliationChecks);
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(await alarmsOf(db.dataSource, reconciliationChecks)).toEqual(new Map());
});

it.each<[string, string, () => string, () => string]>([
  [
    'a line taken out of a file',
    'partner-file-is-whole',
    () => fileName,
    () =>
      `DELETE FROM recon_lines WHERE line_no = 4
         AND file_id = (SELECT id FROM recon_files WHERE name = '${fileName}')`,
  ],
  [
    'lines of no file',
    'partner-file-is-whole',
    () => 'file 99',
    () =>
      `CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT * FROM recon_lines LIMIT 1;
       UPDATE copy SET file_id = 99; INSERT INTO recon_lines SELECT * FROM copy`,
  ],
  [
    'a break ended without a trace',
    'break-state-follows-its-events',
    () => breakId,
    () => `UPDATE recon_breaks SET state = 'writtenOff', ended_at = now()`,
  ],
  [
    'a break of no known type',
    'break-state-follows-its-events',
    () => breakId,
    () => `UPDATE recon_breaks SET type = 'oddness'`,
  ],
  [
    'a live break whose file is gone',
    'live-break-has-its-file',
    () => breakId,
    () =>
      `UPDATE recon_files SET superseded_at = now() WHERE name = '${fileName}';
       DELETE FROM recon_lines WHERE file_id = (SELECT id FROM recon_files WHERE name = '${fileName}')`,
  ],
])('%s is found by %s', async (_, name, offender, sql) => {
  const ringing = await alarmsOf(db.dataSource, reconciliationChecks, sql());
  expect([...ringing]).toEqual([[name, [offender()]]]);
});
