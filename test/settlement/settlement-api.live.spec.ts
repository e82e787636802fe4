// Goal: operators see what is owed and can say what arrived; what moves money needs the scope, and a
// default needs two persons.
// Method: a real hub over a database in which a clearing day was played and netted; every answer is
// compared with the rows behind it, and each write is tried without its key first.
import { nettingProofFile } from '#contracts/netting-proof';
import { AccountBook, OutboxBell, setHubClock } from '#ledger';
import { settableClock } from '#platform/clock';
import { randomIds } from '#platform/id-source';
import { createLogger } from '#platform/telemetry/logger';
import {
  hashOfProof,
  PrefundDesk,
  SettlementDesk,
  SettlementKeeper,
  SettlementRuns,
} from '#settlement';
import { playCycle, prepareSettlement } from '#testkit/settlement-cases';
import { GuardedHub } from '../operators/guarded-hub.js';

const log = createLogger({ name: 'test', level: 'silent' });
let hub: GuardedHub;
let ana: string;
let ben: string;
let cycleId: string;
let keeper: SettlementKeeper;

interface Item {
  readonly id: string;
  readonly participant: string;
  readonly state: string;
}

beforeAll(async () => {
  hub = await GuardedHub.open();
  const { dataSource } = hub.database;
  const scopes = ['read', 'settlement:write', 'approvals:write'];
  ana = await hub.issue({ name: 'ana', scopes });
  ben = await hub.issue({ name: 'ben', scopes });
  await prepareSettlement(dataSource);
  const book = new AccountBook();
  const ids = randomIds();
  const desk = new SettlementDesk(book, ids);
  const prefunds = new PrefundDesk(book, ids);
  const runs = new SettlementRuns(dataSource, ids, settableClock(Date.now()), log);
  const parts = { runs, desk, prefunds, bell: new OutboxBell() };
  keeper = new SettlementKeeper(dataSource, parts, { simulatedBank: false }, log);
  cycleId = await playCycle(dataSource, book, '2026-11-24', [
    { wallet: 'wal_siam', owes: 90_000n, acquirer: 'acq_kamo', receives: 400_000n },
    { wallet: 'wal_gone', owes: 7_000n, acquirer: 'acq_yodo', receives: 7_000n },
  ]);
  await setHubClock(dataSource.manager, Date.parse('2026-11-26T09:00:00+08:00'));
  await keeper.turn();
}, 60_000);
afterAll(() => hub.close());

async function items(path: string): Promise<Item[]> {
  const answer = await hub.ask(`GET ${path}`, { key: ana });
  expect(answer.status).toBe(200);
  return (answer.body['items'] ?? answer.body['obligations']) as Item[];
}

it('shows obligations and a proof whose hash is that of its content', async () => {
  const ofCycle = await items(`/api/cycles/${cycleId}/obligations`);
  // The second business day in dollars: Thursday the 26th is Thanksgiving.
  expect(ofCycle).toMatchObject([
    { participant: 'acq_kamo', direction: 'receives', amount: { text: 'JPY 400,000' } },
    { participant: 'acq_yodo', direction: 'receives' },
    { participant: 'wal_gone', direction: 'paysHub', valueDate: '2026-11-27' },
    { participant: 'wal_siam', direction: 'paysHub', amount: { value: '90000' } },
  ]);
  expect(await items('/api/obligations?participant=wal_siam&state=due')).toMatchObject([
    { participant: 'wal_siam' },
  ]);
  const proof = await hub.ask(`GET /api/cycles/${cycleId}/proof`, { key: ana });
  const file = nettingProofFile.parse(proof.body);
  expect(file.hash).toBe(hashOfProof(file));
  expect((await hub.ask('GET /api/cycles/cyc_19990101/proof', { key: ana })).status).toBe(404);
});

it('takes what the bank said from those who may say it, once', async () => {
  const [payment] = await items('/api/settlements?participant=wal_siam');
  const path = `POST /api/settlements/${payment?.id ?? ''}/confirm`;
  const reader = await hub.issue({ name: 'cem', scopes: ['read'] });
  const body = { bankReference: 'B-1', minor: '40000' };
  expect((await hub.ask(path, { key: reader, body })).status).toBe(403);
  expect((await hub.ask(path, { key: ana, body: { ...body, minor: '90001' } })).status).toBe(422);
  expect(await hub.ask(path, { key: ana, body })).toMatchObject({
    status: 200,
    body: { state: 'partial', confirmed: { value: '40000' }, answeredBy: 'ana' },
  });
  expect((await hub.ask(path, { key: ana, body })).status).toBe(412);
  const [entry] = await hub.audit('&action=settlement.confirmed');
  expect(entry).toMatchObject({ person: 'ana', subject: payment?.id });
});

it('books cover, and tells how much room is left', async () => {
  const body = { kind: 'deposit', currency: 'THB', minor: '5000', reference: 'R-1' };
  const path = 'POST /api/participants/wal_siam/prefund';
  expect((await hub.ask(path, { body })).status).toBe(403);
  expect(await hub.ask(path, { key: ana, body })).toMatchObject({
    status: 200,
    body: { prefund: { text: 'THB 50.00' } },
  });
  const liquidity = await hub.ask('GET /api/liquidity', { key: ana });
  expect(liquidity.body['participants']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        participant: 'wal_siam',
        used: expect.objectContaining({ value: '50000' }) as object,
        state: 'ok',
      }),
    ]),
  );
});

it('declares a default when a second person agrees', async () => {
  const payload = { participantId: 'wal_gone', reason: 'bank run' };
  const request = { action: 'settlement.default', payload, reason: 'told by its regulator' };
  const nobody = { ...request, payload: { ...payload, participantId: 'wal_siam_x' } };
  expect((await hub.ask('POST /api/approvals', { key: ana, body: nobody })).status).toBe(412);
  const proposed = await hub.ask('POST /api/approvals', { key: ana, body: request });
  const approve = `POST /api/approvals/${String(proposed.body['id'])}/approve`;
  expect((await hub.ask(approve, { key: ana, body: {} })).status).toBeGreaterThanOrEqual(400);
  expect(await hub.ask(approve, { key: ben, body: {} })).toMatchObject({
    status: 200,
    body: { state: 'executed' },
  });
  const { body } = await hub.ask('GET /api/defaults', { key: ana });
  expect(body['defaults']).toMatchObject([
    {
      participant: 'wal_gone',
      declaredBy: 'ana and ben',
      layers: [{ loss: { text: 'USD 70.00' }, hubCapital: { text: 'USD 70.00' }, survivors: [] }],
    },
  ]);
});
