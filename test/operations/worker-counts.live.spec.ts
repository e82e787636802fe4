/*
 * Goal: 1, 2 and 4 worker processes clear the same day of entries, each once, over either queue.
 * Method: the built worker itself, as processes on a real database; entries arrive while they start
 * and while they work. Each process must have told that it lives, and the books must hold.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AccountBook,
  countStaged,
  dailyCycleAt,
  ensureCycles,
  ledgerChecks,
  stageEntries,
} from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { endOfClearing, startClearing } from '#testkit/clearing-process';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { findRedisServer, openTestRedis, type TestRedis } from '#testkit/redis';

const ENTRIES = 1_500;
const WAVES = 5;
// Workers turn cycles by the real clock: tomorrow's is open for as long as the test runs.
const DAY_MS = Date.now() + 86_400_000;
const CYCLE = dailyCycleAt(DAY_MS).id;

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 90_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await sleep(100);
  }
}

async function numberOf(db: TestDatabase, sql: string): Promise<number> {
  const [row] = await db.dataSource.query<{ n: number }[]>(`SELECT ${sql} AS n`);
  return row?.n ?? -1;
}

async function clearWith(workers: number, redisUrl: string | undefined): Promise<void> {
  const db = await openTestDatabase();
  const children: ChildProcess[] = [];
  const settings = { DATABASE_URL: db.url, REDIS_URL: redisUrl, CLEARING_BATCH_SIZE: '25' };
  try {
    await ensureCycles(db.dataSource.manager, DAY_MS, 2);
    for (let n = 0; n < workers; n++) children.push(startClearing(settings));
    const alive = `(SELECT count(*)::int FROM clearing_processes WHERE posting AND relay)`;
    const stage = async (wave: number): Promise<void> => {
      const size = ENTRIES / WAVES;
      const entries = Array.from({ length: size }, (_, n) => entryCase(wave * size + n + 1, CYCLE));
      await stageEntries(db.dataSource.manager, new AccountBook(), entries);
    };
    await stage(0);
    await until(async () => (await numberOf(db, alive)) === workers, 'all workers are there');
    for (let wave = 1; wave < WAVES; wave++) await stage(wave);
    const { manager } = db.dataSource;
    await until(async () => (await countStaged(manager)).waiting === 0, 'the outbox is empty');
    const entries = '(SELECT count(*)::int FROM journal_entries)';
    expect(await numberOf(db, entries)).toBe(ENTRIES);
    const posters = '(SELECT count(DISTINCT worker)::int FROM posting_batches)';
    expect(await numberOf(db, posters)).toBeGreaterThan(workers > 1 ? 1 : 0);
    expect((await runChecks(db.dataSource, ledgerChecks)).filter((check) => !check.ok)).toEqual([]);
    await Promise.all(
      children.map(async (child) => expect(await endOfClearing(child, 'SIGTERM')).toBe(0)),
    );
    expect(await numberOf(db, '(SELECT count(*)::int FROM clearing_processes)')).toBe(0);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await db.close();
  }
}

describe.each([1, 2, 4])('%d worker processes', (workers) => {
  it('post every entry once over PostgreSQL', () => clearWith(workers, undefined), 150_000);

  const binary = findRedisServer();
  if (binary === undefined) {
    console.warn(
      'SKIPPED: no redis-server or valkey-server in PATH, workers over Redis are untested',
    );
  }
  (binary === undefined ? it.skip : it)(
    'post every entry once over Redis',
    async () => {
      let redis: TestRedis | undefined;
      try {
        redis = await openTestRedis(binary ?? '');
        await clearWith(workers, redis.url);
      } finally {
        await redis?.close();
      }
    },
    150_000,
  );
});
