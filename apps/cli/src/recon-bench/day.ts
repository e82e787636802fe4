import { join } from 'node:path';
import { readNetworkFiles, seedNetwork, shippedNetwork } from '#corridors';
import { clearingDayNumber, clearingDayStartMs } from '#domain/clearing-day';
import type { CycleId, PaymentId } from '#domain/ids';
import type { Money } from '#domain/money';
import type { CorridorAgreement, Store, Wallet } from '#domain/network';
import type { Payment, PayerTerms } from '#domain/payments/payment';
import { pricePayment } from '#domain/pricing/price-payment';
import { convertAt } from '#domain/rates/convert';
import { invertRatio } from '#domain/rates/ratio';
import type { LockedQuotes } from '#domain/rates/payment-quotes';
import { priceRefund } from '#domain/refunds/price-refund';
import { divideRounded } from '#domain/rounding';
import type { NetworkSnapshot } from '#domain/routing/network-snapshot';
import { commitQuotes, RateDesk, seedFx } from '#fx';
import { dailyCycleAt, ensureCycles } from '#ledger';
import { PaymentRepository } from '#payments';
import { seededIds, type IdSource } from '#platform/id-source';
import { projectRoot } from '#platform/project-root';
import type { EntityManager } from 'typeorm';
import type { Draws } from './draws.js';

export interface BenchDay {
  readonly cycleId: CycleId;
  /** The day after, into whose files cut-off mistakes go. */
  readonly nextCycleId: CycleId;
  readonly payments: number;
  readonly refunds: number;
  /** Payments that did not succeed and so belong to no file. */
  readonly failed: readonly Payment[];
}

const DAY_MS = 86_400_000;
/** 21 November 2026, noon UTC. */
const NOON_MS = Date.UTC(2026, 10, 21, 12);
const BATCH = 1_000;
/** Payments of the day after, in hundredths of the day. */
const NEXT_DAY_PERCENT = 5;
const FAILED_PERCENT = 2;
const REFUND_PERCENT = 3;
/** Purchases from 2 to 120 dollars, small ones more often. */
const CENTS = [200, 300, 450, 600, 800, 1_000, 1_400, 2_000, 3_000, 5_000, 8_000, 12_000];

/**
 * Fills an empty database with a day of the shipped network: wallets abroad at every acquirer,
 * priced by the shipped rates and the corridors' own terms, with refunds and with payments that
 * came to nothing.
 */
export async function playDay(
  tx: EntityManager,
  payments: number,
  draws: Draws,
  seed: number,
): Promise<BenchDay> {
  const dataDir = join(projectRoot, 'data');
  await seedNetwork(tx, dataDir);
  await seedFx(tx, dataDir);
  await ensureCycles(tx, NOON_MS, 3);
  await tx.query(`UPDATE cycles SET state = 'closed', closed_at = ends_at WHERE id = ANY($1)`, [
    [dailyCycleAt(NOON_MS).id, dailyCycleAt(NOON_MS + DAY_MS).id],
  ]);
  const desk = new RateDesk();
  await desk.refresh(tx);
  const scene = new Scene(shippedNetwork(readNetworkFiles(dataDir)), desk, draws, seededIds(seed));
  const made = Array.from({ length: payments }, () => scene.payment(NOON_MS));
  const tomorrow = Array.from({ length: Math.ceil((payments * NEXT_DAY_PERCENT) / 100) }, () =>
    scene.payment(NOON_MS + DAY_MS),
  );
  const all = [...made, ...tomorrow];
  await commitQuotes(tx, scene.quotes());
  const repository = new PaymentRepository();
  for (let at = 0; at < all.length; at += BATCH) {
    await repository.insert(tx, all.slice(at, at + BATCH));
  }
  const succeeded = made.filter(({ state }) => state === 'succeeded');
  const refunds = succeeded
    .filter(() => draws.percent(REFUND_PERCENT))
    .map((payment) => scene.refund(payment));
  await tx.query(
    `INSERT INTO refunds SELECT * FROM json_populate_recordset(NULL::refunds, $1::json)`,
    [JSON.stringify(refunds)],
  );
  return {
    cycleId: dailyCycleAt(NOON_MS).id,
    nextCycleId: dailyCycleAt(NOON_MS + DAY_MS).id,
    payments: succeeded.length,
    refunds: refunds.length,
    failed: made.filter(({ state }) => state !== 'succeeded'),
  };
}

interface Visit {
  readonly wallet: Wallet;
  readonly corridor: CorridorAgreement;
  readonly store: Store;
}

/** Draws payments of the network and remembers the quotes they share. */
class Scene {
  private readonly offers = new Map<string, LockedQuotes>();
  private readonly visitors: readonly Wallet[];
  private readonly stores: readonly Store[];
  private count = 0;

  constructor(
    private readonly network: NetworkSnapshot,
    private readonly desk: RateDesk,
    private readonly draws: Draws,
    private readonly ids: IdSource,
  ) {
    this.visitors = [...network.wallets.values()];
    this.stores = [...network.stores.values()];
  }

  quotes(): LockedQuotes['payerQuote'][] {
    return [...this.offers.values()].flatMap((offer) => [offer.payerQuote, offer.settlementQuote]);
  }

  payment(aroundMs: number): Payment {
    const { wallet, corridor, store } = this.visit();
    const merchant = this.network.merchants.get(store.merchantId);
    const acquirer = this.network.acquirers.get(merchant?.acquirerId ?? '');
    if (merchant === undefined || acquirer === undefined) throw new Error('a store of nobody');
    const offer = this.offer(
      corridor.fxTier,
      merchant.currency,
      wallet,
      acquirer.settlementCurrency,
    );
    const paymentAmount = this.amount(merchant.currency, offer);
    const day = clearingDayStartMs(clearingDayNumber(aroundMs));
    const completedAtMs = day + this.draws.below(DAY_MS / 1_000) * 1_000;
    const fees = {
      interchangeBps: corridor.interchangeBps,
      schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
      schemeFeeWalletBps: corridor.schemeFeeWalletBps,
      mdrBps: merchant.mdrBps,
      usd: offer.usd,
    };
    const n = ++this.count;
    const payer: PayerTerms = {
      walletId: wallet.id,
      walletVersion: 1,
      customerId: `cust-${String(n)}`,
      corridorId: corridor.id,
      corridorVersion: 1,
      clearing: corridor.clearing,
      payerQuote: offer.payerQuote,
      settlementQuote: offer.settlementQuote,
      fees,
      price: pricePayment({ paymentAmount, ...offer, ...fees }),
      reasons: [],
      usageDay: new Date(day + DAY_MS / 2).toISOString().slice(0, 10),
    };
    return {
      ...this.ending(dailyCycleAt(aroundMs).id, completedAtMs),
      id: this.ids.next('pay_', completedAtMs),
      mode: 'nationalQr',
      acquirerId: acquirer.id,
      acquirerRequestId: `${acquirer.id}-${String(n)}`,
      merchantId: merchant.id,
      storeId: store.id,
      order: {
        referenceOrderId: `order-${String(n)}`,
        description: 'A purchase',
        merchantName: merchant.name,
        merchantMcc: merchant.mcc,
        storeName: store.name,
      },
      paymentAmount,
      refundedMinor: 0n,
      settlementCurrency: acquirer.settlementCurrency,
      payer,
      refusedWalletId: null,
      codeValue: null,
      createdAtMs: completedAtMs - 4_000,
      expiresAtMs: completedAtMs + 600_000,
      walletPaymentId: `${wallet.id}-${String(n)}`,
      acquirerPaymentId: null,
      notificationOwed: false,
      duty: null,
      traceId: n.toString(16).padStart(32, '0'),
    };
  }

  private amount(currency: string, { usd }: LockedQuotes): Money {
    const cents = BigInt(this.draws.pick(CENTS) + this.draws.below(99));
    const dollars = { currency: 'USD', minor: cents };
    const exact = convertAt(dollars, invertRatio(usd.payment), currency, 'halfUp');
    return exact.minor > 0n ? exact : { currency, minor: 1n };
  }

  /** Most succeed; a few were refused, or cancelled after they had been cleared. */
  private ending(
    cycleId: CycleId,
    completedAtMs: number,
  ): Pick<Payment, 'state' | 'cycleId' | 'completedAtMs' | 'decline'> {
    if (!this.draws.percent(FAILED_PERCENT)) {
      return { state: 'succeeded', cycleId, completedAtMs, decline: null };
    }
    if (this.draws.percent(50)) {
      return { state: 'cancelled', cycleId, completedAtMs, decline: null };
    }
    const decline = { code: 'USER_BALANCE_NOT_ENOUGH', detail: 'No money.', by: 'wallet' } as const;
    return { state: 'declined', cycleId: null, completedAtMs: null, decline };
  }

  /** A row of `refunds`: a part or the whole, at the payment's own quotes. */
  refund(payment: Payment): Record<string, unknown> {
    const { payer, paymentAmount } = payment;
    if (payer === null) throw new Error('a success without a payer');
    const share = this.draws.percent(50) ? 100n : BigInt(10 + this.draws.below(80));
    const part = divideRounded(paymentAmount.minor * share, 100n, 'up');
    const price = priceRefund(payer, [], { ...paymentAmount, minor: part });
    const id = this.ids.next('ref_', payment.createdAtMs);
    const at = new Date(payment.createdAtMs + 4_000).toISOString();
    return {
      id,
      payment_id: payment.id satisfies PaymentId,
      acquirer_id: payment.acquirerId,
      acquirer_request_id: `${payment.acquirerRequestId}-r`,
      wallet_id: payer.walletId,
      state: 'succeeded',
      payment_currency: paymentAmount.currency,
      refund_minor: part.toString(),
      pay_to_currency: price.payer.amount.currency,
      refund_from_minor: price.payer.amount.minor.toString(),
      settlement_currency: price.settlement.amount.currency,
      settlement_minor: price.settlement.amount.minor.toString(),
      wallet_credit_minor: price.walletCredit.minor.toString(),
      acquirer_debit_minor: price.acquirerDebit.minor.toString(),
      interchange_minor: price.interchange.payment.minor.toString(),
      terms: {},
      held_minor: '0',
      released_minor: '0',
      created_at: at,
      completed_at: at,
      cycle_id: payment.cycleId,
      wallet_refund_id: `${payment.walletPaymentId ?? ''}-r`,
      trace_id: payment.traceId,
    };
  }

  /** A wallet whose users may pay where the store is, and are abroad there. */
  private visit(): Visit {
    for (;;) {
      const store = this.draws.pick(this.stores);
      const merchant = this.network.merchants.get(store.merchantId);
      const wallet = this.draws.pick(this.visitors);
      const corridor = this.network.corridors.get(wallet.homeMarket)?.get(merchant?.market ?? '');
      if (corridor !== undefined && wallet.homeMarket !== merchant?.market) {
        return { wallet, corridor, store };
      }
    }
  }

  private offer(tier: string, payment: string, wallet: Wallet, settlement: string): LockedQuotes {
    const key = `${tier} ${payment} ${wallet.currency} ${settlement}`;
    const known = this.offers.get(key);
    if (known !== undefined) return known;
    const quotes = this.desk.quotePayment(
      tier,
      { payment, payer: wallet.currency, settlement },
      NOON_MS - DAY_MS,
      {
        payer: this.ids.next('quo_', NOON_MS - DAY_MS),
        settlement: this.ids.next('quo_', NOON_MS - DAY_MS),
      },
    );
    if (!quotes.ok) throw new Error(quotes.rejection.detail);
    this.offers.set(key, quotes.value);
    return quotes.value;
  }
}
