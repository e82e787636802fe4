import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource } from '#platform/database';
import { verifyInvariants } from '#verification';
import type { DataSource } from 'typeorm';
import type { LoadResult } from './load.js';
import type { Skew } from './mix.js';
import { startBenchSystem, type BenchSystem } from './system.js';

export interface PaymentBenchOptions {
  /** Any database of the server under test. */
  readonly serverUrl: string;
  readonly callers?: readonly number[];
  readonly warmUpSeconds?: number;
  /** For each number of callers. */
  readonly sweepSeconds?: number;
  readonly steadySeconds?: number;
  /** A rate the hub has to reach, at 70 % of which latency is measured too. */
  readonly requiredPerSecond?: number;
  /** Requests are signed for at most this rate. */
  readonly mostPerSecond?: number;
  readonly tell?: (line: string) => void;
}

/** One stretch of load, with what it cost each process. */
export interface PaymentStretch extends LoadResult {
  readonly skew: Skew;
  /** `64 callers`, or `350/s open`. */
  readonly load: string;
  /** Successful and posted to the ledger, by the time from first request to last posting. */
  readonly clearedPerSecond: number;
  readonly hubCpuMs: number;
  readonly walletsCpuMs: number;
  readonly loadCpuMs: number;
  /** NaN where the system does not tell. */
  readonly databaseCpuMs: number;
}

export interface PaymentFigures {
  readonly sweep: readonly PaymentStretch[];
  readonly best: PaymentStretch;
  readonly hot: PaymentStretch;
  readonly steady: PaymentStretch;
  /** At 70 % of the rate that was required; absent where none was. */
  readonly required?: PaymentStretch;
  readonly hubMemoryMb: number;
  readonly sent: number;
  readonly failed: number;
}

const STEADY_SHARE = 0.7;
const POSTED_WITHIN_MS = 30_000;

/**
 * The whole path: user-presented payments through the front door, RSA-2048 on both hops, wallets
 * behind signed HTTP, until posted. First as fast as it goes, then at 70 % of that. Every stretch
 * ends with the books being checked, since a figure of wrong books is worth nothing.
 */
export async function benchPayments(options: PaymentBenchOptions): Promise<PaymentFigures> {
  const { tell = () => undefined } = options;
  const system = await startBenchSystem(options.serverUrl);
  try {
    const dataSource = await createDataSource(system.databaseUrl, { poolSize: 2 });
    try {
      return await measure(new Stretches(system, dataSource), system, options, tell);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await system.close();
  }
}

async function measure(
  stretches: Stretches,
  system: BenchSystem,
  options: PaymentBenchOptions,
  tell: (line: string) => void,
): Promise<PaymentFigures> {
  const { callers = [16, 32, 64, 128, 256, 512], warmUpSeconds = 20, sweepSeconds = 8 } = options;
  const { steadySeconds = 20, mostPerSecond = 1_500 } = options;
  const closed = async (skew: Skew, count: number, seconds: number): Promise<PaymentStretch> => {
    const stretch = await stretches.run(
      skew,
      Math.ceil(mostPerSecond * seconds),
      { kind: 'closed', callers: count, seconds },
      `${String(count)} callers`,
    );
    tell(lineOf(stretch));
    return stretch;
  };
  // Figures are of a hub that has been at work for a while: its first thousands of payments are
  // dearer, and whichever stretch came first would pay for them.
  await closed('even', 64, warmUpSeconds);
  const sweep: PaymentStretch[] = [];
  for (const count of callers) sweep.push(await closed('even', count, sweepSeconds));
  const best = sweep.reduce((a, b) => (b.clearedPerSecond > a.clearedPerSecond ? b : a));
  const hot = await closed('hot', Number.parseInt(best.load), sweepSeconds);
  const open = async (perSecond: number): Promise<PaymentStretch> => {
    const command = { kind: 'open', perSecond, seconds: steadySeconds } as const;
    const load = `${String(perSecond)}/s open`;
    const stretch = await stretches.run('even', perSecond * steadySeconds, command, load);
    tell(lineOf(stretch));
    return stretch;
  };
  const { requiredPerSecond } = options;
  const required =
    requiredPerSecond === undefined
      ? undefined
      : await open(Math.floor(requiredPerSecond * STEADY_SHARE));
  const steady = await open(Math.floor(best.clearedPerSecond * STEADY_SHARE));
  const hubMemoryMb = await peakMemoryMb(system);
  const all = [...sweep, hot, ...(required === undefined ? [] : [required]), steady];
  return {
    sweep,
    best,
    hot,
    steady,
    ...(required === undefined ? {} : { required }),
    hubMemoryMb,
    sent: all.reduce((sum, { sent }) => sum + sent, 0),
    failed: all.reduce((sum, { sent, succeeded }) => sum + sent - succeeded, 0),
  };
}

/** Runs stretches of load one after the other on one system. */
export class Stretches {
  private run_ = Math.floor(Date.now() / 1_000) % 100_000;

  /** @param books whether they are checked after each stretch; of millions of payments that takes minutes */
  constructor(
    private readonly system: BenchSystem,
    private readonly dataSource: DataSource,
    private readonly books: 'checked' | 'unchecked' = 'checked',
  ) {}

  async run(
    skew: Skew,
    count: number,
    command: Parameters<BenchSystem['load']>[0],
    load: string,
  ): Promise<PaymentStretch> {
    const { system } = this;
    await system.load({ kind: 'prepare', count, skew, run: this.run_++ });
    const lastBefore = await this.lastPosted();
    const before = await this.cpu();
    const startedMs = performance.now();
    const { result, cpuSeconds } = await system.load(command);
    if (result === undefined) throw new Error('the load brought no result');
    await this.untilPosted(lastBefore, result.succeeded);
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await this.cpu();
    if (this.books === 'checked') await this.expectSound();
    const each = (cpu: number): number => (cpu * 1_000) / Math.max(1, result.succeeded);
    return {
      ...result,
      skew,
      load,
      clearedPerSecond: result.succeeded / seconds,
      hubCpuMs: each(after.hub - before.hub),
      walletsCpuMs: each(after.wallets - before.wallets),
      databaseCpuMs: each(after.database - before.database),
      loadCpuMs: each(cpuSeconds),
    };
  }

  /** Entries are numbered as they are staged, so what comes after this one is the stretch's own. */
  private async lastPosted(): Promise<string> {
    const [row] = await this.dataSource.query<{ last: string }[]>(
      'SELECT coalesce(max(entry_no), 0)::text AS last FROM journal_entries',
    );
    return row?.last ?? '0';
  }

  private async untilPosted(after: string, count: number): Promise<void> {
    const endMs = performance.now() + POSTED_WITHIN_MS;
    for (;;) {
      // Staged entries vanish in the statement that posts them; counting the books is dearer.
      const [row] = await this.dataSource.query<{ waits: boolean }[]>(
        'SELECT EXISTS (SELECT FROM staged_entries) AS waits',
      );
      if (row?.waits === false) break;
      if (performance.now() > endMs) throw new Error('the outbox does not run empty');
      await sleep(10);
    }
    const [row] = await this.dataSource.query<{ n: number }[]>(
      'SELECT count(*)::integer AS n FROM journal_entries WHERE entry_no > $1',
      [after],
    );
    const posted = row?.n ?? 0;
    if (posted < count) throw new Error(`${String(posted)} entries posted, not ${String(count)}`);
  }

  private async expectSound(): Promise<void> {
    const { checks } = await verifyInvariants(this.dataSource);
    const broken = checks.filter(({ ok }) => !ok);
    if (broken.length > 0) throw new Error(`the books are wrong: ${JSON.stringify(broken)}`);
  }

  private async cpu(): Promise<{ hub: number; wallets: number; database: number }> {
    return {
      hub: await this.system.hubMetric('process_cpu_seconds_total'),
      wallets: await this.system.walletsCpuSeconds(),
      database: await databaseCpuSeconds(this.dataSource),
    };
  }
}

/** Of the server and all its children, dead ones too; Linux only. */
async function databaseCpuSeconds(dataSource: DataSource): Promise<number> {
  try {
    const pids = await dataSource.query<{ pid: number }[]>('SELECT pid FROM pg_stat_activity');
    const own = pids[0]?.pid ?? 0;
    const parent = Number((await statOf(own))[1]);
    const stats = await Promise.all(
      [parent, ...pids.map(({ pid }) => pid)].map((pid) => statOf(pid).catch(() => [])),
    );
    // Fields 14 to 17 of proc(5); the two after the state and the parent's number are cut off.
    const ticks = stats.flatMap((fields, index) =>
      index === 0 ? fields.slice(11, 15) : fields.slice(11, 13),
    );
    return ticks.reduce((sum, value) => sum + Number(value), 0) / 100;
  } catch {
    return NaN;
  }
}

/** From the state on: what follows the name in parentheses. */
async function statOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function peakMemoryMb(system: BenchSystem): Promise<number> {
  try {
    const text = await readFile(`/proc/${String(system.hubPid)}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1]) / 1_024;
  } catch {
    return (await system.hubMetric('process_resident_memory_bytes')) / 1_048_576;
  }
}

function lineOf(stretch: PaymentStretch): string {
  const { skew, load, clearedPerSecond, p50Ms, p95Ms, p99Ms, failures } = stretch;
  const cpu = [stretch.hubCpuMs, stretch.databaseCpuMs, stretch.walletsCpuMs, stretch.loadCpuMs];
  return (
    `${skew}, ${load}: ${clearedPerSecond.toFixed(0)}/s, ` +
    `p50 ${p50Ms.toFixed(1)} p95 ${p95Ms.toFixed(1)} p99 ${p99Ms.toFixed(1)} ms, ` +
    `cpu ms hub/db/wallets/load ${cpu.map((ms) => ms.toFixed(2)).join(' ')} ${JSON.stringify(failures)}`
  );
}
