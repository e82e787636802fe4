import type { PlanTerms, PlayReplicationsWatch, ReplicationPlan } from './replication-plan.js';
import { ReplicationsInOrder } from './replications-in-order.js';
import type { ThreadResult, ThreadTask } from './thread-words.js';

/**
 * For the exact kernel: a replication is one task. A long one tells how far it is; should its
 * thread die, the next one's word counts from where the first had come to.
 */
export class WholePlan implements ReplicationPlan {
  readonly tasks: number;
  private readonly order: ReplicationsInOrder;
  /** Purchases told so far, by replication under way. */
  private readonly told = new Map<number, number>();
  private readonly end: number;
  private nextReplicate: number;

  constructor(
    private readonly terms: PlanTerms,
    private readonly watch: PlayReplicationsWatch,
  ) {
    const { first, count } = terms;
    this.tasks = count;
    this.nextReplicate = first;
    this.end = first + count;
    this.order = new ReplicationsInOrder(first, watch.onReplication);
  }

  next(): ThreadTask | undefined {
    const replicate = this.nextReplicate;
    const isAhead = this.order.isFarAhead(replicate, this.terms.jobs);
    if (replicate >= this.end || isAhead) return undefined;
    this.nextReplicate += 1;
    return { kind: 'whole', replicate };
  }

  underway({ replicate }: ThreadTask, purchases: number): void {
    const more = purchases - (this.told.get(replicate) ?? 0);
    if (more <= 0) return;
    this.told.set(replicate, purchases);
    this.watch.onPurchases?.(more);
  }

  done(task: ThreadTask, { totals, purchases }: ThreadResult): void {
    this.underway(task, purchases);
    this.told.delete(task.replicate);
    this.order.add(task.replicate, totals);
  }
}
