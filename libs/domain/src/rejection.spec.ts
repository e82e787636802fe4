/**
 * Goal: whatever the hub refuses, a partner reads a code of its own wire and an operator a proper
 * problem. Method: both tables against the published codes and the rules of RFC 9457; the tables'
 * completeness is the compiler's matter, so only their contents are looked at.
 */
import { partnerResultOf, PARTNER_RESULTS, PROBLEMS, type RejectionCode } from './rejection.js';

/** Final failures of the public wire, as listed in its error code tables. */
const PUBLISHED_FAILURES = new Set(
  `INVALID_SIGNATURE KEY_NOT_FOUND INVALID_CLIENT ACCESS_DENIED NO_INTERFACE_DEF
   METHOD_NOT_SUPPORTED MEDIA_TYPE_NOT_ACCEPTABLE PARAM_ILLEGAL INVALID_CONTRACT
   REPEAT_REQ_INCONSISTENT INVALID_CODE EXPIRED_CODE ORDER_IS_CLOSED ORDER_NOT_EXIST
   USER_BALANCE_NOT_ENOUGH USER_NOT_EXIST USER_STATUS_ABNORMAL USER_KYC_NOT_QUALIFIED
   USER_AMOUNT_EXCEED_LIMIT USER_PAYMENT_VERIFICATION_FAILED UNAVAILABLE_PAYMENT_METHOD
   PAYMENT_AMOUNT_EXCEED_LIMIT PAYMENT_COUNT_EXCEED_LIMIT RISK_REJECT REGULATION_RESTRICTION
   MERCHANT_NOT_REGISTERED MERCHANT_KYB_NOT_QUALIFIED CURRENCY_NOT_SUPPORT BUSINESS_NOT_SUPPORT
   PROCESS_FAIL INVALID_TOKEN EXPIRED_ACCESS_TOKEN CANCEL_WINDOW_EXCEED REFUND_WINDOW_EXCEED
   REFUND_AMOUNT_EXCEED`.split(/\s+/),
);

const codes = Object.keys(PARTNER_RESULTS) as RejectionCode[];

describe('what a rejection becomes', () => {
  it('is known to both tables alike', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual([...codes].sort());
    expect(codes.length).toBeGreaterThan(25);
  });

  it.each(codes)('%s: is a published final failure to a partner', (code) => {
    expect(PUBLISHED_FAILURES).toContain(PARTNER_RESULTS[code].resultCode);
    expect(PARTNER_RESULTS[code].resultStatus).toBe('F');
  });

  it.each(codes)('%s: keeps its name where the wire has that name', (code) => {
    if (PUBLISHED_FAILURES.has(code)) expect(PARTNER_RESULTS[code].resultCode).toBe(code);
    else expect(PARTNER_RESULTS[code].resultCode).not.toBe(code);
  });

  it.each(codes)('%s: is a problem an HTTP client understands', (code) => {
    const { status, title } = PROBLEMS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  });

  it('carries the sentence that says what to do', () => {
    const detail = 'paymentAmount.value must not be zero.';
    expect(partnerResultOf({ code: 'PARAM_ILLEGAL', detail }).resultMessage).toBe(detail);
  });
});
