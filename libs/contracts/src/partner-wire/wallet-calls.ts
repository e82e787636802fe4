import { z } from 'zod';
import {
  codeType,
  env,
  order,
  partnerResult,
  paymentFactor,
  paymentMethod,
  wireQuote,
} from './objects.js';
import {
  codeValue,
  currencyCode,
  wireAmount,
  wireId,
  wireText,
  wireTimeText,
  wireUrl,
} from './scalars.js';

/**
 * Messages between a wallet (MPP) and the hub, both directions. Field names are those of
 * docs/sources.md A1.3; what the public wire leaves open is marked "ours". Towards a wallet
 * `paymentRequestId` is always the hub's payment id (`pay_…`), whatever the acquirer called it.
 */

/** Hub to MPP, `payments/pay`: charge the payer who showed a code. */
export const walletPayRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  order,
  paymentRequestId: wireId,
  paymentAmount: wireAmount,
  payToAmount: wireAmount,
  paymentMethod,
  paymentFactor,
  paymentQuote: wireQuote.optional(),
  surchargeInfo: z.unknown().optional(),
  paymentExpiryTime: wireTimeText.optional(),
  paymentNotifyUrl: wireUrl.optional(),
  paymentRedirectUrl: wireUrl.optional(),
  paymentPromoInfo: z.unknown().optional(),
  passThroughInfo: wireText(20_000).optional(),
});

/** `paymentId` is the wallet's own id of the debit. */
export const walletPayResponse = z.object({
  result: partnerResult,
  acquirerId: wireId.optional(),
  pspId: wireId.optional(),
  paymentId: wireId.optional(),
  paymentTime: wireTimeText.optional(),
  paymentAmount: wireAmount.optional(),
  payToAmount: wireAmount.optional(),
  customerId: wireId.optional(),
});

/** Hub to MPP, `payments/inquiryPayment`. */
export const walletInquiryRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  paymentRequestId: wireId,
});
export const walletInquiryResponse = walletPayResponse.extend({
  paymentResult: partnerResult.optional(),
  paymentRequestId: wireId.optional(),
});

/** Hub to MPP, `payments/cancelPayment`: full amount, any status, retried until S. */
export const walletCancelRequest = walletInquiryRequest;
export const walletCancelResponse = z.object({
  result: partnerResult,
  pspId: wireId.optional(),
  acquirerId: wireId.optional(),
  paymentRequestId: wireId.optional(),
});

/**
 * Hub to MPP, `payments/refund`: pay the user back. Unique by `refundRequestId`, the hub's refund
 * id (`ref_…`), and repeated with it until the answer is final; `refundAmount` and
 * `refundFromAmount` must not change (docs/sources.md A1.5). `refundFromAmount` is what the user
 * gets, at the payment's own rate; a wallet accepts refunds for 366 days.
 */
export const walletRefundRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  paymentRequestId: wireId,
  refundRequestId: wireId,
  refundAmount: wireAmount,
  refundFromAmount: wireAmount,
  refundQuote: wireQuote.optional(),
  refundReason: wireText(256).optional(),
  surchargeInfo: z.unknown().optional(),
  refundPromoInfo: z.unknown().optional(),
});

/** `refundId` is the wallet's own id of the refund; amounts, if they are told, must agree. */
export const walletRefundResponse = z.object({
  result: partnerResult,
  acquirerId: wireId.optional(),
  pspId: wireId.optional(),
  refundRequestId: wireId.optional(),
  refundId: wireId.optional(),
  refundTime: wireTimeText.optional(),
  refundAmount: wireAmount.optional(),
  refundFromAmount: wireAmount.optional(),
});

/**
 * MPP to hub, `payments/userInitiatedPay`: decode what the payer scanned.
 *
 * A code that carries its amount needs one call, idempotent by `codeValue` and `customerId`.
 * Ours, for a static national code, which the public wire does not show to the end: the first
 * call answers `STORE_CODE` with the merchant and a reference quote and has no effects; a second
 * one with `paymentAmount` (what the payer typed, in the merchant's currency) and
 * `initiationRequestId` (of the wallet, unique for ever) creates the payment, reserves the
 * wallet's cap and answers `paymentRequestId`, `paymentAmount`, `payToAmount`, `paymentQuote`.
 */
export const userInitiatedPayRequest = z
  .object({
    codeValue,
    customerId: wireId,
    passThroughInfo: wireText(20_000).optional(),
    paymentAmount: wireAmount.optional(),
    initiationRequestId: wireId.optional(),
  })
  .superRefine((request, context) => {
    const typed = request.paymentAmount !== undefined;
    const named = request.initiationRequestId !== undefined;
    if (typed === named) return;
    context.addIssue({
      code: 'custom',
      path: [typed ? 'initiationRequestId' : 'paymentAmount'],
      message: 'is required: paymentAmount and initiationRequestId are sent together',
    });
  });

export const userInitiatedPayResponse = z.object({
  result: partnerResult,
  codeType: codeType.optional(),
  acquirerId: wireId.optional(),
  pspId: wireId.optional(),
  paymentRequestId: wireId.optional(),
  order: order.optional(),
  paymentFactor: paymentFactor.optional(),
  paymentAmount: wireAmount.optional(),
  payToAmount: wireAmount.optional(),
  paymentQuote: wireQuote.optional(),
  paymentNotifyUrl: wireUrl.optional(),
  paymentRedirectUrl: wireUrl.optional(),
  paymentExpiryTime: wireTimeText.optional(),
  actionForm: z.unknown().optional(),
});

/** MPP to hub, `payments/notifyPayment`: the wallet debited the payer (S) or did not (F). */
export const walletNotifyRequest = z.object({
  paymentResult: partnerResult.refine((result) => result.resultStatus !== 'U', {
    path: ['resultStatus'],
    error: 'must be S or F: an unknown outcome is not notified',
  }),
  paymentRequestId: wireId,
  paymentId: wireId.optional(),
  paymentTime: wireTimeText.optional(),
  paymentAmount: wireAmount.optional(),
  payToAmount: wireAmount.optional(),
  customerId: wireId.optional(),
});

/** MPP to hub, `codes/getPaymentCode`: 1 to 10 codes to show, each payable once. */
export const getPaymentCodeRequest = z.object({
  customerId: wireId,
  env: env.optional(),
  region: wireText(2).optional(),
  codeQuantity: z
    .custom<string | number>((value) => /^([1-9]|10)$/.test(String(value)), {
      error: 'must be 1 to 10',
    })
    .default(1)
    .transform(Number),
});

/** Ours: the public response could not be read; names follow `orderCodeForm`. */
export const getPaymentCodeResponse = z.object({
  result: partnerResult,
  paymentCodes: z
    .array(z.object({ codeValue, expireTime: wireTimeText }))
    .max(10)
    .optional(),
});

/** MPP to hub, `payments/inquiryCodeRules`: how a wallet tells the network's codes from others. */
export const inquiryCodeRulesRequest = z.object({});
/** Ours: each rule is an ECMAScript pattern over the whole scanned text. */
export const inquiryCodeRulesResponse = z.object({
  result: partnerResult,
  codeRules: z
    .array(
      z.object({
        codeRuleId: wireId,
        codeType: z.enum(['PAYMENT_CODE', 'ORDER_CODE', 'PRIVATE_ORDER_CODE', 'NATIONAL_QR']),
        pattern: wireText(512),
        description: wireText(256).optional(),
      }),
    )
    .max(1000)
    .optional(),
});

/**
 * MPP to hub, `payments/inquiryForeignExchangeQuote`: a reference rate only, not locked. Ours:
 * asked by the merchant's currency; `payToCurrency` is the wallet's own unless named.
 */
export const inquiryForeignExchangeQuoteRequest = z.object({
  paymentCurrency: currencyCode,
  payToCurrency: currencyCode.optional(),
});
export const inquiryForeignExchangeQuoteResponse = z.object({
  result: partnerResult,
  paymentQuote: wireQuote.optional(),
});

export type WalletPayRequest = z.output<typeof walletPayRequest>;
export type WalletPayRequestWire = z.input<typeof walletPayRequest>;
export type WalletPayResponse = z.output<typeof walletPayResponse>;
export type WalletPayResponseWire = z.input<typeof walletPayResponse>;
export type WalletInquiryRequestWire = z.input<typeof walletInquiryRequest>;
export type WalletInquiryResponse = z.output<typeof walletInquiryResponse>;
export type WalletCancelRequestWire = z.input<typeof walletCancelRequest>;
export type WalletCancelResponse = z.output<typeof walletCancelResponse>;
export type WalletRefundRequest = z.output<typeof walletRefundRequest>;
export type WalletRefundRequestWire = z.input<typeof walletRefundRequest>;
export type UserInitiatedPayRequest = z.output<typeof userInitiatedPayRequest>;
export type UserInitiatedPayRequestWire = z.input<typeof userInitiatedPayRequest>;
export type UserInitiatedPayResponse = z.output<typeof userInitiatedPayResponse>;
export type UserInitiatedPayResponseWire = z.input<typeof userInitiatedPayResponse>;
export type WalletNotifyRequest = z.output<typeof walletNotifyRequest>;
export type WalletNotifyRequestWire = z.input<typeof walletNotifyRequest>;
export type GetPaymentCodeRequest = z.output<typeof getPaymentCodeRequest>;
export type GetPaymentCodeResponseWire = z.input<typeof getPaymentCodeResponse>;
export type InquiryForeignExchangeQuoteRequest = z.output<
  typeof inquiryForeignExchangeQuoteRequest
>;
