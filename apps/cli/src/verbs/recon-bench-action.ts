import { randomBytes } from 'node:crypto';
import { createDataSource } from '#platform/database';
import { ExplainedError } from '#platform/explained-error';
import { migrate } from '#platform/migrations';
import type { DataSource } from 'typeorm';
import { withDatabase } from '../database.js';
import { runBench, type BenchReport } from '../recon-bench/run-bench.js';
import type { NamedBreak, TotalScore } from '../recon-bench/score.js';

/** What has to be found of the ten types, in hundredths of a percent. */
const REQUIRED_RECALL_BPS = 9_900;
const PER_TYPE = 50;
const MOST_SHOWN = 10;

export interface ReconBenchOptions {
  readonly seed: number;
  readonly payments: number;
  readonly json: boolean;
}

/** @returns whether enough was found */
export async function benchRecon(options: ReconBenchOptions): Promise<boolean> {
  const report = await withDatabase((dataSource) =>
    withScratch(dataSource, (scratch) =>
      runBench(scratch, {
        payments: options.payments,
        seed: options.seed,
        perType: PER_TYPE,
        tell: (line) => process.stderr.write(`recon bench: ${line}\n`),
      }),
    ),
  );
  const ok = report.ten.recallBps >= REQUIRED_RECALL_BPS;
  const text = options.json ? JSON.stringify({ ok, ...report }, null, 2) : textOf(report, ok);
  process.stdout.write(`${text}\n`);
  return ok;
}

/** A database of the benchmark's own on the same server: nothing of the hub's is read or written. */
async function withScratch<T>(
  server: DataSource,
  work: (scratch: DataSource) => Promise<T>,
): Promise<T> {
  const name = `wayfare_recon_bench_${randomBytes(6).toString('hex')}`;
  try {
    await server.query(`CREATE DATABASE ${name}`);
  } catch (error) {
    const reason = (error as Error).message;
    throw new ExplainedError(`the benchmark needs a database of its own: ${reason}`, {
      cause: error,
    });
  }
  try {
    const url = new URL((server.options as { readonly url: string }).url);
    url.pathname = `/${name}`;
    await migrate(url.href);
    const scratch = await createDataSource(url.href, { poolSize: 4 });
    try {
      return await work(scratch);
    } finally {
      await scratch.destroy();
    }
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

function textOf(report: BenchReport, ok: boolean): string {
  const { ten, all } = report;
  const rows = report.types.map(({ type, planted, found, surplus }) =>
    row(type, planted, found, surplus, planted === 0 ? '' : percent((found * 10_000) / planted)),
  );
  const seconds = (report.matchMs / 1_000).toFixed(1);
  const perSecond = Math.round(report.lines / (report.matchMs / 1_000)).toString();
  return [
    `Seed ${String(report.seed)}: ${String(report.payments)} payments and ${String(report.refunds)} refunds ` +
      `of ${String(report.participants)} participants`,
    `${String(report.files)} files with ${String(report.lines)} lines, read and matched in ${seconds} s ` +
      `(${perSecond} lines/s)`,
    '',
    row('type', 'planted', 'found', 'surplus', 'recall'),
    ...rows,
    '',
    total('ten types', ten),
    total('all types', all),
    ...named('missed', report.missed),
    ...named('surplus', report.surplus),
    ok
      ? 'Enough was found.'
      : `Too little was found: at least ${percent(REQUIRED_RECALL_BPS)} of the ten types is wanted.`,
  ].join('\n');
}

function row(
  type: string,
  planted: string | number,
  found: string | number,
  surplus: string | number,
  recall: string,
): string {
  const cells = [planted, found, surplus, recall].map((cell) => String(cell).padStart(9));
  return `${type.padEnd(22)}${cells.join('')}`;
}

function total(name: string, score: TotalScore): string {
  return (
    `${name}: ${String(score.found)} of ${String(score.planted)} found, recall ` +
    `${percent(score.recallBps)}, precision ${percent(score.precisionBps)}`
  );
}

function percent(bps: number): string {
  return `${(Math.floor(bps) / 100).toFixed(2)} %`;
}

function named(what: string, breaks: readonly NamedBreak[]): string[] {
  return breaks
    .slice(0, MOST_SHOWN)
    .map(({ type, participantId, subjectId }) => `${what}: ${type} ${participantId} ${subjectId}`);
}
