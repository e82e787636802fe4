// Goal: a hub that nobody told to record decisions writes none of them, whatever it decides and
// whatever its database would record by itself; and the hub that starts last decides for both.
// Method: a hub with no setting but its port and folder takes a payment, a cancel, a refund, another
// cap, a cut-off and a netting, each of which must be in its own table and none in the record. A
// hub told to record, on the same database, shows that the same doings would have been seen.
import { setTimeout as sleep } from 'node:timers/promises';
import { setHubClock } from '#ledger';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';

const HOUR_MS = 3_600_000;
const WITHIN_MS = 30_000;

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

const recorded = (): Promise<number> => hub.count('decision_log');

async function recording(): Promise<boolean | undefined> {
  const [row] = await hub.database.dataSource.query<{ recording: boolean }[]>(
    'SELECT recording FROM decision_log_state',
  );
  return row?.recording;
}

async function buy(customer: string): Promise<unknown> {
  const body = hub.acquirer.charge(await hub.wallet.code(customer), yen(1_200));
  const { result } = await hub.acquirer.pay(body);
  expect(result.resultStatus).toBe('S');
  return body['paymentRequestId'];
}

const raiseCap = (): Promise<unknown> =>
  hub.database.dataSource.query(
    `UPDATE exposures SET cap = cap + 1 WHERE participant_id = 'truemoney'`,
  );

/** Closes and finalises the cycle of what was paid, and waits for its netting. */
async function endDay(): Promise<void> {
  const { manager } = hub.database.dataSource;
  await hub.posted();
  const [cycle] = await manager.query<{ id: string; ends_at: Date }[]>(
    'SELECT id, ends_at FROM cycles WHERE id IN (SELECT cycle_id FROM payments) ORDER BY ends_at',
  );
  if (cycle === undefined) throw new Error('nothing was paid');
  await setHubClock(manager, cycle.ends_at.getTime() + HOUR_MS);
  const untilMs = Date.now() + WITHIN_MS;
  while ((await hub.count(`settlement_runs WHERE state = 'netted'`)) === 0) {
    if (Date.now() > untilMs) throw new Error(`${cycle.id} is never netted`);
    await sleep(20);
  }
}

it('is off unless somebody turns it on, and then nothing is written', async () => {
  expect(await recording()).toBe(false);
  await hub.acquirer.cancel(await buy('ann'));
  await hub.acquirer.refund(await buy('ben'), yen(500));
  await raiseCap();
  await endDay();
  expect({
    cancelled: await hub.count(`payments WHERE state = 'cancelled'`),
    refunded: await hub.count('refunds'),
    netted: await hub.count(`settlement_runs WHERE state = 'netted'`),
    exposures: (await hub.count('exposures')) > 0,
  }).toEqual({ cancelled: 1, refunded: 1, netted: 1, exposures: true });
  expect(await recorded()).toBe(0);
}, 60_000);

it('begins with what everybody owes when a hub starts that was told to, and goes on', async () => {
  const other = await hub.another({ DECISION_LOG: 'on' });
  expect(await recording()).toBe(true);
  const exposures = await hub.count('exposures');
  expect(exposures).toBeGreaterThan(0);
  expect(await recorded()).toBe(exposures);
  await raiseCap();
  expect(await recorded()).toBe(exposures + 1);
  await other.close();
}, 60_000);

it('is off again with the next hub that was not told to, and what it has stays', async () => {
  const before = await recorded();
  expect(before).toBeGreaterThan(0);
  await hub.restart();
  expect(await recording()).toBe(false);
  await raiseCap();
  await hub.acquirer.cancel(await buy('cho'));
  expect(await recorded()).toBe(before);
}, 60_000);
