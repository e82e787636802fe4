import { z } from 'zod';
import {
  codeValue,
  currencyCode,
  wireAmount,
  wireBoolean,
  wireDecimal,
  wireId,
  wireText,
  wireTimeText,
} from './scalars.js';

/**
 * The objects that messages share, named and spelled as docs/sources.md A1.3 lists them. Objects
 * that one partner describes and another reads (order, merchant, store, env) keep fields unknown
 * to us, because the hub passes them on; all others drop them.
 */

/** The answer every message carries; a partner's own text may be missing. */
export const partnerResult = z.object({
  resultStatus: z.enum(['S', 'F', 'U']),
  resultCode: z.string().min(1).max(64),
  resultMessage: z.string().max(2048).default(''),
});

export const store = z.looseObject({
  referenceStoreId: wireId,
  storeName: wireText(512).optional(),
  storeMCC: z
    .string()
    .regex(/^\d{4}$/, { error: 'must be four digits (ISO 18245)' })
    .optional(),
  storeDisplayName: wireText(512).optional(),
  storeTerminalId: wireText(64).optional(),
  storeOperatorId: wireText(64).optional(),
});

export const merchant = z.looseObject({
  referenceMerchantId: wireId,
  merchantMCC: z
    .string()
    .regex(/^\d{4}$/, { error: 'must be four digits (ISO 18245)' })
    .optional(),
  merchantName: wireText(512).optional(),
  merchantDisplayName: wireText(512).optional(),
  store: store.optional(),
});

export const env = z.looseObject({
  terminalType: z.enum(['WEB', 'WAP', 'APP', 'MINI_APP']).optional(),
  osType: z.enum(['IOS', 'ANDROID']).optional(),
  userAgent: wireText(2048).optional(),
  clientIp: wireText(64).optional(),
  storeTerminalId: wireText(64).optional(),
  storeTerminalRequestTime: wireTimeText.optional(),
});

export const order = z.looseObject({
  referenceOrderId: wireId.optional(),
  orderDescription: wireText(256).optional(),
  orderAmount: wireAmount.optional(),
  merchant,
  env: env.optional(),
});

export const paymentMethod = z.object({
  /** `CONNECT_WALLET` on this wire; the AMS dialect names wallets here, so any word is read. */
  paymentMethodType: wireText(64),
  /** The payment code shown by the payer in user-presented mode. */
  paymentMethodId: wireText(128).optional(),
  customerId: wireId.optional(),
  paymentMethodMetaData: z.unknown().optional(),
});

export const inStorePaymentScenario = z.enum(['PaymentCode', 'OrderCode', 'EntryCode']);

export const paymentFactor = z.object({
  isInStorePayment: wireBoolean.optional(),
  isCashierPayment: wireBoolean.optional(),
  isAgreementPayment: wireBoolean.optional(),
  isPaymentEvaluation: wireBoolean.optional(),
  inStorePaymentScenario: inStorePaymentScenario.optional(),
  presentmentMode: z.enum(['TILE', 'UNIFIED', 'BUNDLE']).optional(),
});

export const settlementStrategy = z.object({ settlementCurrency: currencyCode.optional() });

/**
 * `quoteCurrencyPair` may be written either way round, so `baseCurrency` says of which currency
 * one major unit costs `quotePrice` (docs/sources.md A4.1).
 */
export const wireQuote = z.object({
  quoteId: wireId.optional(),
  quoteCurrencyPair: z.string().regex(/^[A-Z]{3}\/[A-Z]{3}$/, {
    error: 'must be two currency codes joined by a slash, such as JPY/THB',
  }),
  quotePrice: wireDecimal,
  quoteStartTime: wireTimeText.optional(),
  quoteExpiryTime: wireTimeText.optional(),
  baseCurrency: currencyCode.optional(),
  quoteUnit: wireDecimal.optional(),
});

export const codeDetail = z.object({
  codeValueType: z.enum(['BARCODE', 'QRCODE']),
  codeValue,
  displayType: z.enum(['TEXT', 'SMALLIMAGE', 'MIDDLEIMAGE', 'BIGIMAGE']),
});

export const orderCodeForm = z.object({
  paymentMethodType: wireText(64).optional(),
  expireTime: wireTimeText.optional(),
  codeDetails: z.array(codeDetail).min(1).max(16),
});

export const transaction = z.object({
  transactionResult: partnerResult.optional(),
  transactionId: wireId.optional(),
  transactionRequestId: wireId.optional(),
  transactionType: wireText(64),
  transactionStatus: z.enum(['SUCCESS', 'FAIL', 'PROCESSING', 'CANCELLED']).optional(),
  transactionAmount: wireAmount.optional(),
  transactionTime: wireTimeText.optional(),
});

export const codeType = z.enum(['ORDER_CODE', 'STORE_CODE']);

export type Order = z.output<typeof order>;
export type WireOrder = z.input<typeof order>;
export type WireQuote = z.input<typeof wireQuote>;
export type WireOrderCodeForm = z.input<typeof orderCodeForm>;
export type WireTransaction = z.input<typeof transaction>;
