import type { Ratio } from '#domain/fx';
import type { Money } from '#domain/money';

/**
 * What the hub knows and messages say, as plain input: whoever gathers it from the database needs
 * to know no ISO name, and whoever reads a message back needs no database.
 */

/** The hub, a wallet, an acquirer or a bank. `id` has at most 35 characters. */
export interface Institution {
  readonly id: string;
  readonly name: string;
}

/** Common to every message. The hub writes it; `participant` is who gets the file. */
export interface MessageFacts {
  /** Unique for ever, at most 35 characters of letters, digits and `_-.:/`. */
  readonly messageId: string;
  readonly createdAtMs: number;
  readonly hub: Institution;
  readonly participant: Institution;
}

/** Messages about legs also say which side the participant is on. */
export interface LegMessageFacts extends MessageFacts {
  readonly role: 'wallet' | 'acquirer';
  /** Day on which the net that holds these legs is due, `2026-03-02`. */
  readonly settlementDate?: string;
}

/**
 * One leg of a cleared payment: the receiver's own, never the other side's. The hub stands at the
 * other end, since it is the counterparty of every obligation.
 */
export interface LegFacts {
  readonly paymentId: string;
  /** Clearing cycle and the payment's number in it. */
  readonly cycleId: string;
  readonly no: number;
  readonly completedAtMs: number;
  /** The shop's price. */
  readonly paymentAmount: Money;
  /** Before fees: what the wallet pays for it (payToAmount), or the acquirer gets (settlementAmount). */
  readonly legAmount: Money;
  /** The quote's price: major units of the leg's currency for one of the payment's. */
  readonly price: Ratio;
  /** For the wallet alone. Left out of the message where it has more than 35 characters. */
  readonly payerPseudonym?: string;
  readonly merchant: MerchantFacts;
}

export interface MerchantFacts {
  readonly id: string;
  readonly name: string;
  readonly city?: string;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
}

/** Where a payment stands. `settled` means that money moved, not merely that a cycle was netted. */
export interface StatusFacts {
  readonly paymentId: string;
  readonly state: 'processing' | 'succeeded' | 'settled' | 'declined' | 'cancelled';
  readonly completedAtMs?: number;
  /** Of a declined one: the hub's code and its sentence. */
  readonly decline?: { readonly code: string; readonly detail: string };
}

/** One leg of a refund, at the rate of its payment. */
export interface RefundLegFacts {
  readonly refundId: string;
  readonly paymentId: string;
  readonly cycleId: string;
  readonly no: number;
  /** In the shop's currency. */
  readonly refundAmount: Money;
  /** What goes back on this leg. */
  readonly legAmount: Money;
  readonly price: Ratio;
  /** The payment's own leg, in full. */
  readonly originalLegAmount: Money;
  readonly originalCycleId: string;
  readonly originalNo: number;
}

/** A payment called back before its cycle was final. */
export interface RecallFacts {
  /** Unique, at most 35 characters. */
  readonly cancellationId: string;
  readonly paymentId: string;
  readonly legAmount: Money;
  /** Who wanted it: the shop through its acquirer, or the hub because no answer came in time. */
  readonly by: 'acquirer' | 'hub';
}

/** One transfer at the settlement bank. */
export interface TransferFacts {
  /** At most 35 characters. */
  readonly transferId: string;
  readonly cycleId: string;
  readonly payer: Institution;
  readonly payee: Institution;
  readonly amount: Money;
  readonly valueDate: string;
  /** Why it is not the whole obligation, for people. */
  readonly note?: string;
}

/** What a participant's cycle comes to, for one value date: currencies may settle on different days. */
export interface NetFacts {
  readonly cycleId: string;
  /** When the cycle's membership was fixed. */
  readonly cutOffMs: number;
  readonly valueDate: string;
  /** One a currency, at least one. */
  readonly obligations: readonly {
    /** At most 35 characters. */
    readonly obligationId: string;
    /** Positive: the participant pays the hub. Negative: it receives. */
    readonly net: Money;
    /** Payments and refunds behind it. */
    readonly count: number;
  }[];
}

/** An account that the hub keeps for the participant, in one currency, seen by the participant. */
export interface AccountFacts {
  /** At most 34 characters. */
  readonly accountId: string;
  readonly currency: string;
  readonly name: string;
  /** Number of this statement of this account. */
  readonly sequence: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Positive: the hub owes the participant. */
  readonly openingMinor: bigint;
  readonly entries: readonly AccountEntryFacts[];
}

export interface AccountEntryFacts {
  /** Unique in the account, at most 35 characters. */
  readonly entryId: string;
  /** The hub's own word for it, e.g. `paymentCleared`, `interchange`, `settlementPaid`. */
  readonly kind: string;
  /** Positive: in the participant's favour. */
  readonly minor: bigint;
  readonly bookedAtMs: number;
  readonly valueDate?: string;
  /** Of an entry of one payment. */
  readonly paymentId?: string;
  /** Of a sum: how many payments, and the message that lists them. */
  readonly batch?: { readonly count: number; readonly messageId?: string };
  readonly explanation?: string;
}
