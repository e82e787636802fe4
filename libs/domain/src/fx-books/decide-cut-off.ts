import type { CurrencyCode } from '../currency.js';
import type { Ratio } from '../fx.js';
import type { JournalLine } from '../journal.js';
import { convertAt } from '../rates/convert.js';
import { FUNCTIONAL_CURRENCY } from '../rates/rate-book.js';
import type { CoverQuote, CoverRequest } from './cover-quote.js';
import { decideCover, type CoverFill } from './decide-cover.js';
import { linesOfCover, linesOfOffset, linesOfRevaluation } from './fx-entries.js';
import { addFlow, addGrossFlows, type FxPosition, type GrossFlows } from './position.js';

/** A currency at a cut-off: where it stood after the last one, and what the cycle brought. */
export interface CutOffContext {
  readonly currency: CurrencyCode;
  readonly opening: FxPosition;
  /** What the last cut-off revalued the position by; it is taken back first. */
  readonly lastUnrealisedUsd: bigint;
  readonly flows: GrossFlows;
  /** US dollars per major unit at the cut-off. */
  readonly mid: Ratio;
}

/** A fill with what it does to the books. */
export interface BookedFill extends CoverFill {
  readonly realisedUsd: bigint;
  readonly lines: readonly JournalLine[];
}

export interface CutOffDecision {
  /** What was earned or lost by purchases and sales that covered each other. */
  readonly offsetRealisedUsd: bigint;
  /** Null for a position that is flat, or that cannot be covered. */
  readonly request: CoverRequest | null;
  readonly fills: readonly BookedFill[];
  readonly uncoveredMinor: bigint;
  readonly closing: FxPosition;
  /** Worth of what stays open, at mid, US cents. */
  readonly marketUsd: bigint;
  readonly unrealisedUsd: bigint;
  /** Offsets and fills together. */
  readonly realisedUsd: bigint;
  readonly reversalLines: readonly JournalLine[];
  readonly offsetLines: readonly JournalLine[];
  readonly revaluationLines: readonly JournalLine[];
}

/** What the hub has to ask providers for, or null where the flows leave nothing open. */
export function coverRequestOf(context: CutOffContext): CoverRequest | null {
  const { position } = addGrossFlows(context.opening, context.flows);
  if (position.minor === 0n) return null;
  const { currency, mid } = context;
  return position.minor > 0n
    ? { currency, mid, side: 'sell', minor: position.minor }
    : { currency, mid, side: 'buy', minor: -position.minor };
}

/**
 * One currency's cut-off: takes back the last revaluation, lets the cycle's purchases and sales
 * cover each other, covers the rest with the best quotes, and revalues what stays open.
 *
 * @param quotes every answer there was; none where nobody could be asked
 */
export function decideCutOff(
  context: CutOffContext,
  quotes: readonly CoverQuote[],
): CutOffDecision {
  const { currency, lastUnrealisedUsd } = context;
  const offset = addGrossFlows(context.opening, context.flows);
  const request = coverRequestOf(context);
  const cover = request === null ? { fills: [], uncoveredMinor: 0n } : decideCover(request, quotes);
  let position = offset.position;
  let realisedUsd = offset.realisedUsd;
  const fills: BookedFill[] = [];
  for (const fill of request === null ? [] : cover.fills) {
    const buys = request?.side === 'buy';
    const flow = buys
      ? { minor: fill.minor, usd: fill.usd }
      : { minor: -fill.minor, usd: -fill.usd };
    const added = addFlow(position, flow);
    const costChange = added.position.costUsd - position.costUsd;
    const side = buys ? 'buy' : 'sell';
    fills.push({
      ...fill,
      realisedUsd: added.realisedUsd,
      lines: linesOfCover({ currency, side }, fill, costChange, added.realisedUsd),
    });
    position = added.position;
    realisedUsd += added.realisedUsd;
  }
  const marketUsd = convertAt(
    { currency, minor: position.minor },
    context.mid,
    FUNCTIONAL_CURRENCY,
    'halfUp',
  ).minor;
  const unrealisedUsd = marketUsd - position.costUsd;
  return {
    offsetRealisedUsd: offset.realisedUsd,
    request,
    fills,
    uncoveredMinor: cover.uncoveredMinor,
    closing: position,
    marketUsd,
    unrealisedUsd,
    realisedUsd,
    reversalLines: linesOfRevaluation(currency, -lastUnrealisedUsd),
    offsetLines: linesOfOffset(currency, offset.realisedUsd),
    revaluationLines: linesOfRevaluation(currency, unrealisedUsd),
  };
}
