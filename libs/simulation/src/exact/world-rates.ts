import type { FxTier, MidRate } from '#domain/fx';
import { invariant } from '#domain/invariant';
import { isoDate } from '#domain/rates/calendar-day';
import {
  decidePaymentQuotes,
  type LockedQuotes,
  type PaymentCurrencies,
} from '#domain/rates/payment-quotes';
import { rateBook, usdMids, type RateBook, type UsdMids } from '#domain/rates/rate-book';
import { accepted, type Outcome } from '#domain/rejection';
import type { World } from '../world.js';
import type { HubRates } from './hub-premises.js';

/** A price stays on offer this long, as at the live hub. */
const OFFER_MS = 30_000;
/** Local days of different destinations overlap; none is asked for later than this. */
const DAYS_KEPT = 3;

interface Offer {
  readonly tier: string;
  readonly payer: string;
  readonly settlement: string;
  readonly payment: string;
  quotes: LockedQuotes;
}

interface RateDay {
  readonly book: RateBook;
  readonly offers: Offer[];
}

/** The rates of a world, day by day, quoted by the hub's own rule. */
export class WorldRates implements HubRates {
  private readonly days = new Map<number, RateDay>();
  private readonly tiers: ReadonlyMap<string, FxTier>;
  private day = 0;
  private current: RateDay | undefined;
  private serial = 0;

  constructor(private readonly world: World) {
    this.tiers = new Map(
      world.fx.markupBps.map((markupBps, flow) => {
        const id = `flow-${String(flow)}`;
        return [id, { id, markupBps }];
      }),
    );
  }

  /** The local day of the shop, from 0 on, whose rates hold for what is quoted next. */
  setDay(day: number): void {
    if (this.current !== undefined && day === this.day) return;
    this.day = day;
    let found = this.days.get(day);
    if (found === undefined) {
      found = { book: bookOf(this.world, day), offers: [] };
      this.days.set(day, found);
      for (const old of this.days.keys()) if (old < day - DAYS_KEPT) this.days.delete(old);
    }
    this.current = found;
  }

  quotesFor(
    wish: PaymentCurrencies & { readonly tier: string },
    nowMs: number,
  ): Outcome<LockedQuotes> {
    const { current } = this;
    invariant(current !== undefined, 'a day is set before its rates are asked for');
    const offer = findOffer(current.offers, wish);
    if (offer === undefined) return this.offer(current, wish, nowMs);
    const { issuedAtMs } = offer.quotes.payerQuote;
    if (nowMs < issuedAtMs || nowMs >= issuedAtMs + OFFER_MS) {
      offer.quotes = reissued(offer.quotes, nowMs, this.world.fx.lockMs);
    }
    return accepted(offer.quotes);
  }

  usdMids(currencies: PaymentCurrencies): Outcome<UsdMids> {
    invariant(this.current !== undefined, 'a day is set before its rates are asked for');
    return usdMids(this.current.book, currencies);
  }

  private offer(
    day: RateDay,
    wish: PaymentCurrencies & { readonly tier: string },
    nowMs: number,
  ): Outcome<LockedQuotes> {
    const tier = this.tiers.get(wish.tier);
    invariant(tier !== undefined, `the world has a tier ${wish.tier}`);
    this.serial += 1;
    const id = `quo_${String(this.serial)}` as const;
    const policy = { ttlMs: this.world.fx.lockMs, maxAgeDays: 1, today: isoDate(0) };
    const ids = { payer: id, settlement: id };
    const quoted = decidePaymentQuotes({ book: day.book, tier, policy }, wish, nowMs, ids);
    if (quoted.ok) day.offers.push({ ...wish, quotes: quoted.value });
    return quoted;
  }
}

/** A day has few offers, so looking through them costs less than making a key. */
function findOffer(
  offers: readonly Offer[],
  wish: PaymentCurrencies & { readonly tier: string },
): Offer | undefined {
  for (const offer of offers) {
    if (
      offer.tier === wish.tier &&
      offer.payer === wish.payer &&
      offer.settlement === wish.settlement &&
      offer.payment === wish.payment
    ) {
      return offer;
    }
  }
  return undefined;
}

/** The same prices, locked anew: on one day they do not move. */
function reissued(quotes: LockedQuotes, nowMs: number, lockMs: number): LockedQuotes {
  const times = { issuedAtMs: nowMs, expiresAtMs: nowMs + lockMs };
  return {
    payerQuote: { ...quotes.payerQuote, ...times },
    settlementQuote: { ...quotes.settlementQuote, ...times },
    usd: quotes.usd,
  };
}

/** Every mid of a day as a published rate; as those of a scenario, they never grow old. */
function bookOf(world: World, day: number): RateBook {
  const { currencies, fx, firstDay } = world;
  const mids = fx.mids[day];
  invariant(mids !== undefined, `the world has rates of day ${String(day)}`);
  const rates = currencies.flatMap((base, from) =>
    currencies.flatMap((counter, to): MidRate[] => {
      const ratio = mids[from * currencies.length + to];
      if (ratio === undefined || from === to) return [];
      const asOf = isoDate(firstDay + day);
      return [{ base, counter, ratio, asOf, source: world.name, quality: 'rule' }];
    }),
  );
  return rateBook(rates);
}
