/** Replications on threads: the same bytes however many there are. */
export {
  playReplications,
  type PlayReplicationsOptions,
  type PlayReplicationsWatch,
} from './play-replications.js';
