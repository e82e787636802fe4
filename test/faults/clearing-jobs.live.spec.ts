/**
 * Goal: clearing jobs that come three times and in any order, two processes on one batch, and a
 * Redis that is emptied, killed and started anew lose, double and bend no entry: the books have the
 * content that the rules make of the outcomes.
 * Method: a hub that clears nothing fills the outbox with payments, refunds and cancels; worker
 * processes get the jobs of its batches. Posting is slowed, so that the processes really meet.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { POSTING_QUEUE, type PostingJob } from '#clearing';
import { claimBatch } from '#ledger';
import { createQueue, queueConnectionOf } from '#platform/queues/index';
import { createLogger } from '#platform/telemetry/logger';
import { clearingReady, endOfClearing, startClearing } from '#testkit/clearing-process';
import type { TestRedis } from '#testkit/redis';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import { onBothBackends, type QueueSettings } from './backends.js';
import { drawn } from './draw.js';
import { expectSound, until } from './soundness.js';

const PROCESSES = 2;
const COPIES = 3;
const BATCH = 4;
const CODES_A_GUEST = 4;
const PAYMENTS = 24;
/** Beside the payments: every fourth is refunded in part, every sixth is cancelled. */
const ENTRIES = PAYMENTS + PAYMENTS / 4 + PAYMENTS / 6;
const POSTING = `datname = current_database() AND query LIKE '%DELETE FROM staged_entries%'
  AND pid <> pg_backend_pid() AND state = 'active'`;

let hub: HubUnderTest;
let workers: ChildProcess[] = [];
let sold = 0;

onBothBackends((settings, redis) => {
  beforeAll(() => open(settings), 60_000);
  afterEach(stopWorkers, 60_000);
  afterAll(() => hub.close());

  it('post each entry once, however often and in whatever order jobs come', async () => {
    await shuffleJobs(settings);
  }, 120_000);
  if (redis !== undefined) {
    it('post what an emptied and a restarted Redis has forgotten', async () => {
      await emptyAndRestart(settings, redis());
    }, 120_000);
  }
});

async function open(settings: QueueSettings): Promise<void> {
  sold = 0;
  hub = await HubUnderTest.open({ environment: { WORKERS_INLINE: 'no', ...settings() } });
  await hub.database.dataSource.query(
    `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$;
     CREATE TRIGGER dawdle AFTER INSERT ON journal_lines EXECUTE FUNCTION dawdle()`,
  );
}

async function sell(payments: number): Promise<void> {
  const guests = Array.from({ length: payments / CODES_A_GUEST }, (_, n) => `guest-${String(n)}`);
  const codes = (
    await Promise.all(guests.map((guest) => hub.wallet.codes(guest, CODES_A_GUEST)))
  ).flat();
  expect(codes).toHaveLength(payments);
  await Promise.all(
    codes.map(async (code, n) => {
      const body = hub.acquirer.charge(code, yen(2_000 + sold + n));
      expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
      const id = body['paymentRequestId'];
      if (n % 4 === 0) await hub.acquirer.refund(id, yen(300));
      if (n % 6 === 1) await hub.acquirer.cancel(id);
    }),
  );
  sold += payments;
}

function startWorkers({ REDIS_URL }: { readonly REDIS_URL: string }): void {
  const settings = { DATABASE_URL: hub.database.url, REDIS_URL };
  workers = Array.from({ length: PROCESSES }, () =>
    startClearing({ ...settings, CLEARING_BATCH_SIZE: String(BATCH) }),
  );
}

async function stopWorkers(): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => endOfClearing(worker, 'SIGTERM')));
}

async function shuffleJobs(settings: QueueSettings): Promise<void> {
  const { dataSource, url } = hub.database;
  await sell(PAYMENTS);
  await hub.passTime(0);
  expect(await hub.count('staged_entries')).toBe(ENTRIES);
  const { REDIS_URL } = settings();
  const connection = queueConnectionOf(url, REDIS_URL === '' ? undefined : REDIS_URL);
  const log = createLogger({ name: 'test', level: 'silent' });
  const queue = createQueue<PostingJob>(POSTING_QUEUE, connection, log);
  try {
    const batches: PostingJob[] = [];
    // Leased for as long as the test runs: nobody else may give these entries another number.
    const terms = { size: BATCH, leaseMs: 600_000, maxOpen: ENTRIES, relay: 'test' };
    for (;;) {
      const batch = await claimBatch(dataSource.manager, terms);
      if (batch === null) break;
      batches.push(batch);
    }
    expect(batches).toHaveLength(Math.ceil(ENTRIES / BATCH));
    // The copies of a job follow each other, so that both processes have it in hand at once.
    const order = batches
      .map((batch) => ({ batch, at: drawn('order of jobs', batch.batchNo) }))
      .sort((a, b) => a.at - b.at);
    for (const { batch } of order) {
      for (let copy = 0; copy < COPIES; copy++) {
        await queue.add('post', batch, `batch-${String(batch.batchNo)}-${String(copy)}`);
      }
    }
    // Nobody posts before all are there: else the first might have done everything by then.
    await dataSource.transaction(async (tx) => {
      await tx.query('LOCK TABLE staged_entries IN EXCLUSIVE MODE');
      startWorkers(settings());
      await Promise.all(workers.map(clearingReady));
    });
    let met = 0;
    await until('every job is done', async () => {
      met += await hub.count(`pg_stat_activity WHERE ${POSTING} AND wait_event_type = 'Lock'`);
      const { waiting, active } = await queue.counts();
      return waiting + active === 0;
    });
    // Without this the test would prove nothing: one waited for another with the same entries.
    expect(met).toBeGreaterThan(0);
    expect((await queue.counts()).failed).toBe(0);
  } finally {
    await queue.close();
  }
  const [row] = await dataSource.query<{ posted: number; by: number }[]>(
    `SELECT sum(posted)::int AS posted, count(DISTINCT worker)::int AS by FROM posting_batches`,
  );
  expect(row).toEqual({ posted: ENTRIES, by: PROCESSES });
  await expectSound(hub, ENTRIES);
}

async function emptyAndRestart(settings: QueueSettings, redis: TestRedis): Promise<void> {
  const before = await hub.count('journal_entries');
  startWorkers(settings());
  await sell(PAYMENTS / 2);
  await until('a batch is being posted', async () => {
    return (await hub.count(`pg_stat_activity WHERE ${POSTING}`)) > 0;
  });
  await redis.empty();
  await sell(PAYMENTS / 2);
  await redis.kill();
  await sell(PAYMENTS / 2);
  await sleep(500);
  expect(await hub.count('staged_entries')).toBeGreaterThan(0);
  await redis.restart();
  await until('the outbox is empty', async () => (await hub.count('staged_entries')) === 0);
  expect(await hub.count('journal_entries')).toBeGreaterThanOrEqual(before + (3 * PAYMENTS) / 2);
  await expectSound(hub, before + (3 * PAYMENTS) / 2);
}
