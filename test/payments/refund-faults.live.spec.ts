/**
 * Goal: every invariant of refunds raises its alarm, names the row, and no alarm rings for nothing.
 * Method: one payment refunded in part, once with a refusal of the wallet; each fault is planted
 * past all triggers in a transaction that is rolled back, and the checks look from inside it.
 */
import { refundChecks } from '#payments';
import { CHECKS } from '#verification';
import { alarmsOf } from '#testkit/planted-fault';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { failed } from './partner.js';

let hub: HubUnderTest;
let paid = '';
let refunded = '';
let refused = '';

beforeAll(async () => {
  hub = await HubUnderTest.open();
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_200));
  paid = String((await hub.acquirer.pay(body))['paymentId']);
  const requestId = body['paymentRequestId'];
  refunded = String((await hub.acquirer.refund(requestId, yen(500)))['refundId']);
  hub.wallet.partner.on('payments/refund', () => ({ result: failed('RISK_REJECT') }));
  refused = String((await hub.acquirer.refund(requestId, yen(100)))['refundId']);
  await hub.posted();
}, 60_000);
afterAll(() => hub.close());

const alarms = (plant?: string): Promise<Map<string, string[]>> =>
  alarmsOf(hub.database.dataSource, CHECKS, plant);

it('is quiet while nothing is wrong', async () => {
  expect(await alarms()).toEqual(new Map());
});

const FAULTS: readonly [
  check: string,
  fault: string,
  plant: () => string,
  offender: () => string,
][] = [
  [
    'refunds-within-payment',
    'a refund that its payment does not count',
    () => `UPDATE payments SET refunded_minor = 0 WHERE id = '${paid}'`,
    () => paid,
  ],
  [
    'refunds-within-payment',
    'a user who got back more than was paid',
    () => `UPDATE refunds SET refund_from_minor = refund_from_minor * 10 WHERE id = '${refunded}'`,
    () => paid,
  ],
  [
    'refunds-within-payment',
    'a payment that was cancelled beside its refund',
    () =>
      `ALTER TABLE payments DROP CONSTRAINT payments_refunded_success;
         UPDATE payments SET state = 'cancelled' WHERE id = '${paid}'`,
    () => paid,
  ],
  [
    'refunds-have-entries',
    'an entry that was lost',
    () =>
      `WITH e AS (DELETE FROM journal_entries WHERE event = '${refunded}:paymentRefunded'
                    RETURNING entry_no)
         DELETE FROM journal_lines WHERE entry_no IN (SELECT entry_no FROM e)`,
    () => refunded,
  ],
  [
    'refunds-have-entries',
    'a refund in another cycle than its entry',
    () => `UPDATE refunds SET cycle_id = 'cyc_20200101' WHERE id = '${refunded}'`,
    () => refunded,
  ],
  [
    'refunds-have-entries',
    'an entry of a refund that was refused',
    () =>
      `UPDATE journal_entries SET event = '${refused}:paymentRefunded'
         WHERE event = '${refunded}:paymentRefunded'`,
    () => refused,
  ],
  [
    'refund-entries-agree',
    'a wallet that was credited another amount',
    () =>
      `UPDATE refunds SET wallet_credit_minor = wallet_credit_minor + 1 WHERE id = '${refunded}'`,
    () => refunded,
  ],
  [
    'refund-state-follows-its-timeline',
    'a timeline without its last answer',
    () =>
      `DELETE FROM refund_events WHERE seq = (SELECT max(seq) FROM refund_events
                                                WHERE refund_id = '${refunded}')`,
    () => refunded,
  ],
  [
    'request-key-has-its-payment',
    'a request key whose refund is gone',
    () => `DELETE FROM refunds WHERE id = '${refused}'`,
    () => 'acq_kamogawa payments/refund',
  ],
  [
    'exposure-equals-payments',
    'a release of exposure that no refund made',
    () => `UPDATE refunds SET released_minor = 0 WHERE id = '${refunded}'`,
    () => 'truemoney THB',
  ],
  [
    'no-duty-is-forgotten',
    'a wallet nobody asks again',
    () =>
      `UPDATE refunds SET state = 'processing', duty_attempt = 1, completed_at = NULL,
           cycle_id = NULL, released_minor = NULL,
           duty_due_at = clock_timestamp() - interval '1 hour' WHERE id = '${refunded}'`,
    () => refunded,
  ],
];

it('has a planted fault for every check of refunds', () => {
  const planted = new Set(FAULTS.map(([check]) => check));
  expect(refundChecks.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
});

it.each(FAULTS)('%s rings for %s', async (check, _, plant, offender) => {
  const ringing = await alarms(plant());
  expect(ringing.get(check)?.some((named) => named.startsWith(offender()))).toBe(true);
});
