/**
 * Goal: what payments and refunds leave in the hub's hands is covered by the running hub itself at
 * the cut-off, settled on its day, and told over HTTP to those who may read the books; the books
 * hold throughout. Method: payments and a refund on the real wire, then the clock that cut-offs go
 * by is moved past the end of the day and past the value date.
 */
import { coverList, fxStatement, type FxStatementView } from '#contracts/operator/fx-books';
import { clearingWindowAt } from '#domain/clearing-cycles';
import { importEcb, RateDesk } from '#fx';
import { setHubClock } from '#ledger';
import { OPERATOR_KEY } from '#platform/operators/index';
import { runChecks } from '#platform/invariant-check';
import { fxChecks } from '#settlement';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';

const HOUR_MS = 3_600_000;

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

async function get(path: string, key = true): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${hub.app.get<string>(OPERATOR_KEY)}` };
  const response = await fetch(`${hub.url}/api/${path}`, key ? { headers } : {});
  return { status: response.status, body: await response.json() };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function gainOf(statement: FxStatementView, account: string): bigint {
  return statement.lines
    .filter((line) => line.account === account && line.amount.currency === 'USD')
    .reduce((sum, line) => sum + BigInt(line.amount.value), 0n);
}

it('covers a day of payments, settles the covers, and tells the result', async () => {
  const { manager } = hub.database.dataSource;
  // A Monday, so that the value date of its covers is that Wednesday.
  const day = clearingWindowAt('daily', Date.parse('2026-11-23T12:00:00+08:00'));
  await setHubClock(manager, day.startsAtMs + 12 * HOUR_MS);
  const paid = async (amount: number): Promise<string> => {
    const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
    expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
    return body['paymentRequestId'] as string;
  };
  const [first] = [await paid(5_000), await paid(3_000)];
  expect((await hub.acquirer.refund(first, yen(2_000))).result.resultStatus).toBe('S');
  await hub.posted();
  expect((await get('fx/pnl')).status).toBe(404);

  await setHubClock(manager, day.endsAtMs + HOUR_MS);
  const told = await until(async () => {
    const { status, body } = await get('fx/pnl?day=2026-11-23');
    if (status !== 200) return undefined;
    const statement = fxStatement.parse(body);
    return statement.pending === 0 ? statement : undefined;
  });
  expect(told).toMatchObject({ tied: true, cycles: [day.id], refunds: { count: 0 } });
  const yens = told.positions.find(({ currency }) => currency === 'JPY');
  // Paid 5,000 and 3,000 yen, 2,000 given back: the acquirer is owed for 6,000, less interchange.
  const [sold, bought] = [BigInt(yens?.sold.value ?? 0), BigInt(yens?.bought.value ?? 0)];
  expect(sold - bought).toBeGreaterThan(5_900n);
  expect(sold - bought).toBeLessThanOrEqual(6_000n);
  expect(bought).toBeGreaterThan(1_950n);
  // The rates did not move within the day, so covers cost their spread and nothing else happened.
  expect(gainOf(told, 'fxRealised')).toBeLessThanOrEqual(1n);
  expect(gainOf(told, 'fxRealised')).toBeGreaterThan(-100n);

  const { covers } = coverList.parse((await get('fx/covers?day=2026-11-23')).body);
  expect(covers.map(({ side, amount }) => [side, amount.currency])).toEqual([
    ['buy', 'JPY'],
    ['sell', 'THB'],
  ]);
  expect(covers.every(({ choiceHolds, quotes }) => choiceHolds && quotes.length === 3)).toBe(true);

  await setHubClock(manager, Date.parse('2026-11-26T06:00:00+08:00'));
  await until(async () => {
    const { body } = await get('fx/covers?day=2026-11-23');
    const trades = coverList.parse(body).covers.flatMap((cover) => cover.trades);
    return trades.every(({ state }) => state === 'settled') ? trades : undefined;
  });
  await hub.posted();
  expect((await runChecks(hub.database.dataSource, fxChecks)).filter(({ ok }) => !ok)).toEqual([]);
  expect(await hub.faults()).toEqual([]);
}, 60_000);

it('tells which payment it was whose refund cost the hub, once the rate has moved', async () => {
  const { manager } = hub.database.dataSource;
  const day = clearingWindowAt('daily', Date.parse('2026-11-26T12:00:00+08:00'));
  await setHubClock(manager, day.startsAtMs + 12 * HOUR_MS);
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(5_000));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  // The yen halves against euro and dollar; the baht stays. What the hub takes back from the
  // acquirer is worth half of what it gave for it, while the wallet gets its baht again.
  const today = new Date(hub.clock.nowMs()).toISOString().slice(0, 10);
  const rates = `Date,USD,JPY,THB\n${today},1.1684,373.50,37.728\n`;
  const imported = await hub.database.dataSource.transaction((tx) => importEcb(tx, rates));
  expect(imported.ok).toBe(true);
  await hub.app.get(RateDesk).refreshIfChanged(manager);
  const refund = await hub.acquirer.refund(body['paymentRequestId'], yen(5_000));
  expect(refund.result.resultStatus).toBe('S');
  await hub.posted();

  await setHubClock(manager, day.endsAtMs + HOUR_MS);
  const told = await until(async () => {
    const { status, body: answer } = await get('fx/pnl?day=2026-11-26');
    if (status !== 200) return undefined;
    const statement = fxStatement.parse(answer);
    return statement.pending === 0 ? statement : undefined;
  });
  const { id } = await hub.payment(body['paymentRequestId']);
  expect(told).toMatchObject({ tied: true, refunds: { count: 1, payments: [{ payment: id }] } });
  // About JPY 5,000 at half of 1.1684 / 186.75 dollars: USD 15.64 lost, but for interchange.
  const lost = -BigInt(told.refunds.total.value);
  expect(lost).toBeGreaterThan(1_540n);
  expect(lost).toBeLessThan(1_570n);
  expect(gainOf(told, 'refundFxDifference')).toBe(-lost);
  expect((await runChecks(hub.database.dataSource, fxChecks)).filter(({ ok }) => !ok)).toEqual([]);
}, 60_000);

it('is for those who may read the books, and refuses what is no day', async () => {
  expect((await get('fx/pnl', false)).status).toBe(403);
  expect((await get('fx/covers', false)).status).toBe(403);
  expect((await get('fx/pnl?day=monday')).status).toBe(422);
  expect((await get('fx/covers?day=2020-01-01')).status).toBe(404);
});
