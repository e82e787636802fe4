import {
  checkFee,
  checkTransaction,
  differences,
  feeLinesOf,
  type CheckedLine,
  type LineContext,
} from '#contracts/clearing-files/check-lines';
import type { TransactionCells } from '#contracts/clearing-files/file-columns';
import { CSV_KINDS, type CsvKind } from '#contracts/clearing-files/file-names';
import type { FileManifest } from '#contracts/clearing-files/manifest';
import type { Findings } from './findings.js';
import { CsvFile, sha256Of, type ReadLine } from './read-csv-file.js';
import { SetTotals } from './set-totals.js';
import { checkSettlement, type SettlementSaid } from './check-settlement.js';

export interface SetFiles {
  readonly manifest: FileManifest;
  /** Paths of the four CSV files; one may be missing. */
  readonly paths: Readonly<Partial<Record<CsvKind, string>>>;
}

export interface SetResult {
  readonly transactions: number;
  readonly settlement: SettlementSaid | null;
}

/** Computes everything in a participant's set again: each line, each fee, each sum. */
export async function checkSet(set: SetFiles, findings: Findings): Promise<SetResult> {
  const { manifest, paths } = set;
  const context: LineContext = {
    cycleId: manifest.cycle,
    currency: manifest.currency,
    role: manifest.role,
  };
  const file = (kind: CsvKind): CsvFile | null => {
    const path = paths[kind];
    return path === undefined ? null : new CsvFile(path, kind, findings);
  };
  const [transactions, fees, summary, settlement] = CSV_KINDS.map(file);
  const totals = new SetTotals();
  if (transactions !== undefined && transactions !== null) {
    await checkLegs(transactions, fees ?? null, context, totals, findings);
    checkAbove(transactions, totals.transactionSummary(context.currency), findings);
    if (fees !== undefined && fees !== null) {
      checkAbove(fees, totals.feeSummary(context.currency), findings);
    }
  }
  if (summary !== undefined && summary !== null) {
    const expected = totals.summaryLines(context.cycleId, context.currency, context.role);
    await checkLines(summary, expected, findings);
  }
  const said =
    settlement === undefined || settlement === null
      ? null
      : await checkSettlement(settlement, { manifest, context, totals }, findings);
  for (const read of [transactions, fees, summary, settlement]) {
    if (read !== undefined && read !== null) compareWithManifest(read, manifest, findings);
  }
  return { transactions: transactions?.lines ?? 0, settlement: said };
}

async function checkLegs(
  transactions: CsvFile,
  fees: CsvFile | null,
  context: LineContext,
  totals: SetTotals,
  findings: Findings,
): Promise<void> {
  const feeLines = fees?.details();
  let before: TransactionCells | null = null;
  for await (const { no, cells } of transactions.details()) {
    const read = cells as TransactionCells;
    const checked = checkTransaction(read, context);
    findings.addCells(transactions.name, no, checked.faults);
    if (before !== null) checkOrder(transactions.name, no, before, read, findings);
    before = read;
    if (checked.ok) totals.add(checked.line);
    const types = feeLinesOf(read.transactionType === 'REFUND' ? 'REFUND' : 'PAYMENT');
    for (const type of feeLines === undefined ? [] : types) {
      const next = await feeLines?.next();
      if (fees === null || next === undefined) continue;
      if (next.done === true) {
        const problem = `${type} of ${read.transactionId} is missing`;
        findings.add(fees.name, 0, 'transactionId', problem);
      } else if (checked.ok) compareFee(fees.name, next.value, type, checked.line, findings);
    }
  }
  if (feeLines === undefined || fees === null) return;
  for await (const { no, cells } of feeLines) {
    const problem = `${cells['transactionId'] ?? ''} has no transaction for this fee`;
    findings.add(fees.name, no, 'transactionId', problem);
  }
}

function compareFee(
  file: string,
  { no, cells }: ReadLine,
  type: 'INTERCHANGE' | 'SERVICE_FEE',
  line: CheckedLine,
  findings: Findings,
): void {
  findings.addCells(file, no, checkFee(cells, type, line));
}

/** Lines stand by their numbers, which follow the time of completion. */
function checkOrder(
  file: string,
  no: number,
  before: TransactionCells,
  line: TransactionCells,
  findings: Findings,
): void {
  if (Number(line.sequence) <= Number(before.sequence)) {
    findings.add(file, no, 'sequence', `${line.sequence} follows ${before.sequence}`);
  }
  if (line.paymentTime < before.paymentTime) {
    findings.add(file, no, 'paymentTime', `${line.paymentTime} follows ${before.paymentTime}`);
  }
}

function checkAbove(
  file: CsvFile,
  expected: Readonly<Record<string, string>>,
  findings: Findings,
): void {
  if (file.summary === null) return;
  findings.addCells(file.name, file.summary.no, differences(file.summary.cells, expected));
}

/** Lines that follow from the totals alone. */
async function checkLines(
  file: CsvFile,
  expected: readonly Readonly<Record<string, string>>[],
  findings: Findings,
): Promise<void> {
  let at = 0;
  for await (const { no, cells } of file.details()) {
    const wanted = expected[at];
    at += 1;
    if (wanted === undefined) findings.add(file.name, no, '1', 'the lines below give no such line');
    else findings.addCells(file.name, no, differences(cells, wanted));
  }
  if (at < expected.length) {
    const missing = `${String(expected.length - at)} lines are missing`;
    findings.add(file.name, 0, '1', missing);
  }
}

/** Names changed cells that nothing can be computed from: line by its digest, column by its own. */
function compareWithManifest(file: CsvFile, manifest: FileManifest, findings: Findings): void {
  const entry = manifest.files.find(({ name }) => name === file.name);
  const { sha256, detail } = file.digests();
  if (entry?.columns === undefined || entry.columns === null) {
    findings.add(file.name, 0, '1', 'is not in the manifest');
    return;
  }
  if (sha256 === entry.sha256) return;
  const { columns } = entry;
  const said = file.summary?.cells ?? {};
  for (const [column, digest] of Object.entries(columns.summary)) {
    if (sha256Of(`${said[column] ?? ''}\n`) === digest) continue;
    findings.add(file.name, file.summary?.no ?? 2, column, 'is not what was written');
  }
  const changed = Object.keys(columns.detail).filter(
    (column) => columns.detail[column] !== detail[column],
  );
  const detailLines = file.broken.filter((no) => no !== file.summary?.no);
  for (const column of changed) {
    for (const line of detailLines.length === 0 ? [0] : detailLines) {
      findings.add(file.name, line, column, 'is not what was written');
    }
  }
  if (file.lines !== entry.lines) {
    const counts = `${String(file.lines)} lines, ${String(entry.lines ?? 0)} were written`;
    findings.add(file.name, 0, '1', counts);
  }
  if (changed.length === 0 && file.lines === entry.lines) {
    findings.add(file.name, 0, '1', `its bytes hash to ${sha256}, ${entry.sha256} was written`);
  }
}
