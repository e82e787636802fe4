/**
 * Disputes: retrievals and escalations that wallets start and acquirers answer, with clocks that
 * act by themselves and refunds that are made where nobody else makes them.
 */
export { disputeChecks } from './dispute-checks.js';
export { DisputeDesk } from './dispute-desk.js';
export { DisputeMessages } from './dispute-messages.js';
export { DisputeOperations } from './dispute-operations.js';
export { DisputeRepository, type DisputeFilter } from './dispute-repository.js';
export { DisputeRunner } from './dispute-runner.js';
export { DisputeTraces } from './dispute-traces.js';
export { disputeExplanationView, disputeView } from './dispute-views.js';
export { DisputesModule } from './disputes.module.js';
