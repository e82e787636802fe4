import { createWorker, type JobWorker, type QueueConnection } from '#platform/queues/index';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import {
  claimPart,
  CLAIM_MS,
  completeRun,
  findTotals,
  keepClaim,
  returnPart,
  storeTotals,
  type ClaimedPart,
  type PartJob,
} from './part-rows.js';
import { playPart, type PartOutcome } from './play-part.js';

/** Name of the queue; its jobs hold a run and the number of a part. */
export const SIMULATION_QUEUE = 'simulations';

/**
 * Plays parts of runs, one to a thread. A part is claimed in its row and the claim kept ahead while
 * it is played, so that whoever is killed loses it soon, and two who were given it play it once.
 */
export class PartWorker {
  private worker: JobWorker<PartJob> | undefined;
  private readonly stopping = new AbortController();

  /**
   * @param name of this process, shown with the parts it plays
   * @param atOnce threads
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly connection: QueueConnection,
    private readonly name: string,
    private readonly atOnce: number,
    private readonly log: Logger,
  ) {}

  start(): void {
    if (this.atOnce === 0) return;
    this.worker ??= createWorker<PartJob>(
      SIMULATION_QUEUE,
      this.connection,
      ({ data }) => this.play(data),
      { concurrency: this.atOnce, log: this.log },
    );
  }

  /** Gives back what is under way: another process plays it from its beginning. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.worker?.close();
    this.worker = undefined;
  }

  private async play(job: PartJob): Promise<void> {
    const part = await claimPart(this.dataSource.manager, job, this.name);
    if (part === undefined) return;
    const end = new AbortController();
    const stop = (): void => end.abort();
    this.stopping.signal.addEventListener('abort', stop);
    const beat = setInterval(() => {
      keepClaim(this.dataSource.manager, part).then(
        (ours) => {
          if (!ours) stop();
        },
        () => undefined,
      );
    }, CLAIM_MS / 4);
    try {
      if (this.stopping.signal.aborted) stop();
      const outcome = await playPart(part, {
        signal: end.signal,
        totalsOf: (number) => this.totalsOf(part, number),
      });
      if (outcome === null) await returnPart(this.dataSource.manager, part, null);
      else await this.keep(part, outcome);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      this.log.error({ run: part.runId, part: part.part, error }, `a part of ${part.runId} failed`);
      await this.dataSource.transaction((tx) => returnPart(tx, part, fault));
    } finally {
      clearInterval(beat);
      this.stopping.signal.removeEventListener('abort', stop);
    }
  }

  private async keep(part: ClaimedPart, outcome: PartOutcome): Promise<void> {
    if (outcome.kind === 'totals') {
      await storeTotals(this.dataSource.manager, part, outcome.bytes);
      return;
    }
    const done = await this.dataSource.transaction((tx) => completeRun(tx, part, outcome));
    if (done) this.log.info({ run: part.runId, resultHash: outcome.hash }, `${part.runId} is done`);
  }

  private async totalsOf(part: ClaimedPart, number: number): Promise<Uint8Array> {
    const totals = await findTotals(this.dataSource.manager, part.runId, number);
    if (totals === undefined)
      throw new Error(`${part.runId} has no part ${String(number)} any more`);
    return totals;
  }
}
