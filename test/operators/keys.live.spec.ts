// Goal: a key opens what its scopes say and nothing else, a participant's key opens its own pages
// alone, and every act and refusal is written down without a secret.
// Method: a real hub, and every route it describes itself tried with every kind of key.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR_SCOPES } from '#contracts/operator/operators';
import { projectRoot } from '#platform/project-root';
import { openApiOf } from '../../apps/hub/src/openapi.js';
import { GuardedHub } from './guarded-hub.js';

/** What tells nothing that is anybody's. */
const OPEN = [
  'GET /health',
  'GET /ready',
  'GET /board',
  'GET /api/hub-key',
  'GET /api/ledger/head',
];
/** For whoever has a key. */
const ANY_KEY = ['GET /api/operators/me'];

let hub: GuardedHub;
let routes: string[];
beforeAll(async () => {
  hub = await GuardedHub.open();
  routes = Object.entries(openApiOf(hub.app).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}, 60_000);
afterAll(() => hub.close());

const isRead = (route: string): boolean => route.startsWith('GET ');
const isWrite = (route: string): boolean => !isRead(route);
const filled = (route: string, id = 'truemoney'): string => route.replace(/\{\w+\}/g, id);

async function refusals(those: readonly string[], key?: string): Promise<string[]> {
  const refused: string[] = [];
  for (const route of those) {
    const { status } = await hub.ask(filled(route), {
      ...(key === undefined ? {} : { key }),
      ...(isRead(route) ? {} : { body: {} }),
    });
    if (status === 403) refused.push(route);
  }
  return refused;
}

describe('without a key', () => {
  it('nothing is changed, whatever the route', async () => {
    const writes = routes.filter(isWrite);
    expect(writes.length).toBeGreaterThan(5);
    expect(await refusals(writes)).toEqual(writes);
  });

  it('this machine reads the demonstration, and no lists of keys, acts or proposals', async () => {
    const refused = await refusals(routes.filter(isRead));
    for (const route of ['GET /api/payments', 'GET /api/wallets', ...OPEN]) {
      expect(refused).not.toContain(route);
    }
    for (const path of ['operators', 'audit', 'approvals', 'invariants']) {
      expect(refused).toContain(`GET /api/${path}`);
    }
  });

  it.each<[string, Record<string, string>]>([
    ['a page of the web under its own name', { host: 'evil.test' }],
    ['a name that begins like ours', { host: 'localhost.evil.test:4070' }],
    ['a proxy', { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.9' }],
    ['a proxy of the newer kind', { host: '127.0.0.1', forwarded: 'for=203.0.113.9' }],
  ])('%s reads nothing', async (_, headers) => {
    expect(await hub.raw('/api/payments', { host: 'localhost' })).toBe(200);
    expect(await hub.raw('/api/payments', headers)).toBe(403);
    expect(await hub.raw('/health', headers)).toBe(200);
  });
});

describe('a key', () => {
  it.each(['', 'x', 'wop_x', `wok_${'0'.repeat(26)}_${'A'.repeat(43)}`])(
    'that is none (%p) is refused even where none is needed',
    async (key) => {
      expect((await hub.ask('GET /api/payments', { key })).status).toBe(403);
      expect((await hub.ask('POST /api/operators', { key, body: {} })).status).toBe(403);
    },
  );

  it('of the data folder opens everything', async () => {
    expect(await refusals(routes, hub.rootKey)).toEqual([]);
  });

  it('with read alone reads and changes nothing', async () => {
    const key = await hub.issue({ name: 'reader', scopes: ['read'] });
    // What may be proposed depends on what is in the proposal.
    const writes = routes.filter((route) => isWrite(route) && route !== 'POST /api/approvals');
    expect(await refusals(writes, key)).toEqual(writes);
    const body = { action: 'caps.change', payload: {}, reason: 'a try' };
    expect((await hub.ask('POST /api/approvals', { key, body })).status).toBe(403);
    const refused = await refusals(routes.filter(isRead), key);
    expect(refused).toContain('GET /api/operators');
    expect(refused).toContain('GET /api/invariants');
    expect(refused).not.toContain('GET /api/payments');
    expect(refused).not.toContain('GET /api/audit');
  });

  it.each(OPERATOR_SCOPES.filter((scope) => scope !== 'read'))(
    'with %s alone does not read payments',
    async (scope) => {
      const key = await hub.issue({ name: `only-${scope.replace(':', '-')}`, scopes: [scope] });
      expect((await hub.ask('GET /api/payments', { key })).status).toBe(403);
      expect((await hub.ask('GET /api/operators/me', { key })).body).toMatchObject({
        kind: 'operator',
        scopes: [scope],
      });
    },
  );

  it('cannot pass on what it does not have', async () => {
    const key = await hub.issue({ name: 'clerk', scopes: ['read', 'operators:write'] });
    const more = { name: 'clerks-friend', scopes: ['read', 'caps:write'] };
    expect(await hub.ask('POST /api/operators', { key, body: more })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('caps:write') as string },
    });
    await expect(hub.issue({ name: 'clerks-friend', scopes: ['read'] }, key)).resolves.toBeTruthy();
  });

  it('ends when it is revoked, at once and in every process', async () => {
    const key = await hub.issue({ name: 'leaver', scopes: ['read'] });
    const other = await hub.another();
    try {
      const seen = () => hub.ask('GET /api/audit', { key, url: other.url });
      expect((await seen()).status).toBe(200);
      const revoke = { key: hub.rootKey, body: {} };
      expect((await hub.ask('POST /api/operators/leaver/revoke', revoke)).status).toBe(201);
      expect((await seen()).status).toBe(403);
      expect((await hub.ask('POST /api/operators/leaver/revoke', revoke)).status).toBe(404);
      // The name is free again, and the old secret stays dead.
      await hub.issue({ name: 'leaver', scopes: ['read'] });
      expect((await seen()).status).toBe(403);
    } finally {
      await other.close();
    }
  }, 30_000);

  it('ends when its time is over', async () => {
    const expiresAt = new Date(hub.clock.nowMs() + 3_600_000).toISOString();
    const key = await hub.issue({ name: 'guest', scopes: ['read'], expiresAt });
    expect((await hub.ask('GET /api/audit', { key })).status).toBe(200);
    hub.clock.advance(3_600_000);
    expect((await hub.ask('GET /api/audit', { key })).status).toBe(403);
  });

  it.each<[string, object, number]>([
    ['nothing to do', { name: 'a', scopes: [] }, 422],
    ['an unknown scope', { name: 'a', scopes: ['all'] }, 422],
    ['scopes for a participant', { name: 'a', scopes: ['read'], participant: 'truemoney' }, 422],
    ['the name of the root', { name: 'bootstrap', scopes: ['read'] }, 422],
    ['the person of the root', { name: 'a', person: 'bootstrap', scopes: ['read'] }, 422],
    [
      'a time that has passed',
      { name: 'a', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
      422,
    ],
    ['a name in use', { name: 'reader', scopes: ['read'] }, 409],
  ])('is not issued with %s', async (_, body, status) => {
    const answer = await hub.ask('POST /api/operators', { key: hub.rootKey, body });
    expect(answer.status).toBe(status);
  });

  it('is never changed by a hand on the database', async () => {
    const { dataSource } = hub.database;
    await expect(
      dataSource.query(`UPDATE operator_keys SET scopes = ARRAY['operators:write']`),
    ).rejects.toThrow(/only revoked/);
    await expect(
      dataSource.query('UPDATE operator_keys SET revoked_at = NULL, revoked_by = NULL'),
    ).rejects.toThrow(/only revoked/);
    await expect(dataSource.query('DELETE FROM operator_keys')).rejects.toThrow(/only revoked/);
  });
});

describe("a participant's key", () => {
  let key: string;
  beforeAll(async () => {
    key = await hub.issue({ name: 'truemoney-desk', participant: 'truemoney' });
  });

  it('opens no route of operators, read or write', async () => {
    const mine = routes.filter(
      (route) => route.includes(' /api/participants/{id}') && isRead(route),
    );
    expect(mine.length).toBeGreaterThan(1);
    const theirs = routes.filter((route) => ![...mine, ...OPEN, ...ANY_KEY].includes(route));
    expect(await refusals(theirs, key)).toEqual(theirs);
    expect(await refusals(mine, key)).toEqual([]);
  });

  it('opens no page of another, told as if none were there', async () => {
    const mine = routes.filter(
      (route) => route.includes(' /api/participants/{id}') && isRead(route),
    );
    for (const id of ['gcash', 'acq_kamogawa', 'nobody', 'TRUEMONEY', 'truemoney%20']) {
      for (const route of mine) {
        const answer = await hub.ask(filled(route, id), { key });
        expect({ id, route, ...answer }).toMatchObject({ status: 403 });
        expect(JSON.stringify(answer.body['detail'])).not.toContain(id);
      }
    }
  });

  it.each([
    '/api/participants/truemoney/../gcash/payments',
    '/api/participants/truemoney%2F..%2Fgcash/payments',
    '/api/participants/gcash/payments?id=truemoney',
    '/api/participants//gcash/payments',
    '/api/participants/gcash;id=truemoney/payments',
    '/api/participants/gcash/payments/../../truemoney',
  ])('is not led astray by %s', async (path) => {
    const status = await hub.raw(path, { authorization: `Bearer ${key}` });
    expect([400, 403, 404]).toContain(status);
  });

  it('says whose it is', async () => {
    expect((await hub.ask('GET /api/operators/me', { key })).body).toMatchObject({
      kind: 'participant',
      participant: 'truemoney',
      scopes: [],
    });
  });
});

describe('the audit log', () => {
  it('holds issues and revocations with their author, newest first, by pages and filters', async () => {
    const [first, ...rest] = await hub.audit('&action=operators.issue');
    expect(first).toMatchObject({ outcome: 'done', person: 'bootstrap', scope: 'operators:write' });
    expect(rest.length).toBeGreaterThan(5);
    const numbers = [first, ...rest].map((entry) => Number(entry?.['seq']));
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    const page = await hub.ask('GET /api/audit?limit=2&action=operators.issue', {
      key: hub.rootKey,
    });
    const cursor = page.body['nextCursor'] as string;
    const next = await hub.ask(`GET /api/audit?limit=2&action=operators.issue&cursor=${cursor}`, {
      key: hub.rootKey,
    });
    const seqs = [page, next].flatMap(({ body }) =>
      (body['items'] as { seq: string }[]).map(({ seq }) => Number(seq)),
    );
    expect(seqs).toEqual(numbers.slice(0, 4));
    expect(await hub.audit('&person=nobody')).toEqual([]);
  });

  it('holds who was refused what, and from where', async () => {
    await hub.ask('PUT /api/participants/gcash/connection', { body: {} });
    const denied = await hub.audit('&outcome=denied');
    expect(denied).toContainEqual(
      expect.objectContaining({ person: null, action: 'GET /api/invariants' }),
    );
    expect(denied).toContainEqual(
      expect.objectContaining({ participant: 'truemoney', person: 'truemoney-desk' }),
    );
    expect(denied[0]?.['reason']).toMatch(/^From (127\.0\.0\.1|::1|::ffff:127\.0\.0\.1): /);
  });

  it('is not filled by whoever is refused', async () => {
    const before = (await hub.audit('&outcome=denied')).length;
    await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        hub.ask(`GET /api/operators?n=${String(n)}`, { key: `x${String(n)}` }),
      ),
    );
    expect((await hub.audit('&outcome=denied')).length).toBeLessThanOrEqual(before + 1);
  });

  it('cannot be changed', async () => {
    const { dataSource } = hub.database;
    for (const sql of [
      `UPDATE audit_log SET person = 'eve'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ]) {
      await expect(dataSource.query(sql)).rejects.toThrow(/append-only/);
    }
  });

  it('keeps an act and its entry together: without the entry there is no act', async () => {
    const { dataSource } = hub.database;
    await dataSource.query(
      `ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (action <> 'operators.issue') NOT VALID`,
    );
    const body = { name: 'unwritten', scopes: ['read'] };
    const answer = await hub.ask('POST /api/operators', { key: hub.rootKey, body });
    await dataSource.query('ALTER TABLE audit_log DROP CONSTRAINT full_disk');
    expect(answer.status).toBe(500);
    const rows = await dataSource.query<unknown[]>(
      `SELECT FROM operator_keys WHERE name = 'unwritten'`,
    );
    expect(rows).toHaveLength(0);
  });
});

it('keeps secrets out of the log, the audit log and every list', async () => {
  const key = await hub.issue({ name: 'secretive', scopes: ['read'] });
  await hub.ask('GET /api/audit', { key });
  await hub.ask('POST /api/operators', { key, body: {} });
  const secret = key.slice(-43);
  const rows = await hub.database.dataSource.query<object[]>(
    'SELECT to_jsonb(a) AS row FROM audit_log a UNION ALL SELECT to_jsonb(k) FROM operator_keys k',
  );
  const list = await hub.ask('GET /api/operators', { key: hub.rootKey });
  const everything = [hub.log.join(''), JSON.stringify(rows), JSON.stringify(list.body)];
  expect(hub.log.length).toBeGreaterThan(10);
  for (const text of everything) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(hub.rootKey);
  }
});

describe('a hub that is published', () => {
  it.each([{ OPERATOR_READS: 'key' }, { PUBLIC_URL: 'https://hub.example.com' }])(
    'as by %p is read with a key alone',
    async (environment) => {
      const published = await GuardedHub.open(environment);
      try {
        for (const route of routes.filter(isRead)) {
          const { status } = await published.ask(filled(route));
          expect({ route, refused: status === 403 }).toEqual({
            route,
            refused: !OPEN.includes(route),
          });
        }
        const key = await published.issue({ name: 'reader', scopes: ['read'] });
        expect((await published.ask('GET /api/payments', { key })).status).toBe(200);
      } finally {
        await published.close();
      }
    },
    60_000,
  );
});

it('scopes in the database are those of the contract', () => {
  const folder = join(projectRoot, 'libs/platform/migrations');
  const lists = readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      return [...sql.matchAll(/scopes <@ ARRAY\[([^\]]*)\]/g)].map((match) => match[1] ?? '');
    });
  // A scope that came later took the place of the first list.
  const named = [...(lists.at(-1) ?? '').matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  expect(named.sort()).toEqual([...OPERATOR_SCOPES].sort());
});
