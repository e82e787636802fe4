export { CHECKS, verifyInvariants } from './checks.js';
export { InvariantWatchModule } from './invariant-watch.module.js';
export { VerificationModule } from './verification.module.js';
