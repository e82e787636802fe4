import type { ClearingKind } from '#domain/clearing-cycles';
import type { Quote, Ratio } from '#domain/fx';
import type { CycleId, PaymentId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { PaymentMode } from '#domain/network';
import type { Duty, DutyKind } from '#domain/payments/duty';
import type {
  Decline,
  OrderMemo,
  Payment,
  PayerTerms,
  PaymentFees,
} from '#domain/payments/payment';
import type { PaymentState } from '#domain/payments/state-machine';
import { pricePayment } from '#domain/pricing/price-payment';

/** One row of `payments` as the driver returns it; `bigint` columns arrive as text. */
export interface PaymentRow {
  id: PaymentId;
  mode: PaymentMode;
  state: PaymentState;
  acquirer_id: string;
  acquirer_request_id: string;
  merchant_id: string | null;
  store_id: string | null;
  order_memo: OrderMemo;
  payment_currency: string;
  payment_minor: string;
  settlement_currency: string;
  wallet_id: string | null;
  wallet_version: number | null;
  customer_id: string | null;
  corridor_id: string | null;
  corridor_version: number | null;
  pay_to_currency: string | null;
  pay_to_minor: string | null;
  settlement_minor: string | null;
  wallet_owes_minor: string | null;
  acquirer_receives_minor: string | null;
  payer_quote_id: string | null;
  settlement_quote_id: string | null;
  terms: StoredTerms | null;
  reasons: string[] | null;
  usage_day: string | null;
  refused_wallet_id: string | null;
  code_value: string | null;
  created_at: Date | string;
  expires_at: Date | string;
  completed_at: Date | string | null;
  cycle_id: CycleId | null;
  wallet_payment_id: string | null;
  acquirer_payment_id: string | null;
  decline_code: string | null;
  decline_detail: string | null;
  decline_by: Decline['by'] | null;
  refunded_minor: string;
  notification_owed: boolean;
  duty_kind: DutyKind | null;
  duty_attempt: number | null;
  duty_due_at: Date | string | null;
  trace_id: string;
}

/**
 * The columns in the order `SELECT` names them; `usage_day` as text, not as a local date, and
 * `reasons` as JSON, which the engine reads ten times faster than the driver reads an array.
 */
export const PAYMENT_COLUMNS = [
  'id, mode, state, acquirer_id, acquirer_request_id, merchant_id, store_id, order_memo',
  'payment_currency, payment_minor, settlement_currency, wallet_id, wallet_version, customer_id',
  'corridor_id, corridor_version, pay_to_currency, pay_to_minor, settlement_minor',
  'wallet_owes_minor, acquirer_receives_minor, payer_quote_id, settlement_quote_id, terms',
  'to_jsonb(reasons) AS reasons, usage_day::text AS usage_day, refused_wallet_id, code_value, created_at, expires_at',
  'completed_at, cycle_id, wallet_payment_id, acquirer_payment_id, decline_code, decline_detail',
  'decline_by, refunded_minor, notification_owed, duty_kind, duty_attempt, duty_due_at, trace_id',
].join(', ');

/** The price's inputs beside the quotes; the price itself is recomputed from them. */
export interface StoredTerms {
  readonly interchangeBps: number;
  readonly schemeFeeAcquirerBps: number;
  readonly schemeFeeWalletBps: number;
  readonly mdrBps: number;
  /** Absent in payments older than the choice: they are daily. */
  readonly clearing?: ClearingKind;
  readonly usd: { readonly payment: string; readonly payer: string; readonly settlement: string };
}

/** Finds a locked quote by id; a payment never refers to one that was not stored with it. */
export type QuoteLookup = (id: string) => Quote;

export function paymentOf(row: PaymentRow, quoteOf: QuoteLookup): Payment {
  return {
    id: row.id,
    mode: row.mode,
    state: row.state,
    acquirerId: row.acquirer_id,
    acquirerRequestId: row.acquirer_request_id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    order: row.order_memo,
    paymentAmount: { currency: row.payment_currency, minor: BigInt(row.payment_minor) },
    settlementCurrency: row.settlement_currency,
    payer: row.wallet_id === null ? null : payerOf(row, quoteOf),
    refusedWalletId: row.refused_wallet_id,
    codeValue: row.code_value,
    createdAtMs: msOf(row.created_at),
    expiresAtMs: msOf(row.expires_at),
    completedAtMs: row.completed_at === null ? null : msOf(row.completed_at),
    cycleId: row.cycle_id,
    walletPaymentId: row.wallet_payment_id,
    acquirerPaymentId: row.acquirer_payment_id,
    decline: declineOf(row),
    refundedMinor: BigInt(row.refunded_minor),
    notificationOwed: row.notification_owed,
    duty: dutyOf(row),
    traceId: row.trace_id,
  };
}

function payerOf(row: PaymentRow, quoteOf: QuoteLookup): PayerTerms {
  const { terms } = row;
  invariant(terms !== null, `payment ${row.id} has a payer without terms`);
  const payerQuote = quoteOf(row.payer_quote_id ?? '');
  const settlementQuote = quoteOf(row.settlement_quote_id ?? '');
  const fees: PaymentFees = {
    interchangeBps: terms.interchangeBps,
    schemeFeeAcquirerBps: terms.schemeFeeAcquirerBps,
    schemeFeeWalletBps: terms.schemeFeeWalletBps,
    mdrBps: terms.mdrBps,
    usd: {
      payment: ratioOf(terms.usd.payment),
      payer: ratioOf(terms.usd.payer),
      settlement: ratioOf(terms.usd.settlement),
    },
  };
  const paymentAmount = { currency: row.payment_currency, minor: BigInt(row.payment_minor) };
  const price = pricePayment({ paymentAmount, payerQuote, settlementQuote, ...fees });
  // A changed rule must never change a promise: the stored totals are what partners were told.
  invariant(
    price.payToAmount.minor === BigInt(row.pay_to_minor ?? -1) &&
      price.settlementAmount.minor === BigInt(row.settlement_minor ?? -1) &&
      price.walletOwes.minor === BigInt(row.wallet_owes_minor ?? -1) &&
      price.acquirerReceives.minor === BigInt(row.acquirer_receives_minor ?? -1),
    `payment ${row.id} no longer prices to its stored amounts`,
  );
  return {
    walletId: row.wallet_id ?? '',
    walletVersion: row.wallet_version ?? 0,
    customerId: row.customer_id ?? '',
    corridorId: row.corridor_id ?? '',
    corridorVersion: row.corridor_version ?? 0,
    clearing: terms.clearing ?? 'daily',
    payerQuote,
    settlementQuote,
    price,
    fees,
    reasons: row.reasons ?? [],
    usageDay: row.usage_day ?? '',
  };
}

/** What is written: column names as keys, amounts as text, instants as ISO text. */
export function rowOf(payment: Payment): Record<string, unknown> {
  return {
    id: payment.id,
    mode: payment.mode,
    acquirer_id: payment.acquirerId,
    acquirer_request_id: payment.acquirerRequestId,
    merchant_id: payment.merchantId,
    store_id: payment.storeId,
    order_memo: payment.order,
    payment_currency: payment.paymentAmount.currency,
    payment_minor: payment.paymentAmount.minor.toString(),
    settlement_currency: payment.settlementCurrency,
    refused_wallet_id: payment.refusedWalletId,
    code_value: payment.codeValue,
    created_at: isoOf(payment.createdAtMs),
    expires_at: isoOf(payment.expiresAtMs),
    refunded_minor: payment.refundedMinor.toString(),
    trace_id: payment.traceId,
    ...progressOf(payment),
    ...payerColumns(payment.payer),
  };
}

/** The columns that change on a payment's way, beside its payer's terms, which are set once. */
export const PROGRESS_TYPES = {
  state: 'text',
  completed_at: 'timestamptz',
  cycle_id: 'text',
  wallet_payment_id: 'text',
  acquirer_payment_id: 'text',
  decline_code: 'text',
  decline_detail: 'text',
  decline_by: 'text',
  notification_owed: 'boolean',
  duty_kind: 'text',
  duty_attempt: 'integer',
  duty_due_at: 'timestamptz',
} as const;

export type Progress = Record<keyof typeof PROGRESS_TYPES, string | number | boolean | null>;

export function progressOf(payment: Payment): Progress {
  return {
    state: payment.state,
    completed_at: payment.completedAtMs === null ? null : isoOf(payment.completedAtMs),
    cycle_id: payment.cycleId,
    wallet_payment_id: payment.walletPaymentId,
    acquirer_payment_id: payment.acquirerPaymentId,
    decline_code: payment.decline?.code ?? null,
    decline_detail: payment.decline?.detail ?? null,
    decline_by: payment.decline?.by ?? null,
    notification_owed: payment.notificationOwed,
    duty_kind: payment.duty?.kind ?? null,
    duty_attempt: payment.duty?.attempt ?? null,
    duty_due_at: payment.duty === null ? null : isoOf(payment.duty.dueAtMs),
  };
}

function payerColumns(payer: PayerTerms | null): Record<string, unknown> {
  if (payer === null) return {};
  const { price } = payer;
  return {
    wallet_id: payer.walletId,
    wallet_version: payer.walletVersion,
    customer_id: payer.customerId,
    corridor_id: payer.corridorId,
    corridor_version: payer.corridorVersion,
    pay_to_currency: price.payToAmount.currency,
    pay_to_minor: price.payToAmount.minor.toString(),
    settlement_minor: price.settlementAmount.minor.toString(),
    wallet_owes_minor: price.walletOwes.minor.toString(),
    acquirer_receives_minor: price.acquirerReceives.minor.toString(),
    payer_quote_id: payer.payerQuote.id,
    settlement_quote_id: payer.settlementQuote.id,
    terms: storedTermsOf(payer),
    reasons: payer.reasons,
    usage_day: payer.usageDay,
  };
}

function storedTermsOf({ fees: { usd, ...bps }, clearing }: PayerTerms): StoredTerms {
  return {
    ...bps,
    clearing,
    usd: {
      payment: ratioTextOf(usd.payment),
      payer: ratioTextOf(usd.payer),
      settlement: ratioTextOf(usd.settlement),
    },
  };
}

export function ratioTextOf(ratio: Ratio): string {
  return `${ratio.numerator.toString()}/${ratio.denominator.toString()}`;
}

export function ratioOf(text: string): Ratio {
  const [numerator = '', denominator = ''] = text.split('/');
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

function declineOf(row: PaymentRow): Decline | null {
  if (row.decline_code === null) return null;
  return {
    code: row.decline_code,
    detail: row.decline_detail ?? '',
    by: row.decline_by ?? 'hub',
  };
}

function dutyOf(row: PaymentRow): Duty | null {
  if (row.duty_kind === null || row.duty_due_at === null) return null;
  return { kind: row.duty_kind, attempt: row.duty_attempt ?? 0, dueAtMs: msOf(row.duty_due_at) };
}

export function msOf(value: Date | string): number {
  return value instanceof Date ? value.getTime() : Date.parse(value);
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
