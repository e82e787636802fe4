import type { CurrencyCode } from '../currency.js';
import type { Quality } from '../network.js';
import { accepted, rejected, type Outcome } from '../rejection.js';
import type { SettlementLag } from './value-date.js';

/**
 * When and from which amount on a participant settles in a currency. Terms of a participant win
 * over those of the currency alone; contracts differ, so each figure says where it comes from.
 */
export interface SettlementTerms {
  /** Null for the terms of everybody who has none of its own. */
  readonly participantId: string | null;
  readonly currency: CurrencyCode;
  readonly lag: SettlementLag;
  /** A smaller obligation is carried over to the next cycle; minor units, 0 for none. */
  readonly minimumMinor: bigint;
  readonly quality: Quality;
  readonly source: string;
}

/** The terms in force for a participant, or CURRENCY_NOT_SUPPORT where nobody agreed on any. */
export function settlementTermsOf(
  terms: readonly SettlementTerms[],
  participantId: string,
  currency: CurrencyCode,
): Outcome<SettlementTerms> {
  const ofCurrency = terms.filter((candidate) => candidate.currency === currency);
  const found =
    ofCurrency.find((candidate) => candidate.participantId === participantId) ??
    ofCurrency.find((candidate) => candidate.participantId === null);
  return found === undefined
    ? rejected('CURRENCY_NOT_SUPPORT', `There are no settlement terms for ${currency}.`)
    : accepted(found);
}
