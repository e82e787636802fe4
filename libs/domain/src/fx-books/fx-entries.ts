import type { CurrencyCode } from '../currency.js';
import { HUB, type AccountKind, type AccountRef, type JournalLine } from '../journal.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import type { CoverSide } from './cover-quote.js';
import type { CoverFill } from './decide-cover.js';

/**
 * The lines of the hub's own FX entries; debits are positive (docs/fx-settlement.md). A position
 * the hub has bought stands as a credit on `fxPosition`, its cost as a debit on `fxPositionUsd`.
 */

/** Purchases and sales of a day that covered each other: the gain or loss leaves the cost. */
export function linesOfOffset(currency: CurrencyCode, realisedUsd: bigint): JournalLine[] {
  return withoutZeros([
    { account: costOf(currency), minor: realisedUsd },
    { account: ofHub('fxRealised', FUNCTIONAL_CURRENCY), minor: -realisedUsd },
  ]);
}

/**
 * A cover trade: the provider owes one currency and is owed the other, the position goes back, its
 * cost leaves at the average, and what is between is realised.
 *
 * @param costChange what the trade adds to the position's cost, US cents; negative takes away
 */
export function linesOfCover(
  request: { readonly currency: CurrencyCode; readonly side: CoverSide },
  fill: CoverFill,
  costChange: bigint,
  realisedUsd: bigint,
): JournalLine[] {
  const { currency } = request;
  const bought = request.side === 'buy' ? fill.minor : -fill.minor;
  const paid = request.side === 'buy' ? fill.usd : -fill.usd;
  return withoutZeros([
    { account: coverAccount(fill.providerId, currency), minor: bought },
    { account: ofHub('fxPosition', currency), minor: -bought },
    { account: coverAccount(fill.providerId, FUNCTIONAL_CURRENCY), minor: -paid },
    { account: costOf(currency), minor: costChange },
    { account: ofHub('fxRealised', FUNCTIONAL_CURRENCY), minor: -realisedUsd },
  ]);
}

/** Both currencies change hands on the value date: the provider's accounts end at nothing. */
export function linesOfCoverSettlement(
  request: { readonly currency: CurrencyCode; readonly side: CoverSide },
  fill: Pick<CoverFill, 'providerId' | 'minor' | 'usd'>,
): JournalLine[] {
  const { currency } = request;
  const bought = request.side === 'buy' ? fill.minor : -fill.minor;
  const paid = request.side === 'buy' ? fill.usd : -fill.usd;
  return withoutZeros([
    { account: ofHub('nostro', currency), minor: bought },
    { account: coverAccount(fill.providerId, currency), minor: -bought },
    { account: ofHub('nostro', FUNCTIONAL_CURRENCY), minor: -paid },
    { account: coverAccount(fill.providerId, FUNCTIONAL_CURRENCY), minor: paid },
  ]);
}

/** Brings what a position cost to what it is worth at mid; the reversal is the same, negated. */
export function linesOfRevaluation(currency: CurrencyCode, unrealisedUsd: bigint): JournalLine[] {
  return withoutZeros([
    { account: costOf(currency), minor: unrealisedUsd },
    { account: ofHub('fxUnrealised', FUNCTIONAL_CURRENCY), minor: -unrealisedUsd },
  ]);
}

function costOf(of: CurrencyCode): AccountRef {
  return { owner: HUB, kind: 'fxPositionUsd', currency: FUNCTIONAL_CURRENCY, of };
}

function coverAccount(providerId: string, currency: CurrencyCode): AccountRef {
  return { owner: providerId, kind: 'coverReceivable', currency };
}

function ofHub(kind: AccountKind, currency: CurrencyCode): AccountRef {
  return { owner: HUB, kind, currency };
}

function withoutZeros(lines: readonly JournalLine[]): JournalLine[] {
  return lines.filter((line) => line.minor !== 0n);
}
