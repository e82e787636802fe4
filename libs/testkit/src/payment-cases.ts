import type { Completion } from '#domain/payments/advance';
import type { Exposure } from '#domain/payments/check-limits';
import { decideOpen, type OpenCommand, type OpenDecision } from '#domain/payments/decide-open';
import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import type { Payment } from '#domain/payments/payment';
import type { ReserveContext } from '#domain/payments/reserve-payer';
import type { PaymentState } from '#domain/payments/state-machine';
import { decidePaymentQuotes } from '#domain/rates/payment-quotes';
import { decideRoute } from '#domain/routing/decide-route';
import type { NetworkSnapshot } from '#domain/routing/network-snapshot';
import { caseNetwork } from './network-cases.js';
import { CASE_DAY, caseBook } from './pricing-cases.js';

/** Ready payments for tests of rules: one payer, one noodle shop, prices of the case book. */
export const CASE_NOW_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
export const CASE_TTL_MS = 600_000;
export const CASE_COMPLETION: Completion = {
  cycleId: 'cyc_20261121',
  completedAtMs: CASE_NOW_MS + 1,
};

const BOOK = caseBook();

export interface CaseReserve {
  readonly network?: NetworkSnapshot;
  readonly walletId?: string;
  readonly mode?: Payment['mode'];
  readonly exposure?: Partial<Exposure>;
  readonly usedToday?: bigint;
  readonly nowMs?: number;
  readonly usageDay?: string;
}

/** What a decision to reserve needs, priced JPY to the wallet's currency by the case book. */
export function caseReserve(change: CaseReserve = {}): ReserveContext {
  const network = change.network ?? caseNetwork();
  const walletId = change.walletId ?? 'truemoney';
  const nowMs = change.nowMs ?? CASE_NOW_MS;
  const wallet = network.wallets.get(walletId);
  return {
    route: decideRoute(network, {
      walletId,
      mode: change.mode ?? 'userPresented',
      target: { kind: 'acquirer', acquirerId: 'acq_kamogawa', merchantId: 'mer_noodles' },
      currency: 'JPY',
    }),
    quotes: decidePaymentQuotes(
      {
        book: BOOK,
        tier: { id: 'standard', markupBps: 100 },
        policy: { ttlMs: CASE_TTL_MS + 60_000, maxAgeDays: 7, today: CASE_DAY },
      },
      { payment: 'JPY', payer: wallet?.currency ?? 'THB', settlement: 'JPY' },
      nowMs,
      { payer: 'quo_payer', settlement: 'quo_settlement' },
    ),
    exposure: {
      reserved: 0n,
      outstanding: 0n,
      cap: wallet?.netDebitCap.minor ?? 0n,
      prefund: wallet?.prefund.minor ?? 0n,
      ...change.exposure,
    },
    usedToday: change.usedToday ?? 0n,
    usageDay: change.usageDay ?? '2026-11-21',
  };
}

export function caseOpenCommand(change: Partial<OpenCommand> = {}): OpenCommand {
  return {
    id: 'pay_case',
    mode: 'userPresented',
    acquirerId: 'acq_kamogawa',
    acquirerRequestId: 'req-1',
    merchantId: 'mer_noodles',
    storeId: 'sto_noodles_1',
    order: {
      referenceOrderId: 'order-1',
      description: 'Two bowls of udon',
      merchantName: 'Gion Menya Kawara',
      merchantMcc: '5812',
      storeName: null,
    },
    paymentAmount: { currency: 'JPY', minor: 1_200n },
    settlementCurrency: 'JPY',
    codeValue: null,
    expiresAtMs: CASE_NOW_MS + CASE_TTL_MS,
    traceId: '0'.repeat(32),
    payer: { walletId: 'truemoney', customerId: 'cust-1' },
    refusal: null,
    ...change,
  };
}

export function caseOpened(
  change: Partial<OpenCommand> = {},
  reserve: CaseReserve = {},
): OpenDecision {
  const command = caseOpenCommand(change);
  const context =
    command.payer === null ? undefined : caseReserve({ mode: command.mode, ...reserve });
  return decideOpen(context, command, PUBLISHED_DUTY_POLICY, CASE_NOW_MS);
}

/** A payment put into a state by hand, with its payer's terms where the state has them. */
export function casePayment(state: PaymentState, change: Partial<Payment> = {}): Payment {
  const { payment } = caseOpened(change.mode === undefined ? {} : { mode: change.mode });
  const cleared = state === 'succeeded';
  return {
    ...payment,
    state,
    ...(state === 'awaitingPayer' || state === 'closed' ? { payer: null } : {}),
    ...(cleared ? CASE_COMPLETION : {}),
    ...(cleared || state === 'declined' || state === 'closed' || state === 'cancelled'
      ? { duty: null }
      : {}),
    ...change,
  };
}
