import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/** Settlement as operators read it; amounts are digit strings in minor units, with a text beside. */
const amount = z
  .object({
    currency: z.string(),
    value: z.string().describe('Minor units'),
    text: z.string().describe('For people, e.g. JPY 1,200'),
  })
  .meta({ title: 'Amount' });

const STATES = ['due', 'partly', 'failed', 'settled', 'defaulted', 'carried', 'held'] as const;
const positive = z.string().regex(/^[1-9]\d{0,14}$/, 'must be positive minor units as text');

export const obligationView = z
  .object({
    id: z.string(),
    cycle: z.string(),
    participant: z.string(),
    role: z.enum(['wallet', 'acquirer', 'lossShare']),
    direction: z.enum(['paysHub', 'receives', 'nothing']),
    amount: amount.describe('What is to be paid, always positive'),
    own: amount.describe('Of this cycle alone; positive: the participant pays the hub'),
    carriedIn: amount.describe('Small amounts of earlier cycles'),
    minimum: amount,
    settled: amount.describe('Moved by confirmed payments'),
    covered: amount.describe('Covered by the layers of a default, or set off'),
    state: z.enum(STATES),
    valueDate: z.string().nullable(),
    dueOn: z.string().nullable().describe('Day of the next attempt'),
    currencies: z.array(z.string()).describe('Whose banks must be open'),
    calendars: z.array(z.object({ currency: z.string(), version: z.int() })).nullable(),
    estimated: z.boolean().describe('Whether part of a calendar is estimated'),
    carriedTo: z.string().nullable(),
    default: z.string().nullable(),
    reason: z.string(),
  })
  .meta({ title: 'Obligation' });

export const obligationPage = pageSchema(obligationView).meta({ title: 'ObligationPage' });
export const obligationList = z
  .object({ cycle: z.string(), obligations: z.array(obligationView) })
  .meta({ title: 'ObligationsOfCycle' });

export const obligationQuery = pageQuerySchema.extend({
  participant: z.string().max(64).optional(),
  state: z.enum(STATES).optional(),
});

export const settlementPaymentView = z
  .object({
    id: z.string(),
    obligation: z.string(),
    participant: z.string(),
    direction: z.enum(['in', 'out']).describe('in: from the participant to the hub'),
    amount,
    confirmed: amount,
    state: z.enum(['instructed', 'confirmed', 'partial', 'failed']),
    attempt: z.int(),
    dueOn: z.string(),
    bankReference: z.string().nullable(),
    reason: z.string().nullable(),
    answeredBy: z.string().nullable(),
    entry: z.string().nullable(),
  })
  .meta({ title: 'SettlementPayment' });

export const settlementPaymentPage = pageSchema(settlementPaymentView).meta({
  title: 'SettlementPaymentPage',
});

export const settlementPaymentQuery = pageQuerySchema.extend({
  participant: z.string().max(64).optional(),
  state: z.enum(['instructed', 'confirmed', 'partial', 'failed']).optional(),
});

export const confirmation = z.strictObject({
  minor: positive.optional().describe('What arrived; absent: all of it'),
  bankReference: z.string().min(1).max(64),
});
export const failure = z.strictObject({ reason: z.string().min(1).max(200) });

export const prefundOrder = z.strictObject({
  kind: z.enum(['deposit', 'withdrawal']),
  currency: z.string().regex(/^[A-Z]{3}$/, 'is not a currency code'),
  minor: positive,
  reference: z.string().min(1).max(64).describe("The bank's; the same one twice is one movement"),
});
export const prefundView = z
  .object({ id: z.string(), participant: z.string(), prefund: amount })
  .meta({ title: 'Prefund' });

export const bankBehaviour = z
  .strictObject({
    behaviour: z.enum(['pay', 'fail', 'partial', 'silent']),
    shareBps: z.int().min(1).max(9_999).default(5_000).describe('Of a partial payment'),
  })
  .meta({ title: 'BankBehaviour' });

export const defaultOrder = z.strictObject({
  participantId: z.string().min(1).max(64),
  reason: z.string().min(1).max(400),
});

export const defaultList = z
  .object({
    defaults: z.array(
      z.object({
        id: z.string(),
        participant: z.string(),
        reason: z.string(),
        declaredBy: z.string(),
        declaredAt: z.string(),
        layers: z.array(
          z.object({
            loss: amount,
            prefund: amount,
            receivables: amount,
            hubCapital: amount,
            survivors: z.array(z.object({ participant: z.string(), amount })),
            residual: amount,
          }),
        ),
      }),
    ),
  })
  .meta({ title: 'Defaults' });

export const liquidityView = z
  .object({
    participants: z.array(
      z.object({
        participant: z.string(),
        cap: amount,
        prefund: amount,
        used: amount.describe('Reserved, or successful and not settled'),
        headroom: amount,
        expected: amount.nullable().describe('What the next cycle is expected to come to'),
        state: z.enum(['ok', 'low', 'critical']),
      }),
    ),
    forecast: z.object({
      rule: z.string(),
      days: z.int().describe('Past days that were forecast from the days before them'),
      errorBps: z.int().nullable().describe('Sum of errors over sum of needs, basis points'),
    }),
  })
  .meta({ title: 'Liquidity' });

export type ObligationView = z.infer<typeof obligationView>;
export type ObligationQuery = z.infer<typeof obligationQuery>;
export type ObligationList = z.infer<typeof obligationList>;
export type SettlementPaymentView = z.infer<typeof settlementPaymentView>;
export type SettlementPaymentQuery = z.infer<typeof settlementPaymentQuery>;
export type Confirmation = z.infer<typeof confirmation>;
export type Failure = z.infer<typeof failure>;
export type PrefundOrderRequest = z.infer<typeof prefundOrder>;
export type PrefundView = z.infer<typeof prefundView>;
export type BankBehaviourRequest = z.infer<typeof bankBehaviour>;
export type DefaultOrderRequest = z.infer<typeof defaultOrder>;
export type DefaultList = z.infer<typeof defaultList>;
export type LiquidityView = z.infer<typeof liquidityView>;
