import type { CurrencyCode } from '../currency.js';
import type { CycleId } from '../ids.js';
import { invariant } from '../invariant.js';
import type { AccountKind, AccountRef } from '../journal.js';

export type ObligationId = `obl_${string}`;
export type SettlementPaymentId = `spm_${string}`;
export type DefaultId = `def_${string}`;

/** Why a participant owes or is owed; each role has its account in the books. */
export type ObligationRole = 'wallet' | 'acquirer' | 'lossShare';

export const OBLIGATION_ACCOUNTS: Readonly<Record<ObligationRole, AccountKind>> = {
  wallet: 'walletReceivable',
  acquirer: 'acquirerPayable',
  lossShare: 'lossShare',
};

export type ObligationState =
  'due' | 'partly' | 'failed' | 'settled' | 'defaulted' | 'carried' | 'held';

/** Positive `minor`: the participant pays the hub; negative: the hub pays. */
export interface Obligation {
  readonly id: ObligationId;
  readonly cycleId: CycleId;
  readonly participantId: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  readonly minor: bigint;
  /** Moved by confirmed payments; a magnitude, never above that of `minor`. */
  readonly settledMinor: bigint;
  /** Covered by a default's layers or set off against one; a magnitude like `settledMinor`. */
  readonly coveredMinor: bigint;
  /**
   * What the cycle's payments took of the participant's cap, less what its refunds gave back;
   * negative where they gave back more.
   */
  readonly exposureMinor: bigint;
  /** Of it, what confirmed settlement has let go; all of it once nothing is open. */
  readonly releasedMinor: bigint;
  readonly state: ObligationState;
}

/** What is still to be paid, as a magnitude. */
export function openMinor(obligation: Obligation): bigint {
  const { minor, settledMinor, coveredMinor } = obligation;
  const open = (minor < 0n ? -minor : minor) - settledMinor - coveredMinor;
  invariant(open >= 0n, `${obligation.id} is settled beyond its amount`);
  return open;
}

/** The account that the obligation is booked on. */
export function accountOf(obligation: Obligation): AccountRef {
  return {
    owner: obligation.participantId,
    kind: OBLIGATION_ACCOUNTS[obligation.role],
    currency: obligation.currency,
  };
}
