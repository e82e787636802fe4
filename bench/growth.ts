import { statfs } from 'node:fs/promises';
import { createDataSource } from '#platform/database';
import { verifyInvariants } from '#verification';
import type { DataSource } from 'typeorm';
import { fillPastDays, type Filled } from './growth/fill.js';
import { untilSettled } from './growth/settled.js';
import { readReads, readSizes, readsBetween, type TableSize } from './growth/tables.js';
import { Stretches, type PaymentStretch } from './payments/payments.js';
import { startBenchSystem, type BenchSystem } from './payments/system.js';

export interface GrowthBenchOptions {
  /** Any database of the server under test. */
  readonly serverUrl: string;
  readonly payments?: number;
  readonly callers?: readonly number[];
  readonly rounds?: number;
  readonly warmUpSeconds?: number;
  /** Real payments to copy; warming up goes on until there are so many. */
  readonly fewestTemplates?: number;
  readonly seconds?: number;
  /** Requests are signed for at most this rate. */
  readonly mostPerSecond?: number;
  /** Whether every invariant is checked over the grown books: minutes for millions. */
  readonly verify?: boolean;
  readonly tell?: (line: string) => void;
}

/** The same load on an empty database and on a grown one, in turns. */
export interface GrowthFigure {
  readonly callers: number;
  /** Medians over the rounds. */
  readonly emptyPerSecond: number;
  readonly grownPerSecond: number;
  readonly emptyP99Ms: number;
  readonly grownP99Ms: number;
  readonly emptyDatabaseCpuMs: number;
  readonly grownDatabaseCpuMs: number;
}

export interface GrowthFigures {
  readonly payments: number;
  readonly cycles: number;
  readonly templates: number;
  readonly fillSeconds: number;
  /** From the last copy until the hub had closed, numbered, netted and settled every day. */
  readonly settledSeconds: number;
  readonly databaseBytes: number;
  readonly tables: readonly TableSize[];
  readonly rounds: number;
  readonly figures: readonly GrowthFigure[];
  /** Large tables that were read from end to end while payments came in; none is right. */
  readonly readWhole: readonly string[];
  /** Invariants that do not hold in the grown books; undefined when they were not checked. */
  readonly broken: readonly string[] | undefined;
  readonly failed: number;
}

interface Side {
  readonly name: 'empty' | 'grown';
  readonly stretches: Stretches;
}

/** Alarms look over all books from time to time: on a grown database a stretch would meet one or not. */
const SETTINGS = { INVARIANTS_EVERY_SECONDS: '0' };
const DEFAULT_PAYMENTS = 10_000_000;
/** On a machine too busy to make enough real payments the mix is poorer, and that is all. */
const MOST_WARM_UPS = 10;
/** Measured: rows, indexes, and what the filling writes to the log before it is checked in. */
const BYTES_A_PAYMENT = 7_000;
/** The server is to have room for both hubs. */
const GROWN = 'wayfare_bench_grown';
const EMPTY = 'wayfare_bench_empty';

/**
 * Whether the hub stays as fast when its database grows. One system makes real payments, its
 * database is filled with past days of their like, which it closes and settles; a second system
 * on the same server starts empty. Then both take the same load in turns, so that whatever else
 * the machine does falls on both.
 */
export async function benchGrowth(options: GrowthBenchOptions): Promise<GrowthFigures> {
  const { serverUrl, tell = () => undefined } = options;
  await expectRoom(serverUrl, options.payments ?? DEFAULT_PAYMENTS);
  return withSystem(serverUrl, GROWN, async (grown, dataSource) => {
    const { mostPerSecond = 1_500, warmUpSeconds = 8, payments = DEFAULT_PAYMENTS } = options;
    const { fewestTemplates = 1_000 } = options;
    const warmUp = (stretches: Stretches) =>
      stretches.run(
        'even',
        mostPerSecond * warmUpSeconds,
        { kind: 'closed', callers: 32, seconds: warmUpSeconds },
        '32 callers',
      );
    const real = new Stretches(grown, dataSource);
    let made = 0;
    for (let runs = 0; runs < MOST_WARM_UPS && made < fewestTemplates; runs++) {
      made += (await warmUp(real)).succeeded;
    }
    tell(`${String(made)} real payments to copy`);
    const filled = await fillPastDays(dataSource, { payments, nowMs: Date.now(), tell });
    const settledSeconds = await untilSettled(dataSource, tell);
    tell(`${String(filled.cycles.length)} days settled ${settledSeconds.toFixed(0)} s later`);
    await dataSource.query('VACUUM (ANALYZE)');
    const broken = options.verify === true ? await brokenInvariants(dataSource) : undefined;
    return withSystem(serverUrl, EMPTY, async (empty, emptySource) => {
      const sides: readonly Side[] = [
        { name: 'empty', stretches: new Stretches(empty, emptySource, 'unchecked') },
        { name: 'grown', stretches: new Stretches(grown, dataSource, 'unchecked') },
      ];
      for (const { stretches } of sides) await warmUp(stretches);
      await dataSource.query('CHECKPOINT');
      const before = await readReads(dataSource);
      const measured = await measure(sides, options, tell);
      const readWhole = readsBetween(before, await readReads(dataSource));
      const sizes = await readSizes(dataSource);
      return { ...sizes, ...describe(filled), settledSeconds, readWhole, broken, ...measured };
    });
  });
}

/** A disk that runs full an hour later takes everything else on the machine with it. */
async function expectRoom(serverUrl: string, payments: number): Promise<void> {
  const source = await createDataSource(serverUrl, { poolSize: 1 });
  try {
    const [row] = await source.query<{ folder: string }[]>(
      `SELECT current_setting('data_directory') AS folder`,
    );
    const { bavail, bsize } = await statfs(row?.folder ?? '.');
    const gigabytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
    if (bavail * bsize < payments * BYTES_A_PAYMENT) {
      throw new Error(
        `${String(payments)} payments take ${gigabytes(payments * BYTES_A_PAYMENT)} GB of disk, ` +
          `${gigabytes(bavail * bsize)} GB are free: name fewer with --payments`,
      );
    }
  } finally {
    await source.destroy();
  }
}

function describe({ payments, cycles, templates, seconds }: Filled) {
  return { payments, cycles: cycles.length, templates, fillSeconds: seconds };
}

async function withSystem<T>(
  serverUrl: string,
  database: string,
  work: (system: BenchSystem, dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const system = await startBenchSystem(serverUrl, { database, settings: SETTINGS });
  try {
    const dataSource = await createDataSource(system.databaseUrl, { poolSize: 2 });
    try {
      return await work(system, dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await system.close();
  }
}

async function brokenInvariants(dataSource: DataSource): Promise<string[]> {
  const { checks } = await verifyInvariants(dataSource);
  return checks
    .filter(({ ok }) => !ok)
    .map(({ name, offenders }) => `${name}: ${JSON.stringify(offenders.slice(0, 2))}`);
}

async function measure(
  sides: readonly Side[],
  options: GrowthBenchOptions,
  tell: (line: string) => void,
): Promise<Pick<GrowthFigures, 'rounds' | 'figures' | 'failed'>> {
  const { callers = [64, 128], rounds = 5, seconds = 6, mostPerSecond = 1_500 } = options;
  const figures: GrowthFigure[] = [];
  let failed = 0;
  for (const count of callers) {
    const found: Record<Side['name'], PaymentStretch[]> = { empty: [], grown: [] };
    for (let round = 0; round < rounds; round++) {
      // Neither side is always the one that comes after the other.
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const stretch = await side.stretches.run(
          'even',
          Math.ceil(mostPerSecond * seconds),
          { kind: 'closed', callers: count, seconds },
          `${String(count)} callers`,
        );
        found[side.name].push(stretch);
        failed += stretch.sent - stretch.succeeded;
        tell(`${side.name}, ${stretch.load}: ${stretch.clearedPerSecond.toFixed(0)}/s`);
      }
    }
    figures.push(figureOf(count, found));
  }
  return { rounds, figures, failed };
}

function figureOf(callers: number, found: Record<Side['name'], PaymentStretch[]>): GrowthFigure {
  const of = (name: Side['name'], what: (stretch: PaymentStretch) => number): number =>
    median(found[name].map(what));
  return {
    callers,
    emptyPerSecond: of('empty', ({ clearedPerSecond }) => clearedPerSecond),
    grownPerSecond: of('grown', ({ clearedPerSecond }) => clearedPerSecond),
    emptyP99Ms: of('empty', ({ p99Ms }) => p99Ms),
    grownP99Ms: of('grown', ({ p99Ms }) => p99Ms),
    emptyDatabaseCpuMs: of('empty', ({ databaseCpuMs }) => databaseCpuMs),
    grownDatabaseCpuMs: of('grown', ({ databaseCpuMs }) => databaseCpuMs),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
