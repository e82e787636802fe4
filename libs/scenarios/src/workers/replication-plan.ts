import type { Totals } from '#simulation/totals';
import type { PoolWatch } from './thread-pool.js';

/** How replications become tasks, and tasks replications. */
export interface ReplicationPlan extends PoolWatch {
  readonly tasks: number;
}

/** What a plan is made for. */
export interface PlanTerms {
  /** Replications from `first`, `count` of them. */
  readonly first: number;
  readonly count: number;
  /** Threads. */
  readonly jobs: number;
}

export interface PlayReplicationsWatch {
  /** Every replication once, in order, each as soon as it is whole. */
  readonly onReplication: (replication: number, totals: Totals) => void;
  /** Purchases played since the last call, by any thread; each once, even if it was played again. */
  readonly onPurchases?: (count: number) => void;
}
