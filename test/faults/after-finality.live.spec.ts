/**
 * Goal: what strikes after a day has become final changes nothing of how it is settled: the whole
 * ledger, settlement and covers included, has the content of a run in which nothing broke.
 * Method: the same day is played twice with the same requests, on databases of their own. In one,
 * two hubs settle it over a line that is cut in mid-commit and altogether, one is restarted, and
 * the clock steps back; the two content hashes must be one. With jobs over PostgreSQL and over Redis.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerContentHash, readHubClock, setHubClock } from '#ledger';
import { openDatabaseLine } from '#testkit/database-line';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import { onBothBackends } from './backends.js';
import { expectSound, until } from './soundness.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Noon at UTC+8, days ahead, so that both runs have one calendar whatever the hour is now. */
const NOON_MS = (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS + 4 * HOUR_MS;
const DAYS = 4;
/** A bank whose answer was lost is asked again a minute later. */
const SETTLED_WITHIN_MS = 90_000;

interface Outcome {
  readonly hash: string;
  readonly entries: number;
  readonly settlement: number;
}

async function play(faulty: boolean, environment: Record<string, string>): Promise<Outcome> {
  const server = new URL(process.env['WAYFARE_TEST_DATABASE_URL'] ?? 'postgres://127.0.0.1:5432');
  const line = await openDatabaseLine({ host: server.hostname, port: Number(server.port) });
  const hub = await HubUnderTest.open({
    environment,
    ownDuties: true,
    databaseUrl: (url) => {
      const cut = new URL(url);
      cut.host = `127.0.0.1:${String(line.port)}`;
      return cut.href;
    },
  });
  const { manager } = hub.database.dataSource;
  try {
    await setHubClock(manager, NOON_MS);
    await until('the hub is ready', async () => (await fetch(`${hub.url}/ready`)).ok);
    await sell(hub);
    await hub.posted();
    const [day] = await manager.query<{ id: string; ends_at: Date }[]>(
      `SELECT id, ends_at FROM cycles WHERE kind = 'daily' AND ends_at > hub_clock()
       ORDER BY ends_at LIMIT 1`,
    );
    if (day === undefined) throw new Error('no day is open');
    await setHubClock(manager, day.ends_at.getTime() + 31 * 60_000);
    await until('the day is final', async () => {
      return (await hub.count(`cycles WHERE id = $1 AND state = 'final'`, [day.id])) === 1;
    });
    if (faulty) await strike(hub, line);
    for (let passed = 1; passed <= DAYS; passed++) {
      await setHubClock(manager, day.ends_at.getTime() + passed * DAY_MS + HOUR_MS);
      if (faulty) line.cutNextCommits(['request', 'answer']);
      await settled(hub);
    }
    if (faulty) expect(line.commitsCut()).toBeGreaterThanOrEqual(6);
    await expectSound(hub, 10);
    const settlement = await hub.count('journal_entries WHERE payment_id IS NULL');
    return { ...(await ledgerContentHash(manager)), settlement };
  } finally {
    await hub.close();
    await line.close();
  }
}

/** One after another: what a run asks must not depend on who is faster. */
async function sell(hub: HubUnderTest): Promise<void> {
  for (const [acquirer, wallet] of [
    [hub.acquirer, hub.wallet],
    [hub.acquirer, hub.otherWallet],
  ] as const) {
    for (let n = 0; n < 4; n++) {
      const body = acquirer.charge(await wallet.code(`guest-${String(n)}`), yen(9_000 + 17 * n));
      expect((await acquirer.pay(body)).result.resultStatus).toBe('S');
      const id = body['paymentRequestId'];
      if (n === 1) expect((await acquirer.refund(id, yen(800))).result.resultStatus).toBe('S');
      if (n === 2) expect((await acquirer.cancel(id)).result.resultStatus).toBe('S');
    }
  }
}

async function strike(
  hub: HubUnderTest,
  line: Awaited<ReturnType<typeof openDatabaseLine>>,
): Promise<void> {
  const { manager } = hub.database.dataSource;
  const second = await hub.another();
  for (let blow = 0; blow < 3; blow++) {
    line.cutNextCommits(['request', 'answer']);
    await sleep(200);
    line.cut();
    await sleep(100);
    line.mend();
    await setHubClock(manager, (await readHubClock(manager)) - 60_000);
  }
  // A start is not to be struck: whoever runs a hub starts it again then.
  await until('all cuts were made', () => Promise.resolve(line.commitsCut() === 6));
  await second.close();
  await until('the hub is back', async () => (await fetch(`${hub.url}/ready`)).ok);
  await hub.restart();
}

/** Every day that has ended is final, netted and covered, and what has fallen due is paid. */
async function settled(hub: HubUnderTest): Promise<void> {
  const giveUpAtMs = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const open = await hub.database.dataSource.query<object[]>(
      `SELECT id, state, ends_at::text AS due FROM cycles WHERE kind <> 'settlement'
         AND state <> 'final' AND ends_at + interval '31 minutes' < hub_clock()
       UNION ALL SELECT cycle_id, 'to be netted', due_at::text FROM settlement_runs WHERE state = 'due'
       UNION ALL SELECT cycle_id, 'to be covered', fault FROM fx_runs WHERE state = 'due'
       UNION ALL SELECT id, state, value_date::text FROM fx_cover_trades
         WHERE state = 'traded' AND value_date < hub_clock()::date
       UNION ALL SELECT id, state, value_date::text FROM obligations
         WHERE state IN ('due', 'partly') AND value_date < hub_clock()::date
       UNION ALL SELECT event, 'staged', kind FROM staged_entries`,
    );
    if (open.length === 0) return;
    if (Date.now() > giveUpAtMs) throw new Error(`still open: ${JSON.stringify(open)}`);
    await sleep(100);
  }
}

let calm: Outcome | undefined;

onBothBackends((settings) => {
  it('leaves the whole ledger as if nothing had broken', async () => {
    // One calm run, over PostgreSQL, for both: who carries the jobs must not show in the books.
    calm ??= await play(false, settings());
    // Money went to and fro, or the two would agree about nothing.
    expect(calm.settlement).toBeGreaterThan(4);
    expect(await play(true, settings())).toEqual(calm);
  }, 600_000);
});
