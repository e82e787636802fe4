import type { Quality } from '#domain/network';
import type { NettingModel } from './world.js';

/**
 * A number a scenario rests on. Each has a source or says what it assumes; a range makes it
 * uncertain, and its uncertainty is drawn apart from that of sampling.
 */
export interface Figure {
  readonly value: number;
  /** 95 of 100 times between these; absent for what is asked ("yen −8 %"), not estimated. */
  readonly range?: { readonly low: number; readonly high: number };
  /** Id in data/demand/sources.jsonl, or an address. */
  readonly source?: string;
  /** The assumption in one sentence, where there is no source. */
  readonly because?: string;
  readonly quality: Quality;
}

export type FiguresBy<Key extends string = string> = Readonly<Partial<Record<Key, Figure>>>;

/**
 * A scenario after `extends` and `--set` are resolved and every key is there. The file format is
 * the same with every key but the first four optional, see libs/scenarios. Paths of figures, as in
 * `--set wallets.joining.0.usePercent=12` or a sweep, follow the keys of this record.
 */
export interface Scenario {
  /** Version of the file format. */
  readonly wayfareScenario: 1;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** ISO dates, both included. */
  readonly period: { readonly from: string; readonly to: string };
  /** Market codes; `origins: all` in a file has become every origin that has a wallet. */
  readonly corridors: {
    readonly origins: readonly string[];
    readonly destinations: readonly string[];
  };
  readonly visitors: {
    /** Arrivals of this year are the basis, and its months the shape of a year. */
    readonly basisYear: number;
    /** From the basis year to the period, compounded by day. */
    readonly growthPercentPerYear: Figure;
    /** Instead of the former, by origin. */
    readonly growthPercentPerYearByOrigin: FiguresBy;
    readonly scalePercent: Figure;
  };
  readonly spending: {
    /** What one visitor spends, of this year. */
    readonly basisYear: number;
    readonly growthPercentPerYear: Figure;
    readonly scalePercent: Figure;
    /** Of each spend category, what is paid at a counter during the stay and not before it. */
    readonly onSitePercent: FiguresBy;
    /** Amounts of this origin against the usual ticket of a category. */
    readonly ticketPercentByOrigin: FiguresBy;
  };
  readonly wallets: {
    /** Of on-site spending, what travellers of an origin would like to pay with wallets of this network. */
    readonly wishPercentByOrigin: FiguresBy;
    /** Which of an origin's wallets they hold out, by wallet; weights, usually millions of users. */
    readonly weights: FiguresBy;
    /** Wallets that join during the period. */
    readonly joining: readonly JoiningWallet[];
    readonly leaving: readonly { readonly wallet: string; readonly on: string }[];
    /** Percent by which intended wallet spending grows a year, beside visitors and spending. */
    readonly adoptionGrowthPercentPerYear: Figure;
  };
  readonly acceptance: {
    /** Merchants that take the network's wallets, by destination, at `asOf`. */
    readonly merchants: FiguresBy;
    readonly growthPercentPerYear: Figure;
    readonly asOf: string;
    /** Of purchases in a category, how many happen where the wallets are taken; by category id. */
    readonly percentByCategory: FiguresBy;
    readonly scalePercent: Figure;
    /** Percent of more purchases accepted for one percent of more merchants. */
    readonly elasticityToMerchants: Figure;
  };
  readonly conduct: {
    readonly abandonedPercent: Figure;
    readonly insufficientFundsPercent: Figure;
    readonly riskRefusedPercent: Figure;
    readonly timedOutPercent: Figure;
    readonly answerMedianMs: Figure;
    readonly answerSigma: Figure;
    readonly refundedPercent: Figure;
    readonly refundAfterDays: Figure;
  };
  readonly fx: {
    /** `history` takes each day's own rate, or those of `year`; `fixed` the rate of one day. */
    readonly path: 'history' | 'fixed';
    readonly year: number | null;
    readonly on: string | null;
    readonly markupBps: Figure;
    readonly rateLockMinutes: Figure;
    /** Percent of more visitors, and of more spending in local money, for a currency 1 % cheaper. */
    readonly visitorElasticity: Figure;
    readonly spendElasticity: Figure;
  };
  readonly fees: {
    readonly mdrBps: Figure;
    readonly interchangeBps: Figure;
    readonly schemeFeeAcquirerBps: Figure;
    readonly schemeFeeWalletBps: Figure;
  };
  readonly settlement: {
    readonly cyclesPerDay: number;
    readonly netting: NettingModel;
    /** Business days after the clearing day; null keeps the agreed terms of each currency. */
    readonly lagDays: number | null;
    readonly capsHold: boolean;
    /** Cap and prefund in days of the wallet's mean flow; null keeps the agreed amounts. */
    readonly capDays: Figure | null;
    readonly prefundDays: Figure | null;
    readonly coverSpreadBps: Figure;
  };
  readonly costs: {
    readonly cardMerchantBps: Figure;
    readonly cardPayerFxBps: Figure;
    readonly cashExchangeBps: Figure;
  };
  readonly shocks: readonly Shock[];
  readonly run: {
    readonly fidelity: Fidelity;
    readonly replications: number;
    /** Replications go on until every headline is this sure, or `mostReplications` are done. */
    readonly untilRelativeError: number | null;
    readonly mostReplications: number;
  };
}

export const FIDELITIES = ['exact', 'fast', 'fluid'] as const;
export type Fidelity = (typeof FIDELITIES)[number];

export interface JoiningWallet {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly currency: string;
  /** ISO date. */
  readonly joins: string;
  /** Of its origin's on-site spending, what its users would like to pay with it. */
  readonly wishPercent: Figure;
  /** Of that, what they would have paid with another wallet of the network anyway. */
  readonly cannibalisationPercent: Figure;
  readonly destinations: readonly string[];
}

/** Dates are ISO and both included; `percent` is added to 100 (−8 makes 92 %). */
export type Shock =
  | {
      /** The destination's currency moves against all others; demand follows the elasticities. */
      readonly kind: 'rate';
      readonly currency: string;
      readonly percent: Figure;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'visitors';
      readonly percent: Figure;
      readonly origins: readonly string[] | null;
      readonly areas: readonly string[] | null;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'outage';
      readonly wallet: string | null;
      readonly acquirer: string | null;
      readonly area: string | null;
      readonly percent: Figure;
      /** ISO instants, or dates for whole local days. */
      readonly from: string;
      readonly to: string;
    }
  | {
      /** Pays nothing from this day on: its obligations stay, its payments are stopped. */
      readonly kind: 'default';
      readonly participant: string;
      readonly on: string;
    };
