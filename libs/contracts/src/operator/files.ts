import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/** Files that the hub wrote for a participant. */
export const fileView = z
  .object({
    name: z.string().describe('Unique; the last part of its address'),
    kind: z.string().describe('transactionItems, feeItems, summary, settlement, manifest, camt…'),
    folder: z.string(),
    cycle: z.string(),
    currency: z.string(),
    seq: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    lines: z.int().nullable().describe('Detail lines of a CSV file'),
    writtenAt: z.string(),
  })
  .meta({ title: 'ParticipantFile' });
export type FileView = z.infer<typeof fileView>;

export const filePage = pageSchema(fileView).meta({ title: 'ParticipantFilePage' });
export const fileQuery = pageQuerySchema.extend({
  cycle: z.string().max(40).optional().describe('Files of this cycle alone'),
});
export type FileQuery = z.infer<typeof fileQuery>;

/** What is to be written, or was, for one participant, cycle and currency. */
export const fileSetView = z.object({
  cycle: z.string(),
  participant: z.string(),
  role: z.enum(['wallet', 'acquirer']),
  currency: z.string(),
  seq: z.int(),
  state: z.enum(['due', 'written']),
  attempts: z.int(),
  fault: z.string().nullable(),
  transactions: z.int().nullable(),
});
export type FileSetView = z.infer<typeof fileSetView>;
