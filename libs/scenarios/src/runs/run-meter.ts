import type { Progress } from '#simulation/statistics/precision';
import type { RunProgress, RunRequest, Stage } from './simulation-run.js';

/** At most so often: a terminal shows no more, and telling costs time. */
const LEAST_BETWEEN_MS = 100;

/** Counts what a run has done and tells whoever watches, neither too often nor after the end. */
export class RunMeter {
  private current: Stage = 'preparing';
  private done = 0;
  private counted = 0;
  private widest: RunProgress['widest'] = null;
  private readonly startedAt = performance.now();
  private playingSince: number | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;
  private drawn: readonly [done: number, of: number] = [0, 1];
  planned: number;
  private expected = 0;

  constructor(
    request: RunRequest,
    private readonly tell: ((progress: RunProgress) => void) | undefined,
  ) {
    this.planned = request.replications;
  }

  stage(stage: Stage): void {
    this.current = stage;
    if (stage === 'playing') this.playingSince = performance.now();
    this.report(true);
  }

  plan(replications: number): void {
    this.planned = replications;
  }

  /** @param purchases of a replication: tells how far one is that takes minutes */
  expect(purchases: number): void {
    this.expected = purchases;
  }

  purchases(count: number): void {
    this.counted += count;
    this.report(false);
  }

  /** `precision` is asked for only when it is told: it costs as much as all replications so far. */
  replicationDone(precision: () => Progress): void {
    this.done += 1;
    const isLast = this.done === this.planned;
    if (!isLast && !this.isDue(performance.now())) return;
    this.widest = precision().worst;
    this.report(true);
  }

  assumptionDone(done: number, of: number): void {
    this.drawn = [done, of];
    this.report(done === of);
  }

  private report(always: boolean): void {
    const now = performance.now();
    if (!always && !this.isDue(now)) return;
    this.toldAt = now;
    this.tell?.(this.progress(now));
  }

  private isDue(now: number): boolean {
    return this.tell !== undefined && now - this.toldAt >= LEAST_BETWEEN_MS;
  }

  private progress(now: number): RunProgress {
    const seconds = (now - (this.playingSince ?? this.startedAt)) / 1_000;
    const share = this.share();
    return {
      stage: this.current,
      replicationsDone: this.done,
      replicationsPlanned: this.planned,
      purchases: this.counted,
      purchasesPerSecond: this.counted > 0 && seconds > 0 ? this.counted / seconds : null,
      share,
      etaSeconds: share > 0 && this.current === 'playing' ? (seconds * (1 - share)) / share : null,
      widest: this.widest,
    };
  }

  /** Replications played, with what is whole of those under way; by what chance left open, about. */
  private begun(): number {
    return this.expected > 0 ? this.counted / this.expected : 0;
  }

  private share(): number {
    switch (this.current) {
      case 'preparing':
        return 0;
      case 'playing':
        return Math.min(Math.max(this.done, this.begun()) / this.planned, 1);
      case 'assumptions':
        return this.drawn[0] / this.drawn[1];
      case 'writing':
        return 1;
    }
  }
}
