import { PostingWorker, POSTING_QUEUE, Relay, STANDARD_TERMS, type PostingJob } from '#clearing';
import { countStaged, ledgerChecks, OutboxBell } from '#ledger';
import { runChecks } from '#platform/invariant-check';
import { createQueue, createWorker, type QueueConnection } from '#platform/queues/index';
import { createLogger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { fillOutbox, LINES_PER_ENTRY, type Skew } from './clearing-load.js';
import { withScratchDatabase } from './scratch-database.js';

/** One line of the table. */
export interface ClearingFigure {
  readonly name: string;
  /** Entries (payments) a second, or jobs where the name says so. */
  readonly perSecond: number;
  readonly note: string;
}

export interface ClearingBenchOptions {
  /** Any database of the server under test. */
  readonly serverUrl: string;
  /** Measures the queue over this Redis too. */
  readonly redisUrl?: string | undefined;
  readonly entries?: number;
  readonly batchSize?: number;
}

const DATABASE = 'wayfare_bench_clearing';
const EMPTY_JOBS = 5_000;
const log = createLogger({ name: 'bench', level: 'warn' });

/**
 * Clearing alone: a full outbox, one relay and one worker process's share of work, until the last
 * entry is in the books. Beside it, in the same run, its yardsticks: the same rows inserted
 * plainly, and the rate of empty jobs. Every run ends with the ledger's own checks.
 */
export async function benchClearing(options: ClearingBenchOptions): Promise<ClearingFigure[]> {
  const { serverUrl, redisUrl, entries = 60_000, batchSize = 1_000 } = options;
  const scratch = <T>(work: (dataSource: DataSource, url: string) => Promise<T>) =>
    withScratchDatabase(serverUrl, DATABASE, work);
  const shape = `${String(entries)} entries of ${String(LINES_PER_ENTRY)} lines`;
  const figures: ClearingFigure[] = [];
  const clear = async (skew: Skew, over: (url: string) => QueueConnection) => {
    const perSecond = await scratch(async (dataSource, url) => {
      await fillOutbox(dataSource, entries, skew);
      return clearOutbox(dataSource, over(url), entries, batchSize);
    });
    const { backend } = over('');
    const note = `${shape}, batches of ${String(batchSize)}, fsync on`;
    figures.push({ name: `clearing over ${backend}, ${skew}`, perSecond, note });
  };
  const postgres = (url: string): QueueConnection => ({ backend: 'postgres', url });
  await clear('even', postgres);
  await clear('hot', postgres);
  if (redisUrl !== undefined) await clear('even', () => ({ backend: 'redis', url: redisUrl }));
  figures.push({
    name: 'plain insert of the same rows',
    perSecond: await scratch((dataSource) => insertPlainly(dataSource, entries, batchSize)),
    note: `${shape}, same indexes, no triggers, 2 connections, multi-row inserts`,
  });
  figures.push({
    name: 'empty jobs over postgres',
    perSecond: await scratch((_, url) => runEmptyJobs(postgres(url), 50)),
    note: `${String(EMPTY_JOBS)} jobs, concurrency 50`,
  });
  if (redisUrl !== undefined) {
    figures.push({
      name: 'empty jobs over redis',
      perSecond: await runEmptyJobs({ backend: 'redis', url: redisUrl }, 50),
      note: `${String(EMPTY_JOBS)} jobs, concurrency 50`,
    });
  }
  return figures;
}

async function clearOutbox(
  dataSource: DataSource,
  connection: QueueConnection,
  entries: number,
  batchSize: number,
): Promise<number> {
  const terms = { ...STANDARD_TERMS, batchSize };
  const queue = createQueue<PostingJob>(POSTING_QUEUE, connection, log);
  const relay = new Relay(dataSource, queue, new OutboxBell(), terms, 'bench', log);
  const worker = new PostingWorker(dataSource, connection, terms, 'bench', log);
  try {
    // Connected before the clock starts, as a serving hub is.
    await queue.counts();
    worker.start();
    let left = entries;
    const startedAt = performance.now();
    const done = new Promise<void>((resolve) => {
      worker.onPosted((batch) => {
        left -= batch.posted;
        if (left === 0) resolve();
      });
    });
    relay.start();
    await done;
    const seconds = (performance.now() - startedAt) / 1_000;
    await expectSound(dataSource, entries);
    return entries / seconds;
  } finally {
    await relay.stop();
    await worker.stop();
    await queue.close();
  }
}

/** A figure of books that are wrong is worth nothing. */
async function expectSound(dataSource: DataSource, entries: number): Promise<void> {
  const broken = (await runChecks(dataSource, ledgerChecks)).filter((check) => !check.ok);
  const { waiting } = await countStaged(dataSource.manager);
  const [row] = await dataSource.query<{ n: number }[]>(
    'SELECT count(*)::integer AS n FROM journal_entries',
  );
  if (broken.length > 0 || waiting > 0 || row?.n !== entries) {
    throw new Error(`the books are wrong: ${JSON.stringify({ broken, waiting, posted: row?.n })}`);
  }
}

/** What the database can take of these rows when nothing is checked or claimed. */
async function insertPlainly(
  dataSource: DataSource,
  entries: number,
  batchSize: number,
): Promise<number> {
  await fillOutbox(dataSource, entries, 'even');
  await dataSource.query(
    `CREATE TABLE plain_entries (LIKE journal_entries INCLUDING INDEXES INCLUDING CONSTRAINTS);
     CREATE TABLE plain_lines (LIKE journal_lines INCLUDING INDEXES INCLUDING CONSTRAINTS)`,
  );
  const batches: unknown[][][] = [];
  for (let from = 1; from <= entries; from += batchSize) {
    batches.push(await readRows(dataSource, from, from + batchSize - 1));
  }
  const startedAt = performance.now();
  const insertAll = async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await dataSource.query(
        `WITH e AS (
           INSERT INTO plain_entries (entry_no, id, event, kind, payment_id, cycle_id, trace_id,
                                      staged_at, posted_at, batch_no, line_count)
           SELECT *, now(), 1, ${String(LINES_PER_ENTRY)}
           FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                       $7::text[], $8::timestamptz[]))
         INSERT INTO plain_lines (entry_no, line_no, account_id, minor)
         SELECT * FROM unnest($9::bigint[], $10::smallint[], $11::integer[], $12::bigint[])`,
        batch,
      );
    }
  };
  await Promise.all([insertAll(), insertAll()]);
  return (entries * 1_000) / (performance.now() - startedAt);
}

/** Twelve columns: eight of the entries, four of their lines. */
async function readRows(dataSource: DataSource, from: number, to: number): Promise<unknown[][]> {
  const [row] = await dataSource.query<Record<string, unknown[]>[]>(
    `SELECT array_agg(seq::text) a, array_agg(entry_id) b, array_agg(event) c, array_agg(kind) d,
            array_agg(payment_id) e, array_agg(cycle_id) f, array_agg(trace_id) g,
            array_agg(staged_at) h
     FROM staged_entries WHERE seq BETWEEN $1 AND $2`,
    [from, to],
  );
  const [lines] = await dataSource.query<Record<string, unknown[]>[]>(
    `SELECT array_agg(seq::text) a, array_agg(n) b, array_agg(account) c, array_agg(minor::text) d
     FROM staged_entries, unnest(account_ids, amounts) WITH ORDINALITY s(account, minor, n)
     WHERE seq BETWEEN $1 AND $2`,
    [from, to],
  );
  return [...Object.values(row ?? {}), ...Object.values(lines ?? {})];
}

/** The queue's own limit: jobs that do nothing. */
async function runEmptyJobs(connection: QueueConnection, concurrency: number): Promise<number> {
  const name = `bench-empty-${String(process.pid)}`;
  const queue = createQueue<{ n: number }>(name, connection, log);
  try {
    for (let from = 0; from < EMPTY_JOBS; from += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          queue.add('empty', { n: from + i }, `empty-${String(from + i)}`),
        ),
      );
    }
    let done = 0;
    let startedAt = 0;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const handle = () => {
      if (done === 0) startedAt = performance.now();
      if (++done === EMPTY_JOBS) finish();
      return Promise.resolve();
    };
    const worker = createWorker(name, connection, handle, { concurrency, log });
    await finished;
    const perSecond = (EMPTY_JOBS * 1_000) / (performance.now() - startedAt);
    await worker.close();
    return perSecond;
  } finally {
    await queue.close();
  }
}
