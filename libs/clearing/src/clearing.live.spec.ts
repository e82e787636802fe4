/*
 * Goal: what is staged gets posted, once, through either queue, whatever happens to the queue.
 * Method: real relays and workers in this process on a real PostgreSQL, and a real Redis where
 * one is installed; then the ledger's own checks must find nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AccountBook,
  countStaged,
  dailyCycleAt,
  ensureCycles,
  ledgerChecks,
  listEntriesOfPayment,
  OutboxBell,
  stageEntries,
} from '#ledger';
import { createDataSource } from '#platform/database';
import { runChecks } from '#platform/invariant-check';
import { createQueue, type QueueConnection } from '#platform/queues/index';
import { createLogger } from '#platform/telemetry/logger';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { entryCase } from '#testkit/journal-cases';
import { findRedisServer, openTestRedis, type TestRedis } from '#testkit/redis';
import { Registry } from 'prom-client';
import { measureClearing } from './clearing-metrics.js';
import { POSTING_QUEUE, STANDARD_TERMS, type PostingJob } from './clearing-terms.js';
import { PostingWorker } from './posting-worker.js';
import { Relay } from './relay.js';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const CYCLE = dailyCycleAt(NOW_MS).id;
const TERMS = { ...STANDARD_TERMS, batchSize: 20, leaseMs: 2_000 };
const redisBinary = findRedisServer();

let db: TestDatabase;
let next = 1;
const book = new AccountBook();
const lines: string[] = [];
const log = createLogger({
  name: 'test',
  level: 'info',
  destination: { write: (line) => void lines.push(line) },
});

beforeAll(async () => {
  db = await openTestDatabase();
  await ensureCycles(db.dataSource.manager, NOW_MS, 2);
});
afterAll(async () => {
  await db.close();
});

function openClearing(connection: QueueConnection, dataSource = db.dataSource) {
  const bell = new OutboxBell();
  const queue = createQueue<PostingJob>(POSTING_QUEUE, connection, log);
  const relay = new Relay(dataSource, queue, bell, TERMS, 'relay-1', log);
  const worker = new PostingWorker(dataSource, connection, TERMS, 'worker-1', log);
  return {
    bell,
    relay,
    worker,
    start: () => {
      worker.start();
      relay.start();
    },
    stop: async () => {
      await relay.stop();
      await worker.stop();
      await queue.close();
    },
  };
}

async function stage(count: number): Promise<void> {
  const entries = Array.from({ length: count }, () => entryCase(next++, CYCLE));
  await db.dataSource.transaction((tx) => stageEntries(tx, book, entries));
}

async function untilPosted(withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while ((await countStaged(db.dataSource.manager)).waiting > 0) {
    if (Date.now() > until) throw new Error(`not posted within ${String(withinMs)} ms`);
    await sleep(20);
  }
}

async function expectWhole(): Promise<void> {
  const [row] = await db.dataSource.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM journal_entries',
  );
  expect(row?.n).toBe(next - 1);
  expect((await runChecks(db.dataSource, ledgerChecks)).filter((check) => !check.ok)).toEqual([]);
}

function behavesLikeClearing(connection: () => QueueConnection): void {
  it('posts what is staged, in batches, soon after the bell', async () => {
    const clearing = openClearing(connection());
    clearing.start();
    try {
      const posted: number[] = [];
      clearing.worker.onPosted((batch) => posted.push(batch.posted));
      await stage(1);
      await untilPosted(15_000);
      const startedAt = performance.now();
      await stage(130);
      clearing.bell.ring();
      await untilPosted(10_000);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect(Math.max(...posted)).toBeLessThanOrEqual(TERMS.batchSize);
      expect(posted.filter((size) => size === TERMS.batchSize).length).toBeGreaterThan(3);
      await expectWhole();
    } finally {
      await clearing.stop();
    }
  }, 40_000);

  it('posts once with two relays and two workers on the same outbox', async () => {
    const pair = [openClearing(connection()), openClearing(connection())];
    for (const clearing of pair) clearing.start();
    try {
      for (let round = 0; round < 10; round++) {
        await stage(35);
        for (const clearing of pair) clearing.bell.ring();
      }
      await untilPosted(20_000);
      await expectWhole();
    } finally {
      for (const clearing of pair) await clearing.stop();
    }
  }, 40_000);

  it('loses nothing when the job is lost between the lease and the queue', async () => {
    const clearing = openClearing(connection());
    await stage(30);
    // What a relay that dies right after its commit leaves behind.
    await db.dataSource.query(
      `INSERT INTO posting_batches (first_seq, last_seq, claimed, claimed_at, leased_until, relay)
       SELECT min(seq), max(seq), count(*), now(), now() + interval '1 s', 'dead'
       FROM staged_entries`,
    );
    clearing.start();
    try {
      await untilPosted(20_000);
      const last = entryCase(next - 1, CYCLE).paymentId;
      const [entry] = await listEntriesOfPayment(db.dataSource.manager, last);
      expect(entry).toMatchObject({ claims: 2, state: 'posted', hop: { relay: 'relay-1' } });
      await expectWhole();
    } finally {
      await clearing.stop();
    }
  }, 40_000);
}

describe('clearing over PostgreSQL', () => {
  const connection = (): QueueConnection => ({ backend: 'postgres', url: db.url });
  behavesLikeClearing(connection);

  it('starts while the queue is away, says so once, and goes on when it is back', async () => {
    // A queue in a database that does not exist yet; the outbox itself is reachable.
    const away = new URL(db.url);
    away.pathname = `${away.pathname}_queue`;
    const clearing = openClearing({ backend: 'postgres', url: away.href });
    lines.length = 0;
    clearing.start();
    try {
      await stage(25);
      clearing.bell.ring();
      await sleep(2_500);
      expect((await countStaged(db.dataSource.manager)).waiting).toBe(25);
      const said = lines.filter((line) => line.includes('queue is away'));
      // Once by the sending end and once by the receiving one.
      expect(said).toHaveLength(2);
      expect(said[0]).toContain('does not exist');
      await db.dataSource.query(`CREATE DATABASE ${away.pathname.slice(1)}`);
      await untilPosted(20_000);
      expect(lines.some((line) => line.includes('queue is back'))).toBe(true);
      await expectWhole();
    } finally {
      await clearing.stop();
      await db.dataSource.query(`DROP DATABASE IF EXISTS ${away.pathname.slice(1)} WITH (FORCE)`);
    }
  }, 60_000);

  it('goes on when every one of its connections is cut, again and again', async () => {
    const victim = await createDataSource(db.url, { poolSize: 4, applicationName: 'victim' });
    const clearing = openClearing(connection(), victim);
    clearing.start();
    let cut = 0;
    try {
      await stage(5);
      await untilPosted(15_000);
      for (let round = 0; round < 8; round++) {
        await stage(45);
        clearing.bell.ring();
        // Now in the middle of the work, now while connecting again.
        await sleep(round % 2 === 0 ? 50 : 700);
        const [row] = await db.dataSource.query<{ n: number }[]>(
          `SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity
           WHERE datname = current_database()
             AND pid <> pg_backend_pid() AND application_name <> $1`,
          ['wayfare'],
        );
        cut += row?.n ?? 0;
      }
      expect(cut).toBeGreaterThanOrEqual(8);
      await untilPosted(30_000);
      await expectWhole();
    } finally {
      await clearing.stop();
      await victim.destroy();
    }
  }, 60_000);

  it('publishes what it posted, how late, and what waits', async () => {
    const registry = new Registry();
    const clearing = openClearing(connection());
    measureClearing(registry, db.dataSource, clearing.worker);
    await stage(7);
    expect(await registry.metrics()).toContain(
      'wayfare_clearing_outbox_entries{state="waiting"} 7',
    );
    clearing.start();
    try {
      await untilPosted(10_000);
      // The figure follows the commit by a moment.
      await sleep(100);
      const text = await registry.metrics();
      expect(text).toContain('wayfare_clearing_entries_posted_total 7');
      expect(text).toContain('wayfare_clearing_outbox_entries{state="waiting"} 0');
      expect(text).toMatch(/wayfare_clearing_lag_seconds_count [1-9]/);
    } finally {
      await clearing.stop();
    }
  }, 30_000);

  it('sets aside the one entry that the books refuse, with the reason, and posts the others', async () => {
    const clearing = openClearing(connection());
    await stage(5);
    const damaged = entryCase(next - 3, CYCLE).id;
    await db.dataSource.query(
      `UPDATE staged_entries SET amounts[1] = amounts[1] + 1 WHERE entry_id = $1`,
      [damaged],
    );
    clearing.start();
    try {
      await untilPosted(10_000);
      expect(await countStaged(db.dataSource.manager)).toMatchObject({ waiting: 0, aside: 1 });
      const broken = (await runChecks(db.dataSource, ledgerChecks)).filter((check) => !check.ok);
      expect(broken.map((check) => check.name)).toEqual(['outbox-moving']);
      expect(broken[0]?.offenders[0]).toMatchObject({ offender: damaged });
      expect(broken[0]?.offenders[0]?.detail).toContain('does not balance in THB');
      await db.dataSource.query(
        `UPDATE staged_entries
         SET amounts[1] = amounts[1] - 1, fault = NULL, retry_at = '-infinity'`,
      );
      await untilPosted(10_000);
      await expectWhole();
    } finally {
      await clearing.stop();
    }
  }, 40_000);
});

if (redisBinary === undefined) {
  console.warn(
    'SKIPPED: no redis-server or valkey-server in PATH, clearing over Redis is untested',
  );
}
(redisBinary === undefined ? describe.skip : describe)('clearing over Redis', () => {
  let redis: TestRedis;
  const connection = (): QueueConnection => ({ backend: 'redis', url: redis.url });
  beforeAll(async () => {
    redis = await openTestRedis(redisBinary ?? '');
  });
  afterAll(async () => {
    await redis.close();
  });
  behavesLikeClearing(connection);

  it('stops although Redis is gone and does not come back', async () => {
    const clearing = openClearing(connection());
    lines.length = 0;
    clearing.start();
    await stage(5);
    await untilPosted(10_000);
    await redis.kill();
    for (let round = 0; !lines.some((line) => line.includes('worker: the redis queue is away'));) {
      if (++round > 200) throw new Error('nobody noticed');
      await sleep(50);
    }
    await clearing.stop();
    await redis.restart();
    expect((await countStaged(db.dataSource.manager)).waiting).toBe(0);
  }, 30_000);

  it('loses nothing when Redis is emptied, killed and restarted under load', async () => {
    const clearing = openClearing(connection());
    lines.length = 0;
    clearing.start();
    try {
      await stage(60);
      await untilPosted(10_000);
      await clearing.worker.stop();
      await stage(60);
      clearing.bell.ring();
      await sleep(300);
      await redis.empty();
      clearing.worker.start();
      await untilPosted(20_000);
      await redis.kill();
      await stage(60);
      clearing.bell.ring();
      await sleep(1_500);
      await stage(20);
      expect(lines.some((line) => line.includes('queue is away'))).toBe(true);
      await redis.restart();
      await untilPosted(20_000);
      await expectWhole();
    } finally {
      await clearing.stop();
    }
  }, 90_000);
});
