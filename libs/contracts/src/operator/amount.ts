import { z } from 'zod';

/**
 * An amount as operators read it: a digit string in minor units, as on the partner wire, with a
 * text for people beside it.
 */
export const amount = z
  .object({
    currency: z.string(),
    value: z.string().describe('Minor units'),
    text: z.string().describe('For people, e.g. JPY 1,200'),
  })
  .meta({ title: 'Amount' });

export type AmountView = z.infer<typeof amount>;
