/**
 * Goal: every invariant between payments, keys, limits, exposures and books raises its alarm, names
 * the row, and no alarm rings for nothing. Method: three real payments (one paid, one cancelled
 * after it was paid, one declined); each fault is planted past all triggers in a transaction that
 * is rolled back, and the checks look from inside it.
 */
import { paymentChecks } from '#payments';
import { CHECKS } from '#verification';
import { alarmsOf } from '#testkit/planted-fault';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';

let hub: HubUnderTest;
let paid = '';
let cancelled = '';

beforeAll(async () => {
  hub = await HubUnderTest.open();
  const buy = async (customer: string): Promise<[requestId: unknown, paymentId: string]> => {
    const body = hub.acquirer.charge(await hub.wallet.code(customer), yen(1_200));
    const reply = await hub.acquirer.pay(body);
    return [body['paymentRequestId'], String(reply['paymentId'])];
  };
  [, paid] = await buy('ann');
  const [requestId, id] = await buy('ben');
  cancelled = id;
  await hub.acquirer.partner.send('payments/cancelPayment', { paymentRequestId: requestId });
  await hub.sealed();
}, 60_000);
afterAll(() => hub.close());

const alarms = (plant?: string): Promise<Map<string, string[]>> =>
  alarmsOf(hub.database.dataSource, CHECKS, plant);

it('is quiet while nothing is wrong', async () => {
  expect(await alarms()).toEqual(new Map());
});

/** What else rings where an entry and its lines are gone from books that are sealed. */
const LOST_ENTRY = ['totals-match-lines', 'batch-counts-match', 'entry-sealed-or-waiting'];

const FAULTS: readonly [
  check: string,
  fault: string,
  plant: () => string,
  offender: () => string,
  also?: readonly string[],
][] = [
  [
    'succeeded-payment-is-cleared-once',
    'an entry that was lost',
    () =>
      `WITH e AS (DELETE FROM journal_entries WHERE payment_id = '${paid}' RETURNING entry_no)
       DELETE FROM journal_lines WHERE entry_no IN (SELECT entry_no FROM e)`,
    () => paid,
    LOST_ENTRY,
  ],
  [
    'cleared-entry-has-its-payment',
    'an entry in another cycle than its payment',
    () => `UPDATE payments SET cycle_id = 'cyc_20200101' WHERE id = '${paid}'`,
    () => `${paid}:paymentCleared`,
  ],
  [
    'cancelled-success-has-a-contra-entry',
    'a cancel that was not booked',
    () =>
      `WITH e AS (DELETE FROM journal_entries WHERE event = '${cancelled}:paymentCancelled'
                  RETURNING entry_no)
       DELETE FROM journal_lines WHERE entry_no IN (SELECT entry_no FROM e)`,
    () => cancelled,
    LOST_ENTRY,
  ],
  [
    'ledger-agrees-with-payments',
    'a payment that owes less than was booked',
    () => `UPDATE payments SET wallet_owes_minor = wallet_owes_minor - 1 WHERE id = '${paid}'`,
    () => paid,
    ['exposure-equals-payments'],
  ],
  [
    'exposure-equals-payments',
    'an exposure that forgot a payment',
    () => `UPDATE exposures SET outstanding = 0 WHERE participant_id = 'truemoney'`,
    () => 'truemoney THB',
  ],
  [
    'daily-use-equals-payments',
    'a limit that was charged twice',
    () => `UPDATE payer_usage SET used_minor = used_minor * 2 WHERE customer_id = 'ann'`,
    () => 'truemoney ann',
  ],
  [
    'request-key-has-its-payment',
    'a request key that leads nowhere',
    () => `UPDATE requests SET payment_id = 'pay_lost' WHERE payment_id = '${paid}'`,
    () => 'acq_kamogawa payments/pay',
  ],
  [
    'payment-state-follows-its-timeline',
    'a timeline without its last event',
    () =>
      `DELETE FROM payment_events WHERE seq = (SELECT max(seq) FROM payment_events
                                               WHERE payment_id = '${paid}')`,
    () => paid,
  ],
  [
    'payment-carries-stored-quotes',
    'a quote that was removed',
    () =>
      `DELETE FROM quotes WHERE id = (SELECT payer_quote_id FROM payments WHERE id = '${paid}')`,
    () => paid,
  ],
  [
    'no-duty-is-forgotten',
    'a notification nobody sends',
    () =>
      `UPDATE payments SET duty_kind = 'notifyAcquirer', duty_attempt = 1,
         duty_due_at = clock_timestamp() - interval '1 hour' WHERE id = '${paid}'`,
    () => paid,
  ],
];

it('has a planted fault for every check of payments', () => {
  expect(FAULTS.map(([check]) => check).sort()).toEqual(
    paymentChecks.map(({ name }) => name).sort(),
  );
});

it.each(FAULTS)('%s rings for %s', async (check, _, plant, offender, also = []) => {
  const ringing = await alarms(plant());
  expect([...ringing.keys()].sort()).toEqual([check, ...also].sort());
  expect(ringing.get(check)?.some((named) => named.startsWith(offender()))).toBe(true);
});
