import { setTimeout as sleep } from 'node:timers/promises';
import { setHubClock } from '#ledger';
import { yen } from '../payments/cast.js';
import { HubUnderTest } from '../payments/hub-under-test.js';
import { DONE, failed, IN_PROCESS } from '../payments/partner.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WITHIN_MS = 60_000;
/** How many tills charge at the same moment: enough that decisions meet in one transaction. */
const TILLS = 12;

/** What the wallets do with a payment, by its amount, so that no order of arrival matters. */
type Conduct = 'pays' | 'refuses' | 'paysLate' | 'silent';

/**
 * Two days of a recorded hub, two corridors and two acquirers at a time: payments of every end
 * (paid, too large, above the payer's day, above the cap, refused, answered late, never answered),
 * cancels, refunds, a cut-off in between, and the settlement of both days.
 */
export class RecordedDay {
  readonly paid: { readonly at: 'acquirer' | 'otherAcquirer'; readonly requestId: string }[] = [];
  /** Cycle of the first day. */
  cycleId = '';
  private serial = 0;

  private constructor(readonly hub: HubUnderTest) {}

  static async open(payments: number): Promise<RecordedDay> {
    const hub = await HubUnderTest.open({
      environment: {
        DECISION_LOG: 'on',
        PARTNER_TIMEOUT_MS: '30000',
        HUB_ANSWER_WITHIN_MS: '25000',
      },
    });
    const day = new RecordedDay(hub);
    await day.play(payments);
    return day;
  }

  close(): Promise<void> {
    return this.hub.close();
  }

  private async play(payments: number): Promise<void> {
    const { hub } = this;
    // Room for about two thirds of what the second corridor's travellers want to spend.
    await hub.database.dataSource.query(
      `UPDATE exposures SET cap = 4000000, prefund = 0 WHERE participant_id = 'gcash'`,
    );
    this.behave();
    await this.crowd(Math.floor(payments * 0.7));
    await this.orders(8);
    await hub.idle();
    await this.cancelAndRefund();
    await hub.passTime(15_000);
    await this.endDay();
    await this.crowd(Math.ceil(payments * 0.3));
    await this.afterCutOff();
    for (let waits = 0; waits < 10; waits++) await hub.passTime(300_000);
    await hub.posted();
    await this.settle();
  }

  /** Charges codes shown by payers, many tills at once. */
  private async crowd(count: number): Promise<void> {
    const { wallet, otherWallet, acquirer, otherAcquirer } = this.hub;
    const lots = Array.from({ length: TILLS }, (_, till) =>
      Array.from({ length: Math.ceil((count - till) / TILLS) }),
    );
    await Promise.all(
      lots.map(async (lot) => {
        for (const _ of lot) {
          const serial = ++this.serial;
          const payerOf = serial % 3 === 0 ? otherWallet : wallet;
          const till = serial % 4 === 0 ? otherAcquirer : acquirer;
          const payer = serial % 7 === 0 ? 'spender' : `traveller-${String(serial % 17)}`;
          const code = await payerOf.code(payer);
          const amount = yen(amountOf(serial));
          const body = till.charge(code, amount);
          if (till === otherAcquirer) {
            body['order'] = { ...(body['order'] as object), merchant: OTHER_SHOP };
          }
          const reply = await till.pay(body);
          if (reply.result.resultStatus !== 'S') continue;
          this.paid.push({
            at: till === acquirer ? 'acquirer' : 'otherAcquirer',
            requestId: String(body['paymentRequestId']),
          });
        }
      }),
    );
  }

  /** Orders whose code the payer scans: confirmed, left alone, and withdrawn. */
  private async orders(count: number): Promise<void> {
    const { wallet, acquirer } = this.hub;
    for (let index = 0; index < count; index++) {
      const body = acquirer.payBody('OrderCode', yen(880 + index));
      const reply = await acquirer.pay(body);
      const form = reply['orderCodeForm'] as { codeDetails: { codeValue: string }[] } | undefined;
      const shown = form?.codeDetails[0]?.codeValue ?? reply['paymentUrl'];
      const scanned = await wallet.scan(String(shown), `guest-${String(index)}`);
      if (index % 3 === 0) await acquirer.cancel(body['paymentRequestId']);
      else if (index % 3 === 1) await wallet.confirm(scanned);
    }
  }

  private async cancelAndRefund(): Promise<void> {
    const { hub } = this;
    for (const [index, { at, requestId }] of this.paid.entries()) {
      if (index % 9 === 2) await hub[at].cancel(requestId);
      if (index % 11 !== 4) continue;
      await hub[at].refund(requestId, yen(1));
      await hub[at].refund(requestId, yen(137));
    }
    // One that the wallet refuses, and one that it answers only when it is asked again.
    const [first, second] = this.paid.filter((_, index) => index % 9 === 3);
    if (first === undefined || second === undefined) throw new Error('too few payments');
    for (const wallet of [hub.wallet, hub.otherWallet]) {
      wallet.partner.on('payments/refund', () => ({ result: failed('PROCESS_FAIL') }));
    }
    await hub[first.at].refund(first.requestId, yen(50));
    for (const wallet of [hub.wallet, hub.otherWallet]) {
      wallet.partner.on('payments/refund', () => ({ result: IN_PROCESS }));
    }
    await hub[second.at].refund(second.requestId, yen(60));
    hub.wallet.reset();
    hub.otherWallet.reset();
    this.behave();
  }

  private async afterCutOff(): Promise<void> {
    const { hub } = this;
    const [late, refunded] = this.paid.filter((_, index) => index % 9 === 5);
    if (late === undefined || refunded === undefined) throw new Error('too few payments');
    const { result } = await hub[late.at].cancel(late.requestId);
    if (result.resultCode !== 'CANCEL_WINDOW_EXCEED') throw new Error(JSON.stringify(result));
    await hub[refunded.at].refund(refunded.requestId, yen(99));
  }

  private behave(): void {
    for (const wallet of [this.hub.wallet, this.hub.otherWallet]) {
      const answers = wallet.partner;
      const inquire = new Map<string, number>();
      answers.on('payments/pay', (call) => {
        const { paymentAmount } = call.body as { paymentAmount: { value: string } };
        switch (conductOf(Number(paymentAmount.value))) {
          case 'pays':
            return wallet.pay(call);
          case 'refuses':
            return { result: failed('USER_BALANCE_NOT_ENOUGH') };
          case 'paysLate':
            wallet.pay(call);
            return { result: IN_PROCESS };
          case 'silent':
            return { result: IN_PROCESS };
        }
      });
      answers.on('payments/inquiryPayment', (call) => {
        const { paymentRequestId } = call.body as { paymentRequestId: string };
        const asked = (inquire.get(paymentRequestId) ?? 0) + 1;
        inquire.set(paymentRequestId, asked);
        const debit = wallet.debits.get(paymentRequestId);
        if (debit === undefined || asked < 2) return { result: DONE, paymentResult: IN_PROCESS };
        return {
          ...(wallet.receipt(paymentRequestId) as object),
          result: DONE,
          paymentResult: debit.returned ? failed('ORDER_IS_CLOSED') : DONE,
        };
      });
    }
  }

  /** Moves the clock of cut-offs past midnight and waits for the netting. */
  private async endDay(): Promise<void> {
    const { manager } = this.hub.database.dataSource;
    await this.hub.posted();
    const [cycle] = await manager.query<{ cycle_id: string; ends_at: Date }[]>(
      `SELECT cycle_id, ends_at FROM payments JOIN cycles c ON c.id = cycle_id
       ORDER BY ends_at LIMIT 1`,
    );
    if (cycle === undefined) throw new Error('nothing was paid');
    this.cycleId = cycle.cycle_id;
    await setHubClock(manager, cycle.ends_at.getTime() + HOUR_MS);
    await this.until(`settlement_runs WHERE state = 'netted' AND cycle_id = $1`);
  }

  /** A fortnight on, both days are final and every bank has answered. */
  private async settle(): Promise<void> {
    const { manager } = this.hub.database.dataSource;
    const [row] = await manager.query<{ ends: Date }[]>(
      `SELECT max(ends_at) AS ends FROM cycles WHERE id IN (SELECT cycle_id FROM payments)`,
    );
    await setHubClock(manager, (row?.ends.getTime() ?? 0) + 14 * DAY_MS);
    await this.until(
      `(SELECT FROM payments p LEFT JOIN obligations o USING (cycle_id)
        WHERE p.cycle_id IS NOT NULL AND $1 <> ''
        HAVING bool_and(coalesce(o.state = 'settled', false))) settled`,
    );
    await this.hub.posted();
  }

  private async until(rows: string): Promise<void> {
    const untilMs = Date.now() + WITHIN_MS;
    while ((await this.hub.count(rows, [this.cycleId])) === 0) {
      if (Date.now() > untilMs) throw new Error(`there is never a row in ${rows}`);
      await sleep(50);
    }
  }
}

/** Uneven amounts, with some above every limit. */
function amountOf(serial: number): number {
  if (serial % 23 === 0) return 9_999_999;
  const spread = (serial * 7_919) % 4_001;
  return serial % 7 === 0 ? 70_000 + spread : 300 + spread;
}

function conductOf(amount: number): Conduct {
  switch (amount % 13) {
    case 3:
      return 'refuses';
    case 7:
      return 'paysLate';
    case 11:
      return 'silent';
    default:
      return 'pays';
  }
}

/** The other acquirer's shop of the shipped cast. */
const OTHER_SHOP = {
  referenceMerchantId: 'mer_asakusa_senbei_hinode',
  merchantMCC: '5441',
  merchantName: 'Asakusa Senbei Hinode',
  store: { referenceStoreId: 'sto_asakusa_senbei_hinode_1', storeName: 'Asakusa Senbei Hinode' },
};
