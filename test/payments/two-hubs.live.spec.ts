/**
 * Goal: nothing that holds in one hub process depends on there being only one: request ids, codes,
 * caps and duties are the database's. Method: two whole hubs on one database, each request of a
 * crowd sent to either or to both.
 */
import { DutyRunner, PartnerCalls } from '#payments';
import type { RunningHub } from '../../apps/hub/src/start-hub.js';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import type { HubReply } from './partner.js';

let hub: HubUnderTest;
let second: RunningHub;
beforeAll(async () => {
  hub = await HubUnderTest.open({
    environment: { PARTNER_TIMEOUT_MS: '30000', HUB_ANSWER_WITHIN_MS: '25000' },
  });
  second = await hub.another();
}, 60_000);
afterAll(async () => {
  await second.close();
  await hub.close();
});

function payAt(index: number, body: object): Promise<HubReply> {
  const hubUrl = index % 2 === 0 ? hub.url : second.url;
  return hub.acquirer.partner.send('payments/pay', body, { hubUrl });
}

function count(replies: readonly HubReply[], resultCode: string): number {
  return replies.filter(({ result }) => result.resultCode === resultCode).length;
}

async function sound(): Promise<void> {
  await hub.idle();
  await second.app.get(PartnerCalls).idle();
  await hub.posted();
  expect(await hub.faults()).toEqual([]);
}

it('the same request at both has one effect', async () => {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_200));
  const before = hub.wallet.partner.callsTo('payments/pay').length;
  const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => payAt(n, body)));
  // The process that did not charge says that it is in process, and tells the end when asked again.
  expect(count(replies, 'SUCCESS') + count(replies, 'PAYMENT_IN_PROCESS')).toBe(20);
  expect(count(replies, 'SUCCESS')).toBeGreaterThan(0);
  expect(hub.wallet.partner.callsTo('payments/pay')).toHaveLength(before + 1);
  const [one, two] = [await payAt(0, body), await payAt(1, body)];
  expect(one.result.resultCode).toBe('SUCCESS');
  expect(two).toEqual(one);
  await sound();
});

it('a code shown at tills of both pays once', async () => {
  const code = await hub.wallet.code('bee');
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, n) => payAt(n, hub.acquirer.charge(code, yen(300)))),
  );
  expect(count(replies, 'SUCCESS')).toBe(1);
  expect(count(replies, 'INVALID_CODE')).toBe(9);
  await sound();
});

it('a cap and a day are the same at both', async () => {
  const probe = hub.acquirer.charge(await hub.wallet.code('probe'), yen(500));
  await hub.acquirer.pay(probe);
  const owes = BigInt((await hub.payment(probe['paymentRequestId'])).wallet_owes_minor ?? 0);
  const { reserved, outstanding } = await hub.exposure('truemoney');
  const cap = reserved + outstanding + owes * 31n - 1n;
  await hub.database.dataSource.query(
    `UPDATE exposures SET cap = $1, prefund = 0 WHERE participant_id = 'truemoney'`,
    [cap.toString()],
  );
  const codes = (
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => hub.wallet.codes(`crowd-${String(n)}`, 10)),
    )
  ).flat();
  const replies = await Promise.all(
    codes.map((code, n) => payAt(n, hub.acquirer.charge(code, yen(500)))),
  );
  expect(count(replies, 'SUCCESS')).toBe(30);
  expect(count(replies, 'PROCESS_FAIL')).toBe(50);
  await hub.database.dataSource.query(
    `UPDATE exposures SET cap = 75000000000 WHERE participant_id = 'truemoney'`,
  );
  const day = await hub.wallet.codes('rich', 10);
  const rich = await Promise.all(
    day.map((code, n) => payAt(n, hub.acquirer.charge(code, yen(150_000)))),
  );
  const [usage] = await hub.database.dataSource.query<{ used_minor: string }[]>(
    `SELECT used_minor FROM payer_usage WHERE customer_id = 'rich'`,
  );
  expect(BigInt(usage?.used_minor ?? -1)).toBeLessThanOrEqual(10_000_000n);
  expect(count(rich, 'USER_AMOUNT_EXCEED_LIMIT')).toBe(10 - count(rich, 'SUCCESS'));
  await sound();
});

it('a duty is done by one of them', async () => {
  hub.wallet.partner.misbehave = ({ operation }) =>
    operation === 'payments/pay' ? 'dropConnection' : undefined;
  const codes = await hub.wallet.codes('cho', 10);
  await Promise.all(codes.map((code, n) => payAt(n, hub.acquirer.charge(code, yen(200)))));
  hub.wallet.reset();
  const before = hub.wallet.partner.callsTo('payments/inquiryPayment').length;
  hub.clock.advance(4_000);
  const done = await Promise.all(
    [hub.app, second.app, hub.app, second.app].map((app) => app.get(DutyRunner).runDue()),
  );
  expect(done.reduce((a, b) => a + b, 0)).toBe(10);
  expect(hub.wallet.partner.callsTo('payments/inquiryPayment')).toHaveLength(before + 10);
  await sound();
});

it('a cancel at one and a success at the other agree on one end', async () => {
  const orders = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const body = hub.acquirer.payBody('OrderCode', yen(400));
      const reply = await hub.acquirer.pay(body);
      const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
      const scanned = await hub.wallet.scan(form.codeDetails[0]?.codeValue ?? '', 'dan');
      return { id: body['paymentRequestId'], scanned };
    }),
  );
  await Promise.all(
    orders.flatMap(({ id, scanned }) => [
      hub.wallet.confirm(scanned),
      hub.acquirer.partner.send(
        'payments/cancelPayment',
        { paymentRequestId: id },
        { hubUrl: second.url },
      ),
    ]),
  );
  await hub.passTime(60_000);
  const states = await Promise.all(orders.map(async ({ id }) => (await hub.payment(id)).state));
  expect(new Set(states)).toEqual(new Set(['cancelled']));
  await sound();
});
