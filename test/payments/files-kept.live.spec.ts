/**
 * Goal: a participant gets its own files and nothing of the other side, over the API too; a full
 * disk delays files without leaving anything half; the checks find what is missing or wrong.
 * Method: a whole day on the real wire; keys of both participants at each other's pages, writes
 * that meet a device that is always full at every stage, and faults planted past the constraints.
 */
import { readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LOCAL_OPERATOR, OperatorKeys } from '#platform/operators/index';
import { filesChecks, reopenFileSets } from '#settlement';
import { recomputeFolder } from '../../apps/cli/src/files-recompute/recompute-folder.js';
import { FiledCycle } from './filed-cycle.js';

let filed: FiledCycle;
beforeAll(async () => {
  filed = await FiledCycle.open();
}, 120_000);
afterAll(() => filed.close());

interface Listed {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

const nameOf = (path: string): string => basename(path);

describe('whose files they are', () => {
  it('shows in what they hold: nothing of the other side', async () => {
    const [row] = await filed.hub.database.dataSource.query<
      {
        settlement_quote_id: string;
        payer_quote_id: string;
        customer_id: string;
        acquirer_request_id: string;
        wallet_payment_id: string;
      }[]
    >(`SELECT * FROM payments WHERE state = 'succeeded' LIMIT 1`);
    if (row === undefined) throw new Error('no payment');
    const wallet = filed
      .pathsOf('truemoney')
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const acquirer = filed
      .pathsOf('acq_kamogawa')
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    expect(wallet).toContain(row.payer_quote_id);
    expect(acquirer).toContain(row.settlement_quote_id);
    for (const secret of [row.settlement_quote_id, row.acquirer_request_id, 'acq_kamogawa']) {
      expect(wallet).not.toContain(secret);
    }
    for (const secret of [
      row.payer_quote_id,
      row.wallet_payment_id,
      row.customer_id,
      'truemoney',
      'THB',
    ]) {
      expect(acquirer).not.toContain(secret);
    }
    expect(wallet).not.toContain(row.customer_id);
  });

  it('decides who may fetch them', async () => {
    const keyOf = async (participant: string): Promise<string> => {
      const issued = await filed.hub.database.dataSource.transaction((tx) =>
        filed.hub.app.get(OperatorKeys).issue(tx, LOCAL_OPERATOR, {
          name: `files-${participant.replace('_', '-')}`,
          scopes: [],
          participant,
        }),
      );
      if (!issued.ok) throw new Error(issued.rejection.detail);
      return issued.value.key;
    };
    const [own, other] = [await keyOf('truemoney'), await keyOf('acq_kamogawa')];
    const get = (path: string, key: string, more: Record<string, string> = {}): Promise<Response> =>
      fetch(`${filed.hub.url}/api/participants/${path}`, {
        headers: { authorization: `Bearer ${key}`, ...more },
      });
    const first = await get('truemoney/files?limit=3', own);
    expect(first.status).toBe(200);
    const page = (await first.json()) as { items: Listed[]; nextCursor: string };
    expect(page.items).toHaveLength(3);
    const rest = await get(`truemoney/files?limit=50&cursor=${page.nextCursor}`, own);
    const { items } = (await rest.json()) as { items: Listed[] };
    const listed = [...page.items, ...items];
    expect(listed.map(({ name }) => name).sort()).toEqual(
      filed.pathsOf('truemoney').map(nameOf).sort(),
    );

    for (const { name, sha256, bytes } of listed) {
      const reply = await get(`truemoney/files/${name}`, own);
      const body = Buffer.from(await reply.arrayBuffer());
      expect(
        body.equals(readFileSync(filed.pathsOf('truemoney').find((p) => nameOf(p) === name) ?? '')),
      ).toBe(true);
      expect([reply.headers.get('etag'), body.length]).toEqual([`"${sha256}"`, bytes]);
      const again = await get(`truemoney/files/${name}`, own, { 'if-none-match': `"${sha256}"` });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    }
    const [{ name } = { name: '' }] = listed;
    expect((await get(`truemoney/files/${name}`, other)).status).toBe(403);
    expect((await get('truemoney/files', other)).status).toBe(403);
    // Its own page, and somebody else's file: told apart from none at all by nothing.
    const strange = await get(`acq_kamogawa/files/${name}`, other);
    const none = await get('acq_kamogawa/files/none.csv', other);
    expect([strange.status, none.status]).toEqual([404, 404]);
    for (const name of ['..%2f..%2foperator-key', '%00', 'a'.repeat(3_000)]) {
      expect((await get(`acq_kamogawa/files/${name}`, other)).status).toBeGreaterThanOrEqual(400);
    }
  }, 30_000);
});

describe('a disk that fills', () => {
  it.each([
    [1, 'transactionItems', 'body'],
    [2, 'transactionItems', 'part'],
    [3, 'settlement', 'part'],
    [4, 'manifest', 'part'],
  ])(
    'leaves nothing half done at attempt %i, in the %s’s %s',
    async (seq, kind, stage) => {
      const { dataSource } = filed.hub.database;
      const before = filed.pathsOf('truemoney').sort();
      const first = filed.pathOf(kind, 'truemoney');
      const again = basename(first).replace('_000.', `_00${String(seq)}.`);
      // Whatever is written there meets a device that is always full.
      symlinkSync('/dev/full', join(dirname(first), `.${again}.${stage}`));
      expect(await reopenFileSets(dataSource.manager, filed.cycleId, 'truemoney')).toBe(1);
      await filed.untilNone(`state = 'due' AND attempts = 0`);
      const [set] = await dataSource.query<{ fault: string; state: string }[]>(
        `SELECT fault, state FROM file_sets WHERE seq = $1`,
        [seq],
      );
      expect(set).toMatchObject({
        state: 'due',
        fault: expect.stringContaining('ENOSPC') as string,
      });
      expect(filed.pathsOf('truemoney').sort()).toEqual(before);
      expect(await filed.hub.count('settlement_files WHERE seq = $1', [seq])).toBe(0);
      expect((await recomputeFolder(filed.root)).ok).toBe(true);

      await dataSource.query(`UPDATE file_sets SET due_at = clock_timestamp() WHERE state = 'due'`);
      await filed.untilNone(`state = 'due'`);
      expect(readFileSync(join(dirname(first), again)).length).toBeGreaterThan(0);
      // What a set holds is fixed by the netting: the second writing says the same.
      const table = filed.pathOf('transactionItems', 'truemoney');
      const rewritten = table.replace('_000.', `_00${String(seq)}.`);
      expect(readFileSync(rewritten, 'utf8')).toBe(readFileSync(table, 'utf8'));
      expect((await recomputeFolder(filed.root)).ok).toBe(true);
    },
    60_000,
  );
});

describe('the checks', () => {
  const FAULTS: readonly (readonly [string, readonly string[]])[] = [
    [
      `UPDATE file_sets SET net_minor = net_minor + 1 WHERE participant_id = 'truemoney' AND seq = 0`,
      ['files-equal-obligations'],
    ],
    [
      `DELETE FROM settlement_files WHERE kind = 'feeItems' AND participant_id = 'gcash'`,
      ['files-complete'],
    ],
    [
      `INSERT INTO file_sets (cycle_id, participant_id, currency, seq, role, due_at, created_at)
       SELECT cycle_id, participant_id, currency, 99, role, now() - interval '1 hour', created_at
       FROM file_sets WHERE participant_id = 'gcash' AND seq = 0`,
      ['files-are-written'],
    ],
  ];

  async function failing(sql: string): Promise<string[]> {
    const runner = filed.hub.database.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(`SET LOCAL session_replication_role = 'replica'`);
      await runner.query(sql);
      const broken: string[] = [];
      for (const { name, sql: check } of filesChecks) {
        const rows = (await runner.query(check)) as unknown[];
        if (rows.length > 0) broken.push(name);
      }
      return broken;
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  it('find nothing here, and each its planted fault', async () => {
    expect(await failing('SELECT 1')).toEqual([]);
    const planted: string[] = [];
    for (const [sql, names] of FAULTS) {
      expect(await failing(sql)).toEqual(names);
      planted.push(...names);
    }
    expect(planted.sort()).toEqual(filesChecks.map(({ name }) => name).sort());
  });

  it('are refused to be dodged: what is written stays', async () => {
    const { dataSource } = filed.hub.database;
    await expect(dataSource.query('DELETE FROM settlement_files')).rejects.toThrow();
    await expect(
      dataSource.query(`UPDATE file_sets SET state = 'due' WHERE seq = 0`),
    ).rejects.toThrow('are written');
  });
});
