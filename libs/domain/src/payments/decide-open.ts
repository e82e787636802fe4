import type { AcquirerId, MerchantId, PaymentId, StoreId, WalletId } from '../ids.js';
import { formatMoney, type Money } from '../money.js';
import type { PaymentMode } from '../network.js';
import { PARTNER_RESULTS, type Rejection } from '../rejection.js';
import type { Duty, DutyPolicy } from './duty.js';
import type {
  Instruction,
  OrderMemo,
  Payment,
  PaymentPatch,
  PaymentRecord,
  ReservationChange,
} from './payment.js';
import type { PaymentState } from './state-machine.js';
import { reservePayer, type Reservation, type ReserveContext } from './reserve-payer.js';

/** A payment to be opened, whichever side began it. */
export interface OpenCommand {
  readonly id: PaymentId;
  readonly mode: PaymentMode;
  readonly acquirerId: AcquirerId;
  readonly acquirerRequestId: string;
  readonly merchantId: MerchantId | null;
  readonly storeId: StoreId | null;
  readonly order: OrderMemo;
  readonly paymentAmount: Money;
  readonly settlementCurrency: string;
  readonly codeValue: string | null;
  readonly expiresAtMs: number;
  readonly traceId: string;
  /** Who pays, where that is known at once; null for an order that waits for a payer. */
  readonly payer: { readonly walletId: WalletId; readonly customerId: string } | null;
  /** A refusal found before anything was locked (a spent code, an unknown shop). */
  readonly refusal: Rejection | null;
}

export interface OpenDecision {
  readonly payment: Payment;
  readonly records: readonly PaymentRecord[];
  readonly change: ReservationChange | null;
  readonly instruction: Instruction | null;
}

/** Gap between questions while the payer decides in the wallet; ours. */
export const PAYER_DECIDES_GAP_MS = 60_000;

/**
 * Opens a payment: waiting for a payer, reserved for one, or declined. A refusal is a stored
 * payment too, so that it can be explained and a resend gets the same answer.
 *
 * @param context undefined exactly when the command names no payer
 */
export function decideOpen(
  context: ReserveContext | undefined,
  command: OpenCommand,
  policy: DutyPolicy,
  nowMs: number,
): OpenDecision {
  if (command.refusal !== null) return declinedAtOnce(command, command.refusal, nowMs);
  if (command.payer === null || context === undefined) return waitingForPayer(command, nowMs);
  const reserved = reservePayer(context, command.paymentAmount, command.payer.customerId, nowMs);
  return reserved.ok
    ? reservedFor(command, reserved.value, policy, nowMs)
    : declinedAtOnce(command, reserved.rejection, nowMs);
}

function waitingForPayer(command: OpenCommand, nowMs: number): OpenDecision {
  const duty: Duty = { kind: 'expireOrder', attempt: 0, dueAtMs: command.expiresAtMs };
  const payment = openedAs('awaitingPayer', command, nowMs, { duty });
  const tell = (): string =>
    `Order of ${formatMoney(command.paymentAmount)} at ${command.order.merchantName} waits for a payer.`;
  return {
    payment,
    records: [opened(payment, nowMs, tell)],
    change: null,
    instruction: null,
  };
}

function reservedFor(
  command: OpenCommand,
  reservation: Reservation,
  policy: DutyPolicy,
  nowMs: number,
): OpenDecision {
  const hubCharges = command.mode === 'userPresented';
  const payment = openedAs('authorising', command, nowMs, {
    payer: reservation.payer,
    duty: hubCharges
      ? { kind: 'inquireWallet', attempt: 0, dueAtMs: nowMs + policy.takeoverMs }
      : payerDecides(command.expiresAtMs, nowMs),
  });
  const { price, payerQuote } = reservation.payer;
  const tell = (): string =>
    `${formatMoney(price.paymentAmount)} costs the payer ${formatMoney(price.payToAmount)} at quote ${payerQuote.id}; reserved.`;
  return {
    payment,
    records: [opened(payment, nowMs, tell)],
    change: reservation.change,
    instruction: hubCharges ? { kind: 'chargeWallet', paymentId: payment.id } : null,
  };
}

/** While the payer decides in the wallet, the hub asks once a minute and at the expiry. */
export function payerDecides(expiresAtMs: number, nowMs: number): Duty {
  return {
    kind: 'inquireWallet',
    attempt: 0,
    dueAtMs: Math.min(nowMs + PAYER_DECIDES_GAP_MS, expiresAtMs),
  };
}

function declinedAtOnce(command: OpenCommand, rejection: Rejection, nowMs: number): OpenDecision {
  const payment = openedAs('declined', command, nowMs, {
    completedAtMs: nowMs,
    refusedWalletId: command.payer?.walletId ?? null,
    decline: {
      code: PARTNER_RESULTS[rejection.code].resultCode,
      detail: rejection.detail,
      by: 'hub',
    },
  });
  return {
    payment,
    records: [opened(payment, nowMs, () => `${rejection.code}: ${rejection.detail}`)],
    change: null,
    instruction: null,
  };
}

function opened(payment: Payment, nowMs: number, tell: () => string): PaymentRecord {
  return new Opening(payment.id, payment.state, nowMs, tell);
}

/** The sentence is worked out when it is read: amounts in words cost more than deciding them. */
class Opening implements PaymentRecord {
  readonly event = 'opened';
  readonly from = null;
  readonly #tell: () => string;

  constructor(
    readonly paymentId: PaymentId,
    readonly to: PaymentState,
    readonly atMs: number,
    tell: () => string,
  ) {
    this.#tell = tell;
  }

  get detail(): string {
    return this.#tell();
  }
}

function openedAs(
  state: PaymentState,
  command: OpenCommand,
  nowMs: number,
  known: Pick<PaymentPatch, 'payer' | 'duty' | 'completedAtMs' | 'refusedWalletId' | 'decline'>,
): Payment {
  return {
    id: command.id,
    mode: command.mode,
    state,
    acquirerId: command.acquirerId,
    acquirerRequestId: command.acquirerRequestId,
    merchantId: command.merchantId,
    storeId: command.storeId,
    order: command.order,
    paymentAmount: command.paymentAmount,
    settlementCurrency: command.settlementCurrency,
    payer: known.payer ?? null,
    refusedWalletId: known.refusedWalletId ?? null,
    codeValue: command.codeValue,
    createdAtMs: nowMs,
    expiresAtMs: command.expiresAtMs,
    completedAtMs: known.completedAtMs ?? null,
    cycleId: null,
    walletPaymentId: null,
    acquirerPaymentId: null,
    decline: known.decline ?? null,
    refundedMinor: 0n,
    notificationOwed: false,
    duty: known.duty ?? null,
    traceId: command.traceId,
  };
}
