export { CHECKS, verifyInvariants } from './checks.js';
export { InvariantWatchModule } from './invariant-watch.module.js';
export { VerificationModule } from './verification.module.js';
export { readPaymentTrace, type PaymentTrace, type TraceStep } from './payment-trace.js';
