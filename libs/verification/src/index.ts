export { CHECKS, verifyInvariants } from './checks.js';
export { VerificationModule } from './verification.module.js';
