import type { CurrencyCode } from './currency.js';
import type { CycleId, EntryId, PaymentId } from './ids.js';

/**
 * Accounts of the hub's books. `walletReceivable` is what a wallet owes us, `acquirerPayable`
 * what we owe an acquirer; the rest are the hub's own. `fxPosition` carries a currency's open
 * position and `fxPositionUsd` its equivalent in the functional currency (docs/clearing.md).
 */
export type AccountKind =
  | 'walletReceivable'
  | 'acquirerPayable'
  | 'fxPosition'
  | 'fxPositionUsd'
  | 'fxMargin'
  | 'interchangeFxDifference'
  | 'schemeFeeAcquirer'
  | 'schemeFeeWallet'
  | 'rounding'
  /** What refunds at the payment's own rate cost or bring the hub against today's mid; USD. */
  | 'refundFxDifference'
  /** The hub's money at its settlement bank in that currency. */
  | 'nostro'
  /** A participant's deposit that the hub holds: a liability. */
  | 'prefund'
  /** What a provider of cover trades owes the hub, or the hub owes it. */
  | 'coverReceivable'
  | 'fxRealised'
  | 'fxUnrealised'
  /** The hub's own capital that stands behind a participant's default. */
  | 'hubCapital'
  /** What a surviving participant bears of another one's default. */
  | 'lossShare';

/** The owner of the hub's own accounts. */
export const HUB = 'hub';

/**
 * `owner` is a participant id, or `HUB`. For `fxPositionUsd` the currency is USD and `of` names
 * the position it mirrors; everywhere else `of` is absent.
 */
export interface AccountRef {
  readonly owner: string;
  readonly kind: AccountKind;
  readonly currency: CurrencyCode;
  readonly of?: CurrencyCode;
}

/** One side of an entry, in minor units: a debit is positive, a credit negative, never zero. */
export interface JournalLine {
  readonly account: AccountRef;
  readonly minor: bigint;
}

export type EntryKind =
  | 'paymentCleared'
  | 'paymentCancelled'
  | 'paymentRefunded'
  | 'settlementReceived'
  | 'settlementPaid'
  | 'prefundReceived'
  | 'prefundReturned'
  | 'prefundApplied'
  | 'lossAllocated'
  | 'coverTraded'
  | 'coverSettled'
  | 'positionRevalued'
  | 'revaluationReversed';

/** A balanced set of lines; one per event, so that posting it twice is refused by its key. */
export interface JournalEntry {
  readonly id: EntryId;
  readonly kind: EntryKind;
  /** Unique for ever: `<what it books>:<kind>`, for payments `<payment id>:<kind>`. */
  readonly event: string;
  /** Null for entries that belong to no single payment, such as a settlement. */
  readonly paymentId: PaymentId | null;
  readonly cycleId: CycleId;
  readonly lines: readonly JournalLine[];
}

/** An entry that books one payment, its cancel or its refund. */
export type PaymentEntry = JournalEntry & { readonly paymentId: PaymentId };

/** Currencies in which the lines do not sum to zero; empty for a balanced entry. */
export function unbalancedCurrencies(lines: readonly JournalLine[]): CurrencyCode[] {
  const sums = new Map<CurrencyCode, bigint>();
  for (const line of lines) {
    sums.set(line.account.currency, (sums.get(line.account.currency) ?? 0n) + line.minor);
  }
  return [...sums].filter(([, sum]) => sum !== 0n).map(([currency]) => currency);
}
