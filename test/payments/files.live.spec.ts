/**
 * Goal: each participant gets files of each final cycle that a stranger can recompute, empty ones
 * included; cancelled payments are in none, and a change in any column of any file is found.
 * Method: a whole day on the real wire, with the hub's own cut-off, netting and writing; the files
 * are read from the disk, computed by the offline rules, and compared with what the wire answered.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cellsOf, csvLine } from '#contracts/clearing-files/csv-line';
import { FILE_SHAPES } from '#contracts/clearing-files/file-columns';
import { CSV_KINDS } from '#contracts/clearing-files/file-names';
import type { CycleId } from '#domain/ids';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { EXPORT_KINDS, exportIso } from '#settlement';
import { recomputeFolder } from '../../apps/cli/src/files-recompute/recompute-folder.js';
import { FiledCycle } from './filed-cycle.js';

let filed: FiledCycle;
beforeAll(async () => {
  filed = await FiledCycle.open();
}, 120_000);
afterAll(() => filed.close());

describe('the files of a cycle', () => {
  it('hold each leg as the wire promised it, and no cancelled payment', () => {
    const amounts = filed
      .linesOf('transactionItems', 'acq_kamogawa')
      .filter((line) => line['transactionType'] === 'PAYMENT')
      .map((line) => [line['transactionId'], line['settlementAmountValue']]);
    expect(amounts).toEqual(
      filed.paid.map((reply) => [
        reply['paymentId'],
        (reply['settlementAmount'] as { value: string }).value,
      ]),
    );
    const debits = filed
      .linesOf('transactionItems', 'truemoney')
      .filter((line) => line['transactionType'] === 'PAYMENT')
      .map((line) => line['settlementAmountValue']);
    expect(debits).toEqual(
      filed.paid.map(
        (reply) => filed.hub.wallet.debits.get(String(reply['paymentId']))?.payToAmount.value,
      ),
    );
    const refunds = filed
      .linesOf('transactionItems', 'truemoney')
      .filter((line) => line['transactionType'] === 'REFUND');
    expect(refunds.map((line) => line['transactionAmountValue'])).toEqual(['333', '901']);
    // Refunded in full: what the user got back is what was debited, to the satang.
    const [whole] = debits;
    const back = refunds.reduce((sum, line) => sum + Number(line['settlementAmountValue']), 0);
    expect(String(back)).toBe(whole);
    for (const participant of ['truemoney', 'acq_kamogawa']) {
      for (const path of filed.pathsOf(participant)) {
        expect(readFileSync(path, 'utf8')).not.toContain(filed.cancelled);
      }
    }
  });

  it('carry trace id, chain head and proof', async () => {
    const traces = await filed.hub.database.dataSource.query<{ trace_id: string }[]>(
      `SELECT trace_id FROM payments WHERE state = 'succeeded' ORDER BY completed_at, id`,
    );
    const lines = filed.linesOf('transactionItems', 'truemoney');
    expect(
      lines.filter((l) => l['transactionType'] === 'PAYMENT').map((line) => line['traceId']),
    ).toEqual(traces.map(({ trace_id }) => trace_id));
    const [seal] = await filed.hub.database.dataSource.query<
      { head: string; proof_hash: string }[]
    >(
      `SELECT encode(s.head, 'hex') AS head, r.proof_hash FROM cycle_seals s
       JOIN settlement_runs r ON r.cycle_id = s.cycle_id WHERE s.cycle_id = $1`,
      [filed.cycleId],
    );
    const settlement = readFileSync(filed.pathOf('settlement', 'acq_kamogawa'), 'utf8');
    expect(settlement).toContain(`,${seal?.head ?? 'none'},${seal?.proof_hash ?? 'none'},`);
  });

  it('are there for those who moved nothing, with zeros', () => {
    expect(filed.linesOf('transactionItems', 'gcash')).toEqual([]);
    const [above, figures] = readFileSync(filed.pathOf('transactionItems', 'gcash'), 'utf8').split(
      '\n',
    );
    expect(above).toMatch(/^totalCount,/);
    expect(figures).toBe('0,1,0,0,PHP,0,0,0');
    expect(filed.linesOf('settlement', 'gcash').map((line) => line['netAmountValue'])).toEqual([
      '0',
      '0',
    ]);
    expect(filed.linesOf('summary', 'gcash')).toHaveLength(2);
    for (const kind of CSV_KINDS) {
      expect(readFileSync(filed.pathOf(kind, 'gcash'), 'utf8').endsWith('\n<END>\n')).toBe(true);
    }
  });

  it('compute, all of them, by rules that know no database', async () => {
    const result = await recomputeFolder(filed.root);
    expect(result.findings).toEqual([]);
    expect(result.ok).toBe(true);
    const sets = await filed.hub.count('file_sets');
    expect(result.sets).toBe(sets);
    expect(sets).toBeGreaterThan(10);
    // Three payments and two refunds, once for each side.
    expect(result.transactions).toBe(10);
  }, 30_000);

  it('compute beside the proof of the netting, which is compared too', async () => {
    const copy = join(filed.scratch, 'proof');
    cpSync(filed.root, copy, { recursive: true });
    const [run] = await filed.hub.database.dataSource.query<
      { proof: { obligations: { own: string }[] } }[]
    >('SELECT proof FROM settlement_runs WHERE cycle_id = $1', [filed.cycleId]);
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
    const [line] = readFileSync(filed.pathOf('settlement', 'truemoney'), 'utf8')
      .split('\n')
      .slice(1);
    const net = line?.split(',')[7];
    const report = readIsoFile(readFileSync(filed.pathOf('camt.088', 'truemoney')));
    const statement = readIsoFile(readFileSync(filed.pathOf('camt.053', 'truemoney')));
    const transfer = readIsoFile(readFileSync(filed.pathOf('pacs.009', 'truemoney')));
    expect(report).toMatchObject({
      value: { message: { body: { obligations: [{ direction: 'PAYM', count: 5 }] } } },
    });
    const texts = JSON.stringify([report, statement, transfer], (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(texts.split(`"minor":"${String(net)}"`).length - 1).toBeGreaterThanOrEqual(3);
    expect(texts).not.toContain('"ok":false');
  });

  it('can be had as messages of every payment and refund, on demand', async () => {
    const { dataSource } = filed.hub.database;
    const said: Record<string, unknown[]> = {};
    await dataSource.transaction(async (tx) => {
      const of = {
        cycleId: filed.cycleId as CycleId,
        participantId: 'truemoney',
        role: 'wallet',
        currency: 'THB',
      } as const;
      for await (const { name, text } of exportIso(tx, of, new Set(EXPORT_KINDS), Date.now())) {
        const reading = readIsoFile(text);
        if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
        const { body } = reading.value.message as unknown as {
          body: { transactions: unknown[] };
        };
        said[name.split('_')[0] ?? ''] = body.transactions;
      }
    });
    const lines = filed.linesOf('transactionItems', 'truemoney');
    const legsOf = (type: string) =>
      lines
        .filter((line) => line['transactionType'] === type)
        .map((line) => ({ currency: 'THB', minor: BigInt(line['settlementAmountValue'] ?? '') }));
    // Nothing is settled yet, so there is no advice.
    expect(Object.keys(said).sort()).toEqual(['pacs.002', 'pacs.004', 'pacs.008']);
    expect(said['pacs.008']).toMatchObject(
      legsOf('PAYMENT').map((settlementAmount) => ({ settlementAmount })),
    );
    expect(said['pacs.004']).toMatchObject(
      legsOf('REFUND').map((returnedAmount) => ({ returnedAmount })),
    );
    expect(said['pacs.002']).toMatchObject([
      { status: 'ACSP' },
      { status: 'ACSP' },
      { status: 'ACSP' },
    ]);
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
      const copy = join(filed.scratch, kind);
      for (const path of filed.pathsOf('truemoney')) cpSync(path, join(copy, basename(path)));
      const path = join(copy, basename(filed.pathOf(kind, 'truemoney')));
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
    const copy = join(filed.scratch, 'forged');
    for (const path of filed.pathsOf('acq_kamogawa')) cpSync(path, join(copy, basename(path)));
    const path = join(copy, basename(filed.pathOf('transactionItems', 'acq_kamogawa')));
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
    const copy = join(filed.scratch, 'gone');
    const fresh = () => {
      rmSync(copy, { recursive: true, force: true });
      for (const path of filed.pathsOf('truemoney')) cpSync(path, join(copy, basename(path)));
    };
    for (const kind of [...CSV_KINDS, 'manifest', 'camt.053']) {
      fresh();
      rmSync(join(copy, basename(filed.pathOf(kind, 'truemoney'))));
      expect([kind, (await recomputeFolder(copy)).ok]).toEqual([kind, false]);
    }
    for (const kind of CSV_KINDS) {
      fresh();
      const path = join(copy, basename(filed.pathOf(kind, 'truemoney')));
      const texts = readFileSync(path, 'utf8').split('\n');
      texts.splice(-3, 1);
      writeFileSync(path, texts.join('\n'));
      expect([kind, (await recomputeFolder(copy)).ok]).toEqual([kind, false]);
    }
  }, 60_000);
});
