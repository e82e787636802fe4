import { z } from 'zod';
import { REFUND_STATES, type RefundState } from '#domain/refunds/refund';
import { amount } from './amount.js';
import { pageQuerySchema, pageSchema } from './paging.js';
import { timeline } from './timeline.js';

const STATES = Object.keys(REFUND_STATES) as [RefundState, ...RefundState[]];

/** Refunds as operators read them; both legs side by side, at the payment's own quotes. */
export const refundView = z
  .object({
    id: z.string(),
    payment: z.string(),
    state: z.enum(STATES),
    wallet: z.string().nullable(),
    acquirer: z.string(),
    acquirerRequestId: z.string(),
    reason: z.string().nullable(),
    refundAmount: amount,
    refundFromAmount: amount.nullable().describe('What the user gets back'),
    settlementAmount: amount.nullable().describe('What the acquirer gives back before fees'),
    interchange: amount.nullable().describe('Interchange returned, in the payment currency'),
    walletCredit: amount.nullable().describe('How much less the wallet owes the hub'),
    acquirerDebit: amount.nullable().describe('How much less the hub owes the acquirer'),
    held: amount.nullable().describe("What it holds of the acquirer's refund cap"),
    decline: z.object({ code: z.string(), detail: z.string(), by: z.string() }).nullable(),
    cycle: z.string().nullable(),
    createdAt: z.string(),
    completedAt: z.string().nullable(),
    nextAttempt: z
      .object({ attempt: z.int(), dueAt: z.string() })
      .nullable()
      .describe('When the wallet is asked again'),
    traceId: z.string(),
  })
  .meta({ title: 'Refund' });

export const refundExplanation = refundView
  .extend({
    usdMids: z
      .object({
        wallet: z.string(),
        settlement: z.string(),
        ofToday: z.boolean().describe("False: no rate of the day was known, the payment's own"),
      })
      .nullable()
      .describe('Dollars per major unit that its equivalents were booked at'),
    timeline,
  })
  .meta({ title: 'RefundExplanation' });

export const refundPage = pageSchema(refundView).meta({ title: 'RefundPage' });

export const refundQuery = pageQuerySchema.extend({
  payment: z.string().max(64).optional(),
  wallet: z.string().max(64).optional(),
  acquirer: z.string().max(64).optional(),
  state: z.enum(STATES).optional(),
});

export type RefundView = z.infer<typeof refundView>;
export type RefundExplanation = z.infer<typeof refundExplanation>;
export type RefundPageView = z.infer<typeof refundPage>;
export type RefundQuery = z.infer<typeof refundQuery>;
