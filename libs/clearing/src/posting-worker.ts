import {
  listBatchEntries,
  postBatch,
  setEntryAside,
  type PostedBatch,
  type PostingHop,
} from '#ledger';
import {
  createWorker,
  type JobWorker,
  type QueueConnection,
  type ReceivedJob,
} from '#platform/queues/index';
import type { Logger } from '#platform/telemetry/logger';
import { QueryFailedError, type DataSource } from 'typeorm';
import { POSTING_QUEUE, type ClearingTerms, type PostingJob } from './clearing-terms.js';

import { BatchSpans } from './posting-spans.js';

/** Told after each batch: for metrics, and for whoever waits to see its payment cleared. */
export type PostedListener = (batch: PostedBatch & { readonly batchNo: number }) => void;

/**
 * Posts the batches that the queue hands out. It may be killed at any point: the books and the
 * outbox change in one statement, so a batch given out again posts what is left of it.
 */
export class PostingWorker {
  private worker: JobWorker<PostingJob> | undefined;
  private readonly listeners = new Set<PostedListener>();
  private started = false;
  private closed = false;
  private handling = 0;
  private postedSoFar = 0;
  private busySoFarMs = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly connection: QueueConnection,
    private readonly terms: ClearingTerms,
    private readonly name: string,
    private readonly log: Logger,
  ) {}

  /** Whether it was told to take no jobs. */
  get held(): boolean {
    return this.closed;
  }

  /** Batches being posted. */
  get inHand(): number {
    return this.handling;
  }

  /** Entries since the start. */
  get posted(): number {
    return this.postedSoFar;
  }

  /** Time spent posting, summed over batches that were posted side by side. */
  get busyMs(): number {
    return this.busySoFarMs;
  }

  start(): void {
    this.started = true;
    if (!this.closed) this.open();
  }

  /** Takes jobs or none; resolves when the batches in hand are done. */
  async follow(open: boolean): Promise<void> {
    this.closed = !open;
    if (open && this.started) this.open();
    if (!open) await this.shut();
  }

  private open(): void {
    this.worker ??= createWorker<PostingJob>(
      POSTING_QUEUE,
      this.connection,
      (job) => this.handle(job),
      { concurrency: this.terms.concurrency, log: this.log },
    );
  }

  onPosted(listener: PostedListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Finishes the batches in hand. */
  async stop(): Promise<void> {
    this.started = false;
    await this.shut();
  }

  private async shut(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.close();
  }

  private async handle(job: ReceivedJob<PostingJob>): Promise<void> {
    const startedAt = performance.now();
    this.handling += 1;
    try {
      await this.post(job);
    } finally {
      this.handling -= 1;
      this.busySoFarMs += performance.now() - startedAt;
    }
  }

  private async post(job: ReceivedJob<PostingJob>): Promise<void> {
    const { batchNo } = job.data;
    const hop: PostingHop = {
      queueBackend: this.connection.backend,
      jobId: job.id,
      enqueuedAtMs: job.enqueuedAtMs,
      worker: this.name,
    };
    try {
      const { manager } = this.dataSource;
      const spans = await BatchSpans.begin(manager, job.data);
      const posted = await postBatch(manager, batchNo, hop);
      spans?.end(posted.posted);
      this.tell(batchNo, posted);
    } catch (error) {
      if (!blamesData(error)) throw error;
      this.log.warn({ batchNo, error }, 'a batch was refused; its entries are posted one by one');
      await this.postSingly(batchNo, hop);
    }
  }

  /** One entry that the database refuses must not hold up its neighbours. */
  private async postSingly(batchNo: number, hop: PostingHop): Promise<void> {
    for (const seq of await listBatchEntries(this.dataSource.manager, batchNo)) {
      try {
        this.tell(batchNo, await postBatch(this.dataSource.manager, batchNo, hop, seq));
      } catch (error) {
        if (!blamesData(error)) throw error;
        const reason = (error as Error).message;
        this.log.error({ batchNo, seq, reason }, 'an entry cannot be posted and is set aside');
        const { retryAsideMs } = this.terms;
        await setEntryAside(this.dataSource.manager, seq, reason, retryAsideMs);
      }
    }
  }

  private tell(batchNo: number, batch: PostedBatch): void {
    this.postedSoFar += batch.posted;
    this.log.debug({ batchNo, ...batch }, 'batch posted');
    for (const listener of this.listeners) listener({ batchNo, ...batch });
  }
}

/** SQLSTATE classes 22 and 23: the rows are at fault, not the connection or the server. */
function blamesData(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return code !== undefined && /^2[23]/.test(code);
}
