/** Replications on threads: the same bytes however many there are. */
export { playReplications, type PlayReplicationsOptions } from './play-replications.js';
export type { PlayReplicationsWatch } from './replication-plan.js';
