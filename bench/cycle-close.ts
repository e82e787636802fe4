import { setTimeout as sleep } from 'node:timers/promises';
import { clearingWindowAt } from '#domain/clearing-cycles';
import { readHubClock, setHubClock } from '#ledger';
import { createDataSource } from '#platform/database';
import type { DataSource } from 'typeorm';
import { Stretches, type PaymentStretch } from './payments/payments.js';
import { startBenchSystem, type BenchSystem } from './payments/system.js';

export interface CycleCloseOptions {
  /** Any database of the server under test. */
  readonly serverUrl: string;
  readonly callers?: number;
  readonly warmUpSeconds?: number;
  readonly steadySeconds?: number;
  /** From one cut-off to the next. */
  readonly closeEveryMs?: number;
  /** Requests are signed for at most this rate. */
  readonly mostPerSecond?: number;
  readonly tell?: (line: string) => void;
}

export interface CycleCloseFigures {
  /** Payments a second, the same with and without closes. */
  readonly perSecond: number;
  readonly without: PaymentStretch;
  readonly with: PaymentStretch;
  /** Cycles that were closed, numbered and made final while payments came in. */
  readonly closes: number;
  readonly addedP99Ms: number;
  /** From the last payment until all files of the days made final were written. */
  readonly filesBehindMs: number;
}

const STEADY_SHARE = 0.7;
/** Before a cut-off, so that payments are in flight when it comes. */
const LEAD_MS = 200;
const FILES_WITHIN_MS = 120_000;

/**
 * What cut-offs add to the latency of payments: the whole path at 70 % of the most it takes, first
 * without a close, then with the clock that cut-offs go by jumping from one midnight to the next.
 * Each jump has the hub close a day, number it, and make the day before it final.
 */
export async function benchCycleClose(options: CycleCloseOptions): Promise<CycleCloseFigures> {
  const system = await startBenchSystem(options.serverUrl);
  try {
    const dataSource = await createDataSource(system.databaseUrl, { poolSize: 2 });
    try {
      return await measure(system, dataSource, options);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await system.close();
  }
}

async function measure(
  system: BenchSystem,
  dataSource: DataSource,
  options: CycleCloseOptions,
): Promise<CycleCloseFigures> {
  const { callers = 64, warmUpSeconds = 20, steadySeconds = 40, closeEveryMs = 8_000 } = options;
  const { mostPerSecond = 1_500, tell = () => undefined } = options;
  const quiet = new Stretches(system, dataSource);
  const warmUp = { kind: 'closed', callers, seconds: warmUpSeconds } as const;
  const count = Math.ceil(mostPerSecond * warmUpSeconds);
  const most = await quiet.run('even', count, warmUp, `${String(callers)} callers`);
  const perSecond = Math.max(1, Math.floor(most.clearedPerSecond * STEADY_SHARE));
  const steady = (stretches: Stretches) =>
    stretches.run(
      'even',
      perSecond * steadySeconds,
      { kind: 'open', perSecond, seconds: steadySeconds },
      `${String(perSecond)}/s open`,
    );
  const without = await steady(quiet);
  tell(`without closes: p99 ${without.p99Ms.toFixed(1)} ms at ${String(perSecond)}/s`);
  const closedBefore = await countClosed(dataSource);
  let loadEndedMs = 0;
  const jumping: BenchSystem = {
    ...system,
    load: (command) =>
      command.kind === 'prepare'
        ? system.load(command)
        : whileJumping(dataSource, closeEveryMs, async () => {
            const reply = await system.load(command);
            loadEndedMs = Date.now();
            return reply;
          }),
  };
  const withCloses = await steady(new Stretches(jumping, dataSource));
  const closes = (await countClosed(dataSource)) - closedBefore;
  tell(`with ${String(closes)} closes: p99 ${withCloses.p99Ms.toFixed(1)} ms`);
  const addedP99Ms = withCloses.p99Ms - without.p99Ms;
  const filesBehindMs = Math.max(0, (await filesWrittenMs(dataSource)) - loadEndedMs);
  tell(`files behind by ${(filesBehindMs / 1_000).toFixed(1)} s`);
  return { perSecond, without, with: withCloses, closes, addedP99Ms, filesBehindMs };
}

/** When the last file of what is final was written, waiting for it. */
async function filesWrittenMs(dataSource: DataSource): Promise<number> {
  const endMs = Date.now() + FILES_WITHIN_MS;
  while (Date.now() < endMs) {
    const [row] = await dataSource.query<{ at: Date | null; owed: boolean }[]>(
      `SELECT max(written_at) AS at,
              bool_or(state = 'due')
                OR EXISTS (SELECT FROM cycles c
                           WHERE c.state = 'final' AND c.kind = 'daily'
                             AND NOT EXISTS (SELECT FROM file_sets f
                                             WHERE f.cycle_id = c.id)) AS owed
       FROM file_sets`,
    );
    if (row?.owed === false && row.at !== null) return row.at.getTime();
    await sleep(200);
  }
  throw new Error(`the files were not written within ${String(FILES_WITHIN_MS / 1_000)} s`);
}

async function whileJumping<T>(
  dataSource: DataSource,
  everyMs: number,
  work: () => Promise<T>,
): Promise<T> {
  let working = true;
  const jumps = async (): Promise<void> => {
    while (working) {
      const { endsAtMs } = clearingWindowAt('daily', await readHubClock(dataSource.manager));
      await setHubClock(dataSource.manager, endsAtMs - LEAD_MS);
      await sleep(everyMs);
    }
  };
  const jumping = jumps();
  try {
    return await work();
  } finally {
    working = false;
    await jumping;
    // The books are checked by the right time: nothing else is a week late.
    await setHubClock(dataSource.manager, null);
  }
}

async function countClosed(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ n: number }[]>(
    `SELECT count(*)::integer AS n FROM cycles WHERE state <> 'open'`,
  );
  return row?.n ?? 0;
}
