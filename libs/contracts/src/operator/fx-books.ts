import { z } from 'zod';

/**
 * The hub's own currency positions, covers and result of a clearing day. Amounts are digit strings
 * in minor units with a text for people; a gain is positive, whatever side of the books it is on.
 */
const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'give a day like 2026-11-21');
const amount = z
  .object({ currency: z.string(), value: z.string().describe('Minor units'), text: z.string() })
  .meta({ title: 'SignedAmount' });

export const fxDayQuery = z.object({
  day: isoDay.optional().describe('Clearing day; the last one with a cut-off if left out'),
});

export const fxPositionView = z
  .object({
    currency: z.string(),
    cycle: z.string(),
    opening: amount,
    openingCost: amount,
    bought: amount,
    boughtFor: amount,
    sold: amount,
    soldFor: amount,
    offsetRealised: amount.describe('Purchases and sales of the cycle that covered each other'),
    realised: amount.describe('At average cost: offsets and covers together'),
    closing: amount,
    closingCost: amount,
    worth: amount.describe('Of what stays open, at mid'),
    unrealised: amount.describe('Worth less cost; taken back at the next cut-off'),
    takenBack: amount.describe('The revaluation of the cut-off before'),
    mid: z.string().describe('US dollars per major unit'),
  })
  .meta({ title: 'FxPosition' });

export const fxStatement = z
  .object({
    day: isoDay,
    cycles: z.array(z.string()),
    tied: z.boolean().describe('Every line equals journal, totals and what was decided'),
    pending: z.int().describe('Entries of the day that are not in the journal yet'),
    lines: z.array(
      z.object({
        account: z.string(),
        amount: amount.describe('From the journal’s lines'),
        totals: amount.describe('From the running totals'),
        decided: amount.nullable().describe('From the cut-offs, where they decide the account'),
        usd: amount.nullable().describe('At the day’s mid; null where the day has none'),
        tied: z.boolean(),
      }),
    ),
    resultUsd: amount.describe('All lines that can be stated in dollars'),
    positions: z.array(fxPositionView),
    refunds: z
      .object({
        total: amount,
        count: z.int(),
        payments: z.array(z.object({ payment: z.string(), event: z.string(), amount })),
      })
      .describe('What refunds at their payments’ own rates cost or brought; the largest first'),
  })
  .meta({ title: 'FxStatement' });

export const coverView = z
  .object({
    request: z.string(),
    cycle: z.string(),
    side: z.enum(['buy', 'sell']),
    amount,
    mid: z.string(),
    valueDate: isoDay.nullable(),
    estimated: z.boolean().nullable(),
    notAsked: z.string().nullable(),
    uncovered: amount,
    quotes: z.array(
      z.object({
        provider: z.string(),
        answer: z.enum(['firm', 'declined']),
        reason: z.string().nullable(),
        price: z.string().nullable(),
        least: amount.nullable(),
        most: amount.nullable(),
      }),
    ),
    trades: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        amount,
        usd: amount,
        price: z.string(),
        realised: amount,
        state: z.enum(['traded', 'settled']),
      }),
    ),
    choiceHolds: z
      .boolean()
      .describe('The choice, made again from the stored quotes, gives the stored trades'),
  })
  .meta({ title: 'Cover' });

export const coverList = z
  .object({ day: isoDay, covers: z.array(coverView) })
  .meta({ title: 'CoverList' });

export type FxDayQuery = z.infer<typeof fxDayQuery>;
export type FxPositionView = z.infer<typeof fxPositionView>;
export type FxStatementView = z.infer<typeof fxStatement>;
export type CoverView = z.infer<typeof coverView>;
export type CoverListView = z.infer<typeof coverList>;
