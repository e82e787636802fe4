import type { ClearingKind } from '#domain/clearing-cycles';
import { clearingWindowAt } from '#domain/clearing-cycles';
import type { JournalEntry } from '#domain/journal';
import { usdMids, type RateBook } from '#domain/rates/rate-book';
import type { RecordedCommand } from '#domain/recorded-command';
import { decideRoute } from '#domain/routing/decide-route';
import { NetworkDirectory } from '#corridors';
import { RateDesk } from '#fx';
import { PAYMENT_SETTINGS, type PaymentSettings } from '#payments';
import { decidePaymentQuotes } from '#domain/rates/payment-quotes';
import { findCalendars, findSettlementTerms } from '#settlement';
import { ExactHub } from '#simulation/exact/exact-hub';
import type { HubPremises } from '#simulation/exact/hub-premises';
import type { HubUnderTest } from '../payments/hub-under-test.js';

/** An exact hub that has applied a log, with every line of its books. */
export interface HubAgain {
  readonly hub: ExactHub;
  readonly entries: readonly JournalEntry[];
}

/** Gives an exact hub what the live one decided by: the same records, rates, terms and calendars. */
export async function premisesOf(
  live: HubUnderTest,
  bookOf: (book: RateBook) => RateBook = (book) => book,
): Promise<HubPremises> {
  const { manager } = live.database.dataSource;
  const network = live.app.get(NetworkDirectory).current();
  const rates = live.app.get(RateDesk);
  const settings = live.app.get<PaymentSettings>(PAYMENT_SETTINGS);
  let quotes = 0;
  return {
    routeOf: (query) => decideRoute(network, query),
    rates: {
      quotesFor: (wish, nowMs) => {
        const context = rates.quoteContext(wish.tier, nowMs);
        if (!context.ok) return context;
        const id = `quo_${String(++quotes)}` as const;
        const { value } = context;
        return decidePaymentQuotes({ ...value, book: bookOf(value.book) }, wish, nowMs, {
          payer: id,
          settlement: id,
        });
      },
      usdMids: (currencies) => usdMids(bookOf(rates.current().book), currencies),
    },
    policy: settings.dutyPolicy,
    windowAt: (kind: ClearingKind, atMs: number) => clearingWindowAt(kind, atMs),
    terms: await findSettlementTerms(manager),
    calendars: await findCalendars(manager),
    nameOf: (id) => network.acquirers.get(id)?.name ?? id,
  };
}

/** Applies what was recorded, in its order. */
export function applyAll(premises: HubPremises, log: readonly RecordedCommand[]): HubAgain {
  const entries: JournalEntry[] = [];
  const hub = new ExactHub(premises, { post: (entry) => entries.push(entry) });
  for (const recorded of log) hub.apply(recorded);
  return { hub, entries };
}
