/**
 * Goal: a connection cut in the middle of a commit, before the server has it or before its answer
 * is heard, under two hubs with a clock that steps, neither loses nor doubles a payment.
 * Method: the hubs reach the database over a line that cuts commits of every other wave of guests;
 * tills repeat their requests until they are told an end. With jobs over PostgreSQL and over Redis.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readHubClock, setHubClock } from '#ledger';
import { openDatabaseLine, type CommitCut, type DatabaseLine } from '#testkit/database-line';
import type { RunningHub } from '../../apps/hub/src/start-hub.js';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import { onBothBackends, type QueueSettings } from './backends.js';
import { drawer } from './draw.js';
import { expectSound, until } from './soundness.js';

const PAYMENTS = 40;
const WAVE = 4;
const CUTS_A_WAVE = 3;
const CUTS = (PAYMENTS / WAVE / 2) * CUTS_A_WAVE;

let line: DatabaseLine;
let hub: HubUnderTest;
let second: RunningHub;
async function openHubs(settings: QueueSettings): Promise<void> {
  const server = new URL(process.env['WAYFARE_TEST_DATABASE_URL'] ?? 'postgres://127.0.0.1:5432');
  line = await openDatabaseLine({ host: server.hostname, port: Number(server.port) });
  hub = await HubUnderTest.open({
    environment: {
      PARTNER_TIMEOUT_MS: '3000',
      HUB_ANSWER_WITHIN_MS: '2500',
      INQUIRY_DELAYS_MS: '2000,2000,2000',
      ...settings(),
    },
    ownDuties: true,
    databaseUrl: (url) => {
      const cut = new URL(url);
      cut.host = `127.0.0.1:${String(line.port)}`;
      return cut.href;
    },
  });
  second = await hub.another();
}

onBothBackends((settings) => {
  beforeAll(() => openHubs(settings), 60_000);
  afterAll(async () => {
    await second.close();
    await hub.close();
    await line.close();
  });

  it('commits that are cut are repeated, found, and booked once', cutCommits, 120_000);
});

async function cutCommits(): Promise<void> {
  const { manager } = hub.database.dataSource;
  const draw = drawer('commits');
  const codes = (
    await Promise.all([1, 2, 3, 4].map((n) => hub.wallet.codes(`crowd-${String(n)}`, 10)))
  ).flat();
  const bodies = codes.map((code, n) => hub.acquirer.charge(code, yen(400 + n)));
  expect(bodies).toHaveLength(PAYMENTS);
  const pay = (body: object, n: number) =>
    hub.acquirer.partner.send('payments/pay', body, {
      hubUrl: n % 2 === 0 ? hub.url : second.url,
    });
  const crowd = new AbortController();
  const stepping = (async () => {
    const trueMs = await readHubClock(manager);
    const startedMs = Date.now();
    while (!crowd.signal.aborted) {
      await setHubClock(manager, trueMs + Date.now() - startedMs + (draw() - 50) * 1_000);
      await sleep(40);
    }
    await setHubClock(manager, null);
  })();
  try {
    for (let from = 0; from < PAYMENTS; from += WAVE) {
      const cuts = (from / WAVE) % 2 === 0 ? CUTS_A_WAVE : 0;
      line.cutNextCommits(
        Array.from({ length: cuts }, (): CommitCut => (draw() < 50 ? 'request' : 'answer')),
      );
      await Promise.all(bodies.slice(from, from + WAVE).map(pay));
    }
    await until('every payment has its end', async () => {
      hub.clock.advance(5_000);
      const replies = await Promise.all(bodies.map(pay));
      return replies.every(({ result }) => result.resultStatus !== 'U');
    });
  } finally {
    crowd.abort();
    await stepping;
  }
  await until('nothing is under way', async () => {
    hub.clock.advance(5_000);
    await sleep(100);
    return (await hub.count('payments WHERE completed_at IS NULL')) === 0;
  });
  expect(line.commitsCut()).toBe(CUTS);
  expect(await hub.count(`payments WHERE state = 'succeeded'`)).toBeGreaterThanOrEqual(
    PAYMENTS / 4,
  );
  await expectSound(hub, PAYMENTS / 4);
}
