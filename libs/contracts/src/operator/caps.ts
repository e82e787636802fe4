import { z } from 'zod';

const minor = z
  .string()
  .regex(/^\d{1,18}$/, "give minor units of the wallet's currency, as digits")
  .describe("Minor units of the wallet's currency");

const terms = { netDebitCap: minor.optional(), prefund: minor.optional() };

function namesOne({ netDebitCap, prefund }: { netDebitCap?: unknown; prefund?: unknown }): boolean {
  return netDebitCap !== undefined || prefund !== undefined;
}

/** A wished change of what a wallet may owe; it takes a second person to come into force. */
export const capsRequest = z
  .object({ ...terms, reason: z.string().min(1).max(500) })
  .refine(namesOne, 'give netDebitCap, prefund or both')
  .meta({ title: 'CapsRequest' });

/**
 * Payload of the action `caps.change`. It names the version it replaces, so that what the approver
 * read is what is changed.
 */
export const capsChange = z
  .object({
    participantId: z.string().max(64),
    currency: z.string().regex(/^[A-Z]{3}$/),
    replacesVersion: z.int().min(1),
    ...terms,
  })
  .refine(namesOne, 'give netDebitCap, prefund or both')
  .meta({ title: 'CapsChange' });

export type CapsRequest = z.output<typeof capsRequest>;
export type CapsChange = z.output<typeof capsChange>;
