/*
 * Goal: what the books refuse is found with its reason, shown, repaired and posted by two persons,
 * over either queue, and its neighbours never wait for it.
 * Method: a real hub that clears; among good entries one of a cycle that does not exist. The repair
 * is that cycle. Other kinds are planted as rows where their work waits.
 */
import type { DeadLetterView } from '#contracts/operator/dead-letters';
import { AccountBook, dailyCycleAt, ensureCycles, ledgerChecks, stageEntries } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { entryCase } from '#testkit/journal-cases';
import { findRedisServer, openTestRedis } from '#testkit/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardedHub } from '../operators/guarded-hub.js';

const TODAY_MS = Date.now();
const LOST_DAY_MS = Date.UTC(2025, 0, 15, 12);

async function until<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

async function postedEntries(hub: GuardedHub): Promise<number> {
  const [row] = await hub.database.dataSource.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM journal_entries',
  );
  return row?.n ?? 0;
}

async function findsRepairsReplays(redisUrl: string | undefined): Promise<void> {
  const hub = await GuardedHub.open({
    WORKERS_INLINE: 'yes',
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  });
  try {
    const ana = await hub.issue({ name: 'ana', scopes: ['read', 'queues:write'] });
    const ben = await hub.issue({ name: 'ben', scopes: ['read', 'approvals:write'] });
    const { manager } = hub.database.dataSource;
    const today = dailyCycleAt(TODAY_MS).id;
    const lost = dailyCycleAt(LOST_DAY_MS).id;
    const cycles = [today, today, lost, today];
    const entries = cycles.map((cycle, n) => entryCase(n + 1, cycle));
    await stageEntries(manager, new AccountBook(), entries);

    const list = async (filter = ''): Promise<DeadLetterView[]> =>
      (await hub.ask(`GET /api/dead-letters${filter}`, { key: ana })).body[
        'items'
      ] as DeadLetterView[];
    const letter = await until(async () => (await list())[0], 'the dead letter');
    expect(letter).toMatchObject({
      id: `entry:${String(entries[2]?.id)}`,
      kind: 'entry',
      subject: entries[2]?.paymentId,
      reason: expect.stringContaining('names a cycle that does not exist') as string,
      replays: 0,
      endedAt: null,
    });
    await until(async () => ((await postedEntries(hub)) === 3 ? true : undefined), 'neighbours');

    const path = `/api/dead-letters/${encodeURIComponent(letter.id)}`;
    expect((await hub.ask(`GET ${path}`, { key: ana })).body).toMatchObject({ id: letter.id });
    const body = { reason: 'the cycle was lost with a backup and is there again' };
    expect((await hub.ask(`POST ${path}/replay`, { key: ben, body })).status).toBe(403);
    const proposed = await hub.ask(`POST ${path}/replay`, { key: ana, body });
    expect(proposed).toMatchObject({ status: 201, body: { state: 'pending', subject: letter.id } });
    const approval = `/api/approvals/${String(proposed.body['id'])}/approve`;
    expect((await hub.ask(`POST ${approval}`, { key: ana, body: {} })).status).toBe(403);

    await ensureCycles(manager, LOST_DAY_MS, 1);
    expect(await hub.ask(`POST ${approval}`, { key: ben, body: {} })).toMatchObject({
      body: { state: 'executed' },
    });
    await until(async () => ((await postedEntries(hub)) === 4 ? true : undefined), 'the repaired');
    const ended = await until(async () => (await list('?state=ended'))[0], 'its end');
    expect(ended).toMatchObject({ id: letter.id, replays: 1 });
    expect(ended.endedAt).not.toBeNull();
    expect(await list()).toEqual([]);
    expect((await hub.audit('&action=deadLetters.replay'))[0]).toMatchObject({
      subject: letter.id,
      person: 'ben',
    });
    const again = await hub.ask(`POST ${path}/replay`, { key: ana, body });
    expect(again).toMatchObject({ status: 412 });
    const broken = (await runChecks(hub.database.dataSource, ledgerChecks)).filter((c) => !c.ok);
    // The lost day's cycle is not closed yet; nothing else is amiss.
    expect(broken.map(({ name }) => name)).toEqual([]);
  } finally {
    await hub.close();
  }
}

describe('an entry that the books refuse', () => {
  it(
    'is found, repaired and replayed over PostgreSQL',
    () => findsRepairsReplays(undefined),
    90_000,
  );

  const binary = findRedisServer();
  if (binary === undefined) {
    console.warn(
      'SKIPPED: no redis-server or valkey-server in PATH, replay over Redis is untested',
    );
  }
  (binary === undefined ? it.skip : it)(
    'is found, repaired and replayed over Redis',
    async () => {
      const redis = await openTestRedis(binary ?? '');
      try {
        await findsRepairsReplays(redis.url);
      } finally {
        await redis.close();
      }
    },
    90_000,
  );
});

describe('a replay that nobody decided in time', () => {
  it('is refused when the failure ended and came again, and repeats are counted', async () => {
    const hub = await GuardedHub.open();
    try {
      const { dataSource } = hub.database;
      const ben = await hub.issue({ name: 'ben', scopes: ['approvals:write'] });
      const cycle = dailyCycleAt(TODAY_MS).id;
      await dataSource.query(
        `INSERT INTO settlement_runs (cycle_id, due_at, attempts, fault) VALUES ($1, now(), 1, 'no rate')`,
        [cycle],
      );
      const path = `/api/dead-letters/netting:${cycle}`;
      const show = async (): Promise<DeadLetterView> =>
        (await hub.ask(`GET ${path}`, { key: hub.rootKey })).body as unknown as DeadLetterView;
      expect(await show()).toMatchObject({ kind: 'netting', subject: cycle, attempts: 1 });
      await dataSource.query(`UPDATE settlement_runs SET attempts = 4, fault = 'no rate yet'`);
      expect(await show()).toMatchObject({ attempts: 4, reason: 'no rate yet' });

      const body = { reason: 'rates are imported' };
      const proposed = await hub.ask(`POST ${path}/replay`, { key: hub.rootKey, body });
      await dataSource.query(`UPDATE settlement_runs SET fault = NULL`);
      expect((await show()).endedAt).not.toBeNull();
      await dataSource.query(`UPDATE settlement_runs SET attempts = 5, fault = 'another'`);
      expect(await show()).toMatchObject({ attempts: 5, reason: 'another', endedAt: null });
      const approve = `POST /api/approvals/${String(proposed.body['id'])}/approve`;
      expect(await hub.ask(approve, { key: ben, body: {} })).toMatchObject({ status: 412 });
    } finally {
      await hub.close();
    }
  }, 60_000);
});
