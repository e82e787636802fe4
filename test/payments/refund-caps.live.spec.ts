/**
 * Goal: refunds do not let an acquirer owe the hub more than was agreed, and what the hub owes it
 * covers them first. Method: the hub pays the acquirer out, so that nothing covers a refund, and
 * the cap is drawn in to a few thousand yen.
 */
import { AccountBook, stageEntries } from '#ledger';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { failed, IN_PROCESS } from './partner.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open({ environment: { PARTNER_TIMEOUT_MS: '8000' } });
}, 60_000);
afterAll(() => hub.close());

afterEach(async () => {
  hub.wallet.reset();
  await hub.idle();
  await hub.posted();
  expect(await hub.faults()).toEqual([]);
});

async function paid(amount: number): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  return body['paymentRequestId'] as string;
}

async function refundsOf(
  requestId: string,
): Promise<{ state: string; acquirer_debit_minor: string }[]> {
  const { id } = await hub.payment(requestId);
  return hub.database.dataSource.query('SELECT * FROM refunds WHERE payment_id = $1 ORDER BY id', [
    id,
  ]);
}

describe("the acquirer's refund cap", () => {
  async function exposureOfAcquirer(): Promise<{ reserved: bigint; outstanding: bigint }> {
    return hub.exposure('acq_kamogawa');
  }

  /** The hub pays the acquirer all that it owes it, so that nothing covers a refund any more. */
  async function payOut(): Promise<void> {
    await hub.posted();
    const { dataSource } = hub.database;
    const [row] = await dataSource.query<{ minor: string }[]>(
      `SELECT -sum(minor) AS minor FROM account_balances
       WHERE owner = 'acq_kamogawa' AND kind = 'acquirerPayable'`,
    );
    await dataSource.query(
      `INSERT INTO cycles
         (id, kind, starts_at, ends_at, state, closed_at, final_at, members, final_lines)
       VALUES ('cyc_20200101', 'daily', '2019-12-31T16:00Z', '2020-01-01T16:00Z', 'final',
               '2020-01-01T16:00Z', '2020-01-01T16:30Z', 0, 0) ON CONFLICT DO NOTHING`,
    );
    await dataSource.query(
      `INSERT INTO cycles (id, kind, starts_at)
       VALUES ('cyc_20200101_s', 'settlement', '2020-01-01T16:30Z') ON CONFLICT DO NOTHING`,
    );
    const minor = BigInt(row?.minor ?? 0);
    if (minor === 0n) return;
    const line = (owner: string, kind: 'acquirerPayable' | 'nostro', amount: bigint) => ({
      account: { owner, kind, currency: 'JPY' },
      minor: amount,
    });
    await dataSource.transaction((tx) =>
      stageEntries(tx, hub.app.get(AccountBook), [
        {
          id: `ent_payout_${String(Date.now())}`,
          kind: 'settlementPaid',
          event: `payout-${String(Date.now())}:settlementPaid`,
          paymentId: null,
          cycleId: 'cyc_20200101_s',
          traceId: null,
          lines: [line('acq_kamogawa', 'acquirerPayable', minor), line('hub', 'nostro', -minor)],
        },
      ]),
    );
    await hub.posted();
  }

  it('holds what the hub does not owe it, and stops the next one before the wallet is called', async () => {
    const id = await paid(5_000);
    await hub.posted();
    const before = await exposureOfAcquirer();
    // Covered by what the hub owes for the sale: nothing is held.
    await hub.acquirer.refund(id, yen(1_000));
    expect(await exposureOfAcquirer()).toEqual(before);
    await payOut();
    await hub.database.dataSource.query(
      `UPDATE exposures SET cap = outstanding + 2000, prefund = 0 WHERE participant_id = 'acq_kamogawa'`,
    );
    hub.wallet.partner.on('payments/refund', () => ({ result: IN_PROCESS }));
    await hub.acquirer.refund(id, yen(1_500));
    const underWay = (await refundsOf(id)).find(({ state }) => state === 'processing');
    const held = BigInt(underWay?.acquirer_debit_minor ?? 0);
    expect(await exposureOfAcquirer()).toEqual({ ...before, reserved: held });
    const calls = hub.wallet.partner.callsTo('payments/refund').length;
    const refused = await hub.acquirer.refund(id, yen(1_000));
    expect(refused.result).toMatchObject({ resultStatus: 'F', resultCode: 'PROCESS_FAIL' });
    expect(refused.result.resultMessage).toMatch(/refund cap/);
    expect(hub.wallet.partner.callsTo('payments/refund')).toHaveLength(calls);
    hub.wallet.reset();
    await hub.passTime(2_000);
    expect(await exposureOfAcquirer()).toEqual({
      reserved: 0n,
      outstanding: before.outstanding + held,
    });
    // A new sale covers the next refund.
    await paid(3_000);
    await hub.posted();
    expect((await hub.acquirer.refund(id, yen(1_000))).result.resultStatus).toBe('S');
    expect(await exposureOfAcquirer()).toEqual({
      reserved: 0n,
      outstanding: before.outstanding + held,
    });
  });

  it('is free again when the wallet refuses', async () => {
    const before = await exposureOfAcquirer();
    await payOut();
    const id = await paid(100);
    hub.wallet.partner.on('payments/refund', () => ({ result: IN_PROCESS }));
    await payOut();
    await hub.acquirer.refund(id, yen(100));
    expect((await exposureOfAcquirer()).reserved).toBeGreaterThan(0n);
    hub.wallet.partner.on('payments/refund', () => ({ result: failed('RISK_REJECT') }));
    await hub.passTime(2_000);
    expect(await exposureOfAcquirer()).toEqual(before);
  });
});
