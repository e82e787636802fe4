import { countUnsealed, digestPosted, sealBlock } from '#ledger';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { Loop } from './loop.js';

const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 2_000;
/** Postings digested by one statement; a full batch each, it works for a fraction of a second. */
const POSTINGS_AT_ONCE = 8;
const POSTINGS_IN_BLOCK = 64;
/** While payments come in, sealing takes one part of the time and leaves so many to them. */
const REST = 3;
/** A backlog older than this is worked off without rest: cycles wait for their seal. */
const LATE_MS = 60_000;

/**
 * Digests what was posted and chains it into blocks. Runs in every clearing process: digesting is
 * shared among them, chaining is done by one at a time. It works beside posting and never in its
 * way: the books are complete without it, and it catches up when they are quieter.
 */
export class Sealer {
  private readonly loop: Loop;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Logger,
  ) {
    const run = (): Promise<void> => this.sealPosted();
    this.loop = new Loop({
      name: 'seal',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run,
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async sealPosted(): Promise<void> {
    while (!this.loop.stopping) {
      const startedAt = performance.now();
      const { postings } = await digestPosted(this.dataSource.manager, POSTINGS_AT_ONCE);
      const block = await this.dataSource.transaction((tx) => sealBlock(tx, POSTINGS_IN_BLOCK));
      if (block !== null) {
        this.log.debug({ block: String(block.blockNo), entries: block.entries }, 'block sealed');
      }
      if (postings < POSTINGS_AT_ONCE) return;
      await this.rest(performance.now() - startedAt);
    }
  }

  private async rest(workedMs: number): Promise<void> {
    const { oldestAgeMs } = await countUnsealed(this.dataSource.manager);
    if (oldestAgeMs > LATE_MS) return;
    const untilMs = performance.now() + workedMs * REST;
    while (!this.loop.stopping && performance.now() < untilMs) {
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(100, Math.max(1, untilMs - performance.now())));
      });
    }
  }
}
