// Goal: the gravest acts take two persons, happen exactly once and with their audit entry, and what
// they were proposed on must still be so.
// Method: the change of a wallet's cap on a real hub, by every wrong person and in every wrong
// order; then an action of the test's own that can fail half-way.
import { z } from 'zod';
import { accepted, rejected } from '#domain/rejection';
import { Approvals } from '#platform/operators/index';
import { GuardedHub, type Answer } from './guarded-hub.js';

let hub: GuardedHub;
/** Two persons who watch each other, and a third. */
let ana: string;
let ben: string;
let cap: bigint;
let prefund: bigint;

beforeAll(async () => {
  hub = await GuardedHub.open();
  const scopes = ['read', 'caps:write', 'approvals:write', 'operators:write'];
  ana = await hub.issue({ name: 'ana', scopes });
  ben = await hub.issue({ name: 'ben', scopes });
  ({ cap, prefund } = await exposure());
}, 60_000);
afterAll(() => hub.close());

async function exposure(): Promise<{ cap: bigint; prefund: bigint }> {
  const [row] = await hub.database.dataSource.query<{ cap: string; prefund: string }[]>(
    `SELECT cap, prefund FROM exposures WHERE participant_id = 'truemoney' AND currency = 'THB'`,
  );
  return { cap: BigInt(row?.cap ?? -1), prefund: BigInt(row?.prefund ?? -1) };
}

async function wallet(): Promise<Record<string, unknown>> {
  return (await hub.ask('GET /api/wallets/truemoney', { key: hub.rootKey })).body;
}

async function propose(key: string, terms: object = { netDebitCap: '123456700' }): Promise<string> {
  const body = { reason: 'the season begins', ...terms };
  const answer = await hub.ask('POST /api/participants/truemoney/caps', { key, body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body['id'] as string;
}

const approve = (key: string, id: string): Promise<Answer> =>
  hub.ask(`POST /api/approvals/${id}/approve`, { key, body: { reason: 'seen' } });
const reject = (key: string, id: string): Promise<Answer> =>
  hub.ask(`POST /api/approvals/${id}/reject`, { key, body: {} });

describe("a change of a wallet's cap", () => {
  it('waits for a second person, and is then in the terms, the exposure and the audit log', async () => {
    const before = await wallet();
    const id = await propose(ana);
    expect(await exposure()).toEqual({ cap, prefund });
    const pending = await hub.ask('GET /api/approvals?state=pending', { key: ben });
    expect(pending.body['items']).toMatchObject([
      {
        id,
        action: 'caps.change',
        subject: 'truemoney',
        proposedBy: 'ana',
        summary: expect.stringContaining('net debit cap to THB 1,234,567.00') as string,
      },
    ]);
    expect(await approve(ben, id)).toMatchObject({
      status: 200,
      body: { state: 'executed', decidedBy: 'ben', decisionReason: 'seen' },
    });
    expect(await exposure()).toEqual({ cap: 123_456_700n, prefund });
    expect(await wallet()).toMatchObject({
      version: Number(before['version']) + 1,
      netDebitCap: { currency: 'THB', value: '123456700' },
      prefund: before['prefund'],
      name: before['name'],
      provenance: { netDebitCap: { source: `operator, ${id}` } },
    });
    const [entry] = await hub.audit('&action=caps.change');
    expect(entry).toMatchObject({
      person: 'ben',
      subject: 'truemoney',
      before: { cap: cap.toString() },
      after: { cap: '123456700', currency: 'THB' },
      reason: `${id}, proposed by ana: the season begins`,
    });
  });

  it('keeps a prefund that came in meanwhile, unless it is what is changed', async () => {
    await hub.database.dataSource.query(
      `UPDATE exposures SET prefund = 777 WHERE participant_id = 'truemoney'`,
    );
    await approve(ben, await propose(ana, { netDebitCap: '5000' }));
    expect(await exposure()).toEqual({ cap: 5_000n, prefund: 777n });
    await approve(ben, await propose(ana, { prefund: '900' }));
    expect(await exposure()).toEqual({ cap: 5_000n, prefund: 900n });
  });

  it('may be of what an acquirer owes for refunds, and of nothing it does not have', async () => {
    const path = 'POST /api/participants/acq_kamogawa/caps';
    const body = { refundCap: '31415', reason: 'many returns' };
    const { status, body: proposed } = await hub.ask(path, { key: ana, body });
    expect(status).toBe(201);
    expect((await approve(ben, proposed['id'] as string)).status).toBe(200);
    const shown = await hub.ask('GET /api/acquirers/acq_kamogawa', { key: ben });
    expect(shown.body).toMatchObject({ version: 2, refundCap: { value: '31415' } });
    const [row] = await hub.database.dataSource.query<{ cap: string }[]>(
      `SELECT cap FROM exposures WHERE participant_id = 'acq_kamogawa'`,
    );
    expect(row?.cap).toBe('31415');
    const foreign = { netDebitCap: '1', reason: 'x' };
    expect((await hub.ask(path, { key: ana, body: foreign })).status).toBe(422);
    const wallets = 'POST /api/participants/truemoney/caps';
    expect((await hub.ask(wallets, { key: ana, body })).status).toBe(422);
  });

  it('is refused to the proposer, by any key, and to whoever stands behind the key', async () => {
    const second = await hub.issue({ name: 'ana-2', person: 'ana', scopes: ['approvals:write'] });
    const puppet = await hub.issue(
      { name: 'puppet', scopes: ['approvals:write', 'caps:write', 'operators:write'] },
      ana,
    );
    const puppets = await hub.issue({ name: 'strawman', scopes: ['approvals:write'] }, puppet);
    const terms = await exposure();
    const id = await propose(ana);
    for (const key of [ana, second, puppet, puppets]) {
      expect((await approve(key, id)).status).toBe(403);
    }
    const byPuppet = await propose(puppet);
    expect((await approve(ana, byPuppet)).status).toBe(403);
    const byRoot = await propose(hub.rootKey);
    expect((await approve(hub.rootKey, byRoot)).status).toBe(403);
    expect(await exposure()).toEqual(terms);
    for (const each of [id, byPuppet, byRoot]) expect((await reject(ben, each)).status).toBe(200);
  });

  it('takes the scope to propose, and to approve', async () => {
    const reader = await hub.issue({ name: 'reader', scopes: ['read'] });
    const body = { netDebitCap: '1', reason: 'x' };
    const path = 'POST /api/participants/truemoney/caps';
    expect((await hub.ask(path, { key: reader, body })).status).toBe(403);
    const id = await propose(ana);
    expect((await approve(reader, id)).status).toBe(403);
    expect((await reject(reader, id)).status).toBe(403);
    const own = await hub.issue({ name: 'own', participant: 'truemoney' });
    expect((await hub.ask(path, { key: own, body })).status).toBe(403);
    await reject(ana, id);
  });

  it('happens once, however many approve at the same moment', async () => {
    const id = await propose(ana, { netDebitCap: '42' });
    const version = Number((await wallet())['version']);
    const answers = await Promise.all(Array.from({ length: 12 }, () => approve(ben, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(11).fill(412),
    ]);
    expect((await wallet())['version']).toBe(version + 1);
    expect((await reject(ben, id)).status).toBe(412);
  });

  it('is not made on terms that were changed since it was proposed', async () => {
    const [older, newer] = [await propose(ana, { netDebitCap: '1' }), await propose(ana)];
    expect((await approve(ben, newer)).status).toBe(200);
    const late = await approve(ben, older);
    expect(late).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('propose the change anew') as string },
    });
    expect((await hub.ask(`GET /api/approvals/${older}`, { key: ben })).body['state']).toBe(
      'pending',
    );
    expect((await reject(ben, older)).status).toBe(200);
  });

  it('expires, and a proposal of a revoked key dies', async () => {
    const id = await propose(ana);
    hub.clock.advance(72 * 3_600_000);
    expect((await approve(ben, id)).status).toBe(412);
    expect((await hub.ask(`GET /api/approvals/${id}`, { key: ben })).body['state']).toBe('expired');
    const temp = await hub.issue({ name: 'temp', scopes: ['caps:write'] });
    const orphan = await propose(temp);
    await hub.ask('POST /api/operators/temp/revoke', { key: hub.rootKey, body: {} });
    expect((await approve(ben, orphan)).status).toBe(412);
  });

  it.each<[string, object, number]>([
    ['nothing to change', {}, 422],
    ['a negative cap', { netDebitCap: '-1' }, 422],
    ['a fraction', { netDebitCap: '1.5' }, 422],
    ['no reason', { netDebitCap: '1', reason: '' }, 422],
  ])('is not proposed with %s', async (_, terms, status) => {
    const body = { reason: 'x', ...terms };
    const path = 'POST /api/participants/truemoney/caps';
    expect((await hub.ask(path, { key: ana, body })).status).toBe(status);
  });

  it('is not proposed for nobody, nor in another currency', async () => {
    const body = { netDebitCap: '1', reason: 'x' };
    const path = 'POST /api/participants/nobody/caps';
    expect((await hub.ask(path, { key: ana, body })).status).toBe(404);
    const { version } = await wallet();
    const payload = { participantId: 'truemoney', currency: 'XXQ', replacesVersion: version };
    const proposal = {
      action: 'caps.change',
      payload: { ...payload, netDebitCap: '1' },
      reason: 'x',
    };
    expect((await hub.ask('POST /api/approvals', { key: ana, body: proposal })).status).toBe(422);
  });

  it('cannot be altered on its way by a hand on the database', async () => {
    const id = await propose(ana);
    const { dataSource } = hub.database;
    await expect(
      dataSource.query(`UPDATE approvals SET payload = '{}' WHERE id = $1`, [id]),
    ).rejects.toThrow(/cannot be changed/);
    await expect(
      dataSource.query(
        `UPDATE approvals SET state = 'executed', decided_by = 'ana', decided_at = proposed_at
         WHERE id = $1`,
        [id],
      ),
    ).rejects.toThrow(/approvals_four_eyes/);
    await reject(ben, id);
  });
});

describe('an action that a feature registers', () => {
  const schema = z.object({ fail: z.enum(['no', 'rejected', 'thrown']) });
  let done: string[];
  beforeAll(() => {
    hub.app.get(Approvals).register('test.act', {
      scope: 'caps:write',
      schema,
      subject: () => 'a thing',
      describe: ({ fail }) => `Act, and fail: ${fail}.`,
      execute: async (tx, { fail }, actors) => {
        await tx.query(`UPDATE exposures SET cap = cap + 1 WHERE participant_id = 'gcash'`);
        done.push(`${actors.proposer} ${actors.approver}`);
        if (fail === 'thrown') throw new Error('the disk is full');
        return fail === 'rejected'
          ? rejected('PRECONDITION_FAILED', 'Not now.')
          : accepted({ before: null, after: { done: true } });
      },
    });
  });
  beforeEach(() => {
    done = [];
  });

  async function capOfGcash(): Promise<string> {
    const [row] = await hub.database.dataSource.query<{ cap: string }[]>(
      `SELECT cap FROM exposures WHERE participant_id = 'gcash'`,
    );
    return row?.cap ?? '';
  }

  it.each<['no' | 'rejected' | 'thrown', number, number, string]>([
    ['rejected', 412, 0, 'pending'],
    ['thrown', 500, 0, 'pending'],
    ['no', 200, 1, 'executed'],
  ])('that fails (%s) leaves nothing half done', async (fail, status, grown, state) => {
    const before = BigInt(await capOfGcash());
    const body = { action: 'test.act', payload: { fail }, reason: 'a test' };
    const { id } = (await hub.ask('POST /api/approvals', { key: ana, body })).body;
    const answer = await approve(ben, id as string);
    expect(answer.status).toBe(status);
    expect(done).toEqual(['ana ben']);
    expect(BigInt(await capOfGcash()) - before).toBe(BigInt(grown));
    const path = `GET /api/approvals/${String(id)}`;
    expect((await hub.ask(path, { key: ben })).body['state']).toBe(state);
    const entries = await hub.audit('&action=test.act');
    expect(entries).toHaveLength(grown);
  });

  it('is listed with the scope it takes', async () => {
    const { body } = await hub.ask('GET /api/approvals/actions', { key: ben });
    expect(body['actions']).toContainEqual({ action: 'caps.change', scope: 'caps:write' });
  });

  it('is not proposed under an unknown name, or with another payload', async () => {
    for (const body of [
      { action: 'test.none', payload: {}, reason: 'x' },
      { action: 'test.act', payload: { fail: 'perhaps' }, reason: 'x' },
    ]) {
      expect((await hub.ask('POST /api/approvals', { key: ana, body })).status).toBe(422);
    }
  });
});
