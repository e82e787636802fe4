import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeScheme } from '#domain/qr/index';
import { FAKE_PRICE, startFakeHub, type FakeHub } from '#testkit/fake-hub';
import { startSandbox, type RunningSandbox, type SandboxFile } from './index.js';
import { testCast } from './test-cast.js';

/**
 * Goal: simulated partners act like partners, over the signed wire alone, and misbehave exactly
 * when told to. Method: a real sandbox and a hub without rules on real sockets; people's side by
 * the control API. The fake hub prices one yen at a quarter of a baht, so JPY 1,200 is THB 300.
 */
let hub: FakeHub;
let folder: string;
let running: RunningSandbox;

beforeAll(async () => {
  [hub, folder] = await Promise.all([startFakeHub(), mkdtemp(join(tmpdir(), 'wayfare-sandbox-'))]);
  running = await start();
});
afterAll(async () => {
  await running.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

function start(): Promise<RunningSandbox> {
  const { url: hubUrl, operatorKey } = hub;
  return startSandbox({ hubUrl, operatorKey, dataDir: folder, cast: testCast });
}

interface Shown {
  outcome: string;
  result: { resultStatus: string; resultCode: string };
  paymentRequestId: string;
  payToAmount: string;
  balanceBefore: string;
  balanceAfter: string;
  traceId: string;
  steps: { from: string; to: string; operation: string; resultStatus: string }[];
  sale: { state: string; requestId: string; paymentId: string };
  codeValue: string;
  paymentCodes: { codeValue: string }[];
}

async function control(path: string, body?: object, status = 200): Promise<Shown> {
  const response = await fetch(running.controlUrl + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${running.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect({ path, status: response.status }).toEqual({ path, status });
  return (await response.json()) as Shown;
}

const scan = (customerId: string, codeValue: string, amount?: string): Promise<Shown> =>
  control('/wallets/truemoney/scan', {
    customerId,
    codeValue,
    ...(amount === undefined ? {} : { amount }),
  });
const order = (amount = '1200', storeId = 'sto_menya'): Promise<Shown> =>
  control('/acquirers/acq_kamogawa/orders', { storeId, amount });

async function charge(customerId: string, gaps = [20, 20]): Promise<Shown> {
  const shown = await control('/wallets/truemoney/show-code', { customerId });
  return control('/acquirers/acq_kamogawa/charge', {
    storeId: 'sto_menya',
    amount: '1200',
    paymentCode: shown.paymentCodes[0]?.codeValue,
    inquiryGapsMs: gaps,
  });
}

async function balance(customerId: string): Promise<string> {
  const shown = (await control(
    `/wallets/truemoney/balances?customerId=${customerId}`,
  )) as unknown as { balances: { balance: string }[] };
  return shown.balances[0]?.balance ?? '';
}

describe('starting', () => {
  it('enrols everybody with a key of its own and tells where they are', async () => {
    await running.complete;
    expect([...hub.enrolled.keys()].sort()).toEqual(['acq_kamogawa', 'truemoney']);
    expect(hub.enrolled.get('truemoney')).toMatchObject({ role: 'mpp', clientId: 'MPP_TRUEMONEY' });
    const keys = [...hub.enrolled.values()].map((terms) => terms.publicKeyPem);
    expect(new Set(keys).size).toBe(2);
    const path = join(folder, 'sandbox.json');
    const listing = JSON.parse(await readFile(path, 'utf8')) as SandboxFile;
    expect(listing).toMatchObject({ pid: process.pid, controlUrl: running.controlUrl });
    expect(listing.partners['acq_kamogawa']?.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const file of ['sandbox.json', 'sandbox.key', 'sandbox/keys/truemoney.pem']) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('keeps strangers from the control API', async () => {
    const path = `${running.controlUrl}/wallets/truemoney/scan`;
    for (const authorization of ['', 'Bearer wrong']) {
      const response = await fetch(path, { method: 'POST', headers: { authorization } });
      expect(response.status).toBe(403);
    }
    expect((await fetch(`${running.controlUrl}/health`)).status).toBe(200);
  });
});

describe('a payer who shows a code', () => {
  it('is charged by the acquirer through the hub', async () => {
    const before = BigInt(await balance('cus_somchai'));
    const shown = await charge('cus_somchai');
    expect(shown.result).toMatchObject({ resultStatus: 'S' });
    expect(shown.sale.state).toBe('paid');
    expect(before - BigInt(await balance('cus_somchai'))).toBe(30_000n);
    expect(shown.steps.map(({ from, to, operation }) => `${from} ${to} ${operation}`)).toEqual(
      expect.arrayContaining(['acq_kamogawa hub payments/pay', 'hub truemoney payments/pay']),
    );
  });

  it.each([
    ['cus_insufficient', 'USER_BALANCE_NOT_ENOUGH'],
    ['cus_limit', 'USER_AMOUNT_EXCEED_LIMIT'],
    ['cus_kyc', 'USER_KYC_NOT_QUALIFIED'],
    ['cus_risk', 'RISK_REJECT'],
    ['cus_nobody', 'USER_NOT_EXIST'],
    ['cus_frozen', 'USER_STATUS_ABNORMAL'],
  ])('%s is refused with %s and keeps the money', async (customerId, code) => {
    const before = await balance(customerId);
    const shown = await charge(customerId);
    expect(shown.result).toMatchObject({ resultStatus: 'F', resultCode: code });
    expect(shown.sale.state).toBe('failed');
    expect(await balance(customerId)).toBe(before);
  });

  it.each([
    ['cus_latesuccess', 'S', 'SUCCESS', 30_000n],
    ['cus_latefail', 'F', 'USER_PAYMENT_VERIFICATION_FAILED', 0n],
    ['cus_drop', 'S', 'SUCCESS', 30_000n],
    ['cus_badsignature', 'S', 'SUCCESS', 30_000n],
    ['cus_unknown', 'F', 'ORDER_IS_CLOSED', 0n],
  ])('%s ends as %s %s after inquiries', async (customerId, status, code, taken) => {
    const before = BigInt(await balance(customerId));
    const shown = await charge(customerId);
    expect(shown.result).toMatchObject({ resultStatus: status, resultCode: code });
    expect(before - BigInt(await balance(customerId))).toBe(taken);
    expect(shown.steps.some(({ operation }) => operation === 'payments/inquiryPayment')).toBe(true);
  });
});

describe('a payer who scans', () => {
  it("pays the hub's order code, and the acquirer hears of it", async () => {
    const made = await order();
    const shown = await scan('cus_scan', made.codeValue);
    expect(shown).toMatchObject({
      outcome: 'debited',
      payToAmount: 'THB 30000',
      quotePrice: FAKE_PRICE,
      balanceBefore: 'THB 1000000',
      balanceAfter: 'THB 970000',
      merchantName: 'Gion Menya <Kawara>',
    });
    expect(shown.steps.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['payments/userInitiatedPay', 'payments/notifyPayment']),
    );
    const { sales } = (await control(
      `/acquirers/acq_kamogawa/sales?requestId=${made.sale.requestId}`,
    )) as unknown as { sales: { state: string }[] };
    expect(sales[0]?.state).toBe('paid');
  });

  it("pays an acquirer's own order code", async () => {
    const { codeValue, sale } = await control('/acquirers/acq_kamogawa/private-orders', {
      storeId: 'sto_menya',
      amount: '800',
    });
    expect(codeValue).toContain('/281701040001/');
    const shown = await scan('cus_private', codeValue);
    expect(shown).toMatchObject({ outcome: 'debited', payToAmount: 'THB 20000' });
    // Scanned again, the order is closed.
    expect(await scan('cus_private', codeValue)).toMatchObject({
      outcome: 'refused',
      result: { resultCode: 'ORDER_IS_CLOSED' },
    });
    expect(sale.requestId).toMatch(/^acq_kamogawa_/);
  });

  it('types the amount for a static national code, which is then pushed', async () => {
    const code = nationalCode('000001');
    expect(await scan('cus_static', code)).toMatchObject({
      outcome: 'refused',
      result: { resultCode: 'PARAM_ILLEGAL' },
    });
    const shown = await scan('cus_static', code, '1200');
    expect(shown).toMatchObject({ outcome: 'debited', payToAmount: 'THB 30000' });
    const push = shown.steps.find(({ operation }) => operation === 'payments/pushPayment');
    expect(push).toMatchObject({ from: 'hub', to: 'acq_kamogawa', resultStatus: 'S' });
  });

  it('lets a store misbehave at its next push, and only then', async () => {
    const pushOf = async (amount: string): Promise<string | undefined> => {
      const shown = await scan('cus_next', nationalCode('000001'), amount);
      return shown.steps.find(({ operation }) => operation === 'payments/pushPayment')
        ?.resultStatus;
    };
    const path = '/acquirers/acq_kamogawa/next-push';
    await control(path, { storeId: 'sto_menya', behaviour: 'pushfail' });
    expect(await pushOf('101')).toBe('F');
    expect(await pushOf('102')).toBe('S');
    await control(path, { storeId: 'sto_menya', behaviour: 'pushfail' });
    await control(path, { storeId: 'sto_menya', behaviour: 'ok' });
    expect(await pushOf('103')).toBe('S');
    await control(path, { storeId: 'sto_menya', behaviour: 'explode' }, 422);
    await control(path, { storeId: 'sto_nowhere', behaviour: 'pushfail' }, 404);
  });

  it.each([
    ['000002', 'F', 'MERCHANT_KYB_NOT_QUALIFIED'],
    ['000003', 'U', 'PAYMENT_IN_PROCESS'],
  ])('meets a store %s whose push ends as %s', async (branch, resultStatus, resultCode) => {
    const shown = await scan('cus_push', nationalCode(branch), '100');
    const push = shown.steps.find(({ operation }) => operation === 'payments/pushPayment');
    expect(push).toMatchObject({ resultStatus, resultCode });
    const ids = {
      acquirerId: 'acq_kamogawa',
      pspId: 'truemoney',
      paymentId: shown.paymentRequestId,
    };
    const seen = await hub.call('acq_kamogawa', 'payments/inquiryPushPayment', ids);
    const ended = resultStatus === 'U' ? 'S' : 'F';
    expect(seen).toMatchObject({ body: { paymentResult: { resultStatus: ended } } });
  });

  it('pays at the page behind an entry code, which knows a wallet by its user agent', async () => {
    const url = running.sandbox.listPartners().find(({ id }) => id === 'acq_kamogawa')?.url ?? '';
    const entry = `${url}/e/sto_menya`;
    const browser = await (await fetch(entry)).text();
    expect(browser).toContain('Gion Menya &lt;Kawara&gt;');
    expect(browser).not.toContain('<form');
    const agent = 'Mozilla/5.0 (Linux; Android 15) Mobile WayfareWallet/1.0 (truemoney)';
    const page = await fetch(entry, { headers: { 'user-agent': agent } });
    expect(await page.text()).toContain('Pay with TrueMoney');
    expect(await scan('cus_entry', entry, '1200')).toMatchObject({
      outcome: 'debited',
      payToAmount: 'THB 30000',
    });
  });

  it('is told when the code is nobody’s', async () => {
    expect(await scan('cus_lost2', 'hello', '5')).toMatchObject({
      outcome: 'refused',
      result: { resultStatus: 'F', resultCode: 'INVALID_CODE' },
    });
  });
});

describe('people who ask for the impossible', () => {
  it.each([
    ['/acquirers/acq_kamogawa/orders', { storeId: 'sto_menya', amount: '12.50' }, 422],
    ['/acquirers/acq_kamogawa/orders', { storeId: 'sto_menya', amount: '0' }, 422],
    ['/acquirers/acq_kamogawa/orders', { storeId: 'sto_none', amount: '1' }, 404],
    ['/acquirers/truemoney/orders', { storeId: 'sto_menya', amount: '1' }, 404],
    ['/wallets/nobody/scan', { customerId: 'c', codeValue: 'x' }, 404],
    ['/wallets/truemoney/scan', { customerId: 'c' }, 422],
  ])('%s %p is answered %p', async (path, body, status) => {
    await control(path, body, status);
  });
});

describe('a restart', () => {
  it('remembers balances and answers, from the disk alone', async () => {
    const before = await balance('cus_somchai');
    const sales = await control('/acquirers/acq_kamogawa/sales');
    const key = hub.enrolled.get('truemoney')?.publicKeyPem;
    await running.close();
    running = await start();
    await running.complete;
    expect(await balance('cus_somchai')).toBe(before);
    expect(before).not.toBe('1000000');
    expect(await control('/acquirers/acq_kamogawa/sales')).toEqual(sales);
    expect(hub.enrolled.get('truemoney')?.publicKeyPem).toBe(key);
  });
});

/** The printed code of a store, by its fourth level; without an amount. */
function nationalCode(level4: string): string {
  const code = encodeScheme('jpqr', {
    identifiers: { level1: '9870100000001', level2: '0701', level3: '000001', level4 },
    mcc: '5812',
    merchantName: 'Gion Menya Kawara',
    merchantCity: 'Kyoto',
  });
  if (!code.ok) throw new Error(code.rejection.detail);
  return code.value;
}
