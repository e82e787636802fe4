import { z } from 'zod';
import { pageQuerySchema } from './paging.js';

/** The books as operators and participants read them. Amounts are minor units as digit strings. */
const instant = z.iso.datetime({ offset: true });

export const ledgerHead = z
  .object({
    block: z.string().describe('Number of the newest block; 0 before the first'),
    hash: z.string().describe('64 hexadecimal digits: it fixes every entry sealed so far'),
    sealedAt: z.string().nullable(),
    unsealed: z.int().describe('Entries posted and not in a block yet'),
  })
  .meta({ title: 'LedgerHead' });

const account = z.object({
  owner: z.string(),
  kind: z.string(),
  currency: z.string(),
  of: z.string().nullable().describe('The position that a fxPositionUsd account mirrors'),
});

export const balancesQuery = z.object({
  at: instant.optional().describe('Everything posted up to this instant'),
  entry: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('Everything up to this entry number'),
  block: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe(
      'Everything sealed up to this block: the one state that can never turn out otherwise',
    ),
  owner: z.string().max(64).optional(),
});

export const balancesView = z
  .object({
    point: z.string().describe('Which state this is'),
    balances: z.array(
      z.object({
        account,
        minor: z.string().describe('Debit positive'),
        text: z.string(),
        lines: z.int(),
      }),
    ),
  })
  .meta({ title: 'LedgerBalances' });

export const statementQuery = pageQuerySchema.extend({
  from: instant.describe('First instant of the period'),
  to: instant.describe('End of the period, itself not included'),
});

export const statementView = z
  .object({
    participant: z.string(),
    from: z.string(),
    to: z.string(),
    accounts: z.array(
      z.object({
        account,
        opening: z.string(),
        debits: z.string(),
        credits: z.string().describe('Negative or zero'),
        closing: z.string().describe('opening + debits + credits'),
        lines: z.int(),
      }),
    ),
    items: z.array(
      z.object({
        entry: z.string(),
        entryNo: z.string(),
        line: z.int(),
        kind: z.string(),
        payment: z.string().nullable(),
        cycle: z.string(),
        postedAt: z.string(),
        account,
        minor: z.string().describe('Debit positive'),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ title: 'LedgerStatement' });

export type LedgerHeadView = z.infer<typeof ledgerHead>;
export type BalancesQuery = z.infer<typeof balancesQuery>;
export type BalancesView = z.infer<typeof balancesView>;
export type StatementQuery = z.infer<typeof statementQuery>;
export type StatementView = z.infer<typeof statementView>;
