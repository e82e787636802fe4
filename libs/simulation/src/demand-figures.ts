import type { Quality } from '#domain/network';

/** A figure as data/demand ships it. */
export interface Sourced {
  readonly source: string;
  readonly quality: Quality;
}

/**
 * The figures about travellers that ship in data/demand, read and checked by libs/scenarios, in
 * the shape the world is built from. Markets are ISO 3166-1 codes, months 1 to 12.
 */
export interface DemandFigures {
  /** Arrivals by destination, origin, year and month. */
  readonly arrivals: readonly ({
    readonly destination: string;
    readonly origin: string;
    readonly year: number;
    /** Twelve figures, January first. */
    readonly months: readonly number[];
  } & Sourced)[];
  /** What one visitor spends in the destination, by spend category; whole stay. */
  readonly spending: readonly ({
    readonly destination: string;
    readonly origin: string;
    readonly year: number;
    readonly currency: string;
    /** Minor units a visitor. */
    readonly perVisitorMinor: number;
    /** Shares by spend category, adding to 1. */
    readonly shares: Readonly<Record<string, number>>;
    readonly nights: number;
    readonly repeatPercent: number | null;
    /** Persons who travel on one purse. */
    readonly partySize: number;
  } & Sourced)[];
  /** Where nights are spent: share by area, and by month where it is known. */
  readonly stays: readonly ({
    readonly destination: string;
    readonly origin: string;
    readonly area: string;
    readonly share: number;
  } & Sourced)[];
  /** Foreign nights of each area by month (12), which shift the former through the year. */
  readonly areaMonths: readonly ({
    readonly area: string;
    readonly months: readonly number[];
  } & Sourced)[];
  readonly areas: readonly ({
    readonly id: string;
    readonly name: string;
    readonly destination: string;
    /** Of the destination's merchants. */
    readonly merchantShare: number;
    readonly lat: number;
    readonly lon: number;
    /** In one of the big-city areas that travellers leave when they come again. */
    readonly bigCity: boolean;
  } & Sourced)[];
  readonly categories: readonly ({
    readonly id: string;
    readonly mcc: string;
    readonly spend: string;
    /** Of all merchants; of the purchases of its spend category. */
    readonly merchantShare: number;
    readonly purchaseShare: number;
    readonly medianJpy: number;
    readonly sigma: number;
    /** Weights by local hour, 24 each. */
    readonly workdayHours: readonly number[];
    readonly dayOffHours: readonly number[];
  } & Sourced)[];
  readonly destinations: readonly ({
    readonly market: string;
    readonly name: string;
    readonly currency: string;
    readonly utcOffsetMinutes: number;
    readonly priceStepMinor: number;
    /** Prices against Japan's, percent, at the mean rate of `asOf`: tickets of other destinations. */
    readonly pricePercentOfJapan: number;
    /** A year. */
    readonly asOf: string;
  } & Sourced)[];
  /** Days off of a market, beside weekends: days since 1970-01-01. */
  readonly daysOff: ReadonlyMap<string, ReadonlySet<number>>;
  /** Relative arrivals by what a day is to people of the origin. */
  readonly weekdays: readonly ({
    readonly of: 'workday' | 'weekend' | 'dayOff';
    readonly weight: number;
  } & Sourced)[];
  /** Units per EUR on each business day, by currency; days since 1970-01-01, ascending. */
  readonly rates: {
    readonly days: readonly number[];
    readonly perEuro: ReadonlyMap<string, readonly (string | null)[]>;
  };
  /** Published totals that a calibration aims at or is judged by. */
  readonly targets: readonly Target[];
}

export interface Target extends Sourced {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly year: number;
  /**
   * `fitted`: parameters were chosen to meet it, so it proves nothing; `heldOut`: nothing was;
   * `input`: it is a figure the model starts from.
   */
  readonly role: 'fitted' | 'heldOut' | 'input';
}
