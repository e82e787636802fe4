import { claimBatch, extendLeases, releaseBatch, type OutboxBell } from '#ledger';
import type { JobQueue } from '#platform/queues/index';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import type { ClearingTerms, PostingJob } from './clearing-terms.js';
import { Loop } from './loop.js';
import { traceClaim } from './posting-spans.js';

const RETRY_MS = 500;
/** Entries in one batch that show a busy hub rather than a lonely payment. */
const CROWD = 5;

/**
 * Brings what waits in the outbox to the queue, in batches. As many relays as wanted may run, in
 * any process. The order is: lease the entries to a new batch, commit, enqueue a job that names
 * the batch. If the process dies between, or the queue forgets the job, the lease runs out and
 * the entries go out again under a number the queue has not seen.
 */
export class Relay {
  private readonly loop: Loop;
  private stopListening: (() => void) | undefined;
  /** Whether the last batch had company; then the next one will too, and waits longer for it. */
  private crowded = false;
  private closed = false;
  private keepsLeases = false;

  /** @param name of this process, kept with each batch so that a payment's way can be told */
  constructor(
    private readonly dataSource: DataSource,
    private readonly queue: JobQueue<PostingJob>,
    private readonly bell: OutboxBell,
    private readonly terms: ClearingTerms,
    private readonly name: string,
    private readonly log: Logger,
  ) {
    this.loop = new Loop({
      name: 'relay',
      intervalMs: terms.pollMs,
      retryMs: RETRY_MS,
      run: () => this.carryAll(),
      log,
    });
  }

  start(): void {
    this.stopListening ??= this.bell.onRing(() => {
      this.nudge();
    });
    this.loop.start();
  }

  /** Whether it was told to take nothing. */
  get held(): boolean {
    return this.closed;
  }

  /**
   * @param open whether it takes batches out of the outbox
   * @param keepsLeases whether nobody posts, so that what is in the queue must not go out again
   */
  follow(open: boolean, keepsLeases: boolean): void {
    const opens = open && this.closed;
    this.closed = !open;
    this.keepsLeases = keepsLeases;
    if (opens) this.loop.wakeIn(0);
  }

  /** Something was staged: look soon, but let a batch gather first. */
  nudge(): void {
    const { lingerMs, crowdLingerMs } = this.terms;
    this.loop.wakeIn(this.crowded ? crowdLingerMs : lingerMs);
  }

  async stop(): Promise<void> {
    this.stopListening?.();
    this.stopListening = undefined;
    await this.loop.stop();
  }

  /** Carries batches until the outbox is empty, or enough of them are under way. */
  private async carryAll(): Promise<void> {
    if (this.keepsLeases) await extendLeases(this.dataSource.manager, this.terms.leaseMs);
    while (!this.loop.stopping && !this.closed) {
      const batch = await claimBatch(this.dataSource.manager, {
        size: this.terms.batchSize,
        leaseMs: this.terms.leaseMs,
        maxOpen: this.terms.maxOpenBatches,
        relay: this.name,
      });
      if (batch === null) return;
      try {
        const traceparent = traceClaim(batch);
        const job = traceparent === undefined ? batch : { ...batch, traceparent };
        await this.queue.add('post', job, `batch-${String(batch.batchNo)}`);
      } catch (error) {
        // The job may have arrived all the same; then it finds its batch gone and does nothing.
        await releaseBatch(this.dataSource.manager, batch.batchNo);
        throw error;
      }
      this.log.debug(batch, 'batch enqueued');
      this.crowded = batch.entries >= CROWD;
      // A batch that is not full emptied the outbox; what came since deserves company too.
      if (batch.entries < this.terms.batchSize) return;
    }
  }
}
