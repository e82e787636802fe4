import { z } from 'zod';
import { PAYMENT_STATES, type PaymentState } from '#domain/payments/state-machine';
import { amount } from './amount.js';
import { fxQuote } from './fx.js';
import { pageQuerySchema, pageSchema } from './paging.js';
import { refundExplanation } from './refunds.js';

export { amount, type AmountView } from './amount.js';
import { timeline } from './timeline.js';

const STATES = Object.keys(PAYMENT_STATES) as PaymentState[];

/** Payments as operators read them. */
export const paymentView = z
  .object({
    id: z.string(),
    mode: z.enum(['userPresented', 'orderCode', 'entryCode', 'nationalQr']),
    state: z.string().describe('One of the states of docs/payment-states.md'),
    wallet: z.string().nullable(),
    acquirer: z.string(),
    acquirerRequestId: z.string(),
    merchant: z.string().nullable(),
    store: z.string().nullable(),
    merchantName: z.string(),
    paymentAmount: amount,
    payToAmount: amount.nullable().describe('What the payer is charged'),
    settlementAmount: amount.nullable().describe('What the acquirer is owed before fees'),
    decline: z.object({ code: z.string(), detail: z.string(), by: z.string() }).nullable(),
    cycle: z.string().nullable(),
    createdAt: z.string(),
    expiresAt: z.string(),
    completedAt: z.string().nullable(),
    traceId: z.string(),
  })
  .meta({ title: 'Payment' });

export const paymentPage = pageSchema(paymentView).meta({ title: 'PaymentPage' });

export const paymentQuery = pageQuerySchema.extend({
  wallet: z.string().max(64).optional(),
  acquirer: z.string().max(64).optional(),
  state: z.enum(STATES).optional(),
});

const priceItem = z.object({
  name: z.string(),
  kind: z.enum(['flow', 'part', 'memo']),
  partOf: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  amount,
  rule: z.string().describe('How to recompute it by hand'),
});

export const paymentExplanation = z
  .object({
    payment: paymentView,
    summary: z.string().describe('One sentence'),
    reasons: z.array(z.string()).describe('Why this wallet, acquirer and corridor, by record'),
    timeline,
    nextDuty: z
      .object({ kind: z.string(), attempt: z.int(), dueAt: z.string() })
      .nullable()
      .describe('What the hub still has to do for it'),
    quotes: z.array(fxQuote),
    price: z
      .object({
        items: z.array(priceItem),
        walletOwes: amount,
        acquirerReceives: amount,
        hubIncomeUsd: amount.describe('For orientation, at mid'),
      })
      .nullable(),
    refunds: z.array(refundExplanation).describe('Oldest first'),
    entries: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        state: z.enum(['staged', 'posted']),
        cycle: z.string(),
        stagedAt: z.string(),
        postedAt: z.string().nullable(),
        lines: z.array(
          z.object({ account: z.string(), debit: amount.nullable(), credit: amount.nullable() }),
        ),
        queue: z
          .object({
            batch: z.int(),
            backend: z.string().nullable(),
            job: z.string().nullable(),
            entriesInBatch: z.int(),
            claims: z.int(),
            claimedAt: z.string(),
            enqueuedAt: z.string().nullable(),
            startedAt: z.string().nullable(),
            worker: z.string().nullable(),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ title: 'PaymentExplanation' });

export type PaymentView = z.infer<typeof paymentView>;
export type PaymentPageView = z.infer<typeof paymentPage>;
export type PaymentQuery = z.infer<typeof paymentQuery>;
export type PaymentExplanation = z.infer<typeof paymentExplanation>;
