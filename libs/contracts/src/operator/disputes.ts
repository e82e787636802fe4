import { z } from 'zod';
import {
  DISPUTE_KINDS,
  DISPUTE_STATES,
  type DisputeKind,
  type DisputeState,
} from '#domain/disputes/dispute';
import { amount } from './amount.js';
import { pageQuerySchema, pageSchema } from './paging.js';
import { timeline } from './timeline.js';

const KINDS = Object.keys(DISPUTE_KINDS) as [DisputeKind, ...DisputeKind[]];
const STATES = Object.keys(DISPUTE_STATES) as [DisputeState, ...DisputeState[]];

/** A dispute as operators and its two parties read it. */
export const disputeView = z
  .object({
    id: z.string(),
    kind: z.enum(KINDS),
    number: z.int().describe('Counted per payment and kind'),
    state: z.enum(STATES),
    payment: z.string(),
    wallet: z.string(),
    walletRequestId: z.string(),
    acquirer: z.string(),
    reason: z.string().nullable(),
    escalationAmount: amount.nullable(),
    acceptedAmount: amount.nullable().describe('What is to be refunded'),
    responseCode: z.string().nullable(),
    refundType: z.string().nullable().describe('Null also where nobody answered'),
    startedAt: z.string(),
    answerDueAt: z.string(),
    settledAt: z.string().nullable().describe('Answered, or closed by the clock'),
    refundDueAt: z.string().nullable(),
    completedAt: z.string().nullable(),
    clockDueAt: z.string().nullable().describe('When the clock acts by itself'),
    owed: z
      .object({
        message: z.enum(['tellAcquirer', 'tellWallet']),
        attempt: z.int(),
        dueAt: z.string(),
      })
      .nullable()
      .describe('A message a partner has not acknowledged yet'),
    traceId: z.string(),
  })
  .meta({ title: 'Dispute' });

export const disputeExplanation = disputeView
  .extend({
    evidence: z.array(
      z.object({ by: z.enum(['wallet', 'acquirer']), at: z.string(), evidence: z.unknown() }),
    ),
    timeline,
  })
  .meta({ title: 'DisputeExplanation' });

export const disputePage = pageSchema(disputeView).meta({ title: 'DisputePage' });

export const participantDisputeQuery = pageQuerySchema.extend({
  payment: z.string().max(64).optional(),
  kind: z.enum(KINDS).optional(),
  state: z.enum(STATES).optional(),
});

export const disputeQuery = participantDisputeQuery.extend({
  wallet: z.string().max(64).optional(),
  acquirer: z.string().max(64).optional(),
});

export type DisputeView = z.infer<typeof disputeView>;
export type DisputeExplanation = z.infer<typeof disputeExplanation>;
export type DisputePage = z.infer<typeof disputePage>;
export type DisputeQuery = z.infer<typeof disputeQuery>;
export type ParticipantDisputeQuery = z.infer<typeof participantDisputeQuery>;
