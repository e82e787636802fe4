/*
 * Goal: a paused stage takes nothing in any process, also in one that starts later; what is paid
 * meanwhile is kept and posted once afterwards; a drain empties before it pauses.
 * Method: two real hubs that clear, on one database, over either queue; payments are completed by
 * the statement sequence of the product.
 */
import type { QueueScaling, QueuesView } from '#contracts/operator/queues';
import { AccountBook, ledgerChecks } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { completePayments } from '#testkit/cycle-cases';
import { findRedisServer, openTestRedis } from '#testkit/redis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningHub } from '../../apps/hub/src/start-hub.js';
import { GuardedHub } from '../operators/guarded-hub.js';

class Queues {
  private next = 1;
  private readonly book = new AccountBook();

  constructor(
    private readonly hub: GuardedHub,
    private readonly key: string,
  ) {}

  async pay(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, () => this.next++);
    await completePayments(this.hub.database.dataSource, this.book, numbers);
  }

  async order(stage: string, verb: string): Promise<number> {
    const body = { reason: `${verb} for a test` };
    return (await this.hub.ask(`POST /api/queues/${stage}/${verb}`, { key: this.key, body }))
      .status;
  }

  async view(): Promise<QueuesView> {
    return (await this.hub.ask('GET /api/queues', { key: this.key })).body as unknown as QueuesView;
  }

  async until(holds: (view: QueuesView) => boolean, what: string): Promise<QueuesView> {
    const end = Date.now() + 30_000;
    for (;;) {
      const view = await this.view();
      if (holds(view)) return view;
      if (Date.now() > end) throw new Error(`in vain: ${what}; ${JSON.stringify(view)}`);
      await sleep(50);
    }
  }

  async posted(): Promise<number> {
    const [row] = await this.hub.database.dataSource.query<{ n: number }[]>(
      'SELECT count(*)::int AS n FROM journal_entries',
    );
    return row?.n ?? 0;
  }
}

const obeyed = (view: QueuesView): boolean => view.stages.every((stage) => stage.obeyed);
const statesOf = (view: QueuesView): Record<string, string> =>
  Object.fromEntries(view.stages.map(({ stage, state }) => [stage, state]));

async function pausesAndDrains(redisUrl: string | undefined): Promise<void> {
  const hub = await GuardedHub.open({
    WORKERS_INLINE: 'yes',
    CLEARING_BATCH_SIZE: '10',
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  });
  let second: RunningHub | undefined;
  try {
    const queues = new Queues(
      hub,
      await hub.issue({ name: 'ana', scopes: ['read', 'queues:write'] }),
    );
    await queues.pay(25);
    await queues.until(({ outbox }) => outbox.waiting === 0, 'the first payments are posted');

    for (const stage of ['posting', 'relay']) {
      const before = await queues.posted();
      expect(await queues.order(stage, 'pause')).toBe(200);
      await queues.until(obeyed, `${stage} is paused`);
      // What starts later reads the same row.
      second ??= await hub.another();
      await queues.pay(40);
      await sleep(1_500);
      const held = await queues.view();
      expect(held.outbox).toMatchObject({ waiting: 40, aside: 0 });
      expect(await queues.posted()).toBe(before);
      expect(await queues.order(stage, 'resume')).toBe(200);
      await queues.until(({ outbox }) => outbox.waiting === 0, `${stage} has caught up`);
      expect(await queues.posted()).toBe(before + 40);
    }

    await queues.pay(60);
    expect(await queues.order('all', 'drain')).toBe(200);
    const drained = await queues.until(
      (view) => Object.values(statesOf(view)).every((state) => state === 'paused') && obeyed(view),
      'both stages are drained',
    );
    expect(drained.outbox.waiting).toBe(0);
    expect(drained.inFlight.batches).toBe(0);
    expect(await queues.posted()).toBe(165);
    await queues.pay(5);
    // A drain of what is paused changes nothing.
    expect(await queues.order('all', 'drain')).toBe(200);
    expect(statesOf(await queues.view())).toEqual({ relay: 'paused', posting: 'paused' });
    expect(await queues.order('all', 'resume')).toBe(200);
    await queues.until(({ outbox }) => outbox.waiting === 0, 'all goes on');
    expect(await queues.posted()).toBe(170);

    const scaling = (await hub.ask('GET /api/queues/scaling', { key: hub.rootKey }))
      .body as unknown as QueueScaling;
    expect(scaling).toMatchObject({ workersAlive: 2, backlog: 0, workersWanted: 1 });
    expect((await runChecks(hub.database.dataSource, ledgerChecks)).filter((c) => !c.ok)).toEqual(
      [],
    );
    expect((await hub.audit('&action=queues.pause')).map(({ subject }) => subject).sort()).toEqual([
      'posting',
      'relay',
    ]);
  } finally {
    await second?.close();
    await hub.close();
  }
}

describe('the stages of the queue', () => {
  it('pause, drain and go on over PostgreSQL', () => pausesAndDrains(undefined), 120_000);

  const binary = findRedisServer();
  if (binary === undefined) {
    console.warn(
      'SKIPPED: no redis-server or valkey-server in PATH, pausing over Redis is untested',
    );
  }
  (binary === undefined ? it.skip : it)(
    'pause, drain and go on over Redis',
    async () => {
      const redis = await openTestRedis(binary ?? '');
      try {
        await pausesAndDrains(redis.url);
      } finally {
        await redis.close();
      }
    },
    120_000,
  );
});

it('takes orders from keys with the scope alone, and only known ones', async () => {
  const hub = await GuardedHub.open();
  try {
    const reader = await hub.issue({ name: 'reader', scopes: ['read'] });
    const body = { reason: 'a try' };
    expect((await hub.ask('POST /api/queues/all/pause', { key: reader, body })).status).toBe(403);
    const ask = (path: string, content: object = body) =>
      hub.ask(`POST /api/queues/${path}`, { key: hub.rootKey, body: content });
    expect((await ask('nothing/pause')).status).toBe(404);
    expect((await ask('relay/explode')).status).toBe(404);
    expect((await ask('relay/pause', {})).status).toBe(422);
    expect(await hub.audit('&action=queues.pause&outcome=done')).toEqual([]);
    expect(await hub.raw('/board', { host: 'localhost' })).toBe(200);
    expect((await hub.ask('GET /api/queues', { key: reader })).body).toMatchObject({
      processes: [],
    });
  } finally {
    await hub.close();
  }
}, 60_000);
