import type { WalletId } from '#domain/ids';
import { rejected } from '#domain/rejection';
import { decideRoute, type RouteQuery } from '#domain/routing/decide-route';
import type { NetworkSnapshot } from '#domain/routing/network-snapshot';
import type { ReservationChange } from '#domain/payments/payment';
import type { ReserveContext } from '#domain/payments/reserve-payer';
import {
  commitExposures,
  exposureKeyOf,
  gatherExposures,
  type Exposure,
  type ExposureKey,
} from '#ledger';
import type { EntityManager } from 'typeorm';
import { clearingDayOf, commitUsage, readUsage, usageKeyOf } from './payer-usage.js';
import type { QuoteDesk } from './quote-desk.js';

/** Who wants to pay where; enough to route, price and find the counters. */
export interface PayerWish {
  readonly walletId: WalletId;
  readonly customerId: string;
  readonly route: RouteQuery;
  readonly paymentCurrency: string;
  readonly settlementCurrency: string;
}

/**
 * The shared counters of one batch: read and locked once, then changed by each decision, so that
 * the second payer of a batch sees what the first one reserved.
 */
export class ReservationContext {
  private readonly changes: ReservationChange[] = [];

  private constructor(
    private readonly network: NetworkSnapshot,
    private readonly quotes: QuoteDesk,
    private readonly nowMs: number,
    private readonly exposures: Map<string, Exposure>,
    private readonly usage: Map<string, bigint>,
  ) {}

  /** Locks the exposures of all wallets of the batch, then reads what their payers have used. */
  static async gather(
    tx: EntityManager,
    parts: {
      readonly network: NetworkSnapshot;
      readonly quotes: QuoteDesk;
      readonly nowMs: number;
      readonly wishes: readonly PayerWish[];
      /** Wallets whose counters change without a new payer. */
      readonly also: readonly ExposureKey[];
    },
  ): Promise<ReservationContext> {
    const { network, nowMs, wishes } = parts;
    const keys = new Map<string, ExposureKey>();
    for (const key of parts.also) keys.set(exposureKeyOf(key), key);
    for (const wish of wishes) {
      const wallet = network.wallets.get(wish.walletId);
      if (wallet === undefined) continue;
      const key = { participantId: wallet.id, currency: wallet.currency };
      keys.set(exposureKeyOf(key), key);
    }
    const day = clearingDayOf(nowMs);
    const payers = wishes.map(({ walletId, customerId }) => ({ walletId, customerId, day }));
    // In this order, as two statements: use is read only when the lock on its wallet is held.
    const [exposures, usage] = await Promise.all([
      keys.size === 0 ? new Map<string, Exposure>() : gatherExposures(tx, [...keys.values()]),
      readUsage(tx, payers),
    ]);
    return new ReservationContext(network, parts.quotes, nowMs, exposures, usage);
  }

  /** What the decision on one payer needs, as of the decisions before it. */
  contextFor(wish: PayerWish): ReserveContext {
    const usageDay = clearingDayOf(this.nowMs);
    const route = decideRoute(this.network, wish.route);
    const wallet = this.network.wallets.get(wish.walletId);
    const quotes =
      route.ok && wallet !== undefined
        ? this.quotes.quotesFor(
            {
              payment: wish.paymentCurrency,
              payer: wallet.currency,
              settlement: wish.settlementCurrency,
              tier: route.value.corridor.fxTier,
            },
            this.nowMs,
          )
        : rejected('RATE_MISSING', 'No route, so no price.');
    return {
      route,
      quotes,
      usageDay,
      exposure:
        wallet === undefined
          ? undefined
          : this.exposures.get(
              exposureKeyOf({ participantId: wallet.id, currency: wallet.currency }),
            ),
      usedToday:
        this.usage.get(
          usageKeyOf({ walletId: wish.walletId, customerId: wish.customerId, day: usageDay }),
        ) ?? 0n,
    };
  }

  apply(change: ReservationChange | null): void {
    if (change === null) return;
    this.changes.push(change);
    const key = exposureKeyOf({ participantId: change.walletId, currency: change.currency });
    const exposure = this.exposures.get(key);
    if (exposure !== undefined) {
      this.exposures.set(key, {
        ...exposure,
        reserved: exposure.reserved + change.reserved,
        outstanding: exposure.outstanding + change.outstanding,
      });
    }
    const usageKey = usageKeyOf({
      walletId: change.walletId,
      customerId: change.customerId,
      day: change.usageDay,
    });
    this.usage.set(usageKey, (this.usage.get(usageKey) ?? 0n) + change.used);
  }

  async commit(tx: EntityManager): Promise<void> {
    const deltas = this.changes.map((change) => ({
      participantId: change.walletId,
      currency: change.currency,
      reserved: change.reserved,
      outstanding: change.outstanding,
    }));
    await Promise.all([commitExposures(tx, deltas), commitUsage(tx, this.changes)]);
  }
}
