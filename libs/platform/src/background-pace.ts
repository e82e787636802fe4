import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a pace goes by; a test brings its own. */
export interface PaceClock {
  /** Milliseconds that only go on. */
  nowMs(): number;
  /** The event loop so far; `active` over `active + idle` is the share it worked. */
  loop(): Pick<EventLoopUtilization, 'active' | 'idle'>;
  sleep(ms: number): Promise<unknown>;
}

const processClock: PaceClock = {
  nowMs: () => performance.now(),
  loop: () => performance.eventLoopUtilization(),
  sleep,
};

const SHORTEST_REST_MS = 1;
/** Before anything is known of the others: long enough to see whether there are any. */
const FIRST_REST_MS = 10;
/** Rests this long weigh as much as all before them: what counts is how busy the loop is now. */
const MEMORY_MS = 200;
/** Nine rests for one piece of work: work that is put off for ever is never done. */
const BUSIEST = 0.9;
/** A piece that had to wait for a database or a disk was not long because the loop was worked. */
const LONGEST_REST_MS = 500;

/**
 * Long work beside short work in one process. Its pieces are followed by rests, as long as they
 * need be for the work to take only its part of what others leave free of the event loop: after a
 * piece of `w` ms it rests `w × busy / (1 − busy)`, where `busy` is the share of its rests in which
 * the loop worked for others. In a process that does nothing else it hardly rests at all.
 */
export class BackgroundPace {
  private resumedMs: number;
  private busyMs = 0;
  private seenMs = 0;

  constructor(private readonly clock: PaceClock = processClock) {
    this.resumedMs = clock.nowMs();
  }

  /** The next piece begins now: what went before was no work. */
  begin(): void {
    this.resumedMs = this.clock.nowMs();
  }

  /** Between two pieces. */
  async rest(): Promise<void> {
    const { clock } = this;
    const workedMs = clock.nowMs() - this.resumedMs;
    const before = clock.loop();
    await clock.sleep(this.restAfter(workedMs));
    const after = clock.loop();
    const busyMs = after.active - before.active;
    const restedMs = busyMs + after.idle - before.idle;
    const kept = MEMORY_MS / (MEMORY_MS + restedMs);
    this.busyMs = kept * (this.busyMs + busyMs);
    this.seenMs = kept * (this.seenMs + restedMs);
    this.begin();
  }

  private restAfter(workedMs: number): number {
    if (this.seenMs === 0) return FIRST_REST_MS;
    const busy = Math.min(BUSIEST, this.busyMs / this.seenMs);
    const restMs = (workedMs * busy) / (1 - busy);
    return Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, restMs));
  }
}
