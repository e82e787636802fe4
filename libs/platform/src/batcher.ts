/**
 * Group commit: while one batch is being committed, arrivals form the next, so that a busy hub
 * pays for one transaction per batch and an idle one waits for nobody. A batch that faults is run
 * again one by one, so that one bad command cannot fail its neighbours.
 */
export interface BatcherOptions {
  /** Most commands in one batch. */
  readonly maxSize: number;
  /**
   * How long a batch waits for company when the one before it had some. A batch costs the same
   * statements and one disk sync whatever its size; alone, a command never waits.
   */
  readonly crowdLingerMs?: number;
  /** Batches running at once; more than one only pays when they touch different rows. */
  readonly concurrency?: number;
}

/** Commands in one batch that show a crowd. */
const CROWD = 3;

interface Waiting<Command, Result> {
  readonly command: Command;
  resolve(result: Result): void;
  reject(fault: unknown): void;
}

export class Batcher<Command, Result> {
  private waiting: Waiting<Command, Result>[] = [];
  private running = 0;
  private lastSize = 0;
  private idle: (() => void)[] = [];

  /** @param run must return one result per command, in order */
  constructor(
    private readonly run: (commands: readonly Command[]) => Promise<readonly Result[]>,
    private readonly options: BatcherOptions,
  ) {}

  submit(command: Command): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ command, resolve, reject });
      this.startNext();
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  async drained(): Promise<void> {
    if (this.running === 0 && this.waiting.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private startNext(): void {
    if (this.running >= (this.options.concurrency ?? 1) || this.waiting.length === 0) return;
    this.running += 1;
    const { crowdLingerMs = 0, maxSize } = this.options;
    const crowded = this.lastSize >= CROWD && this.waiting.length < maxSize;
    if (crowded && crowdLingerMs > 0) setTimeout(() => this.runNext(), crowdLingerMs);
    // One turn of the event loop lets the requests that arrived together travel together.
    else setImmediate(() => this.runNext());
  }

  private runNext(): void {
    const batch = this.waiting.splice(0, this.options.maxSize);
    this.lastSize = batch.length;
    void this.runBatch(batch).finally(() => {
      this.running -= 1;
      this.startNext();
      if (this.running === 0 && this.waiting.length === 0) {
        for (const resolve of this.idle.splice(0)) resolve();
      }
    });
  }

  private async runBatch(batch: readonly Waiting<Command, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map((w) => w.command));
      if (results.length !== batch.length) throw new Error('a batch lost a result');
      batch.forEach((w, index) => {
        w.resolve(results[index] as Result);
      });
    } catch (fault) {
      if (batch.length === 1) batch[0]?.reject(fault);
      else await this.runSingly(batch);
    }
  }

  private async runSingly(batch: readonly Waiting<Command, Result>[]): Promise<void> {
    for (const w of batch) {
      try {
        const [result] = await this.run([w.command]);
        w.resolve(result as Result);
      } catch (fault) {
        w.reject(fault);
      }
    }
  }
}
