import type { Config } from '#platform/config';
import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import type { PaymentSettings } from './settings.js';

/** Time the hub keeps for itself between a partner's answer and its own (milliseconds). */
const OWN_SHARE_MS = 500;
/** A cashier order lives 10 minutes at most (docs/sources.md A1.6). */
const ORDER_TTL_MS = 600_000;
/** Commands of one transaction; beyond this a batch waits longer than it saves. */
const BATCH_SIZE = 128;

/** What payments need of the process's settings. */
export function paymentSettingsOf(config: Config, publicUrl: () => string): PaymentSettings {
  const quoteTtlMs = config.quoteTtlSeconds * 1_000;
  return {
    dutyPolicy: {
      ...PUBLISHED_DUTY_POLICY,
      inquiryGapsMs: config.inquiryDelaysMs,
      takeoverMs: config.partnerTimeoutMs + 1_000,
    },
    orderTtlMs: Math.min(ORDER_TTL_MS, quoteTtlMs),
    quoteTtlMs,
    userCodeTtlMs: config.userCodeTtlSeconds * 1_000,
    partnerTimeoutMs: Math.min(
      config.partnerTimeoutMs,
      Math.max(config.hubAnswerWithinMs - OWN_SHARE_MS, config.hubAnswerWithinMs / 2),
    ),
    batchSize: BATCH_SIZE,
    decisionLog: config.decisionLog,
    publicUrl,
  };
}
