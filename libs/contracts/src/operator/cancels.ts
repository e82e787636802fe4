import { z } from 'zod';

/** Payload of the action `payments.takeCancelAsDone`. */
export const takeCancelAsDone = z
  .object({ paymentId: z.templateLiteral(['pay_', z.string().min(1).max(60)]) })
  .meta({ title: 'TakeCancelAsDone' });
export type TakeCancelAsDone = z.infer<typeof takeCancelAsDone>;
