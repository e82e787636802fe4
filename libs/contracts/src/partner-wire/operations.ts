/**
 * Who may call what, and how long the caller waits (docs/sources.md A1.1, A1.6). The last part of
 * the path after any of the prefixes; `payments/cancel` is the AMS spelling of `cancelPayment`.
 */
export const WIRE_PREFIXES = ['/aps/api/v1', '/ams/api/v1', '/ams/sandbox/api/v1'] as const;

/** What we put before an operation when we call a partner. */
export const OUTBOUND_PREFIX = '/aps/api/v1';

export const OPERATION_ALIASES: Readonly<Record<string, string>> = {
  'payments/cancel': 'payments/cancelPayment',
};

export type PartnerRole = 'mpp' | 'acqp';

/** Calls the hub answers, by the role of the caller; both roles may use the shared names. */
export const INBOUND_OPERATIONS = {
  'payments/pay': ['acqp'],
  'payments/inquiryPayment': ['acqp'],
  'payments/cancelPayment': ['acqp'],
  'payments/refund': ['acqp'],
  'payments/inquiryRefund': ['acqp'],
  'payments/notifyPushPayment': ['acqp'],
  'payments/userInitiatedPay': ['mpp'],
  'payments/notifyPayment': ['mpp'],
  'codes/getPaymentCode': ['mpp'],
  'payments/inquiryCodeRules': ['mpp'],
  'payments/inquiryForeignExchangeQuote': ['mpp'],
  'disputes/initiateRetrieval': ['mpp'],
  'disputes/initiateEscalation': ['mpp'],
  'disputes/responseRetrieval': ['acqp'],
  'disputes/responseEscalation': ['acqp'],
} as const satisfies Record<string, readonly PartnerRole[]>;

export type InboundOperation = keyof typeof INBOUND_OPERATIONS;

/** How long a caller waits for each operation, in milliseconds. */
export const OPERATION_TIMEOUTS_MS = {
  'payments/pay': 8_000,
  'payments/cancelPayment': 8_000,
  'payments/refund': 8_000,
  'payments/userInitiatedPay': 8_000,
  'payments/pushPayment': 8_000,
  'payments/inquiryPayment': 5_000,
  'payments/inquiryPushPayment': 5_000,
  'payments/inquiryRefund': 5_000,
  'payments/notifyPayment': 5_000,
  'payments/notifyPushPayment': 5_000,
  'codes/getPaymentCode': 5_000,
  'payments/inquiryCodeRules': 5_000,
  'payments/inquiryForeignExchangeQuote': 5_000,
  'disputes/initiateRetrieval': 5_000,
  'disputes/initiateEscalation': 5_000,
  'disputes/responseRetrieval': 5_000,
  'disputes/responseEscalation': 5_000,
} as const satisfies Record<string, number>;

export type WireOperation = keyof typeof OPERATION_TIMEOUTS_MS;
