/**
 * Goal: a corridor's payments fall into the cycles it has chosen, which turn by themselves: closed,
 * numbered and final in time, and no longer to be cancelled then. Method: whole payments on the real
 * wire over a corridor that an operator sets to hourly, while the clock that cut-offs go by is moved;
 * what came of it is read over the operator API.
 */
import { cycleDetailView, cycleMemberPage, cyclePage } from '#contracts/operator/cycles';
import { clearingWindowAt } from '#domain/clearing-cycles';
import { CorridorRepository, NetworkDirectory } from '#corridors';
import { setHubClock } from '#ledger';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';

let hub: HubUnderTest;
beforeAll(async () => {
  hub = await HubUnderTest.open();
}, 60_000);
afterAll(() => hub.close());

async function paid(): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_000));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  return body['paymentRequestId'] as string;
}

async function choose(clearing: 'hourly' | 'daily'): Promise<void> {
  const corridors = new CorridorRepository();
  const { manager } = hub.database.dataSource;
  const corridor = await corridors.findCurrent(manager, 'TH', 'JP');
  if (corridor === undefined) throw new Error('no corridor');
  const { effectiveFrom: _, ...agreement } = corridor;
  await corridors.insertVersions(manager, [
    { ...agreement, version: corridor.version + 1, clearing },
  ]);
  await hub.app.get(NetworkDirectory).refreshIfChanged(manager);
}

async function get(path: string): Promise<unknown> {
  return (await fetch(`${hub.url}${path}`)).json();
}

async function untilState(id: string, state: string) {
  for (;;) {
    const cycle = cycleDetailView.parse(await get(`/api/cycles/${id}`));
    if (cycle.state === state && (state === 'open' || cycle.members !== null)) return cycle;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('an hourly corridor is closed by the hour, final a quarter later, and then not cancelled', async () => {
  const { manager } = hub.database.dataSource;
  const window = clearingWindowAt('hourly', Date.now());
  await setHubClock(manager, window.startsAtMs + 60_000);
  const daily = await hub.payment(await paid());
  expect(daily.cycle_id).toBe(clearingWindowAt('daily', window.startsAtMs).id);

  await choose('hourly');
  const [cancelled, kept] = [await paid(), await paid()];
  expect((await hub.payment(kept)).cycle_id).toBe(window.id);
  expect(await untilState(window.id, 'open')).toMatchObject({
    members: null,
    waitsFor: ['It has not ended.'],
    endsAt: new Date(window.endsAtMs).toISOString(),
    cancelUntil: new Date(window.endsAtMs + 15 * 60_000).toISOString(),
  });
  // A repeat of the choice falls on payments to come, not on those that are under way.
  await choose('daily');

  await setHubClock(manager, window.endsAtMs);
  expect(await untilState(window.id, 'closed')).toMatchObject({ members: 2 });
  expect((await hub.acquirer.cancel(cancelled)).result.resultStatus).toBe('S');
  await setHubClock(manager, window.endsAtMs + 15 * 60_000);
  expect(await untilState(window.id, 'final')).toMatchObject({
    settlementPhase: `${window.id}_s`,
    waitsFor: [],
  });
  expect((await hub.acquirer.cancel(kept)).result.resultCode).toBe('CANCEL_WINDOW_EXCEED');

  const first = cycleMemberPage.parse(await get(`/api/cycles/${window.id}/members?limit=1`));
  const rest = cycleMemberPage.parse(
    await get(`/api/cycles/${window.id}/members?limit=5&cursor=${first.nextCursor ?? ''}`),
  );
  const members = [...first.items, ...rest.items];
  expect(members.map(({ no, kind, state }) => [no, kind, state])).toEqual([
    [1, 'payment', 'cancelled'],
    [2, 'payment', 'succeeded'],
  ]);
  expect(rest.nextCursor).toBeNull();
  expect(await hub.faults()).toEqual([]);
}, 60_000);

it('cycles are listed newest first, and a phase only when it is asked for', async () => {
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = cyclePage.parse(await get(`/api/cycles?limit=1${cursor}`));
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(ids.filter((id) => /_h\d\d$/.test(id))).toHaveLength(1);
  expect(ids.filter((id) => id.endsWith('_s'))).toEqual([]);
  const phases = cyclePage.parse(await get('/api/cycles?kind=settlement'));
  expect(phases.items.every(({ id, endsAt }) => id.endsWith('_s') && endsAt === null)).toBe(true);
  expect(phases.items.length).toBeGreaterThan(0);
  const unknown = await fetch(`${hub.url}/api/cycles/cyc_none`);
  expect(unknown.status).toBe(404);
});
