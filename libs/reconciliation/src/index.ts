/**
 * Reconciliation: partners' files read and matched with the hub's books as they land, and the
 * breaks between them from their opening to their end.
 */
export { findBreak, listBreaks, type ReconBreak } from './break-repository.js';
export { loadDetailFile, type LoadReport } from './load-file.js';
export { countLiveBreaks, matchCycle, type MatchReport } from './match-cycle.js';
export { filesOfSet, partnerSets, type PartnerSet } from './partner-files.js';
