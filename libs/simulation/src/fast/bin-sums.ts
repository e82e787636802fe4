import { SLOTS } from './bin-terms.js';
import { CHUNK } from './draw-bin.js';

/**
 * Sums of a bin, `[(pair * 2 + part) * BIN_COLUMNS + column]`: what cannot be worked out from other
 * sums, because each payment rounds by itself. A local day has parts of two clearing days: part 0
 * is what the earlier one has.
 */
export const BIN_COLUMNS = 12;
export const BIN = {
  payments: 0,
  payment: 1,
  payTo: 2,
  credited: 3,
  feeWallet: 4,
  margin: 5,
  interchangeMargin: 6,
  settlement: 7,
  charged: 8,
  feeAcquirer: 9,
  mdr: 10,
  refunded: 11,
} as const;

export interface BinSums {
  readonly sums: Float64Array;
  /** `[(pair * SLOTS + slot) * 2]`: what wallets owe and acquirers receive, by clearing hour. */
  readonly dues: Float64Array;
  /** By category and by area: payments, then shop's currency. */
  readonly categories: Float64Array;
  readonly areas: Float64Array;
  /** Scratch: the paid purchases of a chunk, one pair and part after the other. */
  readonly groups: Groups;
}

export interface Groups {
  /** By pair and part: where the next one goes; when all are there, where the group ends. */
  readonly next: Uint32Array;
  readonly key: Uint32Array;
  readonly slot: Uint8Array;
  readonly sortedSlot: Uint8Array;
  readonly sortedAmount: Float64Array;
  /** The amount once more where it will be refunded, else 0. */
  readonly sortedRefund: Float64Array;
}

export function binSums(pairs: number, categories: number, areas: number): BinSums {
  return {
    sums: new Float64Array(2 * pairs * BIN_COLUMNS),
    dues: new Float64Array(pairs * SLOTS * 2),
    categories: new Float64Array(categories * 2),
    areas: new Float64Array(areas * 2),
    groups: {
      next: new Uint32Array(2 * pairs),
      key: new Uint32Array(CHUNK),
      slot: new Uint8Array(CHUNK),
      sortedSlot: new Uint8Array(CHUNK),
      sortedAmount: new Float64Array(CHUNK),
      sortedRefund: new Float64Array(CHUNK),
    },
  };
}
