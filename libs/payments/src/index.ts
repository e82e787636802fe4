/**
 * Payments: the partner operations of wallets and acquirers, the batches that decide and commit,
 * the calls to partners, the duties still owed, and the explanation of any payment.
 */
export { AcquirerOperations } from './acquirer-operations.js';
export { WalletOperations } from './wallet-operations.js';
export { OpenPayments } from './open-payments.js';
export { AdvancePayments } from './advance-payments.js';
export { DutyRunner } from './duty-runner.js';
export { KnownPayerTraces, type PayerTraces } from './payer-traces.js';
export { erasePayer, type Erasure, type ErasureParts, type PayerToErase } from './erase-payer.js';
export { ExplainPayment } from './explain-payment.js';
export { PartnerCalls } from './partner-calls.js';
export { PaymentRepository } from './payment-repository.js';
export { PaymentsModule } from './payments.module.js';
export { RefundCalls } from './refund-calls.js';
export { RefundOperations } from './refund-operations.js';
export { RefundPayments, type RefundOfPayment } from './refund-payments.js';
export { RefundRepository } from './refund-repository.js';
export { refundChecks } from './refund-checks.js';
export { paymentChecks } from './payment-checks.js';
export { PAYMENT_SETTINGS, type PaymentSettings } from './settings.js';
export { readDecisions, switchDecisionLog } from './decision-log.js';
export { paymentSettingsOf } from './settings-of-config.js';
