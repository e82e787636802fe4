import type { CurrencyCode } from '#domain/currency';
import type { Quote } from '#domain/fx';
import type { CorridorAgreement, Market } from '#domain/network';
import type { LockedQuotes, PaymentCurrencies } from '#domain/rates/payment-quotes';
import { decideQuote } from '#domain/rates/quote';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { commitQuotes, RateDesk } from '#fx';
import { ID_SOURCE, type IdSource } from '#platform/id-source';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A price stays on offer this long; every payment that takes it locks it for its own time. */
export const OFFER_MS = 30_000;

interface Offer {
  readonly quotes: LockedQuotes;
  readonly book: object;
  readonly issuedAtMs: number;
  stored: boolean;
}

/**
 * Offers locked prices. Payments of the same currencies and tier within half a minute share one
 * quote, as they would at a bank's counter, so that a busy corridor stores a few quotes a minute
 * and not two for each payment.
 */
@Injectable()
export class QuoteDesk {
  private readonly offers = new Map<string, Offer>();

  constructor(
    private readonly rates: RateDesk,
    @Inject(ID_SOURCE) private readonly ids: IdSource,
  ) {}

  quotesFor(
    wish: PaymentCurrencies & { readonly tier: string },
    nowMs: number,
  ): Outcome<LockedQuotes> {
    const key = `${wish.payment}/${wish.payer}/${wish.settlement}/${wish.tier}`;
    const { book } = this.rates.current();
    const offer = this.offers.get(key);
    const fresh =
      offer !== undefined &&
      offer.book === book &&
      nowMs >= offer.issuedAtMs &&
      nowMs < offer.issuedAtMs + OFFER_MS;
    if (fresh) return accepted(offer.quotes);
    const quoted = this.rates.quotePayment(wish.tier, wish, nowMs, {
      payer: this.ids.next('quo_', nowMs),
      settlement: this.ids.next('quo_', nowMs),
    });
    if (!quoted.ok) return quoted;
    this.offers.set(key, { quotes: quoted.value, book, issuedAtMs: nowMs, stored: false });
    return quoted;
  }

  /**
   * A reference rate: what a quote would be now, locked by nobody and stored nowhere.
   *
   * @param corridors the agreements of the asking wallet's home market, which name the tier
   */
  reference(
    payment: CurrencyCode,
    payTo: CurrencyCode,
    corridors: ReadonlyMap<Market, CorridorAgreement> | undefined,
    nowMs: number,
  ): Outcome<Quote> {
    const corridor = [...(corridors?.values() ?? [])].find(
      (agreement) => agreement.minPayment.currency === payment,
    );
    if (corridor === undefined) {
      return rejected(
        'CURRENCY_NOT_SUPPORT',
        `No corridor of yours leads to a market that prices in ${payment}.`,
        'paymentCurrency',
      );
    }
    const context = this.rates.quoteContext(corridor.fxTier, nowMs);
    return context.ok
      ? decideQuote(
          context.value,
          { base: payment, counter: payTo },
          nowMs,
          this.ids.next('quo_', nowMs),
        )
      : context;
  }

  /**
   * Stores what is not known to be stored, in the transaction of the payments that use it.
   *
   * @returns to be called after the commit: only then may others rely on the quotes being there
   */
  async store(tx: EntityManager): Promise<() => void> {
    const open = [...this.offers.values()].filter((offer) => !offer.stored);
    if (open.length > 0) {
      await commitQuotes(
        tx,
        open
          .flatMap(({ quotes }) => [quotes.payerQuote, quotes.settlementQuote])
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }
    return () => {
      for (const offer of open) offer.stored = true;
    };
  }
}
