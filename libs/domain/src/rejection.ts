/**
 * A refused command as a value. The code decides everything a caller sees: two exhaustive tables
 * map it to the partner's `result` and to RFC 9457 problem details, so that a new code without
 * an answer on both wires does not compile.
 */
export type RejectionCode =
  | 'INVALID_SIGNATURE'
  | 'KEY_NOT_FOUND'
  | 'INVALID_CLIENT'
  | 'ACCESS_DENIED'
  | 'NO_INTERFACE_DEF'
  | 'METHOD_NOT_SUPPORTED'
  | 'MEDIA_TYPE_NOT_ACCEPTABLE'
  | 'PARAM_ILLEGAL'
  | 'REQUEST_TIME_OUT_OF_RANGE'
  | 'REPEAT_REQ_INCONSISTENT'
  | 'INVALID_CONTRACT'
  | 'INVALID_CODE'
  | 'EXPIRED_CODE'
  | 'ORDER_NOT_EXIST'
  | 'ORDER_IS_CLOSED'
  | 'WALLET_UNKNOWN'
  | 'MERCHANT_NOT_REGISTERED'
  | 'ACCEPTANCE_MISSING'
  | 'CORRIDOR_MISSING'
  | 'ACQUIRER_MISSING'
  | 'MODE_NOT_SUPPORTED'
  | 'CURRENCY_NOT_SUPPORT'
  | 'CALENDAR_MISSING'
  | 'RATE_MISSING'
  | 'RATE_STALE'
  | 'QUOTE_EXPIRED'
  | 'AMOUNT_BELOW_MINIMUM'
  | 'PAYMENT_AMOUNT_EXCEED_LIMIT'
  | 'USER_AMOUNT_EXCEED_LIMIT'
  | 'NET_DEBIT_CAP_EXCEEDED'
  | 'CANCEL_WINDOW_EXCEED'
  | 'REFUND_WINDOW_EXCEED'
  | 'REFUND_AMOUNT_EXCEED'
  | 'REFUND_CAP_EXCEEDED'
  | 'DISPUTE_WINDOW_EXCEED'
  | 'DISPUTE_LIMIT_EXCEED'
  | 'DISPUTE_IS_CLOSED'
  | 'NOT_FOUND'
  | 'PRECONDITION_FAILED';

/** `detail` is a full sentence that names the field or record and says what to do. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly detail: string;
  /** Path of the offending field, e.g. `paymentAmount.value`. */
  readonly field?: string;
}

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection };

export function accepted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function rejected(code: RejectionCode, detail: string, field?: string): Outcome<never> {
  return { ok: false, rejection: field === undefined ? { code, detail } : { code, detail, field } };
}

/** The partner wire's three answers: done, final failure, unknown. */
export type ResultStatus = 'S' | 'F' | 'U';

export interface PartnerResult {
  readonly resultStatus: ResultStatus;
  readonly resultCode: string;
  readonly resultMessage: string;
}

export interface ProblemTemplate {
  readonly status: number;
  readonly title: string;
}

/** What a partner reads. Codes are those of docs/sources.md A1.4; ours fold into the nearest. */
export const PARTNER_RESULTS = {
  INVALID_SIGNATURE: { resultStatus: 'F', resultCode: 'INVALID_SIGNATURE' },
  KEY_NOT_FOUND: { resultStatus: 'F', resultCode: 'KEY_NOT_FOUND' },
  INVALID_CLIENT: { resultStatus: 'F', resultCode: 'INVALID_CLIENT' },
  ACCESS_DENIED: { resultStatus: 'F', resultCode: 'ACCESS_DENIED' },
  NO_INTERFACE_DEF: { resultStatus: 'F', resultCode: 'NO_INTERFACE_DEF' },
  METHOD_NOT_SUPPORTED: { resultStatus: 'F', resultCode: 'METHOD_NOT_SUPPORTED' },
  MEDIA_TYPE_NOT_ACCEPTABLE: { resultStatus: 'F', resultCode: 'MEDIA_TYPE_NOT_ACCEPTABLE' },
  PARAM_ILLEGAL: { resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' },
  REQUEST_TIME_OUT_OF_RANGE: { resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' },
  REPEAT_REQ_INCONSISTENT: { resultStatus: 'F', resultCode: 'REPEAT_REQ_INCONSISTENT' },
  INVALID_CONTRACT: { resultStatus: 'F', resultCode: 'INVALID_CONTRACT' },
  INVALID_CODE: { resultStatus: 'F', resultCode: 'INVALID_CODE' },
  EXPIRED_CODE: { resultStatus: 'F', resultCode: 'EXPIRED_CODE' },
  ORDER_NOT_EXIST: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST' },
  ORDER_IS_CLOSED: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
  WALLET_UNKNOWN: { resultStatus: 'F', resultCode: 'INVALID_CLIENT' },
  MERCHANT_NOT_REGISTERED: { resultStatus: 'F', resultCode: 'MERCHANT_NOT_REGISTERED' },
  ACCEPTANCE_MISSING: { resultStatus: 'F', resultCode: 'BUSINESS_NOT_SUPPORT' },
  CORRIDOR_MISSING: { resultStatus: 'F', resultCode: 'INVALID_CONTRACT' },
  ACQUIRER_MISSING: { resultStatus: 'F', resultCode: 'BUSINESS_NOT_SUPPORT' },
  MODE_NOT_SUPPORTED: { resultStatus: 'F', resultCode: 'BUSINESS_NOT_SUPPORT' },
  CURRENCY_NOT_SUPPORT: { resultStatus: 'F', resultCode: 'CURRENCY_NOT_SUPPORT' },
  CALENDAR_MISSING: { resultStatus: 'F', resultCode: 'CURRENCY_NOT_SUPPORT' },
  RATE_MISSING: { resultStatus: 'F', resultCode: 'CURRENCY_NOT_SUPPORT' },
  RATE_STALE: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
  QUOTE_EXPIRED: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
  AMOUNT_BELOW_MINIMUM: { resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' },
  PAYMENT_AMOUNT_EXCEED_LIMIT: { resultStatus: 'F', resultCode: 'PAYMENT_AMOUNT_EXCEED_LIMIT' },
  USER_AMOUNT_EXCEED_LIMIT: { resultStatus: 'F', resultCode: 'USER_AMOUNT_EXCEED_LIMIT' },
  NET_DEBIT_CAP_EXCEEDED: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
  CANCEL_WINDOW_EXCEED: { resultStatus: 'F', resultCode: 'CANCEL_WINDOW_EXCEED' },
  REFUND_WINDOW_EXCEED: { resultStatus: 'F', resultCode: 'REFUND_WINDOW_EXCEED' },
  REFUND_AMOUNT_EXCEED: { resultStatus: 'F', resultCode: 'REFUND_AMOUNT_EXCEED' },
  REFUND_CAP_EXCEEDED: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
  DISPUTE_WINDOW_EXCEED: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
  DISPUTE_LIMIT_EXCEED: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
  DISPUTE_IS_CLOSED: { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED' },
  NOT_FOUND: { resultStatus: 'F', resultCode: 'PARAM_ILLEGAL' },
  PRECONDITION_FAILED: { resultStatus: 'F', resultCode: 'PROCESS_FAIL' },
} as const satisfies Record<RejectionCode, { resultStatus: ResultStatus; resultCode: string }>;

/** What the operator API answers (RFC 9457 `status` and `title`). */
export const PROBLEMS = {
  INVALID_SIGNATURE: { status: 401, title: 'The signature does not match' },
  KEY_NOT_FOUND: { status: 401, title: 'No such key' },
  INVALID_CLIENT: { status: 401, title: 'Unknown client' },
  ACCESS_DENIED: { status: 403, title: 'Not allowed' },
  NO_INTERFACE_DEF: { status: 404, title: 'No such operation' },
  METHOD_NOT_SUPPORTED: { status: 405, title: 'Method not supported' },
  MEDIA_TYPE_NOT_ACCEPTABLE: { status: 415, title: 'Media type not acceptable' },
  PARAM_ILLEGAL: { status: 422, title: 'A field is not valid' },
  REQUEST_TIME_OUT_OF_RANGE: { status: 422, title: 'Request time out of range' },
  REPEAT_REQ_INCONSISTENT: { status: 409, title: 'Same id, other content' },
  INVALID_CONTRACT: { status: 422, title: 'No contract covers this' },
  INVALID_CODE: { status: 422, title: 'The code cannot be paid' },
  EXPIRED_CODE: { status: 410, title: 'The code has expired' },
  ORDER_NOT_EXIST: { status: 404, title: 'No such order' },
  ORDER_IS_CLOSED: { status: 409, title: 'The order is closed' },
  WALLET_UNKNOWN: { status: 404, title: 'No such wallet' },
  MERCHANT_NOT_REGISTERED: { status: 404, title: 'No such merchant' },
  ACCEPTANCE_MISSING: { status: 422, title: 'The wallet is not accepted there' },
  CORRIDOR_MISSING: { status: 422, title: 'No corridor agreement' },
  ACQUIRER_MISSING: { status: 422, title: 'No acquirer can serve this' },
  MODE_NOT_SUPPORTED: { status: 422, title: 'Payment mode not supported' },
  CURRENCY_NOT_SUPPORT: { status: 422, title: 'Currency not supported' },
  CALENDAR_MISSING: { status: 422, title: 'No settlement calendar' },
  RATE_MISSING: { status: 422, title: 'No exchange rate' },
  RATE_STALE: { status: 503, title: 'Exchange rate too old' },
  QUOTE_EXPIRED: { status: 410, title: 'The quote has expired' },
  AMOUNT_BELOW_MINIMUM: { status: 422, title: 'Amount below the minimum' },
  PAYMENT_AMOUNT_EXCEED_LIMIT: { status: 422, title: 'Amount above the limit of a payment' },
  USER_AMOUNT_EXCEED_LIMIT: { status: 422, title: "Amount above the payer's daily limit" },
  NET_DEBIT_CAP_EXCEEDED: { status: 409, title: "The wallet's net debit cap is reached" },
  CANCEL_WINDOW_EXCEED: { status: 409, title: 'The cancel window is over' },
  REFUND_WINDOW_EXCEED: { status: 409, title: 'The refund window is over' },
  REFUND_AMOUNT_EXCEED: { status: 409, title: 'More than is left to refund' },
  REFUND_CAP_EXCEEDED: { status: 409, title: "The acquirer's refund cap is reached" },
  DISPUTE_WINDOW_EXCEED: { status: 409, title: 'The time for this dispute is over' },
  DISPUTE_LIMIT_EXCEED: { status: 409, title: 'No further dispute of this kind' },
  DISPUTE_IS_CLOSED: { status: 409, title: 'The dispute takes no answer any more' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  PRECONDITION_FAILED: { status: 412, title: 'A precondition does not hold' },
} as const satisfies Record<RejectionCode, ProblemTemplate>;

/** The `result` a partner gets for a rejection. */
export function partnerResultOf(rejection: Rejection): PartnerResult {
  return { ...PARTNER_RESULTS[rejection.code], resultMessage: rejection.detail };
}
