import type { CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import type { CycleId } from '../ids.js';
import type { Money } from '../money.js';
import type { Side } from './break-types.js';

export type SubjectKind = 'payment' | 'refund';

export interface RatePair {
  readonly base: CurrencyCode;
  readonly counter: CurrencyCode;
}

/** Shares of a payment's amounts; a refund's fees follow from what was refunded before. */
export interface LegShares {
  readonly interchangeBps: number;
  readonly serviceFeeBps: number;
}

/** One side of a payment or refund as the hub booked it. */
export interface HubLeg {
  readonly participantId: string;
  /** payToAmount of a wallet, settlementAmount of an acquirer; of a refund, what goes back. */
  readonly settlement: Money;
  /** In the settlement currency, as the two amounts below. */
  readonly interchangeMinor: bigint;
  readonly serviceFeeMinor: bigint;
  readonly pair: RatePair;
  readonly price: Ratio;
  readonly shares: LegShares | null;
  /** Whether the participant's whole set of files for the hub's cycle and currency has landed. */
  readonly isSetComplete: boolean;
}

/** How a file sees the hub's state: `failed` covers declined, closed and cancelled. */
export type HubStatus = 'succeeded' | 'failed' | 'inFlight';

export interface HubRecord {
  readonly kind: SubjectKind;
  /** Of a refund: its payment. */
  readonly originalId: string | null;
  readonly status: HubStatus;
  /** The state's own name, for people. */
  readonly state: string;
  readonly cycleId: CycleId | null;
  readonly transaction: Money;
  readonly legs: Readonly<Record<Side, HubLeg | null>>;
}

/**
 * How a partner's line found its subject: by the hub's id, by the partner's own id, by likeness
 * (amount, time and store name exactly one), or not at all.
 */
export type MatchedBy = 'id' | 'requestId' | 'likeness' | 'nothing';

/** One detail line of a partner's file. */
export interface PartnerRow {
  readonly file: string;
  readonly line: number;
  readonly side: Side;
  readonly participantId: string;
  readonly cycleId: CycleId;
  readonly matchedBy: MatchedBy;
  /** As written in the file. */
  readonly transactionId: string;
  readonly kind: SubjectKind;
  readonly originalId: string;
  /** Of a refund: whether the hub knows the payment it names. */
  readonly isOriginalKnown: boolean;
  readonly transaction: Money;
  readonly settlement: Money;
  readonly interchangeMinor: bigint;
  readonly serviceFeeMinor: bigint;
  /** Null where the file names no price. */
  readonly quote: { readonly pair: RatePair; readonly priceText: string } | null;
  readonly result: 'SUCCESS' | 'FAILED';
}

/**
 * Everything known of one transaction on all three sides. The order of rows never matters: they
 * come from files that land in any order.
 */
export interface MatchCase {
  /** The hub's id where there is one, else what the partner wrote. */
  readonly subjectId: string;
  readonly hub: HubRecord | null;
  readonly rows: readonly PartnerRow[];
}
