import type { Fidelity, Scenario } from '#simulation/scenario';

/** What a thread is started with. */
export interface PartPremises {
  readonly kind: 'replication' | 'summary';
  readonly part: number;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly fidelity: Fidelity;
  readonly replications: number;
  readonly assumptionDraws: number;
}

/** What it says: the totals it played, what it wants to read, or the run it has summed up. */
export type PartWord =
  | { readonly kind: 'totals'; readonly bytes: Uint8Array }
  | { readonly kind: 'want'; readonly part: number }
  | { readonly kind: 'run'; readonly json: string; readonly hash: string };

/** What it is told: the totals it wanted. */
export interface PartReply {
  readonly part: number;
  readonly bytes: Uint8Array;
}
