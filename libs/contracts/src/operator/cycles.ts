import { CLEARING_KINDS } from '#domain/clearing-cycles';
import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/**
 * What the operator API says of clearing cycles: how far each has come, who is in it, and what it
 * waits for before it is netted and filed.
 */
const instant = z.iso.datetime();

const cycleKind = z.enum([...CLEARING_KINDS, 'settlement']).meta({
  description: 'daily, twiceDaily and hourly clear payments; settlement books what settles one.',
});
const cycleState = z.enum(['open', 'closed', 'final']).meta({
  description: 'closed: its members are fixed; final: nothing in it changes any more.',
});

export const cycleView = z
  .object({
    id: z.string().meta({ examples: ['cyc_20261121', 'cyc_20261121_t1', 'cyc_20261121_h09'] }),
    kind: cycleKind,
    state: cycleState,
    startsAt: instant,
    endsAt: instant.nullable().meta({ description: 'Null for a settlement phase.' }),
    closedAt: instant.nullable(),
    finalAt: instant.nullable(),
    finalFrom: instant.nullable().meta({
      description:
        'When it can be final at the earliest, until when wallets honour cancels; null for a settlement phase.',
    }),
    cancelUntil: instant
      .nullable()
      .meta({ description: "End of the acquirers' cancel window; null for a settlement phase." }),
    members: z
      .int()
      .nullable()
      .meta({ description: 'Payments and refunds in it; null until they are numbered.' }),
    settlementPhase: z
      .string()
      .nullable()
      .meta({ description: 'The cycle that its settlement is booked in, once it is final.' }),
  })
  .meta({ id: 'Cycle' });
export type CycleView = z.infer<typeof cycleView>;

export const cycleDetailView = cycleView
  .extend({
    waitsFor: z
      .array(z.string())
      .meta({ description: 'One sentence for each thing that has to happen before it is final.' }),
  })
  .meta({ id: 'CycleDetail' });
export type CycleDetailView = z.infer<typeof cycleDetailView>;

export const cycleMemberView = z
  .object({
    no: z.int().meta({ description: '1 to n, by completion and then by id.' }),
    kind: z.enum(['payment', 'refund']),
    id: z.string(),
    completedAt: instant,
    state: z.string(),
  })
  .meta({ id: 'CycleMember' });
export type CycleMemberView = z.infer<typeof cycleMemberView>;

export const cyclePage = pageSchema(cycleView).meta({ id: 'CyclePage' });
export const cycleMemberPage = pageSchema(cycleMemberView).meta({ id: 'CycleMemberPage' });

export const cycleQuery = pageQuerySchema.extend({
  kind: cycleKind.optional(),
  state: cycleState.optional(),
});
export type CycleQuery = z.infer<typeof cycleQuery>;
