// Goal: operators read breaks page by page, act on them with the right key, and end them by repair
// or write-off only with four eyes; every act is in the audit log.
// Method: a real hub on a day with a missing line, asked over HTTP with keys of two persons and with
// none.
import { seededIds } from '#platform/id-source';
import { filesOfSet, loadDetailFile, partnerSets } from '#reconciliation';
import { clearedPayment, openReconDay, RECON_CYCLE } from '#testkit/recon-cases';
import { GuardedHub } from '../operators/guarded-hub.js';

let hub: GuardedHub;
let ana: string;
let ben: string;

async function* piece(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

beforeAll(async () => {
  hub = await GuardedHub.open();
  const scopes = ['read', 'settlement:write', 'approvals:write'];
  ana = await hub.issue({ name: 'ana', scopes });
  ben = await hub.issue({ name: 'ben', scopes });
  const { dataSource } = hub.database;
  await openReconDay(
    dataSource.manager,
    [1, 2, 3, 4].map((n) => clearedPayment(n, BigInt(n) * 100n)),
  );
  const files = await dataSource.transaction(async (tx) => {
    const all: { name: string; text: string }[] = [];
    for await (const set of partnerSets(tx, RECON_CYCLE)) {
      // The acquirer sends nothing, and the wallet one line of four.
      if (set.side === 'acquirer') continue;
      all.push(...filesOfSet({ ...set, lines: set.lines.slice(0, 1) }, RECON_CYCLE, 10));
    }
    return all;
  });
  for (const { name, text } of files) {
    const terms = { nowMs: hub.clock.nowMs(), actor: 'test', ids: seededIds(7) };
    const outcome = await loadDetailFile(dataSource, name, piece(text), terms);
    if (!outcome.ok) throw new Error(outcome.rejection.detail);
  }
}, 120_000);
afterAll(() => hub.close());

interface Item {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly state: string;
}

async function list(filter = ''): Promise<{ items: Item[]; nextCursor: string | null }> {
  const answer = await hub.ask(`GET /api/breaks?${filter}`, { key: ana });
  expect(answer.status).toBe(200);
  return answer.body as unknown as { items: Item[]; nextCursor: string | null };
}

async function breakOf(n: number): Promise<Item> {
  const { items } = await list('limit=200');
  const item = items.find(({ subject }) => subject === clearedPayment(n, 100n).id);
  if (item === undefined) throw new Error(`no break of payment ${String(n)}`);
  return item;
}

it('are listed page by page, each once', async () => {
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 9; page++) {
    const { items, nextCursor } = await list(`limit=1&type=missingAtWallet${cursor}`);
    seen.push(...items.map(({ subject }) => subject));
    if (nextCursor === null) break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect([...seen].sort()).toEqual([2, 3, 4].map((n) => clearedPayment(n, 100n).id));
  expect((await list('participant=kplus')).items).toEqual([]);
  const odd = await hub.ask('GET /api/breaks?type=oddness', { key: ana });
  expect(odd.status).toBe(422);
});

it('tell what is wrong, since when, whose it is and what would repair it', async () => {
  const { id } = await breakOf(2);
  const answer = await hub.ask(`GET /api/breaks/${id}`, { key: ana });
  expect(answer.body).toMatchObject({
    type: 'missingAtWallet',
    owner: 'wallet',
    severity: 'high',
    state: 'open',
    ageBusinessDays: 0,
    overdue: false,
    repair: { action: { kind: 'requestLine', participantId: 'truemoney' } },
    events: [{ event: 'opened', from: null, to: 'open' }],
  });
  expect((await hub.ask('GET /api/breaks/brk_none', { key: ana })).status).toBe(404);
});

it('are acted on with a key that may, and only along their life', async () => {
  const { id } = await breakOf(2);
  const act = (key: string | undefined, action: string) =>
    hub.ask(`POST /api/breaks/${id}/actions`, {
      ...(key === undefined ? {} : { key }),
      body: { action, reason: 'asked the wallet' },
    });
  const reader = await hub.issue({ name: 'reader', scopes: ['read'] });
  expect((await act(undefined, 'acknowledge')).status).toBeGreaterThanOrEqual(401);
  expect((await act(reader, 'acknowledge')).status).toBe(403);
  expect(await act(ana, 'acknowledge')).toMatchObject({
    status: 200,
    body: { state: 'acknowledged' },
  });
  expect((await act(ana, 'acknowledge')).status).toBe(412);
  expect((await act(ana, 'writeOff')).status).toBe(422);
  expect(await act(ben, 'explain')).toMatchObject({ body: { state: 'explained' } });
  expect(await act(ben, 'reopen')).toMatchObject({ body: { state: 'open', endedAt: null } });
  const entries = await hub.audit(`&subject=${id}`);
  expect(entries.map((entry) => [entry['person'], entry['action'], entry['outcome']])).toEqual(
    expect.arrayContaining([
      ['ana', 'breaks.acknowledge', 'done'],
      ['ben', 'breaks.explain', 'done'],
      ['ben', 'breaks.reopen', 'done'],
    ]),
  );
});

it('are written off by two persons, never by one', async () => {
  const { id } = await breakOf(3);
  const proposal = await hub.ask('POST /api/approvals', {
    key: ana,
    body: { action: 'breaks.writeOff', payload: { breakId: id }, reason: 'below all cost' },
  });
  expect(proposal.status).toBe(201);
  const approval = String(proposal.body['id']);
  const approve = (key: string) =>
    hub.ask(`POST /api/approvals/${approval}/approve`, { key, body: { reason: 'agreed' } });
  expect((await approve(ana)).status).toBe(403);
  expect((await breakOf(3)).state).toBe('open');
  expect((await approve(ben)).status).toBe(200);
  expect((await breakOf(3)).state).toBe('writtenOff');
  expect((await approve(ben)).status).toBeGreaterThanOrEqual(400);
});

it('are counted by cycle, and a run asks for the file that never came', async () => {
  const run = await hub.ask(`POST /api/cycles/${RECON_CYCLE}/reconciliation/runs`, { key: ana });
  expect(run).toMatchObject({ status: 200, body: { legs: 8, opened: 1 } });
  const overview = await hub.ask(`GET /api/cycles/${RECON_CYCLE}/reconciliation`, { key: ana });
  expect(overview.body).toMatchObject({
    files: [{ participant: 'truemoney', lines: 1, part: 0, parts: 1 }],
    liveBreaks: [
      { type: 'fileMissing', count: 1 },
      { type: 'missingAtWallet', count: 2 },
    ],
    lastRun: { cause: 'asked', participant: null },
  });
  expect((await breakOf(3)).state).toBe('writtenOff');
  const open = await hub.ask('POST /api/cycles/cyc_20261123/reconciliation/runs', { key: ana });
  expect(open.status).toBe(412);
});

it('grow old on business days, and are overdue then', async () => {
  hub.clock.advance(8 * 86_400_000);
  const { id } = await breakOf(4);
  const answer = await hub.ask(`GET /api/breaks/${id}`, { key: hub.rootKey });
  expect(answer.body).toMatchObject({ overdue: true });
  // Eight days hold a weekend, and perhaps holidays of the baht.
  expect(Number(answer.body['ageBusinessDays'])).toBeGreaterThanOrEqual(2);
  expect(Number(answer.body['ageBusinessDays'])).toBeLessThanOrEqual(6);
});
