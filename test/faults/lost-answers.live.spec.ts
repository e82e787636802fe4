/**
 * Goal: lost answers, and notifications that come twice and in any order, delay an outcome and
 * never decide it; and the comparison of books with rules that all fault runs lean on can fail.
 * Method: a wallet that decides by a hash of the request id alone, behind a line that loses 30 of
 * 100 answers of wallet and acquirer; afterwards each payment must have ended as that hash says.
 * With jobs over PostgreSQL and over Redis.
 */
import { compareLedger } from '#testkit/expected-ledger';
import type { WireAnswer, WireCall } from '#platform/wire/index';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import { DONE, failed } from '../payments/partner.js';
import { onBothBackends } from './backends.js';
import { drawer, drawn } from './draw.js';
import { expectSound } from './soundness.js';

const LOST_PERCENT = 30;
const REFUSED_PERCENT = 20;
const CHARGES = 60;
const ORDERS = 20;

let hub: HubUnderTest;

onBothBackends((settings) => {
  beforeAll(async () => {
    hub = await HubUnderTest.open({
      environment: { PARTNER_TIMEOUT_MS: '5000', HUB_ANSWER_WITHIN_MS: '4000', ...settings() },
    });
  }, 60_000);
  afterAll(() => hub.close());

  it('delay payments and refunds, and decide none', loseAnswers, 120_000);
  it('of notifications that come twice and in any order, each counts once', repeatNotices, 60_000);
  it(
    'is seen when the books lack an entry, hold one twice, or are off by one',
    damageBooks,
    60_000,
  );
});

const refuses = (requestId: string): boolean => drawn('wallet', requestId) < REFUSED_PERCENT;

/** Decides by the id alone, whenever it is asked and however often. */
function decide(): void {
  const refused = failed('USER_BALANCE_NOT_ENOUGH');
  const ids = (call: WireCall): string =>
    (call.body as { paymentRequestId: string }).paymentRequestId;
  hub.wallet.partner
    .on('payments/pay', (call) => (refuses(ids(call)) ? { result: refused } : hub.wallet.pay(call)))
    .on('payments/inquiryPayment', (call): WireAnswer => {
      const id = ids(call);
      if (refuses(id)) return { result: DONE, paymentResult: refused };
      if (!hub.wallet.debits.has(id)) return { result: failed('ORDER_NOT_EXIST') };
      return { ...(hub.wallet.receipt(id) as object), result: DONE, paymentResult: DONE };
    });
}

async function loseAnswers(): Promise<void> {
  decide();
  const draw = drawer('line');
  const loses = (): 'dropConnection' | undefined =>
    draw() < LOST_PERCENT ? 'dropConnection' : undefined;
  hub.wallet.partner.misbehave = loses;
  hub.acquirer.partner.misbehave = loses;
  const codes = (
    await Promise.all([1, 2, 3, 4, 5, 6].map((n) => hub.wallet.codes(`guest-${String(n)}`, 10)))
  ).flat();
  const bodies = codes.map((code, n) => hub.acquirer.charge(code, yen(500 + n)));
  expect(bodies).toHaveLength(CHARGES);
  const first = await Promise.all(bodies.map((body) => hub.acquirer.pay(body)));
  // Without this the test would prove nothing: many answers really were lost.
  const unknown = first.filter(({ result }) => result.resultStatus === 'U').length;
  expect(unknown).toBeGreaterThan(CHARGES / 10);
  for (let round = 0; round < 12; round++) {
    await hub.passTime(60_000);
    if ((await hub.count(`payments WHERE completed_at IS NULL`)) === 0) break;
  }
  const states = await Promise.all(
    bodies.map(async ({ paymentRequestId }) => {
      const { id, state } = await hub.payment(paymentRequestId);
      return { id, state, due: refuses(id) ? 'declined' : 'succeeded' };
    }),
  );
  expect(states.filter(({ state, due }) => state !== due)).toEqual([]);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['succeeded', 'declined']));

  const paid = bodies.filter((_, n) => states[n]?.state === 'succeeded').slice(0, 12);
  await Promise.all(
    paid.map(({ paymentRequestId }, n) => hub.acquirer.refund(paymentRequestId, yen(100 + n))),
  );
  for (let round = 0; round < 20; round++) {
    await hub.passTime(3_600_000);
    if ((await hub.count(`refunds WHERE state = 'processing'`)) === 0) break;
  }
  expect(await hub.count(`refunds WHERE state = 'succeeded'`)).toBe(paid.length);
  expect(hub.wallet.refunds.size).toBe(paid.length);
  hub.wallet.reset();
  hub.acquirer.reset();
  await expectSound(hub, paid.length * 2);
}

async function repeatNotices(): Promise<void> {
  const scans = await Promise.all(
    Array.from({ length: ORDERS }, async (_, n) => {
      const reply = await hub.acquirer.pay(hub.acquirer.payBody('OrderCode', yen(700 + n)));
      const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] };
      return hub.wallet.scan(form.codeDetails[0]?.codeValue ?? '', `walker-${String(n)}`);
    }),
  );
  const before = await hub.count(`payments WHERE state = 'succeeded'`);
  const told = [...scans, ...scans, ...scans]
    .map((scan, n) => ({ scan, at: drawn('order of arrival', n) }))
    .sort((a, b) => a.at - b.at);
  const replies = await Promise.all(told.map(({ scan }) => hub.wallet.confirm(scan)));
  expect(new Set(replies.map(({ result }) => result.resultStatus))).toEqual(new Set(['S']));
  // Late ones too: the payment is long over.
  await Promise.all(scans.map((scan) => hub.wallet.confirm(scan)));
  expect(await hub.count(`payments WHERE state = 'succeeded'`)).toBe(before + ORDERS);
  await hub.passTime(60_000);
  await expectSound(hub, before + ORDERS);
}

async function damageBooks(): Promise<void> {
  const { manager } = hub.database.dataSource;
  const before = await compareLedger(manager);
  expect(before.equal).toBe(true);
  const bend = `UPDATE journal_lines SET minor = minor + 1
    WHERE (entry_no, line_no) = (SELECT max(entry_no), 1 FROM journal_entries WHERE payment_id IS NOT NULL)`;
  const lose = `DELETE FROM journal_lines WHERE entry_no = (SELECT min(entry_no) FROM journal_entries)`;
  for (const damage of [bend, lose]) {
    const rollBack = new Error('as it was');
    await expect(
      manager.transaction(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query(damage);
        const after = await compareLedger(tx);
        expect(after.equal).toBe(false);
        expect(after.expected).toEqual(before.expected);
        throw rollBack;
      }),
    ).rejects.toBe(rollBack);
  }
  expect(await compareLedger(manager)).toEqual(before);
}
