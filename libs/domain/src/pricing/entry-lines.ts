import type { CurrencyCode } from '../currency.js';
import { HUB, type AccountKind, type AccountRef, type JournalLine } from '../journal.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';

/** An account of the hub's own. */
export function ofHub(kind: AccountKind, currency: CurrencyCode): AccountRef {
  return { owner: HUB, kind, currency };
}

/** What the open position of a currency cost, in the functional currency. */
export function positionUsdAccount(of: CurrencyCode): AccountRef {
  return { owner: HUB, kind: 'fxPositionUsd', currency: FUNCTIONAL_CURRENCY, of };
}

/** A line in minor units; a credit is a negative debit. */
export function debit(account: AccountRef, minor: bigint): JournalLine {
  return { account, minor };
}

/** One line per account, none of zero; the order is that of first mention. */
export function mergeLines(lines: readonly JournalLine[]): JournalLine[] {
  const merged = new Map<string, JournalLine>();
  for (const line of lines) {
    const { owner, kind, currency, of } = line.account;
    const key = `${owner}|${kind}|${currency}|${of ?? ''}`;
    const known = merged.get(key);
    merged.set(key, debit(line.account, (known?.minor ?? 0n) + line.minor));
  }
  return [...merged.values()].filter((line) => line.minor !== 0n);
}
