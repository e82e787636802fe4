/**
 * Goal: each participant gets files of each final cycle that a stranger can recompute, empty ones
 * included, with its own leg and nothing of the other side; cancelled payments are in none, a
 * change in any column of any file is found, and a full disk delays without leaving anything half.
 * Method: payments, refunds and a cancel on the real wire, then the hub's own cut-off, netting and
 * writing; files are read from the disk and over the API as a participant would, computed by the
 * offline rules, and compared with what the wire had answered.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cellsOf, csvLine } from '#contracts/clearing-files/csv-line';
import { FILE_SHAPES } from '#contracts/clearing-files/file-columns';
import { CSV_KINDS, type CsvKind } from '#contracts/clearing-files/file-names';
import { setHubClock } from '#ledger';
import { CONFIG, type Config } from '#platform/config';
import { LOCAL_OPERATOR, OperatorKeys } from '#platform/operators/index';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { filesChecks, filesRootOf, reopenFileSets } from '#settlement';
import { recomputeFolder } from '../../apps/cli/src/files-recompute/recompute-folder.js';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { failed, type HubReply } from './partner.js';

const HOUR_MS = 3_600_000;

let hub: HubUnderTest;
let root: string;
let cycleId: string;
let cancelled: string;
let folder: string;
const paid: { readonly reply: HubReply; readonly yen: number }[] = [];

async function pay(amount: number): Promise<string> {
  const body = hub.acquirer.charge(await hub.wallet.code('ann'), yen(amount));
  const reply = await hub.acquirer.pay(body);
  expect(reply.result.resultStatus).toBe('S');
  paid.push({ reply, yen: amount });
  return body['paymentRequestId'] as string;
}

/** Lets the hub cut off, net and write by itself. */
async function writtenCycle(): Promise<string> {
  const { manager } = hub.database.dataSource;
  await hub.posted();
  const [cycle] = await manager.query<{ id: string; ends_at: Date }[]>(
    `SELECT id, ends_at FROM cycles WHERE state = 'open' AND kind = 'daily' ORDER BY ends_at LIMIT 1`,
  );
  if (cycle === undefined) throw new Error('no cycle is open');
  await setHubClock(manager, cycle.ends_at.getTime() + HOUR_MS);
  const until = Date.now() + 60_000;
  for (;;) {
    const sets = await hub.count(`file_sets WHERE cycle_id = $1`, [cycle.id]);
    const due = await hub.count(`file_sets WHERE state = 'due'`);
    if (sets > 0 && due === 0) return cycle.id;
    const faults = await manager.query<{ fault: string }[]>(
      'SELECT fault FROM file_sets WHERE fault IS NOT NULL',
    );
    if (Date.now() > until || faults.length > 0)
      throw new Error(`files are not written: ${JSON.stringify(faults)}`);
    await sleep(50);
  }
}

beforeAll(async () => {
  hub = await HubUnderTest.open();
  root = filesRootOf(hub.app.get<Config>(CONFIG).dataDir);
  folder = mkdtempSync(join(tmpdir(), 'wayfare-files-'));
  const first = await pay(1_234);
  await hub.acquirer.refund(first, yen(333));
  // A refund that the wallet refuses leaves no trace in what later refunds are computed from.
  hub.wallet.partner.on('payments/refund', () => ({ result: failed('PROCESS_FAIL') }));
  await hub.acquirer.refund(first, yen(5));
  hub.wallet.reset();
  await hub.acquirer.refund(first, yen(901));
  await pay(7);
  await pay(98_765);
  const doomed = await pay(500);
  paid.pop();
  cancelled = (await hub.payment(doomed)).id;
  expect((await hub.acquirer.cancel(doomed)).result.resultStatus).toBe('S');
  cycleId = await writtenCycle();
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await hub.close();
});

interface Listed {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

const nameOf = (path: string): string => basename(path);

function pathsOf(participant: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(dirname(entry.parentPath)) === participant)
    .map((entry) => join(entry.parentPath, entry.name));
}

function pathOf(kind: string, participant: string): string {
  const found = pathsOf(participant).find((path) => basename(path).startsWith(`${kind}_`));
  if (found === undefined) throw new Error(`${participant} has no ${kind}`);
  return found;
}

/** Detail lines by column name. */
function linesOf(kind: CsvKind, participant: string): Record<string, string>[] {
  const texts = readFileSync(pathOf(kind, participant), 'utf8').split('\n');
  const headings = FILE_SHAPES[kind].summary === null ? 1 : 3;
  const columns = texts[headings - 1]?.split(',') ?? [];
  return texts.slice(headings, -2).map((text) => {
    const cells = cellsOf(text) as readonly string[];
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

describe('the files of a cycle', () => {
  it('hold each leg as the wire promised it, and no cancelled payment', () => {
    const amounts = linesOf('transactionItems', 'acq_kamogawa')
      .filter((line) => line['transactionType'] === 'PAYMENT')
      .map((line) => [line['transactionId'], line['settlementAmountValue']]);
    expect(amounts).toEqual(
      paid.map(({ reply }) => [
        reply['paymentId'],
        (reply['settlementAmount'] as { value: string }).value,
      ]),
    );
    const debits = linesOf('transactionItems', 'truemoney')
      .filter((line) => line['transactionType'] === 'PAYMENT')
      .map((line) => line['settlementAmountValue']);
    expect(debits).toEqual(
      paid.map(({ reply }) => hub.wallet.debits.get(String(reply['paymentId']))?.payToAmount.value),
    );
    const refunds = linesOf('transactionItems', 'truemoney').filter(
      (line) => line['transactionType'] === 'REFUND',
    );
    expect(refunds.map((line) => line['transactionAmountValue'])).toEqual(['333', '901']);
    // Refunded in full: what the user got back is what was debited, to the satang.
    const [whole] = debits;
    const back = refunds.reduce((sum, line) => sum + Number(line['settlementAmountValue']), 0);
    expect(String(back)).toBe(whole);
    for (const participant of ['truemoney', 'acq_kamogawa']) {
      for (const path of pathsOf(participant)) {
        expect(readFileSync(path, 'utf8')).not.toContain(cancelled);
      }
    }
  });

  it('carry trace id, chain head and proof', async () => {
    const traces = await hub.database.dataSource.query<{ trace_id: string }[]>(
      `SELECT trace_id FROM payments WHERE state = 'succeeded' ORDER BY completed_at, id`,
    );
    const lines = linesOf('transactionItems', 'truemoney');
    expect(
      lines.filter((l) => l['transactionType'] === 'PAYMENT').map((line) => line['traceId']),
    ).toEqual(traces.map(({ trace_id }) => trace_id));
    const [seal] = await hub.database.dataSource.query<{ head: string; proof_hash: string }[]>(
      `SELECT encode(s.head, 'hex') AS head, r.proof_hash FROM cycle_seals s
       JOIN settlement_runs r ON r.cycle_id = s.cycle_id WHERE s.cycle_id = $1`,
      [cycleId],
    );
    const settlement = readFileSync(pathOf('settlement', 'acq_kamogawa'), 'utf8');
    expect(settlement).toContain(`,${seal?.head ?? 'none'},${seal?.proof_hash ?? 'none'},`);
  });

  it('are there for those who moved nothing, with zeros', () => {
    expect(linesOf('transactionItems', 'gcash')).toEqual([]);
    const [above, figures] = readFileSync(pathOf('transactionItems', 'gcash'), 'utf8').split('\n');
    expect(above).toMatch(/^totalCount,/);
    expect(figures).toBe('0,1,0,0,PHP,0,0,0');
    expect(linesOf('settlement', 'gcash').map((line) => line['netAmountValue'])).toEqual([
      '0',
      '0',
    ]);
    expect(linesOf('summary', 'gcash')).toHaveLength(2);
    for (const kind of CSV_KINDS) {
      expect(readFileSync(pathOf(kind, 'gcash'), 'utf8').endsWith('\n<END>\n')).toBe(true);
    }
  });

  it('compute, all of them, by rules that know no database', async () => {
    const result = await recomputeFolder(root);
    expect(result.findings).toEqual([]);
    expect(result.ok).toBe(true);
    const sets = await hub.count('file_sets');
    expect(result.sets).toBe(sets);
    expect(sets).toBeGreaterThan(10);
    // Three payments and two refunds, once for each side.
    expect(result.transactions).toBe(10);
  }, 30_000);

  it('compute beside the proof of the netting, which is compared too', async () => {
    const copy = join(folder, 'proof');
    cpSync(root, copy, { recursive: true });
    const [run] = await hub.database.dataSource.query<
      { proof: { obligations: { own: string }[] } }[]
    >('SELECT proof FROM settlement_runs WHERE cycle_id = $1', [cycleId]);
    if (run === undefined) throw new Error('not netted');
    writeFileSync(join(copy, 'proof.json'), JSON.stringify(run.proof));
    expect((await recomputeFolder(copy)).ok).toBe(true);
    const [first] = run.proof.obligations;
    if (first !== undefined) first.own = '1';
    writeFileSync(join(copy, 'proof.json'), JSON.stringify(run.proof));
    const { findings } = await recomputeFolder(copy);
    expect(findings.map(({ column }) => column)).toEqual(
      expect.arrayContaining(['ownAmountValue', 'proofHash']),
    );
  }, 60_000);

  it('say the same in ISO 20022', () => {
    const [line] = readFileSync(pathOf('settlement', 'truemoney'), 'utf8').split('\n').slice(1);
    const net = line?.split(',')[7];
    const report = readIsoFile(readFileSync(pathOf('camt.088', 'truemoney')));
    const statement = readIsoFile(readFileSync(pathOf('camt.053', 'truemoney')));
    const transfer = readIsoFile(readFileSync(pathOf('pacs.009', 'truemoney')));
    expect(report).toMatchObject({
      value: { message: { body: { obligations: [{ direction: 'PAYM', count: 5 }] } } },
    });
    const texts = JSON.stringify([report, statement, transfer], (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(texts.split(`"minor":"${String(net)}"`).length - 1).toBeGreaterThanOrEqual(3);
    expect(texts).not.toContain('"ok":false');
  });
});

/** Something else of the same kind, so that no format gives the change away. */
function otherThan(cell: string): string {
  if (/^-?\d+$/.test(cell)) return String(Number(cell) + 1);
  if (cell === '') return 'x';
  const last = cell.slice(-1);
  return (
    cell.slice(0, -1) +
    (last === 'a' ? 'b' : /\d/.test(last) ? String((Number(last) + 1) % 10) : 'a')
  );
}

describe('a changed cell', () => {
  it.each(CSV_KINDS)(
    'of %s is found in every column, and named',
    async (kind) => {
      const copy = join(folder, kind);
      for (const path of pathsOf('truemoney')) cpSync(path, join(copy, basename(path)));
      const path = join(copy, basename(pathOf(kind, 'truemoney')));
      const original = readFileSync(path, 'utf8');
      const texts = original.split('\n');
      const shape = FILE_SHAPES[kind];
      const places: { readonly at: number; readonly columns: readonly string[] }[] = [
        ...(shape.summary === null ? [] : [{ at: 1, columns: shape.summary }]),
        { at: shape.summary === null ? 1 : 3, columns: shape.detail },
        { at: texts.length - 3, columns: shape.detail },
      ];
      expect((await recomputeFolder(copy)).findings).toEqual([]);
      const missed: string[] = [];
      for (const { at, columns } of places) {
        for (const [index, column] of columns.entries()) {
          const cells = [...(cellsOf(texts[at] ?? '') as readonly string[])];
          cells[index] = otherThan(cells[index] ?? '');
          const changed = [...texts];
          changed[at] = csvLine(cells);
          writeFileSync(path, changed.join('\n'));
          const { ok, findings } = await recomputeFolder(copy);
          const named = findings.some(
            (one) => one.file === basename(path) && one.line === at + 1 && one.column === column,
          );
          if (ok || !named) missed.push(`line ${String(at + 1)} ${column}`);
        }
      }
      writeFileSync(path, original);
      expect(missed).toEqual([]);
    },
    60_000,
  );

  it('is found by computing alone where it is money', async () => {
    const copy = join(folder, 'forged');
    for (const path of pathsOf('acq_kamogawa')) cpSync(path, join(copy, basename(path)));
    const path = join(copy, basename(pathOf('transactionItems', 'acq_kamogawa')));
    const texts = readFileSync(path, 'utf8').split('\n');
    const columns: readonly string[] = FILE_SHAPES.transactionItems.detail;
    const money = [
      'transactionAmountValue',
      'settlementAmountValue',
      'interchangeAmountValue',
      'serviceFeeAmountValue',
      'quotePrice',
      'roundingValue',
      'netAmountValue',
      'interchangeBps',
      'serviceFeeBps',
    ];
    for (const column of money) {
      const cells = [...(cellsOf(texts[3] ?? '') as readonly string[])];
      const index = columns.indexOf(column);
      cells[index] = otherThan(cells[index] ?? '');
      const changed = [...texts];
      changed[3] = csvLine(cells);
      writeFileSync(path, changed.join('\n'));
      const { findings } = await recomputeFolder(copy);
      const computed = findings.filter(({ problem }) => problem.includes('computed'));
      expect([column, computed.length > 0]).toEqual([column, true]);
    }
  }, 60_000);

  it('is found when a line, a file or the manifest is gone', async () => {
    const copy = join(folder, 'gone');
    const fresh = () => {
      rmSync(copy, { recursive: true, force: true });
      for (const path of pathsOf('truemoney')) cpSync(path, join(copy, basename(path)));
    };
    for (const kind of [...CSV_KINDS, 'manifest', 'camt.053']) {
      fresh();
      rmSync(join(copy, basename(pathOf(kind, 'truemoney'))));
      expect([kind, (await recomputeFolder(copy)).ok]).toEqual([kind, false]);
    }
    for (const kind of CSV_KINDS) {
      fresh();
      const path = join(copy, basename(pathOf(kind, 'truemoney')));
      const texts = readFileSync(path, 'utf8').split('\n');
      texts.splice(-3, 1);
      writeFileSync(path, texts.join('\n'));
      expect([kind, (await recomputeFolder(copy)).ok]).toEqual([kind, false]);
    }
  }, 60_000);
});

describe('whose files they are', () => {
  it('shows in what they hold: nothing of the other side', async () => {
    const [row] = await hub.database.dataSource.query<
      {
        settlement_quote_id: string;
        payer_quote_id: string;
        customer_id: string;
        acquirer_request_id: string;
        wallet_payment_id: string;
      }[]
    >(`SELECT * FROM payments WHERE state = 'succeeded' LIMIT 1`);
    if (row === undefined) throw new Error('no payment');
    const wallet = pathsOf('truemoney')
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const acquirer = pathsOf('acq_kamogawa')
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
      const issued = await hub.database.dataSource.transaction((tx) =>
        hub.app.get(OperatorKeys).issue(tx, LOCAL_OPERATOR, {
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
      fetch(`${hub.url}/api/participants/${path}`, {
        headers: { authorization: `Bearer ${key}`, ...more },
      });
    const first = await get('truemoney/files?limit=3', own);
    expect(first.status).toBe(200);
    const page = (await first.json()) as { items: Listed[]; nextCursor: string };
    expect(page.items).toHaveLength(3);
    const rest = await get(`truemoney/files?limit=50&cursor=${page.nextCursor}`, own);
    const { items } = (await rest.json()) as { items: Listed[] };
    const listed = [...page.items, ...items];
    expect(listed.map(({ name }) => name).sort()).toEqual(pathsOf('truemoney').map(nameOf).sort());

    for (const { name, sha256, bytes } of listed) {
      const reply = await get(`truemoney/files/${name}`, own);
      const body = Buffer.from(await reply.arrayBuffer());
      expect(
        body.equals(readFileSync(pathsOf('truemoney').find((p) => nameOf(p) === name) ?? '')),
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

/** Sets that are due are looked for every other second. */
async function untilNone(where: string): Promise<void> {
  const until = Date.now() + 20_000;
  while ((await hub.count(`file_sets WHERE ${where}`)) > 0) {
    if (Date.now() > until) throw new Error(`there are still sets with ${where}`);
    await sleep(50);
  }
}

describe('a disk that fills', () => {
  it.each([
    [1, 'transactionItems', 'body'],
    [2, 'transactionItems', 'part'],
    [3, 'settlement', 'part'],
    [4, 'manifest', 'part'],
  ])(
    'leaves nothing half done at attempt %i, in the %s’s %s',
    async (seq, kind, stage) => {
      const { dataSource } = hub.database;
      const before = pathsOf('truemoney').sort();
      const first = pathOf(kind, 'truemoney');
      const again = basename(first).replace('_000.', `_00${String(seq)}.`);
      // Whatever is written there meets a device that is always full.
      symlinkSync('/dev/full', join(dirname(first), `.${again}.${stage}`));
      expect(await reopenFileSets(dataSource.manager, cycleId, 'truemoney')).toBe(1);
      await untilNone(`state = 'due' AND attempts = 0`);
      const [set] = await dataSource.query<{ fault: string; state: string }[]>(
        `SELECT fault, state FROM file_sets WHERE seq = $1`,
        [seq],
      );
      expect(set).toMatchObject({
        state: 'due',
        fault: expect.stringContaining('ENOSPC') as string,
      });
      expect(pathsOf('truemoney').sort()).toEqual(before);
      expect(await hub.count('settlement_files WHERE seq = $1', [seq])).toBe(0);
      expect((await recomputeFolder(root)).ok).toBe(true);

      await dataSource.query(`UPDATE file_sets SET due_at = clock_timestamp() WHERE state = 'due'`);
      await untilNone(`state = 'due'`);
      expect(readFileSync(join(dirname(first), again)).length).toBeGreaterThan(0);
      // What a set holds is fixed by the netting: the second writing says the same.
      const table = pathOf('transactionItems', 'truemoney');
      const rewritten = table.replace('_000.', `_00${String(seq)}.`);
      expect(readFileSync(rewritten, 'utf8')).toBe(readFileSync(table, 'utf8'));
      expect((await recomputeFolder(root)).ok).toBe(true);
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
    const runner = hub.database.dataSource.createQueryRunner();
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
    const { dataSource } = hub.database;
    await expect(dataSource.query('DELETE FROM settlement_files')).rejects.toThrow();
    await expect(
      dataSource.query(`UPDATE file_sets SET state = 'due' WHERE seq = 0`),
    ).rejects.toThrow('are written');
  });
});
