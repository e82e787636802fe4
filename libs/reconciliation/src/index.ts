/**
 * Reconciliation: partners' files read and matched with the hub's books as they land, and the
 * breaks between them from their opening to their end.
 */
export { actOnBreak } from './act-on-break.js';
export { listBreaks, type BreakFilter, type ReconBreak } from './break-repository.js';
export { breakView } from './break-views.js';
export { loadDetailFile, type LoadReport } from './load-file.js';
export { matchCycle, type MatchReport } from './match-cycle.js';
export { filesOfSet, partnerSets, type PartnerSet } from './partner-files.js';
export { checkClosed } from './recon-desk.js';
export { reconciliationChecks } from './recon-checks.js';
export { ReconciliationModule } from './reconciliation.module.js';
