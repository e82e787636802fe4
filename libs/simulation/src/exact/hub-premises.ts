import type { CalendarSet } from '#domain/calendars/settlement-calendar';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import type { ClearingKind, CycleWindow } from '#domain/clearing-cycles';
import type { JournalEntry } from '#domain/journal';
import type { DutyPolicy } from '#domain/payments/duty';
import type { LockedQuotes, PaymentCurrencies } from '#domain/rates/payment-quotes';
import type { UsdMids } from '#domain/rates/rate-book';
import type { Outcome } from '#domain/rejection';
import type { Route, RouteQuery } from '#domain/routing/decide-route';

/** Prices as the hub would lock them; the currencies and the tier of one payment. */
export interface HubRates {
  quotesFor(
    wish: PaymentCurrencies & { readonly tier: string },
    nowMs: number,
  ): Outcome<LockedQuotes>;
  /** Mids of the moment in dollars, which refunds are booked at. */
  usdMids(currencies: PaymentCurrencies, nowMs: number): Outcome<UsdMids>;
}

/**
 * What an exact hub decides by and does not change: everything that a live one reads from its
 * network, its rates, its settings and its calendars.
 */
export interface HubPremises {
  routeOf(query: RouteQuery): Outcome<Route>;
  readonly rates: HubRates;
  readonly policy: DutyPolicy;
  windowAt(kind: ClearingKind, atMs: number): CycleWindow;
  readonly terms: readonly SettlementTerms[];
  readonly calendars: CalendarSet;
  /** Name of a participant, for sentences that people read. */
  nameOf(participantId: string): string;
}

/** Where an exact hub writes its books, for whoever wants every line; absent, none is made. */
export interface BookSink {
  post(entry: JournalEntry): void;
}
