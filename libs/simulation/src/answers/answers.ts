import type { CurrencyCode } from '#domain/currency';
import type { ObligationRole } from '#domain/settlement/obligation';
import type { SimulatedOutcome } from '../outcomes.js';
import type { NettingModel } from '../world.js';
import type { Headlines } from './headlines.js';

/**
 * Everything a run is asked, worked out from the counts of one replication. Amounts called `Minor`
 * are minor units of the currency named beside them and exact integers for kernels that draw
 * payments (`fluid` has expected values); amounts called `Usd` are major units of US dollars at
 * the mid of each clearing day, for sums over currencies only. Dates are ISO; a clearing day runs
 * at UTC+8, and the day before the period, on which destinations further east begin, counts with
 * its first month.
 */
export interface Answers {
  readonly headlines: Headlines;
  readonly rates: RateBasis;
  readonly destinations: readonly DestinationAnswer[];
  readonly corridors: readonly CorridorAnswer[];
  readonly wallets: readonly WalletAnswer[];
  readonly acquirers: readonly AcquirerAnswer[];
  readonly categories: readonly CategoryAnswer[];
  readonly areas: readonly AreaAnswer[];
  readonly days: readonly DayAnswer[];
  readonly months: readonly MonthAnswer[];
  readonly funnel: readonly FunnelStep[];
  readonly revenue: RevenueAnswer;
  readonly costs: CostAnswer;
  readonly fx: FxAnswer;
  readonly settlement: SettlementAnswer;
  readonly latency: LatencyAnswer;
  readonly targets: TargetsAnswer;
  readonly defaults: readonly DefaultAnswer[];
}

/** What dollars were reckoned with; every sum over currencies rests on it. */
export interface RateBasis {
  readonly currency: 'USD';
  readonly basis: string;
  readonly from: string;
  readonly to: string;
}

/** What was paid; the currency is the shop's. */
export interface Paid {
  readonly payments: number;
  readonly currency: CurrencyCode;
  readonly paymentMinor: number;
  readonly usd: number;
}

/** Net of refunds. */
export interface PartyRevenue {
  readonly walletUsd: number;
  readonly hubUsd: number;
  readonly acquirerUsd: number;
}

export interface DestinationAnswer extends Paid {
  readonly destination: string;
}

export interface CorridorAnswer extends Paid, PartyRevenue {
  readonly corridor: string;
  readonly origin: string;
  readonly destination: string;
  readonly visitors: number;
  /** All that these visitors spend there, shop's currency. */
  readonly spendMinor: number;
  readonly spendingSharePercent: number;
  /** Purchases whose payer would have liked to pay by wallet. */
  readonly intended: number;
  readonly intendedMinor: number;
  readonly gapMinor: number;
  readonly gapPercent: number;
  readonly successPercent: number;
  readonly merchantCostBps: number;
  readonly payerCostBps: number;
  readonly allInCostBps: number;
  /** Purchases and their amounts by outcome, in the order of `OUTCOMES`. */
  readonly outcomes: readonly number[];
  readonly outcomeMinor: readonly number[];
}

export interface WalletAnswer {
  readonly wallet: string;
  readonly name: string;
  readonly origin: string;
  readonly currency: CurrencyCode;
  readonly payments: number;
  /** Wallet's currency. */
  readonly payToMinor: number;
  readonly interchangeMinor: number;
  readonly schemeFeeMinor: number;
  readonly owesMinor: number;
  readonly usd: number;
  readonly revenueUsd: number;
  readonly exposure: ExposureAnswer;
}

/** How much a wallet owed unsettled, hour by hour; wallet's currency. */
export interface ExposureAnswer {
  readonly capMinor: number;
  readonly prefundMinor: number;
  /** Unsettled, before the prefund is taken off. */
  readonly peakMinor: number;
  readonly peakAt: string | null;
  readonly meanMinor: number;
  /** Peak against cap and prefund together. */
  readonly peakPercent: number;
  readonly hoursBeyondPrefund: number;
  readonly hoursBeyondCap: number;
  /** Hours with less than a fifth, and less than a twentieth, of cap and prefund left. */
  readonly hoursLow: number;
  readonly hoursCritical: number;
  /** Still unsettled when the period's last clearing day ends. */
  readonly openMinor: number;
}

export interface AcquirerAnswer {
  readonly acquirer: string;
  readonly name: string;
  readonly destination: string;
  /** Settlement currency, of all that follow. */
  readonly currency: CurrencyCode;
  readonly payments: number;
  readonly settlementMinor: number;
  readonly interchangeMinor: number;
  readonly schemeFeeMinor: number;
  readonly receivesMinor: number;
  readonly usd: number;
  readonly revenueUsd: number;
}

export interface CategoryAnswer extends Paid {
  readonly destination: string;
  readonly category: string;
  readonly mcc: string;
  readonly spend: string;
}

export interface AreaAnswer extends Paid {
  readonly destination: string;
  readonly area: string;
  readonly name: string;
}

export interface DayAnswer extends Paid {
  /** Clearing day. */
  readonly day: string;
  readonly destination: string;
}

export interface MonthAnswer {
  /** `2025-01`. */
  readonly month: string;
  readonly payments: number;
  readonly usd: number;
}

export interface FunnelStep {
  readonly outcome: SimulatedOutcome;
  readonly count: number;
  /** Hundredths of a percent; those of all steps add up to 10,000. */
  readonly countBps: number;
  readonly usd: number;
  readonly usdBps: number;
}

/** US dollars. The parts of a party add up to its total; the parties, to what the network earns. */
export interface RevenueAnswer {
  readonly wallets: {
    readonly interchange: number;
    readonly schemeFees: number;
    readonly total: number;
  };
  readonly hub: {
    readonly schemeFeesOfAcquirers: number;
    readonly schemeFeesOfWallets: number;
    readonly fxMargin: number;
    /** What of the mark-up went back with interchange. */
    readonly fxMarginReturned: number;
    readonly total: number;
    /** Total with the result of positions, less the cost of covers. */
    readonly afterCovers: number;
  };
  readonly acquirers: {
    readonly mdr: number;
    readonly interchange: number;
    readonly schemeFees: number;
    readonly total: number;
  };
  /** Value refunded; the parts above are net of what went back with it. */
  readonly refunded: number;
}

/** The same purchases paid otherwise. Basis points of value, and US dollars. */
export interface CostAnswer {
  readonly merchant: {
    readonly walletBps: number;
    readonly cardBps: number;
    readonly savedUsd: number;
  };
  readonly payer: {
    readonly walletBps: number;
    readonly cardBps: number;
    readonly cashBps: number;
    readonly savedAgainstCardUsd: number;
    readonly savedAgainstCashUsd: number;
  };
}

export interface FxAnswer {
  readonly marginUsd: number;
  /** By rates moving between payment and the cover at the cut-off. */
  readonly positionResultUsd: number;
  /** By refunds that go back at the payment's old rate. */
  readonly refundResultUsd: number;
  readonly coverCostUsd: number;
  readonly netUsd: number;
  /** Sum over cut-offs of what was open against dollars, and the largest of them. */
  readonly coveredUsd: number;
  readonly largestOpenUsd: number;
  readonly largestOpenAt: string | null;
  readonly rateLock: {
    readonly lockMs: number;
    /** If every quote were used at its last moment; positive is a gain. */
    readonly driftUsd: number;
    readonly optionUsd: number;
    readonly optionBps: number;
  };
  readonly currencies: readonly {
    readonly currency: CurrencyCode;
    /** What came in from wallets and went out to acquirers, net of refunds. */
    readonly inMinor: number;
    readonly outMinor: number;
    readonly coveredUsd: number;
    readonly coverCostUsd: number;
  }[];
}

export interface SettlementAnswer {
  readonly cyclesPerDay: number;
  readonly netting: NettingModel;
  readonly currencies: readonly CurrencySettlement[];
  readonly participants: readonly ParticipantSettlement[];
  readonly obligations: {
    readonly due: number;
    readonly carried: number;
    readonly held: number;
    /** Sentences on amounts that cannot be dated. */
    readonly heldBecause: readonly string[];
  };
}

/** Sums over the period's cycles and, for liquidity, over its clearing days; minor units. */
export interface CurrencySettlement {
  readonly currency: CurrencyCode;
  /** Legs of payments; refunds are in the values, not in the counts. */
  readonly legs: number;
  readonly grossMinor: number;
  readonly bilateralMinor: number;
  readonly multilateralMinor: number;
  readonly bilateralTransfers: number;
  readonly multilateralTransfers: number;
  readonly nettingPercent: number;
  /** The hub's side: taken in, paid out, and what cancels of it within cycles. */
  readonly hubInMinor: number;
  readonly hubOutMinor: number;
  readonly hubOffsetPercent: number;
  /** Deepest net debits of participants and hub, summed over clearing days: lower ≤ used ≤ upper. */
  readonly liquidityLowerMinor: number;
  readonly liquidityUsedMinor: number;
  readonly liquidityUpperMinor: number;
  readonly liquidityPeakMinor: number;
  readonly liquidityPeakOn: string | null;
  /** What of the used is the hub's own. */
  readonly hubLiquidityMinor: number;
  readonly turnoverRatio: number;
}

export interface ParticipantSettlement {
  readonly participant: string;
  readonly role: ObligationRole;
  readonly currency: CurrencyCode;
  /** Obligations paid to the hub and by it. */
  readonly paysMinor: number;
  readonly receivesMinor: number;
  readonly cycles: number;
  /** The largest amount due on one value date, and that date. */
  readonly peakDueMinor: number;
  readonly peakDueOn: string | null;
  /** From payment to confirmed settlement, mean by value. */
  readonly meanHours: number;
  /** Not due before the period's last clearing day has ended. */
  readonly openMinor: number;
}

/** Milliseconds. */
export interface LatencyAnswer {
  readonly basis: 'analytic' | 'events';
  /** Of wallets that answer. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Of all payments that reach a wallet, unanswered ones ended by a cancel. */
  readonly allP50Ms: number;
  readonly allP95Ms: number;
  readonly allP99Ms: number;
  readonly timedOutPercent: number;
  /** After which the hub stops asking and cancels. */
  readonly givesUpAfterMs: number;
}

/** The G20's targets for 2027, and how this network stands to them. */
export interface TargetsAnswer {
  readonly averageCost: TargetAnswer;
  readonly dearestCorridor: TargetAnswer & { readonly corridor: string | null };
  readonly speed: TargetAnswer;
  /** Told apart from speed of funds: when the shop knows that it is paid. */
  readonly confirmedWithinHourPercent: number;
  readonly remark: string;
}

export interface TargetAnswer {
  readonly value: number;
  readonly target: number;
  readonly unit: 'percent';
  readonly met: boolean;
  readonly what: string;
}

/** One currency of a participant that stopped paying, and who bore it; minor units. */
export interface DefaultAnswer {
  readonly participant: string;
  readonly on: string;
  readonly currency: CurrencyCode;
  readonly lossMinor: number;
  readonly lossUsd: number;
  readonly prefundMinor: number;
  readonly receivablesMinor: number;
  /** What the hub owes it beyond that: an acquirer's merchants wait for it. */
  readonly hubStillOwesMinor: number;
  readonly hubCapitalMinor: number;
  readonly survivors: readonly { readonly participant: string; readonly minor: number }[];
  readonly residualMinor: number;
}
