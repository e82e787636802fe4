import { z } from 'zod';
import { partnerResult } from './objects.js';
import { wireAmount, wireId, wireText, wireTimeText, wireUrl } from './scalars.js';

/**
 * Messages of disputes, all four ways: a wallet (MPP) initiates, the hub passes on to the acquirer
 * (ACQP), the acquirer responds, the hub passes back (docs/sources.md A4.4). Towards an acquirer
 * `disputeRequestId` is the hub's id (`dsp_…`), towards a wallet its own. The fields inside the
 * evidence objects are ours; the public pages name the objects alone.
 */

const MOST_ATTACHMENTS = 10;
/** Largest file an attachment may describe; the hub keeps the description, never the file. */
const MOST_BYTES = 10 * 1024 * 1024;

export const disputeAttachment = z.object({
  attachmentType: z.enum([
    'RECEIPT',
    'INVOICE',
    'PROOF_OF_DELIVERY',
    'CORRESPONDENCE',
    'PHOTO',
    'OTHER',
  ]),
  attachmentName: wireText(128),
  mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png', 'text/plain']),
  sizeBytes: z.coerce.number().int().min(1).max(MOST_BYTES),
  /** Of the file, in hexadecimal, so that what is fetched later can be told from something else. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hexadecimal digits' }),
  attachmentUrl: wireUrl.optional(),
});

export const disputeEvidence = z.object({
  attachments: z.array(disputeAttachment).max(MOST_ATTACHMENTS).optional(),
  /** A reference, not a person's data. */
  buyer: z
    .object({ referenceBuyerId: wireId, buyerStatement: wireText(1024).optional() })
    .optional(),
  merchant: z
    .object({ referenceMerchantId: wireId, merchantStatement: wireText(1024).optional() })
    .optional(),
  orderStatus: z.enum(['CREATED', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'RETURNED']).optional(),
  proofOfDelivery: z
    .object({
      deliveredTime: wireTimeText.optional(),
      deliveryMethod: wireText(64).optional(),
      trackingNumber: wireText(64).optional(),
    })
    .optional(),
  transactionReceipt: z
    .object({ receiptNumber: wireText(64), receiptTime: wireTimeText.optional() })
    .optional(),
});

/** MPP to hub, `disputes/initiateRetrieval`: please prove this sale. */
export const initiateRetrievalRequest = z.object({
  disputeRequestId: wireId,
  /** Of the payment, as the hub told it to the wallet (`pay_…`). */
  paymentRequestId: wireId,
  disputeReason: wireText(256).optional(),
  evidence: disputeEvidence.optional(),
});

/** MPP to hub, `disputes/initiateEscalation`: the user wants this much back. */
export const initiateEscalationRequest = initiateRetrievalRequest.extend({
  escalationAmount: wireAmount,
});

/** Ours: by when the acquirer has to answer. */
export const initiateDisputeResponse = z.object({
  result: partnerResult,
  disputeRequestId: wireId.optional(),
  paymentRequestId: wireId.optional(),
  responseDueTime: wireTimeText.optional(),
});

/** Hub to ACQP; `paymentRequestId` is the acquirer's own, `paymentId` the hub's. */
export const acquirerInitiateRetrievalRequest = z.object({
  acquirerId: wireId,
  pspId: wireId,
  disputeRequestId: wireId,
  paymentRequestId: wireId,
  paymentId: wireId,
  paymentAmount: wireAmount.optional(),
  responseDueTime: wireTimeText,
  disputeReason: wireText(256).optional(),
  evidence: disputeEvidence.optional(),
});
export const acquirerInitiateEscalationRequest = acquirerInitiateRetrievalRequest.extend({
  escalationAmount: wireAmount,
});

/** ACQP to hub, `disputes/responseRetrieval`: 0001 all, 0002 a part, 0003 nothing. */
export const responseRetrievalRequest = z.object({
  disputeRequestId: wireId,
  responseCode: z.enum(['0001', '0002', '0003']),
  responseMessage: wireText(1024).optional(),
  evidence: disputeEvidence.optional(),
});

/**
 * ACQP to hub, `disputes/responseEscalation`. Unique by `disputeRequestId`; `refundType` and
 * `refundAmount` must not change (docs/sources.md A1.5). The acquirer refunds by
 * `plannedRefundTime` with `payments/refund`; what is missing then, the hub refunds.
 */
export const responseEscalationRequest = z.object({
  disputeRequestId: wireId,
  refundType: z.enum(['ACCEPT_REFUND', 'ACCEPT_PARTIAL_REFUND', 'REFUSE_REFUND']),
  refundAmount: wireAmount.optional(),
  plannedRefundTime: wireTimeText.optional(),
  responseMessage: wireText(1024).optional(),
  evidence: disputeEvidence.optional(),
});

/** Hub to MPP, the same back under the wallet's id; ours: `responseTimeout` when nobody answered. */
export const walletResponseRetrievalRequest = responseRetrievalRequest.extend({
  acquirerId: wireId,
  pspId: wireId,
  paymentRequestId: wireId,
  responseTimeout: z.enum(['true', 'false']).optional(),
});
export const walletResponseEscalationRequest = responseEscalationRequest.extend({
  acquirerId: wireId,
  pspId: wireId,
  paymentRequestId: wireId,
  responseTimeout: z.enum(['true', 'false']).optional(),
});

export type DisputeEvidence = z.output<typeof disputeEvidence>;
