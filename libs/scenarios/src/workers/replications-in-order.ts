import type { Totals } from '#simulation/totals';

/** Replications under way beyond the one to be handed on next, for each thread. */
const AHEAD = 2;

/** Holds replications back until all before them are whole, so that they are told in order. */
export class ReplicationsInOrder {
  private readonly whole = new Map<number, Totals>();

  /** @param next the first that is handed on */
  constructor(
    private next: number,
    private readonly handOn: (replication: number, totals: Totals) => void,
  ) {}

  /** Whether to wait with a replication: what is held back takes memory. */
  isFarAhead(replication: number, jobs: number): boolean {
    return replication > this.next + jobs * AHEAD;
  }

  add(replication: number, totals: Totals): void {
    this.whole.set(replication, totals);
    for (;;) {
      const ready = this.whole.get(this.next);
      if (ready === undefined) return;
      this.whole.delete(this.next);
      this.next += 1;
      this.handOn(this.next - 1, ready);
    }
  }
}
