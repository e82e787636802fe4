// Goal: a key or an approval that nobody is on record for is found and named.
// Method: sound records through the product's own services, then one fault at a time planted past
// them, with the database's own defence taken away where it would refuse.
import type { OperatorKeyRequest } from '#contracts/operator/operators';
import { openTestDatabase, type TestDatabase } from '#testkit/database';
import { systemClock } from '../clock.js';
import { randomIds } from '../id-source.js';
import { runChecks } from '../invariant-check.js';
import { Approvals } from './approvals.js';
import { AuditLog } from './audit-log.js';
import { LOCAL_OPERATOR, type OperatorCaller } from './caller.js';
import { operatorChecks } from './operator-checks.js';
import { OperatorKeys } from './operator-keys.js';
import { accepted } from '#domain/rejection';
import { z } from 'zod';

const ID = 'opk_00000000000000000000000000';
const APPROVAL = 'apv_00000000000000000000000000';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  const { dataSource } = db;
  const audit = new AuditLog();
  const keys = new OperatorKeys(audit, systemClock, randomIds());
  const issue = async (name: string): Promise<OperatorCaller> => {
    const terms: OperatorKeyRequest = { name, scopes: ['caps:write', 'approvals:write'] };
    const issued = await dataSource.transaction((tx) => keys.issue(tx, LOCAL_OPERATOR, terms));
    const key = issued.ok ? issued.value.key : '';
    const caller = await keys.identify(dataSource.manager, key);
    if (caller?.kind !== 'operator') throw new Error(`${name} has no key`);
    return caller;
  };
  const [ana, ben] = [await issue('ana'), await issue('ben')];
  await issue('leaver');
  await dataSource.transaction((tx) => keys.revoke(tx, LOCAL_OPERATOR, 'leaver'));
  const approvals = new Approvals(dataSource, keys, audit, systemClock, randomIds());
  approvals.register('test.act', {
    scope: 'caps:write',
    schema: z.object({}),
    subject: () => 'thing',
    describe: () => 'Act.',
    execute: () => Promise.resolve(accepted({ before: null, after: {} })),
  });
  const request = { action: 'test.act', payload: {}, reason: 'a test' };
  const proposed = await approvals.propose(ana, request);
  const id = proposed.ok ? proposed.value.id : '';
  if (!(await approvals.approve(ben, id)).ok) throw new Error('not approved');
}, 60_000);
afterAll(() => db.close());

it('finds nothing in what the services wrote', async () => {
  const results = await runChecks(db.dataSource, operatorChecks);
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  expect(results).toHaveLength(operatorChecks.length);
});

it.each<[string, string, string]>([
  [
    'key-is-in-the-audit-log',
    ID,
    `INSERT INTO operator_keys (id, name, person, key_digest, scopes, issued_by)
     VALUES ('${ID}', 'ghost', 'ghost', sha256('x'), ARRAY['read'], 'bootstrap')`,
  ],
  [
    'key-is-in-the-audit-log',
    'opk_',
    `UPDATE operator_keys SET revoked_at = now(), revoked_by = 'ghost' WHERE name = 'ana'`,
  ],
  [
    'approval-took-two-persons',
    APPROVAL,
    `INSERT INTO approvals (id, action, subject, summary, payload, reason, state, proposed_by,
       proposed_at, expires_at, decided_by, decided_at)
     VALUES ('${APPROVAL}', 'test.act', 'thing', 'Act.', '{}', 'x', 'executed', 'ana',
       now(), now() + interval '1 day', 'ben', now())`,
  ],
  [
    'approval-took-two-persons',
    'apv_',
    `ALTER TABLE approvals DISABLE TRIGGER approvals_fixed;
     ALTER TABLE approvals DROP CONSTRAINT approvals_four_eyes;
     UPDATE approvals SET decided_by = proposed_by`,
  ],
])('%s names %s', async (name, offender, fault) => {
  const runner = db.dataSource.createQueryRunner();
  const [check] = operatorChecks.filter((each) => each.name === name);
  await runner.startTransaction();
  try {
    for (const statement of fault.split(';')) await runner.query(statement);
    const rows = (await runner.query(check?.sql ?? '')) as { offender: string; detail: string }[];
    expect(rows).toHaveLength(1);
    expect(rows[0]?.offender).toContain(offender);
    expect(rows[0]?.detail).not.toBe('');
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});
