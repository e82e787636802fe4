import type { ClearingKind } from '../clearing-cycles.js';
import type { Quote } from '../fx.js';
import type { AcquirerId, CycleId, MerchantId, PaymentId, StoreId, WalletId } from '../ids.js';
import type { Money } from '../money.js';
import type { PaymentMode } from '../network.js';
import type { PaymentPrice } from '../pricing/price-payment.js';
import type { UsdMids } from '../rates/rate-book.js';
import type { Duty } from './duty.js';
import type { PaymentEvent, PaymentState } from './state-machine.js';

/** What the acquirer said about the purchase; carried, shown to the payer, never computed with. */
export interface OrderMemo {
  readonly referenceOrderId: string;
  readonly description: string;
  readonly merchantName: string;
  readonly merchantMcc: string;
  readonly storeName: string | null;
}

/** A refusal as it is stored and told: `code` is one of the partner wire's result codes. */
export interface Decline {
  readonly code: string;
  readonly detail: string;
  readonly by: 'hub' | 'wallet' | 'acquirer';
}

/** What a price is computed from besides the quotes; fixed with them. */
export interface PaymentFees {
  readonly interchangeBps: number;
  readonly schemeFeeAcquirerBps: number;
  readonly schemeFeeWalletBps: number;
  readonly mdrBps: number;
  /** Mids the books of this payment are kept at. */
  readonly usd: UsdMids;
}

/** The terms of a payer's side, fixed when the payer was reserved. */
export interface PayerTerms {
  readonly walletId: WalletId;
  readonly walletVersion: number;
  /** The wallet's pseudonym of its user; never a name. */
  readonly customerId: string;
  readonly corridorId: string;
  readonly corridorVersion: number;
  /** The corridor's cycles when the payer was reserved; its refunds fall into the same kind. */
  readonly clearing: ClearingKind;
  readonly payerQuote: Quote;
  readonly settlementQuote: Quote;
  readonly fees: PaymentFees;
  readonly price: PaymentPrice;
  /** Why this wallet, acquirer and corridor: sentences that name the records. */
  readonly reasons: readonly string[];
  /** Clearing day (ISO date at UTC+8) on which the payer's daily limit was charged. */
  readonly usageDay: string;
}

/** One payment as every decision sees it. */
export interface Payment {
  readonly id: PaymentId;
  readonly mode: PaymentMode;
  readonly state: PaymentState;
  readonly acquirerId: AcquirerId;
  /** The acquirer's own id of the payment, unique for ever per acquirer. */
  readonly acquirerRequestId: string;
  readonly merchantId: MerchantId | null;
  readonly storeId: StoreId | null;
  readonly order: OrderMemo;
  readonly paymentAmount: Money;
  readonly settlementCurrency: string;
  readonly payer: PayerTerms | null;
  /** Who was named as payer when the terms were refused: kept so that a refusal is explained. */
  readonly refusedWalletId: WalletId | null;
  readonly codeValue: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly completedAtMs: number | null;
  readonly cycleId: CycleId | null;
  readonly walletPaymentId: string | null;
  readonly acquirerPaymentId: string | null;
  readonly decline: Decline | null;
  /** What refunds that stand take of it, minor units of the payment's currency. */
  readonly refundedMinor: bigint;
  /** Whether the acquirer still has to hear the result by a notification. */
  readonly notificationOwed: boolean;
  readonly duty: Duty | null;
  readonly traceId: string;
}

/** What a step may change beside the state. */
export type PaymentPatch = Partial<
  Pick<
    Payment,
    | 'payer'
    | 'refusedWalletId'
    | 'completedAtMs'
    | 'cycleId'
    | 'walletPaymentId'
    | 'acquirerPaymentId'
    | 'decline'
    | 'refundedMinor'
    | 'notificationOwed'
    | 'duty'
  >
>;

/**
 * A payment after a step. All fields by name: copying them by spread and then overwriting some cost
 * a busy hub more than deciding.
 */
export function steppedPayment(before: Payment, state: PaymentState, patch: PaymentPatch): Payment {
  return {
    id: before.id,
    mode: before.mode,
    state,
    acquirerId: before.acquirerId,
    acquirerRequestId: before.acquirerRequestId,
    merchantId: before.merchantId,
    storeId: before.storeId,
    order: before.order,
    paymentAmount: before.paymentAmount,
    settlementCurrency: before.settlementCurrency,
    payer: either(patch.payer, before.payer),
    refusedWalletId: either(patch.refusedWalletId, before.refusedWalletId),
    codeValue: before.codeValue,
    createdAtMs: before.createdAtMs,
    expiresAtMs: before.expiresAtMs,
    completedAtMs: either(patch.completedAtMs, before.completedAtMs),
    cycleId: either(patch.cycleId, before.cycleId),
    walletPaymentId: either(patch.walletPaymentId, before.walletPaymentId),
    acquirerPaymentId: either(patch.acquirerPaymentId, before.acquirerPaymentId),
    decline: either(patch.decline, before.decline),
    refundedMinor: either(patch.refundedMinor, before.refundedMinor),
    notificationOwed: either(patch.notificationOwed, before.notificationOwed),
    duty: either(patch.duty, before.duty),
    traceId: before.traceId,
  };
}

/** Null is a value of its own: only what is absent stays as it was. */
function either<T>(changed: T | undefined, before: T): T {
  return changed === undefined ? before : changed;
}

/** What happened, as the timeline keeps it. */
export interface PaymentRecord {
  readonly paymentId: PaymentId;
  readonly event: PaymentEvent | 'opened';
  readonly from: PaymentState | null;
  readonly to: PaymentState;
  readonly atMs: number;
  /** One sentence for people: what decided. */
  readonly detail: string;
}

/** What the hub must do at a partner once the decision is committed. */
export type Instruction =
  | { readonly kind: 'chargeWallet'; readonly paymentId: PaymentId }
  | { readonly kind: 'cancelAtWallet'; readonly paymentId: PaymentId }
  | { readonly kind: 'pushToAcquirer'; readonly paymentId: PaymentId }
  | { readonly kind: 'notifyAcquirer'; readonly paymentId: PaymentId };

/**
 * The consequences of a decision on shared counters, in minor units of the wallet's currency.
 * They are applied in the same transaction as the state.
 */
export interface ReservationChange {
  readonly walletId: WalletId;
  readonly customerId: string;
  readonly currency: string;
  readonly usageDay: string;
  /** Change of what is held for payments without a final answer. */
  readonly reserved: bigint;
  /** Change of what is owed, successful and not yet settled. */
  readonly outstanding: bigint;
  /** Change of what the payer has used of the day's limit (in payToAmount). */
  readonly used: bigint;
}
