/**
 * What can be wrong between the hub's books and a partner's file. One table says what each type
 * means, how grave it is and within how many business days somebody has to have dealt with it, so
 * that list, page and age rule cannot disagree.
 */
export type Side = 'wallet' | 'acquirer';
export type BreakOwner = Side | 'hub';
export type Severity = 'high' | 'medium' | 'low';

export interface BreakTypeTerms {
  readonly severity: Severity;
  /** Business days after which it is overdue. */
  readonly dueDays: number;
  readonly what: string;
}

const high = { severity: 'high', dueDays: 1 } as const;
const medium = { severity: 'medium', dueDays: 3 } as const;
const low = { severity: 'low', dueDays: 10 } as const;

export const BREAK_TYPES = {
  fileMissing: { ...high, what: 'a participant with payments in the cycle has sent no whole file' },
  missingAtWallet: { ...high, what: 'the hub has it, the whole file of the wallet does not' },
  missingAtAcquirer: { ...high, what: 'the hub has it, the whole file of the acquirer does not' },
  missingAtHub: { ...high, what: 'a partner has it, the hub does not have it with that partner' },
  refundWithoutPayment: { ...high, what: 'a partner has a refund of a payment the hub never saw' },
  statusMismatch: { ...high, what: 'one side says that it succeeded, the other that it did not' },
  duplicate: { ...high, what: 'a partner reports one transaction more than once' },
  amountMismatch: { ...high, what: 'amounts differ by more than rounding can explain' },
  currencyMismatch: { ...high, what: 'an amount is in another currency' },
  refundMismatch: { ...high, what: 'a refund has another amount or belongs to another payment' },
  wrongCycle: { ...medium, what: 'a partner put it into another clearing cycle (cut-off)' },
  rateMismatch: { ...medium, what: 'the partner used another price than the locked quote' },
  feeMismatch: { ...medium, what: 'interchange or service fee is not what the terms give' },
  roundingDifference: { ...low, what: 'the same exact amount was rounded another way' },
  referenceMismatch: { ...low, what: 'the id is lost or wrong; other marks identified it' },
} as const satisfies Record<string, BreakTypeTerms>;

export type BreakType = keyof typeof BREAK_TYPES;

export const BREAK_TYPE_NAMES = Object.keys(BREAK_TYPES) as readonly BreakType[];
