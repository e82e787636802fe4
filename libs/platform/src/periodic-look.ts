import { Logger } from '@nestjs/common';

export interface PeriodicLookTerms {
  /** What is kept fresh, for the log: `the rates`. */
  readonly what: string;
  readonly everyMs: number;
  readonly look: () => Promise<unknown>;
}

/**
 * Keeps something in memory fresh by looking now and then. A look that fails is told once and the
 * old state stays in use: a database that is away must not stop a process that can still serve.
 */
export class PeriodicLook {
  private readonly log = new Logger(PeriodicLook.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private away = false;

  constructor(private readonly terms: PeriodicLookTerms) {}

  start(): void {
    this.timer = setInterval(() => {
      // A look that takes longer than the pause is not joined by a second one.
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
    }, this.terms.everyMs).unref();
  }

  /** Resolves when no look is under way, so that the database may be closed. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const { what, look } = this.terms;
    try {
      await look();
      if (this.away) this.log.log(`${what} can be refreshed again`);
      this.away = false;
    } catch (error) {
      if (!this.away) this.log.warn(`${what} cannot be refreshed: ${String(error)}`);
      this.away = true;
    }
  }
}
