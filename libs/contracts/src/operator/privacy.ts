import { z } from 'zod';

/** Forgetting a payer. The payer's id is in the request only, never in what is kept. */
export const erasureRequest = z
  .object({
    wallet: z.string().min(1).max(64),
    customer: z.string().min(1).max(128).describe('The id by which the wallet knows the payer'),
    reason: z.string().min(1).max(500).describe('For the audit log; it must not name the payer'),
  })
  .meta({ title: 'ErasureRequest' });

export const erasureView = z
  .object({
    pseudonym: z.string().describe('Stands for the payer from now on'),
    wallet: z.string(),
    payments: z.int().describe('Payments in which the id was replaced'),
    codes: z.int().describe('Payment codes in which it was replaced'),
  })
  .meta({ title: 'Erasure' });

export type ErasureRequest = z.infer<typeof erasureRequest>;
export type ErasureView = z.infer<typeof erasureView>;
