import { z } from 'zod';

const minor = z
  .string()
  .regex(/^\d{1,18}$/, "give minor units of the participant's currency, as digits")
  .describe("Minor units of the wallet's currency, or of the acquirer's settlement currency");

const terms = {
  netDebitCap: minor.optional(),
  prefund: minor.optional(),
  refundCap: minor.optional(),
};
const NAMES_ONE = 'give netDebitCap or prefund of a wallet, or refundCap of an acquirer';

function namesOne(change: { readonly [Term in keyof typeof terms]?: unknown }): boolean {
  return Object.keys(terms).some((term) => change[term as keyof typeof terms] !== undefined);
}

/**
 * A wished change of what a participant may owe: a wallet for payments, an acquirer for refunds.
 * It takes a second person to come into force.
 */
export const capsRequest = z
  .object({ ...terms, reason: z.string().min(1).max(500) })
  .refine(namesOne, NAMES_ONE)
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
  .refine(namesOne, NAMES_ONE)
  .meta({ title: 'CapsChange' });

export type CapsRequest = z.output<typeof capsRequest>;
export type CapsChange = z.output<typeof capsChange>;
