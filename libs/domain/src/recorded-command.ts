import type { ClearingKind } from './clearing-cycles.js';
import type { CurrencyCode } from './currency.js';
import type { CycleId, PaymentId, RefundId } from './ids.js';
import type { AdvanceCommand } from './payments/advance.js';
import type { OpenCommand } from './payments/decide-open.js';
import type { RefundAnswer } from './refunds/advance-refund.js';
import type { RefundCommand } from './refunds/decide-refund.js';
import type { RouteTarget } from './routing/place.js';

/**
 * Everything that changes what a hub holds, as data. The live hub records these in the order in
 * which it decided them, and the simulator's exact hub applies the same: whoever applies the same
 * commands at the same moments must end with the same payments, books and obligations.
 */
export type HubCommand =
  | { readonly kind: 'open'; readonly command: OpenCommand; readonly target: RouteTarget }
  | {
      readonly kind: 'advance';
      readonly paymentId: PaymentId;
      readonly command: AdvanceCommand;
    }
  | {
      readonly kind: 'refund';
      readonly paymentId: PaymentId;
      readonly command: RefundCommand;
      /**
       * What the acquirer owed the hub, minor units of its settlement currency, where it was read
       * without a lock on the payments that move it; null to take it from the books.
       */
      readonly acquirerOwes: bigint | null;
    }
  | { readonly kind: 'refundAnswer'; readonly refundId: RefundId; readonly answer: RefundAnswer }
  /** Sets what a participant may owe; `reserved` and `outstanding` only where a record begins. */
  | {
      readonly kind: 'exposureTerms';
      readonly participantId: string;
      readonly currency: CurrencyCode;
      readonly cap: bigint;
      readonly prefund: bigint;
      readonly reserved?: bigint;
      readonly outstanding?: bigint;
    }
  /** No payment falls into it any more. */
  | {
      readonly kind: 'closeCycle';
      readonly cycleId: CycleId;
      readonly clearing: ClearingKind;
      readonly endsAtMs: number;
    }
  /** Nothing in it can be cancelled any more. */
  | { readonly kind: 'finaliseCycle'; readonly cycleId: CycleId }
  /** Turns a final cycle into obligations. */
  | { readonly kind: 'netCycle'; readonly cycleId: CycleId }
  /** Confirmed settlement lets go of exposure; see `decideRelease`. */
  | {
      readonly kind: 'release';
      readonly participantId: string;
      readonly currency: CurrencyCode;
      readonly minor: bigint;
    };

/** A command with the moments it was decided at, UTC milliseconds. */
export interface RecordedCommand {
  readonly nowMs: number;
  /**
   * The clock that cut-offs go by, where the decision read it; null where it did not. It may differ
   * from the process's.
   */
  readonly clearingMs: number | null;
  readonly command: HubCommand;
}
