/**
 * Goal: every invariant of disputes raises its alarm and names the row, and none rings for nothing.
 * Method: one escalation that lapsed and was refunded by the hub; each fault is planted past all
 * triggers in a transaction that is rolled back, and the checks look from inside it.
 */
import { disputeChecks, DisputeMessages, DisputeRunner } from '#disputes';
import { alarmsOf } from '#testkit/planted-fault';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE } from './partner.js';

let hub: HubUnderTest;
let dispute = '';

beforeAll(async () => {
  hub = await HubUnderTest.open();
  hub.acquirer.partner.on('disputes/initiateEscalation', () => ({ result: DONE }));
  hub.wallet.partner.on('disputes/responseEscalation', () => ({ result: DONE }));
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_200));
  const paymentRequestId = (await hub.acquirer.pay(body))['paymentId'];
  await hub.wallet.partner.send('disputes/initiateEscalation', {
    disputeRequestId: 'w-1',
    paymentRequestId,
    escalationAmount: yen(700),
  });
  await hub.app.get(DisputeMessages).idle();
  for (const ms of [10 * 86_400_000, 0, 3_600_000]) {
    hub.clock.advance(ms);
    await hub.app.get(DisputeRunner).runDue();
  }
  await hub.posted();
  const [row] = await hub.database.dataSource.query<{ id: string; state: string }[]>(
    'SELECT id, state FROM disputes',
  );
  expect(row?.state).toBe('refunded');
  dispute = row?.id ?? '';
}, 60_000);
afterAll(() => hub.close());

const alarms = (plant?: string): Promise<Map<string, string[]>> =>
  alarmsOf(hub.database.dataSource, disputeChecks, plant);

it('is quiet while nothing is wrong', async () => {
  expect(await alarms()).toEqual(new Map());
});

const FAULTS: readonly [check: string, fault: string, plant: string][] = [
  [
    'disputes-belong-to-their-payment',
    'a stranger as party',
    `UPDATE disputes SET wallet_id = 'gcash'`,
  ],
  [
    'disputes-belong-to-their-payment',
    'an amount above the payment',
    'UPDATE disputes SET escalation_minor = 1201',
  ],
  [
    'disputes-keep-their-windows',
    'a start after day 360',
    `UPDATE disputes SET started_at = started_at + interval '361 days',
                         answer_due_at = answer_due_at + interval '361 days'`,
  ],
  ['disputes-keep-their-windows', 'a second one without a first', 'UPDATE disputes SET number = 2'],
  [
    'disputes-keep-their-windows',
    'another time to answer',
    `UPDATE disputes SET answer_due_at = answer_due_at - interval '1 day'`,
  ],
  [
    'refunded-disputes-are-refunded',
    'a refund that was made smaller',
    'UPDATE refunds SET refund_minor = 699',
  ],
  [
    'refunded-disputes-are-refunded',
    'a refund from before it',
    'UPDATE disputes SET refunds_before = (SELECT array_agg(id) FROM refunds)',
  ],
  [
    'dispute-state-follows-its-timeline',
    'a timeline without its end',
    'DELETE FROM dispute_events WHERE seq = (SELECT max(seq) FROM dispute_events)',
  ],
];

it('has a planted fault for every check of disputes', () => {
  const planted = new Set(FAULTS.map(([check]) => check));
  expect(disputeChecks.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
});

it.each(FAULTS)('%s rings for %s', async (check, _, plant) => {
  expect((await alarms(plant)).get(check)).toEqual([dispute]);
});
