import { differences, type LineContext } from '#contracts/clearing-files/check-lines';
import type { FileManifest } from '#contracts/clearing-files/manifest';
import type { Findings } from './findings.js';
import type { CsvFile, ReadLine } from './read-csv-file.js';
import type { SetTotals } from './set-totals.js';

/** What a settlement file says its participant owes, for comparison with other cycles' files. */
export interface SettlementSaid {
  readonly file: string;
  readonly line: number;
  readonly participant: string;
  readonly currency: string;
  readonly cycle: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly carried: readonly {
    readonly line: number;
    readonly cycle: string;
    readonly net: string;
  }[];
}

const SIGNED = /^-?(0|[1-9]\d{0,18})$/;

interface SettlementParts {
  readonly manifest: FileManifest;
  readonly context: LineContext;
  readonly totals: SetTotals;
}

/** The settlement file: its lines from the transactions, the obligation from its lines. */
export async function checkSettlement(
  file: CsvFile,
  parts: SettlementParts,
  findings: Findings,
): Promise<SettlementSaid | null> {
  const { context, totals, manifest } = parts;
  const expected = totals.settlementLines(context.cycleId, context.currency, context.role);
  const carried: ReadLine[] = [];
  let lines = 0;
  for await (const line of file.details()) {
    const wanted = expected[lines];
    lines += 1;
    if (wanted === undefined) carried.push(line);
    const right = wanted ?? carriedLine(line, context);
    findings.addCells(file.name, line.no, differences(line.cells, right));
  }
  if (lines < expected.length) findings.add(file.name, 0, 'itemType', 'lines are missing');
  const { summary } = file;
  if (summary === null) return null;
  const carriedIn = carried.reduce((sum, { cells }) => sum + minorOf(cells['netAmountValue']), 0n);
  const net = totals.net + carriedIn;
  findings.addCells(
    file.name,
    summary.no,
    differences(summary.cells, {
      totalCount: String(lines),
      participantId: manifest.participant,
      role: manifest.role,
      settlementBatchId: context.cycleId,
      settlementCurrency: context.currency,
      ownAmountValue: totals.net.toString(),
      carriedInAmountValue: carriedIn.toString(),
      netAmountValue: net.toString(),
      direction: net === 0n ? 'N' : net > 0n ? 'D' : 'C',
      ledgerBlock: manifest.ledgerHead === null ? '' : String(manifest.ledgerHead.block),
      ledgerHead: manifest.ledgerHead?.hash ?? '',
      proofHash: manifest.proofHash,
    }),
  );
  checkState(file.name, summary, net, findings);
  return {
    file: file.name,
    line: summary.no,
    participant: manifest.participant,
    currency: context.currency,
    cycle: context.cycleId,
    cells: summary.cells,
    carried: carried.map(({ no, cells }) => ({
      line: no,
      cycle: cells['clearingBatchId'] ?? '',
      net: cells['netAmountValue'] ?? '',
    })),
  };
}

function carriedLine({ cells }: ReadLine, context: LineContext): Record<string, string> {
  const net = minorOf(cells['netAmountValue']);
  return {
    settlementBatchId: context.cycleId,
    itemType: 'CARRIED_IN',
    totalCount: '0',
    direction: net > 0n ? 'D' : 'C',
    settlementAmountValue: '0',
    interchangeAmountValue: '0',
    serviceFeeAmountValue: '0',
    netAmountValue: net.toString(),
    settlementCurrency: context.currency,
  };
}

/** Nothing is settled, little is carried, the rest is due on a day or held for want of one. */
function checkState(file: string, { no, cells }: ReadLine, net: bigint, findings: Findings): void {
  const { minimumAmountValue = '', state = '', valueDate = '' } = cells;
  if (!/^(0|[1-9]\d{0,18})$/.test(minimumAmountValue)) {
    findings.add(file, no, 'minimumAmountValue', 'is no amount in minor units');
    return;
  }
  const small = (net < 0n ? -net : net) < BigInt(minimumAmountValue);
  const wanted = net === 0n ? ['settled'] : small ? ['carried'] : ['due', 'held'];
  if (!wanted.includes(state)) {
    const why = `${net.toString()} with a minimum of ${minimumAmountValue}`;
    findings.add(file, no, 'state', `says ${state}; ${why} is ${wanted.join(' or ')}`);
  }
  if ((state === 'due') !== /^\d{4}-\d\d-\d\d$/.test(valueDate)) {
    findings.add(file, no, 'valueDate', `says ${valueDate || 'nothing'} for what is ${state}`);
  }
}

function minorOf(text: string | undefined): bigint {
  return text !== undefined && SIGNED.test(text) ? BigInt(text) : 0n;
}
