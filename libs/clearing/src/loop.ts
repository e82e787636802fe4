import type { Logger } from '#platform/telemetry/logger';

export interface LoopTerms {
  readonly name: string;
  /** Pause after a run; `wakeIn` cuts it short. */
  readonly intervalMs: number;
  /** Pause after a run that threw. */
  readonly retryMs: number;
  readonly run: () => Promise<unknown>;
  readonly log: Logger;
}

/**
 * Does one piece of background work again and again, never twice at once. A run that throws is
 * logged, the first time in a row only, and tried again: the database being away for a minute
 * must not end a loop.
 */
export class Loop {
  private ended: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dueAtMs = 0;
  private resume: (() => void) | undefined;
  /** What was asked for while a run was under way, which may have looked too early to see it. */
  private wantedAtMs = Infinity;
  private failing = false;
  private stopAsked = false;

  constructor(private readonly terms: LoopTerms) {}

  get stopping(): boolean {
    return this.stopAsked;
  }

  start(): void {
    this.stopAsked = false;
    this.ended ??= this.go();
  }

  /**
   * Asks for a run in so many milliseconds at the latest. It does not hurry a loop that waits
   * because its database or queue is away.
   */
  wakeIn(delayMs: number): void {
    if (this.failing) return;
    const atMs = performance.now() + delayMs;
    if (this.resume === undefined) this.wantedAtMs = Math.min(this.wantedAtMs, atMs);
    else if (atMs < this.dueAtMs) this.arm(atMs);
  }

  /** Resolves when the run in hand is done. */
  async stop(): Promise<void> {
    this.stopAsked = true;
    this.resume?.();
    await this.ended;
    this.ended = undefined;
  }

  private async go(): Promise<void> {
    while (!this.stopping) {
      this.wantedAtMs = Infinity;
      let pauseMs = this.terms.intervalMs;
      try {
        await this.terms.run();
        if (this.failing)
          this.terms.log.info({ loop: this.terms.name }, `${this.terms.name}: works again`);
        this.failing = false;
      } catch (error) {
        if (!this.failing) this.tell(error);
        this.failing = true;
        pauseMs = this.terms.retryMs;
        this.wantedAtMs = Infinity;
      }
      await this.pause(Math.min(performance.now() + pauseMs, this.wantedAtMs));
    }
  }

  private tell(error: unknown): void {
    const { log, name } = this.terms;
    if (isAway(error)) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ loop: name, reason }, `${name}: away (${reason}); it is tried again`);
    } else {
      log.error({ loop: name, error }, `${name}: failed; it is tried again`);
    }
  }

  private pause(untilMs: number): Promise<void> {
    if (this.stopAsked) return Promise.resolve();
    return new Promise((resolve) => {
      this.resume = () => {
        clearTimeout(this.timer);
        this.resume = undefined;
        resolve();
      };
      this.arm(untilMs);
    });
  }

  private arm(atMs: number): void {
    clearTimeout(this.timer);
    this.dueAtMs = atMs;
    this.timer = setTimeout(() => this.resume?.(), Math.max(0, atMs - performance.now()));
  }
}

/**
 * A connection that broke or cannot be had: Node's codes, and SQLSTATE classes 08 and 57P. Nothing
 * in the code is wrong then, so a stack would only frighten.
 */
function isAway(error: unknown): boolean {
  const fault = error as { code?: unknown; message?: unknown };
  return (
    /^(E[A-Z]{4,}|08...|57P..)$/.test(String(fault.code)) ||
    String(fault.message).startsWith('Connection terminated')
  );
}
