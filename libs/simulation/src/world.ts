import type { CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import type { Acquirer, CorridorAgreement, Market, Wallet } from '#domain/network';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import type { CalendarSet } from '#domain/calendars/settlement-calendar';

/**
 * A scenario made ready for the kernels: every figure looked up, every share a table, every name
 * an index. All kernels play the same world, so that they can differ only in how they play it.
 * Indexes count from 0 in the lists of this record. Days count from 1970-01-01; a day of demand is
 * a local day of its destination. Money is integer minor units, held in doubles below 2^53.
 */
export interface World {
  readonly name: string;
  /** First day and number of days of the period. */
  readonly firstDay: number;
  readonly days: number;
  readonly currencies: readonly CurrencyCode[];
  readonly origins: readonly Market[];
  readonly destinations: readonly Destination[];
  readonly areas: readonly Area[];
  readonly categories: readonly Category[];
  readonly wallets: readonly WorldWallet[];
  readonly acquirers: readonly WorldAcquirer[];
  readonly merchants: MerchantTable;
  readonly flows: readonly Flow[];
  readonly fx: FxTable;
  readonly outages: readonly Outage[];
  readonly conduct: Conduct;
  readonly settlement: SettlementDesign;
  readonly costs: CostBenchmarks;
  /** Participants that stop paying on a day; their payments are in `outages`. None when absent. */
  readonly defaults?: readonly WorldDefault[];
}

/** A participant that pays nothing any more: what it owed before the day stays. */
export interface WorldDefault {
  /** Id of a wallet or an acquirer. */
  readonly participant: string;
  readonly day: number;
}

export interface Destination {
  readonly market: Market;
  readonly name: string;
  /** Index of the currency shops price in. */
  readonly currency: number;
  /** Minutes east of UTC; the clearing day is always at UTC+8. */
  readonly utcOffsetMinutes: number;
  /** Corridor's limits hold per flow; the step that shop prices come in, minor units. */
  readonly priceStepMinor: number;
}

/** Where one pays: a prefecture of Japan (`JP-26`), a whole market elsewhere (`KR`). */
export interface Area {
  readonly id: string;
  readonly name: string;
  readonly destination: number;
}

export interface Category {
  readonly id: string;
  readonly mcc: string;
  /** Spend category of visitor surveys: lodging, food_drink, transport, entertainment, shopping, other. */
  readonly spend: string;
}

export interface WorldWallet {
  readonly wallet: Wallet;
  readonly origin: number;
  readonly currency: number;
  /** Days (inclusive, exclusive) on which it is connected at all. */
  readonly fromDay: number;
  readonly untilDay: number;
}

export interface WorldAcquirer {
  readonly acquirer: Acquirer;
  readonly destination: number;
  /** Index of the currency it is settled in. */
  readonly currency: number;
}

/**
 * All merchants that take the network's wallets, numbered so that those of one cell are neighbours.
 * A cell is area × category: `cell = area * categories.length + category`.
 */
export interface MerchantTable {
  readonly count: number;
  /** First merchant of each cell, one more entry than cells. */
  readonly cellStart: Uint32Array;
  /** Index of each merchant's acquirer. */
  readonly acquirerOf: Uint8Array;
  /**
   * Which merchant of a cell is visited, by popularity: a draw in [0,1) is looked up in this table
   * (entry i for i/(length-1)) and the result, again in [0,1), times the cell's size is the place.
   * length-1 is a power of two.
   */
  readonly popularity: Float64Array;
  /** `links[wallet * acquirers.length + acquirer]`: 1 when the two are linked. */
  readonly links: Uint8Array;
}

/** The demand from one origin in one destination. */
export interface Flow {
  readonly origin: number;
  readonly destination: number;
  readonly corridor: CorridorAgreement;
  /** What the merchant pays its acquirer; a memo. */
  readonly mdrBps: number;
  /** Expected purchases, on each day of the period, whose payer would like to pay by wallet. */
  readonly intended: Float64Array;
  /** Visitors who arrive on each day, and all they spend there, minor units: memos for shares. */
  readonly visitors: Float64Array;
  readonly spendMinor: Float64Array;
  /** Which wallet the payer holds out, by epoch; epochs are in order and cover the period. */
  readonly walletEpochs: readonly WalletEpoch[];
  /** Weights by calendar month (0 to 11) over the areas of all destinations. */
  readonly areaWeights: readonly Float64Array[];
  /** Weights over `category * 24 + local hour`, by kind of day: 0 workday, 1 day off. */
  readonly hourWeights: readonly [Float64Array, Float64Array];
  /** Kind of each day of the period at the destination. */
  readonly dayKinds: Uint8Array;
  /** Chance that a shop of the category takes wallets at all, by category. */
  readonly acceptance: Float64Array;
  /** Amounts by category: log-normal, in minor units of the destination's currency. */
  readonly tickets: readonly Ticket[];
}

export interface WalletEpoch {
  /** Day number from which it holds. */
  readonly fromDay: number;
  /** By wallet; only wallets of the flow's origin weigh anything. */
  readonly weights: Float64Array;
}

export interface Ticket {
  readonly medianMinor: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  /** Amounts are cut off here. */
  readonly minMinor: number;
  readonly maxMinor: number;
  /** Prices are multiples of it. */
  readonly stepMinor: number;
}

/** Mid rates on every day of the period, as the live hub would have them. */
export interface FxTable {
  /**
   * `mids[day][from * currencies.length + to]`; undefined where the pair is never needed. USD is
   * always among the currencies, and each currency to USD always there: sums need them.
   */
  readonly mids: readonly (readonly (Ratio | undefined)[])[];
  /** Mark-up over mid on the payer's leg, basis points, by flow. */
  readonly markupBps: readonly number[];
  /** How long a quote is locked, milliseconds. */
  readonly lockMs: number;
}

/** Something out of service; null fields mean all of them. Instants are UTC milliseconds. */
export interface Outage {
  readonly wallet: number | null;
  readonly acquirer: number | null;
  readonly area: number | null;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Share of purchases that fail, 0 to 1. */
  readonly share: number;
}

/** How payers and partners behave: chances in the order of `OUTCOMES`, each given the ones before did not happen. */
export interface Conduct {
  readonly abandoned: number;
  readonly insufficientFunds: number;
  readonly riskRefused: number;
  readonly timedOut: number;
  /** The wallet's time to answer: log-normal, milliseconds. */
  readonly answerMedianMs: number;
  readonly answerSigma: number;
  /** Chances that a paid purchase is refunded in full, and days until it is (geometric mean). */
  readonly refunded: number;
  readonly refundAfterDays: number;
}

export type NettingModel = 'gross' | 'bilateral' | 'multilateral';

export interface SettlementDesign {
  /** 1, 2, 4, 6, 12 or 24 cycles in a clearing day. */
  readonly cyclesPerDay: number;
  readonly netting: NettingModel;
  readonly terms: readonly SettlementTerms[];
  readonly calendars: CalendarSet;
  /** Hour at UTC+8 at which confirmed settlement releases exposure on a value date. */
  readonly confirmedAtHour: number;
  /** Whether caps stop payments; by wallet the cap and the prefund, minor units of its currency. */
  readonly capsHold: boolean;
  readonly capMinor: Float64Array;
  readonly prefundMinor: Float64Array;
  /** Provider of the hub's cover trades: what it charges around mid, basis points. */
  readonly coverSpreadBps: number;
  /** What the hub has set aside against defaults, minor units, by index of currency. None when absent. */
  readonly hubCapitalMinor?: Float64Array;
}

/** What the same purchase would cost otherwise, basis points of its amount. */
export interface CostBenchmarks {
  readonly cardMerchantBps: number;
  readonly cardPayerFxBps: number;
  readonly cashExchangeBps: number;
}
