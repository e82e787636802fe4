import { z } from 'zod';
import { findCurrency } from '#domain/currency';
import type { LiquidityTrace } from '#domain/liquidity/settle-queue';

const MOST_TRANSFERS = 100_000;
const minor = z.string().regex(/^(0|[1-9]\d{0,17})$/, 'is not an amount in minor units, as text');
const name = z.string().min(1).max(64);

/** A trace of transfers as a file: who can pay what, and what wants to settle in which round. */
export const liquidityTraceFile = z
  .strictObject({
    currency: z.string().refine((code) => findCurrency(code) !== undefined, 'is not a currency'),
    balances: z.record(name, minor),
    transfers: z
      .array(
        z
          .strictObject({
            id: name,
            from: name,
            to: name,
            minor: minor.refine((text) => text !== '0', 'must be positive'),
            arrives: z.int().min(0).default(0),
          })
          .refine(({ from, to }) => from !== to, 'pays itself'),
      )
      .max(MOST_TRANSFERS),
  })
  .refine(
    ({ transfers }) => new Set(transfers.map(({ id }) => id)).size === transfers.length,
    'has two transfers with one id',
  );

export function traceOfFile(file: z.infer<typeof liquidityTraceFile>): LiquidityTrace {
  return {
    currency: file.currency,
    balances: Object.fromEntries(
      Object.entries(file.balances).map(([who, text]) => [who, BigInt(text)]),
    ),
    transfers: file.transfers.map((transfer) => ({ ...transfer, minor: BigInt(transfer.minor) })),
  };
}
