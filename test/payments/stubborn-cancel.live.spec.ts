/**
 * Goal: a wallet that refuses a cancel for ever cannot keep a day from being settled: it is told of
 * by name and by alarm, and two persons, not one and not too early, book the cancel without it. The
 * payer's money is still asked for, and neither a late confirmation nor a late debit is booked.
 * Method: whole payments on the real wire, a wallet that refuses every cancel, the clock of cut-offs
 * moved over the end of the day, and keys of two persons on the operator API.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearingChecks } from '#clearing';
import { clearingWindowAt } from '#domain/clearing-cycles';
import { readDecisions, switchDecisionLog } from '#payments';
import { readHubClock, setHubClock } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { failed } from './partner.js';

let hub: HubUnderTest;
let folder: string;
let ana: string;
let ben: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wayfare-cancel-'));
  hub = await HubUnderTest.open({ environment: { WAYFARE_DATA_DIR: folder, DECISION_LOG: 'on' } });
  const root = (await readFile(join(folder, 'operator.key'), 'utf8')).trim();
  const scopes = ['read', 'payments:write', 'approvals:write'];
  const issue = async (name: string): Promise<string> =>
    (await ask('POST /api/operators', root, { name, scopes })).body['key'] as string;
  [ana, ben] = [await issue('ana'), await issue('ben')];
}, 60_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(line: string, key: string, body?: object) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const response = await fetch(`${hub.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const propose = (paymentId: string) =>
  ask('POST /api/approvals', ana, {
    action: 'payments.takeCancelAsDone',
    payload: { paymentId },
    reason: 'the wallet is insolvent',
  });

async function paid(): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(1_000));
  expect((await hub.acquirer.pay(body)).result.resultStatus).toBe('S');
  return body['paymentRequestId'] as string;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`waited in vain for: ${what}`);
    await sleep(50);
  }
}

it('is taken out of the way of its cycle by two persons, and asked for until it is done', async () => {
  const { manager } = hub.database.dataSource;
  await switchDecisionLog(manager, true);
  const before = await hub.exposure('truemoney');
  const { id: cycle, endsAtMs } = clearingWindowAt('daily', await readHubClock(manager));
  const [stuck, kept] = [await paid(), await paid()];
  const { id, cycle_id } = await hub.payment(stuck);
  expect(cycle_id).toBe(cycle);
  hub.wallet.partner.on('payments/cancelPayment', () => ({
    result: failed('RISK_REJECT', 'We will not.'),
  }));
  expect((await hub.acquirer.cancel(stuck)).result.resultStatus).toBe('U');
  const owed = (await hub.exposure('truemoney')).outstanding;

  // The wallet has its half hour, whatever two persons think of it.
  await setHubClock(manager, endsAtMs + 20 * 60_000);
  const early = await propose(id);
  expect(early.status).toBe(412);
  expect(early.body['detail']).toMatch(/^The wallet has until \S+16:30:00.000Z to confirm/);

  await setHubClock(manager, endsAtMs + 31 * 60_000);
  const waitsFor = async () =>
    (await ask(`GET /api/cycles/${cycle}`, ana)).body['waitsFor'] as string[];
  await until('a closed cycle', async () => /^1 cancels/.test((await waitsFor())[0] ?? ''));
  expect(await waitsFor()).toEqual([
    `1 cancels in it are not confirmed by their wallets yet, ${id} the first.`,
  ]);
  const metrics = async () => (await fetch(`${hub.url}/metrics`)).text();
  expect(await metrics()).toMatch(/^wayfare_cycle_holding_cancels{[^}]*} 1$/m);

  const proposed = await propose(id);
  expect(proposed.status).toBe(201);
  const approve = (key: string) =>
    ask(`POST /api/approvals/${String(proposed.body['id'])}/approve`, key, {});
  expect((await approve(ana)).status).toBe(403);
  expect((await hub.payment(stuck)).state).toBe('cancelling');
  expect(await approve(ben)).toMatchObject({ status: 200, body: { state: 'executed' } });
  expect((await approve(ben)).status).toBe(412);
  await until('a final cycle', async () => (await waitsFor()).length === 0);
  expect(await metrics()).toMatch(/^wayfare_cycle_holding_cancels{[^}]*} 0$/m);

  // Nobody pays for it, and nothing else has changed.
  const [ends] = await hub.database.dataSource.query<{ entries: number; left: string }[]>(
    `SELECT count(DISTINCT entry_id)::int AS entries,
            (SELECT count(*) FROM (SELECT FROM ledger_lines WHERE payment_id = $1
             GROUP BY owner, kind, currency HAVING sum(minor) <> 0) open)::text AS left
     FROM ledger_lines WHERE payment_id = $1 AND cycle_id = $2`,
    [id, cycle],
  );
  expect(ends).toEqual({ entries: 2, left: '0' });
  const freed = owed - (await hub.exposure('truemoney')).outstanding;
  expect(freed).toBe(BigInt((await hub.payment(stuck)).wallet_owes_minor ?? 0));
  expect((await hub.acquirer.cancel(stuck)).result.resultStatus).toBe('S');
  const [act] = (await ask('GET /api/audit?action=payments.takeCancelAsDone', ana)).body[
    'items'
  ] as object[];
  expect(act).toMatchObject({ person: 'ben', subject: id, after: { state: 'cancelled', cycle } });

  // The payer's money is asked for until the wallet gives it back, which books nothing more.
  const asked = (): number => hub.wallet.partner.callsTo('payments/cancelPayment').length;
  const times = asked();
  await hub.passTime(60_000);
  expect(asked()).toBeGreaterThan(times);
  hub.wallet.reset();
  await hub.passTime(60_000);
  expect(await hub.payment(stuck)).toMatchObject({ state: 'cancelled', duty_kind: null });
  expect(await hub.timeline(id)).toEqual(
    expect.arrayContaining(['cancelUnknown', 'cancelTakenAsDone', 'cancelConfirmed']),
  );
  await hub.posted();
  expect(await hub.count('journal_entries WHERE payment_id = $1', [id])).toBe(2);
  expect((await propose(id)).status).toBe(412);
  expect((await hub.payment(kept)).state).toBe('succeeded');
  expect((await hub.exposure('truemoney')).outstanding).toBeGreaterThan(before.outstanding);
  expect(await hub.faults()).toEqual([]);
  const checks = await runChecks(hub.database.dataSource, clearingChecks);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);

  // The record of decisions can be played again, and holds no words of the operators.
  const taken = (await readDecisions(manager)).flatMap(({ command }) =>
    command.kind === 'advance' && command.command.kind === 'cancelTakenAsDone' ? [command] : [],
  );
  expect(taken).toMatchObject([{ paymentId: id, command: { reason: '' } }]);
}, 60_000);
