import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

const instant = z.iso.datetime();

/** What can fail for good, or until a person looks: one word for each place where work waits. */
export const DEAD_LETTER_KINDS = [
  'entry',
  'notification',
  'cancel',
  'refund',
  'netting',
  'fxRun',
  'files',
] as const;
export const deadLetterKind = z.enum(DEAD_LETTER_KINDS).meta({
  description:
    'entry: the books refused it; notification: the acquirer never confirmed it; cancel, refund: ' +
    'a wallet does not confirm it; netting, fxRun, files: work on a final cycle that failed.',
});
export type DeadLetterKind = z.infer<typeof deadLetterKind>;

export const deadLetterView = z
  .object({
    id: z.string().meta({ examples: ['entry:ent_01kb2v9f0e8m3r5t7w9y1a2b3c'] }),
    kind: deadLetterKind,
    subject: z.string().meta({ description: 'The payment, refund or cycle it is about.' }),
    reason: z.string(),
    attempts: z.int(),
    firstFailedAt: instant,
    lastFailedAt: instant,
    replays: z.int().meta({ description: 'How often a person had it tried again.' }),
    replayedAt: instant.nullable(),
    endedAt: instant.nullable().meta({ description: 'When it was seen to be done; null if open.' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterPage = pageSchema(deadLetterView).meta({ id: 'DeadLetterPage' });

export const deadLetterQuery = pageQuerySchema.extend({
  kind: deadLetterKind.optional(),
  state: z
    .enum(['open', 'ended', 'all'])
    .default('open')
    .meta({ description: 'open: still not done; ended: done since.' }),
});
export type DeadLetterQuery = z.infer<typeof deadLetterQuery>;

export const replayRequest = z
  .object({ reason: z.string().min(1).max(500) })
  .meta({ title: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof replayRequest>;

/**
 * Payload of the action `deadLetters.replay`. It names the failure the approver read about: one
 * that ended and came again is another.
 */
export const deadLetterReplay = z
  .object({ id: z.string().max(200), firstFailedAt: instant })
  .meta({ title: 'DeadLetterReplay' });
export type DeadLetterReplay = z.infer<typeof deadLetterReplay>;
