/**
 * Goal: the books are read over HTTP by those who may, and a wrong question is answered with what
 * is wrong with it. Method: one payment on the real wire, then the operator API on a real socket.
 */
import { balancesView, ledgerHead, statementView } from '#contracts/operator/ledger';
import { OPERATOR_KEY } from '#platform/operators/index';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
  await hub.acquirer.pay(hub.acquirer.charge(await hub.wallet.code('ann'), yen(900)));
  await hub.posted();
}, 60_000);
afterAll(() => hub.close());

async function get(path: string, key = true): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${hub.app.get<string>(OPERATOR_KEY)}` };
  const response = await fetch(`${hub.url}/api/${path}`, key ? { headers } : {});
  return { status: response.status, body: await response.json() };
}

const PERIOD = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';

it('shows the head to everybody, and balances to those who may read the ledger', async () => {
  expect(ledgerHead.parse((await get('ledger/head', false)).body).hash).toMatch(/^[0-9a-f]{64}$/);
  expect((await get('ledger/balances', false)).status).toBe(403);
  const { balances } = balancesView.parse((await get('ledger/balances')).body);
  const yens = balances.filter(({ account }) => account.currency === 'JPY');
  expect(yens.length).toBeGreaterThan(1);
  expect(yens.reduce((sum, { minor }) => sum + BigInt(minor), 0n)).toBe(0n);
});

it("pages through a participant's own lines alone", async () => {
  const one = statementView.parse(
    (await get(`participants/acq_kamogawa/statement?${PERIOD}&limit=1`)).body,
  );
  expect(one.items.every(({ account }) => account.owner === 'acq_kamogawa')).toBe(true);
  expect(one.items).toHaveLength(1);
  const sum = one.accounts.reduce((lines, account) => lines + account.lines, 0);
  expect(one.nextCursor === null).toBe(sum === 1);
  expect(one.accounts[0]?.closing).toBe(one.items[0]?.minor);
});

it.each([
  [`participants/nobody/statement?${PERIOD}`, 404],
  [`participants/truemoney/statement?${PERIOD}&cursor=eA`, 422],
  ['participants/truemoney/statement?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 422],
  ['participants/truemoney/statement', 422],
  ['ledger/balances?entry=1&block=1', 422],
  ['ledger/balances?at=yesterday', 422],
])('answers %s with %i', async (path, status) => {
  expect((await get(path)).status).toBe(status);
});
