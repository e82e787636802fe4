/*
 * Goal: a worker process killed with SIGKILL in the middle of a batch loses and doubles nothing.
 * Method: real worker processes on a real database, with posting slowed down so that the kill
 * can be aimed: it strikes only while the posting statement runs. In every other round the
 * server's side of the connection is cut too, so that the statement rolls back; in the others it
 * commits and its acknowledgement is lost. The last worker then drains the outbox.
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
import { findRedisServer, openTestRedis } from '#testkit/redis';

const KILLS = 5;
const ENTRIES = 600;
const CYCLE = dailyCycleAt(Date.UTC(2026, 10, 21)).id;
const POSTING = `datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
  AND query LIKE '%DELETE FROM staged_entries%'`;

function startWorker(databaseUrl: string, redisUrl: string | undefined): ChildProcess {
  return startClearing({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? '',
    CLEARING_BATCH_SIZE: '40',
    INVARIANTS_EVERY_SECONDS: '300',
  });
}

/** Waits for the posting statement and strikes while it runs. */
async function killMidBatch(db: TestDatabase, child: ChildProcess, cut: boolean): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const [row] = await db.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE ${POSTING}`,
    );
    if ((row?.n ?? 0) > 0) break;
    if (Date.now() > until) throw new Error('the worker posted nothing to be killed at');
    await sleep(3);
  }
  child.kill('SIGKILL');
  if (cut) {
    await db.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${POSTING}`,
    );
  }
  await endOfClearing(child);
}

async function survive(redisUrl: string | undefined): Promise<void> {
  const db = await openTestDatabase();
  let child: ChildProcess | undefined;
  try {
    await ensureCycles(db.dataSource.manager, Date.UTC(2026, 10, 21), 2);
    await db.dataSource.query(
      `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(0.15); RETURN NULL; END $$;
       CREATE TRIGGER dawdle AFTER INSERT ON journal_lines EXECUTE FUNCTION dawdle()`,
    );
    const entries = Array.from({ length: ENTRIES }, (_, n) => entryCase(n, CYCLE));
    await stageEntries(db.dataSource.manager, new AccountBook(), entries);
    for (let kill = 0; kill < KILLS; kill++) {
      child = startWorker(db.url, redisUrl);
      await killMidBatch(db, child, kill % 2 === 0);
    }
    expect((await countStaged(db.dataSource.manager)).waiting).toBeGreaterThan(0);
    child = startWorker(db.url, redisUrl);
    const until = Date.now() + 40_000;
    while ((await countStaged(db.dataSource.manager)).waiting > 0) {
      expect(Date.now()).toBeLessThan(until);
      await sleep(50);
    }
    expect(await endOfClearing(child, 'SIGTERM')).toBe(0);
    const [row] = await db.dataSource.query<{ entries: number }[]>(
      'SELECT count(*)::int AS entries FROM journal_entries',
    );
    expect(row?.entries).toBe(ENTRIES);
    expect((await runChecks(db.dataSource, ledgerChecks)).filter((c) => !c.ok)).toEqual([]);
  } finally {
    child?.kill('SIGKILL');
    await db.close();
  }
}

describe('a worker killed in mid-batch', () => {
  it('loses and doubles nothing over PostgreSQL', () => survive(undefined), 180_000);

  const redisBinary = findRedisServer();
  if (redisBinary === undefined) {
    console.warn(
      'SKIPPED: no redis-server or valkey-server in PATH, kills over Redis are untested',
    );
  }
  (redisBinary === undefined ? it.skip : it)(
    'loses and doubles nothing over Redis',
    async () => {
      const redis = await openTestRedis(redisBinary ?? '');
      try {
        await survive(redis.url);
      } finally {
        await redis.close();
      }
    },
    180_000,
  );
});
