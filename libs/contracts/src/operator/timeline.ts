import { z } from 'zod';

/** What happened to a payment, refund or dispute: each event with the states it led between. */
export const timeline = z.array(
  z.object({
    at: z.string(),
    event: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    detail: z.string(),
  }),
);
