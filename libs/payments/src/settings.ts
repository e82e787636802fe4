import type { DutyPolicy } from '#domain/payments/duty';

/** Injection token of `PaymentSettings`; the app that composes the modules provides it. */
export const PAYMENT_SETTINGS = Symbol('PaymentSettings');

/**
 * How long a busy hub's transaction waits for company. 8 ms gave a tenth more payments a second
 * than none; 16 ms was felt at moderate load and gained nothing. A command that comes alone never
 * waits.
 */
export const CROWD_LINGER_MS = 8;

export interface PaymentSettings {
  readonly dutyPolicy: DutyPolicy;
  /** Longest time to pay an order; longer wishes are capped (docs/sources.md A1.6: 10 min). */
  readonly orderTtlMs: number;
  /** How long a code shown by a payer is good. */
  readonly userCodeTtlMs: number;
  /** How long a quote is good; must exceed `orderTtlMs`, or orders would outlive their price. */
  readonly quoteTtlMs: number;
  /** How long the hub waits for a partner before it calls the result unknown. */
  readonly partnerTimeoutMs: number;
  /** Most commands decided in one transaction. */
  readonly batchSize: number;
  /** Whether what is decided is recorded in the decision log. */
  readonly decisionLog: boolean;
  /** Where partners reach the hub, without a trailing slash. */
  readonly publicUrl: () => string;
}
