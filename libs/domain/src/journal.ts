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
  | 'rounding';

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

export type EntryKind = 'paymentCleared' | 'paymentCancelled';

/** A balanced set of lines; one per event, so that posting it twice is refused by its key. */
export interface JournalEntry {
  readonly id: EntryId;
  readonly kind: EntryKind;
  /** Unique for ever: `<payment id>:<kind>`. */
  readonly event: string;
  readonly paymentId: PaymentId;
  readonly cycleId: CycleId;
  readonly lines: readonly JournalLine[];
}

/** Currencies in which the lines do not sum to zero; empty for a balanced entry. */
export function unbalancedCurrencies(lines: readonly JournalLine[]): CurrencyCode[] {
  const sums = new Map<CurrencyCode, bigint>();
  for (const line of lines) {
    sums.set(line.account.currency, (sums.get(line.account.currency) ?? 0n) + line.minor);
  }
  return [...sums].filter(([, sum]) => sum !== 0n).map(([currency]) => currency);
}
