import type { CoverQuote } from '#domain/fx-books/cover-quote';
import type { CutOffContext, CutOffDecision } from '#domain/fx-books/decide-cut-off';
import type { CalendarUsed } from '#domain/calendars/value-date';

export type TradeId = `cov_${string}`;
export type CoverRequestId = `cvr_${string}`;

/** A leg of the mid, for whoever asks later where it came from. */
export interface MidLeg {
  readonly base: string;
  readonly counter: string;
  readonly rate: string;
  readonly asOf: string;
}

/** What was asked of providers, and what they said. */
export interface CoverAsk {
  readonly requestId: CoverRequestId;
  /** Why nobody was asked, e.g. for want of a calendar; null when they were. */
  readonly notAsked: string | null;
  readonly valueDate: {
    /** ISO date. */
    readonly day: string;
    readonly calendars: readonly CalendarUsed[];
    readonly estimated: boolean;
  } | null;
  readonly quotes: readonly CoverQuote[];
  /** One for each fill, in order. */
  readonly tradeIds: readonly TradeId[];
}

/** One currency's cut-off, decided and ready to be stored. */
export interface CutOffPlan {
  readonly context: CutOffContext;
  readonly decision: CutOffDecision;
  readonly midPath: readonly MidLeg[];
  /** Null for a position that is flat. */
  readonly ask: CoverAsk | null;
}
