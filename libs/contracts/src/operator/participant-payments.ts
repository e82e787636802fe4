import { z } from 'zod';
import { PAYMENT_STATES, type PaymentState } from '#domain/payments/state-machine';
import { fxQuote } from './fx.js';
import { pageQuerySchema, pageSchema } from './paging.js';
import { amount } from './payments.js';

const STATES = Object.keys(PAYMENT_STATES) as PaymentState[];

/**
 * A payment as one of its two participants sees it: what both were told on the wire, and of the
 * price its own leg alone. A wallet finds nothing here of what the acquirer gets, and an acquirer
 * nothing of what the payer pays or who that is.
 */
export const participantPayment = z
  .object({
    id: z.string(),
    role: z.enum(['mpp', 'acqp']).describe('Whose view this is'),
    mode: z.enum(['userPresented', 'orderCode', 'entryCode', 'nationalQr']),
    state: z.string().describe('One of the states of docs/payment-states.md'),
    counterparty: z.string().nullable().describe('The acquirer of a wallet, and the other way'),
    ownRequestId: z.string().nullable().describe("An acquirer's paymentRequestId"),
    ownPaymentId: z.string().nullable().describe("The participant's own id of the payment"),
    merchant: z.string().nullable(),
    store: z.string().nullable(),
    merchantName: z.string(),
    paymentAmount: amount,
    legAmount: amount
      .nullable()
      .describe('payToAmount of a wallet, settlementAmount of an acquirer'),
    decline: z.object({ code: z.string(), detail: z.string(), by: z.string() }).nullable(),
    cycle: z.string().nullable(),
    createdAt: z.string(),
    completedAt: z.string().nullable(),
    traceId: z.string(),
  })
  .meta({ title: 'ParticipantPayment' });

export const participantPaymentPage = pageSchema(participantPayment).meta({
  title: 'ParticipantPaymentPage',
});

export const participantPaymentTerms = z
  .object({
    payment: participantPayment,
    quote: fxQuote.nullable().describe("The quote of this participant's leg"),
    items: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['flow', 'part', 'memo']),
        partOf: z.string().nullable(),
        direction: z.enum(['pays', 'receives']),
        amount,
        rule: z.string().describe('How to recompute it by hand'),
      }),
    ),
    total: amount.nullable().describe('What a wallet owes the hub, what an acquirer gets from it'),
  })
  .meta({ title: 'ParticipantPaymentTerms' });

export const participantPaymentQuery = pageQuerySchema.extend({
  state: z.enum(STATES).optional(),
});

export type ParticipantPaymentView = z.infer<typeof participantPayment>;
export type ParticipantPaymentTerms = z.infer<typeof participantPaymentTerms>;
export type ParticipantPaymentQuery = z.infer<typeof participantPaymentQuery>;
