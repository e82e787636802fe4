import type { SoakReport, StruckFault } from './soak.js';
import { FAULTS, type FaultName } from './faults.js';

/** The end of a run, as a table for people. */
export function reportText(report: SoakReport): string {
  const { verify, ledger } = report;
  const rows: [string, string][] = [
    ['queues', report.backend],
    ['seed', String(report.seed)],
    ['sales begun', String(report.sent)],
    ['  till told S or F', String(report.acknowledged)],
    ['  sandbox was away', String(report.unreached)],
    ['payments in the hub', String(report.payments)],
    ['  with their end', String(report.terminal)],
    ['refunds paid back', String(report.refunds)],
    ['clearing cycles final', String(report.finalCycles)],
    ['settlement entries', String(report.settlementEntries)],
    ['commits cut', String(report.commitsCut)],
    ['faults', String(report.faults.length)],
    ...byKind(report.faults),
    ['answers not kept', listed(report.brokenPromises)],
    ["wallets' own books", listed(report.wallets, 'agree')],
    ['left under way', listed(report.leftOpen)],
    ['verify', verify.ok ? `all ${String(verify.checks)} hold` : listed(verify.failed)],
    ['ledger', `${ledger.ledger.hash.slice(0, 16)} of ${String(ledger.ledger.entries)} entries`],
    [
      'rules say',
      `${ledger.expected.hash.slice(0, 16)} of ${String(ledger.expected.entries)} entries`,
    ],
    ['result', report.ok ? 'sound' : 'NOT SOUND'],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(24)}${value}`).join('\n')}\n`;
}

function byKind(faults: readonly StruckFault[]): [string, string][] {
  return (Object.keys(FAULTS) as FaultName[]).flatMap((name): [string, string][] => {
    const times = faults.filter((fault) => fault.name === name);
    if (times.length === 0) return [];
    const longest = Math.max(...times.map(({ recoveredAfterMs }) => recoveredAfterMs));
    const value = `${String(times.length)}, paid again within ${(longest / 1_000).toFixed(1)} s`;
    return [[`  ${name}`, value]];
  });
}

function listed(sentences: readonly string[], none = 'none'): string {
  if (sentences.length === 0) return none;
  const shown = sentences.slice(0, 10).join('\n' + ' '.repeat(24));
  return sentences.length > 10 ? `${shown} … of ${String(sentences.length)}` : shown;
}
