/**
 * Goal: a database that goes away in the middle of a payment costs time and nothing else: callers
 * are told "unknown", the hub stays up, and when the line is mended every payment is brought to
 * its end by the hub itself. Method: the hub reaches its database through a line that is cut at
 * chosen moments; its own loop does the duties, under a clock the test moves.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { yen } from './cast.js';
import { openProxy, type CuttableProxy } from './cuttable-proxy.js';
import { HubUnderTest } from './hub-under-test.js';

let hub: HubUnderTest;
let line: CuttableProxy;
beforeAll(async () => {
  const server = new URL(process.env['WAYFARE_TEST_DATABASE_URL'] ?? 'postgres://127.0.0.1:5432');
  line = await openProxy({ host: server.hostname, port: Number(server.port) });
  hub = await HubUnderTest.open({
    environment: { PARTNER_TIMEOUT_MS: '3000', HUB_ANSWER_WITHIN_MS: '2500' },
    ownDuties: true,
    databaseUrl: (url) => {
      const cut = new URL(url);
      cut.hostname = '127.0.0.1';
      cut.port = String(line.port);
      return cut.href;
    },
  });
}, 60_000);
afterAll(async () => {
  line.mend();
  await hub.close();
  await line.close();
});

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error(`not in time: ${what}`);
    await sleep(20);
  }
}

const ready = async (): Promise<boolean> => (await fetch(`${hub.url}/ready`)).status === 200;

const stateOf = async (id: unknown): Promise<string> => (await hub.payment(id)).state;

describe('a database that goes away', () => {
  it('while the wallet debits: U, and afterwards found, booked and told', async () => {
    const codes = await hub.wallet.codes('ann', 2);
    hub.wallet.partner.on('payments/pay', (call) => {
      const receipt = hub.wallet.pay(call);
      line.cut();
      return receipt;
    });
    const body = hub.acquirer.charge(codes[0] ?? '', yen(1_200));
    const answer = await hub.acquirer.pay(body);
    expect(answer.result.resultStatus).toBe('U');
    hub.wallet.reset();

    // Away: every call is still answered, signed, and promises nothing.
    expect(await ready()).toBe(false);
    expect((await fetch(`${hub.url}/health`)).status).toBe(200);
    const next = hub.acquirer.charge(codes[1] ?? '', yen(300));
    expect((await hub.acquirer.pay(next)).result.resultStatus).toBe('U');
    const inquiry = await hub.acquirer.send('payments/inquiryPayment', {
      paymentRequestId: body['paymentRequestId'],
    });
    expect(inquiry.result.resultStatus).toBe('U');

    line.mend();
    await until('ready again', ready);
    hub.clock.advance(4_000);
    await until('the debit is found', async () => {
      return (await stateOf(body['paymentRequestId'])) === 'succeeded';
    });
    await hub.idle();
    expect(
      hub.acquirer.partner
        .callsTo('payments/notifyPayment')
        .filter(({ paymentRequestId }) => paymentRequestId === body['paymentRequestId']),
    ).toMatchObject([{ paymentResult: { resultStatus: 'S' } }]);
    // What could not begin before begins now, under the same id, once.
    expect((await hub.acquirer.pay(next)).result.resultStatus).toBe('S');
    await hub.posted();
    expect(await hub.faults()).toEqual([]);
  }, 60_000);

  it('again and again under a crowd: nothing is lost, doubled or left open', async () => {
    const codes = (
      await Promise.all([1, 2, 3, 4].map((n) => hub.wallet.codes(`crowd-${String(n)}`, 10)))
    ).flat();
    const bodies = codes.map((code) => hub.acquirer.charge(code, yen(700)));
    let answered = 0;
    const paying = bodies.map(async (body) => {
      await hub.acquirer.pay(body);
      answered += 1;
      if (answered % 10 === 0) {
        line.cut();
        await sleep(50);
        line.mend();
      }
    });
    await Promise.all(paying);
    await until('ready again', ready);
    // The tills do what the wire asks of them: the same request again, until it is final.
    await until('every payment has its end', async () => {
      hub.clock.advance(5_000);
      const replies = await Promise.all(bodies.map((body) => hub.acquirer.pay(body)));
      return replies.every(({ result }) => result.resultStatus !== 'U');
    });
    await hub.idle();
    expect(await hub.count('payments WHERE duty_kind IS NOT NULL AND completed_at IS NULL')).toBe(
      0,
    );
    expect(await hub.count(`payments WHERE state = 'succeeded'`)).toBeGreaterThan(0);
    await hub.posted();
    expect(await hub.faults()).toEqual([]);
  }, 90_000);
});
