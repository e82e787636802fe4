import type { ClearingFigure } from './clearing.js';
import type { CycleCloseFigures } from './cycle-close.js';
import type { GrowthFigures } from './growth.js';
import { growthSection } from './growth/section.js';
import type { Machine } from './machine.js';
import type { NettingFigures } from './netting.js';
import type { PaymentFigures, PaymentStretch } from './payments/payments.js';
import type { PgbenchResult } from './pgbench.js';
import { qrTable, type QrBench } from './qr.js';
import { count, ms, table } from './report-words.js';
import { simulationPart, type SimulationFigures } from './simulation/simulation.js';

/** Everything one run of `npm run bench` found; parts that were not asked for are absent. */
export interface Report {
  readonly at: string;
  /** Runnable processes a core before the run: above about 0.3 the figures are too low. */
  readonly loadBefore: number;
  readonly machine: Machine;
  readonly pgbench?: PgbenchResult | undefined;
  readonly payments?: PaymentFigures;
  readonly clearing?: readonly ClearingFigure[];
  readonly cycles?: CycleCloseFigures;
  readonly netting?: NettingFigures;
  readonly growth?: GrowthFigures;
  readonly startSeconds?: readonly number[];
  readonly qr?: QrBench;
  readonly simulation?: SimulationFigures;
}

/** The report as Markdown, the same for the terminal and for the published page. */
export function textOf(report: Report): string {
  return `${[conditions(report), ...sectionsOf(report)].join('\n\n')}\n`;
}

/** Its parts without the conditions they were measured under, each with its heading. */
export function sectionsOf(report: Report): string[] {
  const parts: string[] = [];
  if (report.payments !== undefined) parts.push(paymentPart(report, report.payments));
  if (report.clearing !== undefined) parts.push(clearingPart(report, report.clearing));
  if (report.cycles !== undefined) parts.push(cyclePart(report.cycles));
  if (report.netting !== undefined) parts.push(nettingPart(report.netting));
  if (report.growth !== undefined) parts.push(growthSection(report, report.growth));
  if (report.startSeconds !== undefined) parts.push(startPart(report.startSeconds));
  if (report.qr !== undefined) parts.push(`## QR codes\n\n${qrTable(report.qr)}`);
  if (report.simulation !== undefined) parts.push(simulationPart(report.simulation));
  return parts;
}

function conditions({ at, machine, pgbench, loadBefore }: Report): string {
  const rows = [
    ['Measured', at],
    ['Machine', `${machine.cpu}, ${String(machine.cores)} cores, ${String(machine.memoryGb)} GB`],
    ['System', `${machine.system}, Node ${machine.node}, PostgreSQL ${machine.postgres}`],
    ['Durability', machine.durability],
    ['Everything on this one machine', 'database, hub, partners and load generator'],
    ['Other work per core before the run', loadBefore.toFixed(2)],
  ];
  if (pgbench !== undefined) {
    const { transactionsPerSecond, meanLatencyMs, command } = pgbench;
    rows.push([
      `Yardstick: \`${command}\``,
      `${count(transactionsPerSecond)} transactions/s, mean ${ms(meanLatencyMs)}`,
    ]);
  }
  return table(['Condition', ''], rows);
}

function paymentPart({ pgbench }: Report, figures: PaymentFigures): string {
  const { best, hot, steady, required, sent, failed, hubMemoryMb } = figures;
  const stretches = [...figures.sweep, hot, ...(required === undefined ? [] : [required]), steady];
  const ratio = (stretch: PaymentStretch): string =>
    pgbench === undefined
      ? 'no pgbench here'
      : (stretch.clearedPerSecond / pgbench.transactionsPerSecond).toFixed(2);
  const summary = table(
    ['Whole path', 'Figure', 'Target'],
    [
      ['Payments a second, cleared and posted', count(best.clearedPerSecond), ''],
      ['… as a share of pgbench', ratio(best), '≥ 0.2'],
      ...(required === undefined
        ? []
        : [['p99 at 70 % of a rate of 0.12', ms(required.p99Ms), '< 150 ms']]),
      ['p99 at 70 % of the most', ms(steady.p99Ms), ''],
      [
        '70 % on one acquirer, as a share of even',
        (hot.clearedPerSecond / best.clearedPerSecond).toFixed(2),
        '≥ 0.8',
      ],
      ['Errors', `${String(failed)} of ${count(sent)}`, '0'],
      ['Memory of the hub, peak', `${hubMemoryMb.toFixed(0)} MB`, '< 350 MB'],
    ],
  );
  const details = table(
    [
      'Load',
      'Acquirers',
      'Payments/s',
      'p50',
      'p95',
      'p99',
      'Errors',
      'CPU ms a payment: hub, database, wallets, load',
    ],
    stretches.map((stretch) => [
      stretch.load,
      stretch.skew,
      count(stretch.clearedPerSecond),
      ms(stretch.p50Ms),
      ms(stretch.p95Ms),
      ms(stretch.p99Ms),
      failuresOf(stretch),
      [stretch.hubCpuMs, stretch.databaseCpuMs, stretch.walletsCpuMs, stretch.loadCpuMs]
        .map((value) => value.toFixed(2))
        .join(', '),
    ]),
  );
  const verified = stretches.reduce((sum, { verified: n }) => sum + n, 0);
  return `## Payments\n\n${summary}\n\n${details}\n\nAnswers read and verified: ${count(verified)}.`;
}

function clearingPart({ pgbench }: Report, figures: readonly ClearingFigure[]): string {
  const plain = figures.find(({ name }) => name.startsWith('plain insert'));
  const over = (yardstick: number | undefined, perSecond: number): string =>
    yardstick === undefined ? '' : (perSecond / yardstick).toFixed(2);
  return `## Clearing alone\n\n${table(
    ['From a full outbox to the ledger', 'A second', 'of pgbench', 'of the plain insert', 'Load'],
    figures.map(({ name, perSecond, note }) => [
      name,
      count(perSecond),
      over(pgbench?.transactionsPerSecond, perSecond),
      name.startsWith('empty') ? '' : over(plain?.perSecond, perSecond),
      note,
    ]),
  )}`;
}

function cyclePart(figures: CycleCloseFigures): string {
  const { perSecond, without, with: closing, closes, addedP99Ms, filesBehindMs } = figures;
  const behind = filesBehindMs < 50 ? 'with it' : `${(filesBehindMs / 1_000).toFixed(1)} s after`;
  return `## Cut-offs under load\n\n${table(
    ['The same load', 'Payments/s', 'p50', 'p99', 'Added to p99', 'Target'],
    [
      ['without a close', String(perSecond), ms(without.p50Ms), ms(without.p99Ms), '', ''],
      [
        `with ${String(closes)} days closed, numbered and made final`,
        String(perSecond),
        ms(closing.p50Ms),
        ms(closing.p99Ms),
        ms(addedP99Ms),
        '< 250 ms',
      ],
      [`all files of these days were written ${behind}`, '', '', '', '', ''],
    ],
  )}`;
}

function nettingPart(figures: NettingFigures): string {
  const { payments, participants, currencies, lines, models } = figures;
  const seconds = (value: number): string => `${(value / 1_000).toFixed(2)} s`;
  const saved = models.map(({ multilateralSavedBps }) => Number(multilateralSavedBps) / 100);
  const rows = [
    ['From running totals', seconds(figures.totalsMs), '< 2 s'],
    ['… before they were folded', seconds(figures.unfoldedTotalsMs), '< 2 s'],
    ['From raw lines', seconds(figures.rawLinesMs), '≤ 10 s'],
    ['… by pair of participants, for the proof', seconds(figures.pairsMs), ''],
    ['All four come to the same', figures.equal ? 'yes' : 'NO', 'yes'],
    ['Of the gross value, not moved', `${Math.min(...saved).toFixed(1)} % at least`, ''],
  ];
  const what =
    `${count(payments)} payments and refunds, ${count(lines)} lines, ` +
    `${String(participants)} participants, ${String(currencies)} currencies`;
  return `## Netting a day\n\n${table([what, 'Figure', 'Target'], rows)}`;
}

function startPart(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return `## Start\n\n${table(
    ['From `start` in an empty folder to the first payment, cleared', 'Figure', 'Target'],
    [[`median of ${String(seconds.length)}`, `${median.toFixed(1)} s`, '≤ 5 s']],
  )}`;
}

function failuresOf({ failures }: PaymentStretch): string {
  const kinds = Object.entries(failures);
  return kinds.length === 0 ? '0' : kinds.map(([code, n]) => `${code} ${String(n)}`).join(', ');
}
