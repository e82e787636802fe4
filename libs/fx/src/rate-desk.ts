import type { EntityManager } from 'typeorm';
import type { FxTier } from '#domain/fx';
import type { QuoteId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import {
  decidePaymentQuotes,
  type LockedQuotes,
  type PaymentCurrencies,
} from '#domain/rates/payment-quotes';
import type { QuoteContext } from '#domain/rates/quote';
import { rateBook, type RateBook } from '#domain/rates/rate-book';
import { usableRates } from '#domain/rates/usable-rates';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { findLastLoad, findNewestRates, listTiers, type StoredTier } from './rates.repository.js';

export interface RateDeskOptions {
  /** How long a quote may be paid with; default 10 minutes. */
  readonly quoteTtlMs?: number;
  /** Calendar days an imported rate stays usable; default 7, which outlasts Easter. */
  readonly maxAgeDays?: number;
}

/** The rates and tiers in force. */
export interface CurrentRates {
  readonly book: RateBook;
  readonly tiers: ReadonlyMap<string, StoredTier>;
  /** True while nothing was imported: every rate is a shipped one, pinned to its date. */
  readonly pinned: boolean;
  /** Date of the newest figure. */
  readonly asOf: string;
}

const DEFAULT_QUOTE_TTL_MS = 600_000;
const DEFAULT_MAX_AGE_DAYS = 7;

/**
 * Keeps the rates of the moment in memory, so that quoting reads no table. Load it with `refresh`
 * at start; call `refreshIfChanged` now and then (one look at one index entry), since an import
 * may come from another process.
 */
export class RateDesk {
  private rates: CurrentRates | undefined;
  private load = '';
  private readonly quoteTtlMs: number;
  private readonly maxAgeDays: number;

  constructor(options: RateDeskOptions = {}) {
    this.quoteTtlMs = options.quoteTtlMs ?? DEFAULT_QUOTE_TTL_MS;
    this.maxAgeDays = options.maxAgeDays ?? DEFAULT_MAX_AGE_DAYS;
  }

  async refresh(tx: EntityManager): Promise<CurrentRates> {
    // Read before the rates: a load in between is then seen again, never missed.
    const load = await findLastLoad(tx);
    const { shipped, 'ecb-import': imported } = await findNewestRates(tx);
    const tiers = await listTiers(tx);
    const usable = usableRates(shipped, imported);
    const aging = usable.filter((rate) => rate.quality !== 'rule');
    this.rates = {
      book: rateBook(usable),
      tiers: new Map(tiers.map((tier) => [tier.id, tier])),
      pinned: imported.length === 0,
      asOf: aging.reduce((day, rate) => (rate.asOf > day ? rate.asOf : day), ''),
    };
    this.load = load;
    return this.rates;
  }

  /** Loads anew when another load was recorded since; tells whether it did. */
  async refreshIfChanged(tx: EntityManager): Promise<boolean> {
    if (this.rates !== undefined && (await findLastLoad(tx)) === this.load) return false;
    await this.refresh(tx);
    return true;
  }

  current(): CurrentRates {
    invariant(this.rates !== undefined, 'the rate desk was asked before it was refreshed');
    return this.rates;
  }

  get ageLimitDays(): number {
    return this.maxAgeDays;
  }

  /** The mark-up a corridor's terms name. */
  tier(id: string): Outcome<FxTier> {
    const tier = this.current().tiers.get(id);
    if (tier !== undefined) return accepted({ id: tier.id, markupBps: tier.markupBps });
    const known = [...this.current().tiers.keys()].join(', ');
    return rejected('NOT_FOUND', `There is no FX tier ${id}; there are ${known}.`, 'fxTier');
  }

  /** Everything `decideQuote` needs for a tier at a moment. */
  quoteContext(tierId: string, nowMs: number): Outcome<QuoteContext> {
    const tier = this.tier(tierId);
    if (!tier.ok) return tier;
    return accepted({
      book: this.current().book,
      tier: tier.value,
      policy: {
        ttlMs: this.quoteTtlMs,
        maxAgeDays: this.maxAgeDays,
        today: new Date(nowMs).toISOString().slice(0, 10),
      },
    });
  }

  /** Both quotes and the dollar mids of a payment, out of one book; store them with the payment. */
  quotePayment(
    tierId: string,
    currencies: PaymentCurrencies,
    nowMs: number,
    ids: { readonly payer: QuoteId; readonly settlement: QuoteId },
  ): Outcome<LockedQuotes> {
    const context = this.quoteContext(tierId, nowMs);
    return context.ok ? decidePaymentQuotes(context.value, currencies, nowMs, ids) : context;
  }
}
