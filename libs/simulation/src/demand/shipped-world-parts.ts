import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import type { CalendarSet } from '#domain/calendars/settlement-calendar';
import type { CurrencyCode } from '#domain/currency';
import type { AcceptanceEdge, Acquirer, CorridorAgreement, Wallet } from '#domain/network';

/**
 * What a world takes from the network the product ships, besides the figures about travellers:
 * the same records the live hub starts with, and acquirers of markets where it has none.
 */
export interface ShippedWorldParts {
  readonly wallets: readonly Wallet[];
  readonly acquirers: readonly Acquirer[];
  readonly corridors: readonly CorridorAgreement[];
  readonly edges: readonly AcceptanceEdge[];
  readonly terms: readonly SettlementTerms[];
  readonly calendars: CalendarSet;
  /** What the hub sets aside against defaults, minor units by currency. */
  readonly hubCapital: ReadonlyMap<CurrencyCode, bigint>;
}
