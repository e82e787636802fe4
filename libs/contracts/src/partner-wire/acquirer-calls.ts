import { z } from 'zod';
import {
  codeType,
  order,
  orderCodeForm,
  partnerResult,
  paymentFactor,
  paymentMethod,
  settlementStrategy,
  transaction,
  wireQuote,
} from './objects.js';
import { codeValue, wireAmount, wireId, wireText, wireTimeText, wireUrl } from './scalars.js';

/**
 * Messages between an acquirer (ACQP) and the hub, both directions. Field names are those of
 * docs/sources.md A1.3; what the public wire leaves open is marked "ours".
 */

/** ACQP to hub, `payments/pay`: user-presented code, order code or entry code by the scenario. */
export const acquirerPayRequest = z
  .object({
    order,
    paymentRequestId: wireId,
    paymentAmount: wireAmount,
    paymentMethod,
    paymentFactor,
    settlementStrategy: settlementStrategy.optional(),
    paymentExpiryTime: wireTimeText.optional(),
    paymentNotifyUrl: wireUrl.optional(),
    paymentRedirectUrl: wireUrl.optional(),
    userRegion: wireText(2).optional(),
    allowedPspRegions: z.array(wireText(2)).max(250).optional(),
    splitSettlementId: wireId.optional(),
  })
  .superRefine((request, context) => {
    const needs = (path: string[], why: string): void => {
      context.addIssue({ code: 'custom', path, message: why });
    };
    const scenario = request.paymentFactor.inStorePaymentScenario;
    if (scenario === undefined) {
      needs(
        ['paymentFactor', 'inStorePaymentScenario'],
        'is required: PaymentCode, OrderCode or EntryCode (in-store payments only)',
      );
      return;
    }
    if (scenario === 'PaymentCode' && request.paymentMethod.paymentMethodId === undefined) {
      needs(
        ['paymentMethod', 'paymentMethodId'],
        'is required for PaymentCode: the code the payer showed',
      );
    }
    if (scenario !== 'OrderCode' && request.order.merchant.store === undefined) {
      needs(['order', 'merchant', 'store'], `is required for ${scenario}`);
    }
    if (scenario === 'EntryCode' && request.order.env?.userAgent === undefined) {
      needs(
        ['order', 'env', 'userAgent'],
        'is required for EntryCode: it names the wallet that opened the page',
      );
    }
  });

/**
 * For OrderCode: U PAYMENT_IN_PROCESS with `orderCodeForm`. For EntryCode: U PAYMENT_IN_PROCESS
 * with `paymentUrl`, which contains the order code a wallet passes to `userInitiatedPay`.
 * `settlementAmount` and `settlementQuote` tell what the hub owes the acquirer.
 */
export const acquirerPayResponse = z.object({
  result: partnerResult,
  acquirerId: wireId.optional(),
  pspId: wireId.optional(),
  paymentId: wireId.optional(),
  paymentTime: wireTimeText.optional(),
  paymentAmount: wireAmount.optional(),
  customerId: wireId.optional(),
  walletBrandName: wireText(128).optional(),
  paymentUrl: wireUrl.optional(),
  orderCodeForm: orderCodeForm.optional(),
  settlementAmount: wireAmount.optional(),
  settlementQuote: wireQuote.optional(),
  mppPaymentId: wireId.optional(),
});

/** Either id finds the payment (docs/sources.md A1.3). */
const eitherId = z
  .object({ paymentRequestId: wireId.optional(), paymentId: wireId.optional() })
  .refine((ids) => ids.paymentRequestId !== undefined || ids.paymentId !== undefined, {
    path: ['paymentRequestId'],
    error: 'is required, or paymentId',
  });

/** ACQP to hub, `payments/inquiryPayment`. */
export const acquirerInquiryRequest = eitherId;

/**
 * `result` is of the call, `paymentResult` of the payment: S paid, F closed or failed, U keep
 * inquiring. `paymentStatus` repeats it in the AMS dialect's words (docs/sources.md A1.8).
 */
export const acquirerInquiryResponse = acquirerPayResponse.extend({
  paymentResult: partnerResult.optional(),
  paymentStatus: z.enum(['SUCCESS', 'FAIL', 'PROCESSING', 'CANCELLED']).optional(),
  paymentRequestId: wireId.optional(),
  transactions: z.array(transaction).max(100).optional(),
});

/** ACQP to hub, `payments/cancelPayment` (AMS alias `payments/cancel`). */
export const acquirerCancelRequest = eitherId;
export const acquirerCancelResponse = z.object({
  result: partnerResult,
  pspId: wireId.optional(),
  acquirerId: wireId.optional(),
  paymentId: wireId.optional(),
  paymentRequestId: wireId.optional(),
});

/**
 * ACQP to hub, `payments/refund`: all or part of a payment, as often as something is left. Unique
 * by `refundRequestId`; the payment and `refundAmount` must not change (docs/sources.md A1.5).
 */
export const acquirerRefundRequest = eitherId.safeExtend({
  refundRequestId: wireId,
  refundAmount: wireAmount,
  refundReason: wireText(256).optional(),
});

/** `settlementAmount` is what the acquirer gives back before fees, at `settlementQuote`. */
export const acquirerRefundResponse = z.object({
  result: partnerResult,
  acquirerId: wireId.optional(),
  pspId: wireId.optional(),
  refundRequestId: wireId.optional(),
  refundId: wireId.optional(),
  refundTime: wireTimeText.optional(),
  refundAmount: wireAmount.optional(),
  settlementAmount: wireAmount.optional(),
  settlementQuote: wireQuote.optional(),
  /** Ours, for tills that know the hub's id only. */
  paymentId: wireId.optional(),
});

/** ACQP to hub, `payments/inquiryRefund` of the AMS dialect (docs/sources.md A1.8). */
export const acquirerInquiryRefundRequest = z
  .object({ refundRequestId: wireId.optional(), refundId: wireId.optional() })
  .refine((ids) => ids.refundRequestId !== undefined || ids.refundId !== undefined, {
    path: ['refundRequestId'],
    error: 'is required, or refundId',
  });

/** `result` is of the call, `refundResult` of the refund; `refundStatus` repeats it in a word. */
export const acquirerInquiryRefundResponse = acquirerRefundResponse.extend({
  refundResult: partnerResult.optional(),
  refundStatus: z.enum(['SUCCESS', 'FAIL', 'PROCESSING']).optional(),
});

/** Hub to ACQP, `payments/notifyPayment`. `paymentResult` is S or F, never U. */
export const acquirerNotifyRequest = z.object({
  paymentResult: partnerResult,
  paymentRequestId: wireId,
  acquirerId: wireId,
  paymentId: wireId.optional(),
  pspId: wireId.optional(),
  customerId: wireId.optional(),
  walletBrandName: wireText(128).optional(),
  paymentAmount: wireAmount.optional(),
  paymentTime: wireTimeText.optional(),
  settlementAmount: wireAmount.optional(),
  settlementQuote: wireQuote.optional(),
});

/** The signed acknowledgement of any notification: of its receipt, whatever it said. */
export const acknowledgement = z.object({ result: partnerResult });

/** Hub to ACQP, `payments/userInitiatedPay`: decode a code the acquirer issued. */
export const decodeRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  codeValue,
  customerId: wireId.optional(),
});

/**
 * `ORDER_CODE` comes with `paymentRequestId` and `paymentAmount`. Ours: a static national code
 * is a `STORE_CODE`, which has neither; the payer types the amount and `pushPayment` then carries
 * the hub's payment id as `paymentRequestId` too.
 */
export const decodeResponse = z.object({
  result: partnerResult,
  codeType: codeType.optional(),
  paymentRequestId: wireId.optional(),
  order: order.optional(),
  paymentFactor: paymentFactor.optional(),
  paymentAmount: wireAmount.optional(),
  settlementStrategy: settlementStrategy.optional(),
  paymentNotifyUrl: wireUrl.optional(),
  paymentRedirectUrl: wireUrl.optional(),
  paymentExpiryTime: wireTimeText.optional(),
});

/**
 * Hub to ACQP, `payments/pushPayment`: the payer has been debited, credit the merchant. Unique
 * by `paymentId`; `paymentRequestId`, `paymentAmount` and `settlementAmount` must not change
 * (docs/sources.md A1.5). Ours: `codeValue` and `order` as the acquirer decoded them, because a
 * static code leaves the acquirer no order to look up.
 */
export const pushPaymentRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  paymentId: wireId,
  paymentRequestId: wireId,
  paymentAmount: wireAmount,
  settlementAmount: wireAmount.optional(),
  settlementQuote: wireQuote.optional(),
  paymentTime: wireTimeText.optional(),
  customerId: wireId.optional(),
  walletBrandName: wireText(128).optional(),
  codeValue: codeValue.optional(),
  order: order.optional(),
});
export const pushPaymentResponse = z.object({
  result: partnerResult,
  acquirerId: wireId.optional(),
  paymentId: wireId.optional(),
  paymentRequestId: wireId.optional(),
});

/** Hub to ACQP, `payments/inquiryPushPayment`; the answer's `paymentResult` is the push's. */
export const inquiryPushPaymentRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  paymentId: wireId,
  paymentRequestId: wireId.optional(),
});
export const inquiryPushPaymentResponse = pushPaymentResponse.extend({
  paymentResult: partnerResult.optional(),
});

/** ACQP to hub, `payments/notifyPushPayment`: the late final answer to a push that was U. */
export const notifyPushPaymentRequest = z.object({
  paymentResult: partnerResult,
  paymentId: wireId,
  acquirerId: wireId.optional(),
  paymentRequestId: wireId.optional(),
  paymentAmount: wireAmount.optional(),
});

export type AcquirerPayRequest = z.output<typeof acquirerPayRequest>;
export type AcquirerPayRequestWire = z.input<typeof acquirerPayRequest>;
export type AcquirerPayResponseWire = z.input<typeof acquirerPayResponse>;
export type AcquirerInquiryRequest = z.output<typeof acquirerInquiryRequest>;
export type AcquirerInquiryResponseWire = z.input<typeof acquirerInquiryResponse>;
export type AcquirerCancelRequest = z.output<typeof acquirerCancelRequest>;
export type AcquirerRefundRequest = z.output<typeof acquirerRefundRequest>;
export type AcquirerRefundRequestWire = z.input<typeof acquirerRefundRequest>;
export type AcquirerNotifyRequest = z.output<typeof acquirerNotifyRequest>;
export type AcquirerNotifyRequestWire = z.input<typeof acquirerNotifyRequest>;
export type DecodeRequestWire = z.input<typeof decodeRequest>;
export type DecodeResponse = z.output<typeof decodeResponse>;
export type DecodeResponseWire = z.input<typeof decodeResponse>;
export type PushPaymentRequest = z.output<typeof pushPaymentRequest>;
export type PushPaymentRequestWire = z.input<typeof pushPaymentRequest>;
export type PushPaymentResponse = z.output<typeof pushPaymentResponse>;
export type InquiryPushPaymentResponse = z.output<typeof inquiryPushPaymentResponse>;
export type NotifyPushPaymentRequest = z.output<typeof notifyPushPaymentRequest>;
