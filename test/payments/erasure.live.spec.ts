/**
 * Goal: a payer who asks to be forgotten is found nowhere in the database afterwards, while the
 * chain, the books, every invariant and the answers to repeated requests stay as they were.
 * Method: payments on the real wire in several ways, a refund with words about the person, then
 * every row of every table is searched as text; another payer is looked at beside.
 */
import { NetworkDirectory } from '#corridors';
import { DisputeMessages, disputeChecks } from '#disputes';
import { checkChain, countUnsealed, findHead, ledgerContentHash } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { OPERATOR_KEY } from '#platform/operators/index';
import { verifyInvariants } from '#verification';
import { encodeStoreCode } from '#domain/routing/store-code';
import { setTimeout as sleep } from 'node:timers/promises';
import { SHOP, yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { DONE, type HubReply } from './partner.js';

const NOI = 'customer-noi-4711';
const DAN = 'customer-dan-0815';

let hub: HubUnderTest;
beforeAll(async () => {
  // Recorded decisions too must know the payer no more.
  hub = await HubUnderTest.open({ environment: { DECISION_LOG: 'on' } });
}, 60_000);
afterAll(() => hub.close());

async function erase(customer: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${hub.url}/api/privacy/erasures`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${hub.app.get<string>(OPERATOR_KEY)}`,
    },
    body: JSON.stringify({ wallet: 'truemoney', customer, reason: 'asked by the payer' }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Tables with a row that holds the text anywhere, however it is stored. */
async function tablesNaming(text: string): Promise<string[]> {
  const { dataSource } = hub.database;
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await dataSource.query<{ there: boolean }[]>(
      `SELECT EXISTS (SELECT FROM ${name} t WHERE t::text LIKE '%' || $1 || '%') AS there`,
      [text],
    );
    if (row?.there === true) found.push(name);
  }
  return found;
}

/** The shop's own code, with its amount: one scan, known again by code and payer. */
function printed(amount: number): string {
  const network = hub.app.get(NetworkDirectory).current();
  const code = encodeStoreCode(network, SHOP.store, {
    amount: { currency: 'JPY', minor: BigInt(amount) },
  });
  if (!code.ok) throw new Error(code.rejection.detail);
  return code.value;
}

async function untilSealed(): Promise<void> {
  await hub.posted();
  const until = Date.now() + 20_000;
  while ((await countUnsealed(hub.database.dataSource.manager)).entries > 0) {
    if (Date.now() > until) throw new Error('what was posted is not sealed');
    await sleep(20);
  }
}

it('forgets a payer and nothing else', async () => {
  const till = hub.acquirer.charge(await hub.wallet.code(NOI), yen(900));
  expect((await hub.acquirer.pay(till)).result.resultStatus).toBe('S');
  await hub.acquirer.refund(till['paymentRequestId'], yen(100), {
    refundReason: `Complaint of ${NOI}`,
  });
  const code = printed(640);
  const scanned = await hub.wallet.scan(code, NOI);
  expect(scanned.result.resultStatus).toBe('S');
  expect((await erase(NOI)).status).toBe(412);
  await hub.wallet.confirm(scanned);
  const other = hub.acquirer.charge(await hub.wallet.code(DAN), yen(500));
  await hub.acquirer.pay(other);
  await hub.idle();
  await untilSealed();
  const head = await findHead(hub.database.dataSource.manager);
  const content = await ledgerContentHash(hub.database.dataSource.manager);
  expect(content.entries).toBe(4);
  expect(await tablesNaming(NOI)).toEqual(
    expect.arrayContaining(['public.payments', 'public.payer_usage', 'public.user_codes']),
  );
  // What is kept for ever never named the payer.
  expect(await tablesNaming(NOI)).not.toContain('public.requests');

  const askedBefore = await hub.wallet.scan(code, NOI);
  const erased = await erase(NOI);
  expect(erased).toMatchObject({ status: 201, body: { wallet: 'truemoney', payments: 2 } });
  expect(await tablesNaming(NOI)).toEqual([]);
  expect((await tablesNaming(DAN)).length).toBeGreaterThan(1);
  expect(await tablesNaming(erased.body['pseudonym'] as string)).toEqual(
    expect.arrayContaining(['public.payments', 'public.audit_log', 'public.payer_erasures']),
  );

  const chain = await checkChain(hub.database.dataSource, { expectHead: head.hash });
  expect(chain).toMatchObject({ ok: true, unsealed: 0, faults: [] });
  expect(await ledgerContentHash(hub.database.dataSource.manager)).toEqual(content);
  const { checks } = await verifyInvariants(hub.database.dataSource);
  expect(checks.filter(({ ok, name }) => !ok && name !== 'no-duty-is-forgotten')).toEqual([]);

  const before = await hub.count('payments');
  const again: HubReply = await hub.acquirer.pay(till);
  expect(again.result.resultStatus).toBe('S');
  const rescanned = await hub.wallet.scan(code, NOI);
  expect(rescanned).toEqual(askedBefore);
  expect(await hub.count('payments')).toBe(before);
  expect((await erase(NOI)).status).toBe(404);
}, 60_000);

it('forgets what was said in disputes of the payer, once they are over', async () => {
  const EVE = 'customer-eve-2342';
  for (const name of ['Retrieval', 'Escalation']) {
    hub.acquirer.partner.on(`disputes/initiate${name}`, () => ({ result: DONE }));
    hub.wallet.partner.on(`disputes/response${name}`, () => ({ result: DONE }));
  }
  const told = (by: string) => ({
    buyer: { referenceBuyerId: EVE, buyerStatement: `${EVE} was there, says the ${by}` },
  });
  const disputed = async (customer: string, note: object): Promise<string> => {
    const till = hub.acquirer.charge(await hub.wallet.code(customer), yen(700));
    const disputeRequestId = `dispute-${String(till['paymentRequestId'])}`;
    const { paymentId } = await hub.acquirer.pay(till);
    const body = { disputeRequestId, paymentRequestId: paymentId };
    const reply = await hub.wallet.partner.send('disputes/initiateRetrieval', { ...body, ...note });
    expect(reply.result).toMatchObject({ resultStatus: 'S' });
    const [row] = await hub.database.dataSource.query<{ id: string }[]>(
      'SELECT id FROM disputes WHERE wallet_request_id = $1',
      [disputeRequestId],
    );
    return row?.id ?? '';
  };
  const words = { disputeReason: `Ask ${EVE}`, evidence: told('wallet') };
  const dispute = await disputed(EVE, words);
  await disputed(DAN, { disputeReason: 'Dan does not remember', evidence: told('neighbour') });
  await hub.app.get(DisputeMessages).idle();
  const open = await erase(EVE);
  expect(open).toMatchObject({ status: 412, body: { detail: expect.stringContaining('dispute') } });

  const answer = { disputeRequestId: dispute, responseCode: '0001', evidence: told('acquirer') };
  const answered = await hub.acquirer.partner.send('disputes/responseRetrieval', answer);
  expect(answered.result).toMatchObject({ resultStatus: 'S' });
  await hub.app.get(DisputeMessages).idle();
  const before = await tablesNaming(EVE);
  expect(before).toEqual(expect.arrayContaining(['public.disputes', 'public.dispute_evidence']));
  expect(await hub.count(`dispute_evidence WHERE evidence::text LIKE '%${EVE}%'`)).toBe(3);
  expect((await erase(EVE)).status).toBe(201);
  // Another payer's dispute is that payer's, whomever its evidence names.
  expect(await tablesNaming(EVE)).toEqual(['public.dispute_evidence']);
  expect(await hub.count('dispute_evidence')).toBe(1);
  expect(await hub.count(`disputes WHERE reason = 'Dan does not remember'`)).toBe(1);
  const checks = await runChecks(hub.database.dataSource, disputeChecks);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}, 60_000);

it('is for operators with the scope', async () => {
  const response = await fetch(`${hub.url}/api/privacy/erasures`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ wallet: 'truemoney', customer: DAN, reason: 'x' }),
  });
  expect(response.status).toBe(403);
  expect((await tablesNaming(DAN)).length).toBeGreaterThan(1);
});
