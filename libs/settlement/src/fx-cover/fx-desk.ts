import { valueDateOf } from '#domain/calendars/value-date';
import type { CalendarSet } from '#domain/calendars/settlement-calendar';
import type { CurrencyCode } from '#domain/currency';
import { quoteOfProvider, type CoverProvider, type CoverQuote } from '#domain/fx-books/cover-quote';
import {
  coverRequestOf,
  decideCutOff,
  type CutOffContext,
  type CutOffDecision,
} from '#domain/fx-books/decide-cut-off';
import { linesOfCoverSettlement } from '#domain/fx-books/fx-entries';
import { FLAT } from '#domain/fx-books/position';
import type { EntryId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { EntryKind, JournalLine } from '#domain/journal';
import { isoDate } from '#domain/rates/calendar-day';
import { FUNCTIONAL_CURRENCY, pathFor } from '#domain/rates/rate-book';
import { ratioText } from '#domain/rates/ratio';
import type { RateDesk } from '#fx';
import { settlementPhaseOf, stageEntries, type AccountBook, type StagedEntry } from '#ledger';
import { ExplainedError } from '#platform/explained-error';
import type { IdSource } from '#platform/id-source';
import type { DataSource, EntityManager } from 'typeorm';
import { findCalendars } from '../calendars/index.js';
import { readHubTime } from '../hub-day.js';
import { traceEntries, traceIdOfCycle } from '../settlement-spans.js';
import { findCoverProviders } from './cover-providers.js';
import type { CoverAsk, CoverRequestId, CutOffPlan, MidLeg } from './cut-off-plan.js';
import {
  commitCutOff,
  findClosings,
  findNextRun,
  finishRun,
  FX_RUNS_LOCK,
  gatherFlows,
  postponeRun,
  settleDueTrades,
  startFxRuns,
  type FxRun,
} from './fx-runs.repository.js';

/** Spot: the second common business day after the clearing day, like what it covers. */
const COVER_LAG = 2;
const MID_PLACES = 18;

/** What a provider is asked for; a test or another market may answer otherwise. */
export type AskProvider = typeof quoteOfProvider;

export interface FxDeskParts {
  readonly dataSource: DataSource;
  readonly book: AccountBook;
  readonly ids: IdSource;
  readonly rates: RateDesk;
}

/** What is known before providers are asked. */
interface AskedCurrency {
  readonly context: CutOffContext;
  readonly midPath: readonly MidLeg[];
  readonly notAsked: string | null;
  readonly valueDate: CoverAsk['valueDate'];
  readonly quotes: readonly CoverQuote[];
}

/**
 * The hub's own positions at each cut-off: takes a final cycle's flows in, covers what is open with
 * the best quotes, books what was earned, and revalues the rest. Runs follow one another; any
 * number of processes may try.
 */
export class FxDesk {
  constructor(
    private readonly parts: FxDeskParts,
    private readonly ask: AskProvider = quoteOfProvider,
  ) {}

  /**
   * Does every run that is due, oldest first.
   *
   * @returns the runs that were done; one that cannot be is kept with its fault and tried again
   */
  async runDue(): Promise<FxRun[]> {
    const { dataSource } = this.parts;
    await startFxRuns(dataSource.manager);
    const done: FxRun[] = [];
    for (;;) {
      const run = await findNextRun(dataSource.manager);
      if (run === undefined) return done;
      try {
        if (!(await this.cutOff(run))) return done;
        done.push(run);
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        await postponeRun(dataSource.manager, run, fault);
        throw error;
      }
    }
  }

  /** @returns how many cover trades were settled, their value date having come */
  async settleDue(): Promise<number> {
    const { dataSource, book, ids } = this.parts;
    return dataSource.transaction(async (tx) => {
      const { nowMs, day } = await readHubTime(tx);
      const trades = await settleDueTrades(tx, isoDate(day));
      const entries = trades.map((trade): StagedEntry => ({
        id: ids.next('ent_', nowMs),
        kind: 'coverSettled',
        event: `${trade.id}:coverSettled`,
        paymentId: null,
        cycleId: trade.phase,
        traceId: traceIdOfCycle(trade.phase),
        lines: linesOfCoverSettlement(trade, trade),
      }));
      await stageEntries(tx, book, entries);
      traceEntries('fx cover settle', entries, Date.now());
      return trades.length;
    });
  }

  /** Gathers, asks outside of any transaction, then decides and commits. */
  private async cutOff(run: FxRun): Promise<boolean> {
    const { dataSource, rates } = this.parts;
    await rates.refreshIfChanged(dataSource.manager);
    const contexts = await this.gather(dataSource.manager, run);
    const providers = await findCoverProviders(dataSource.manager);
    const calendars = await findCalendars(dataSource.manager);
    const asked = contexts.map(({ context, midPath }) =>
      this.askAll(run, context, midPath, providers, calendars),
    );
    return dataSource.transaction((tx) => this.commit(tx, run, asked));
  }

  private async gather(
    tx: EntityManager,
    run: FxRun,
  ): Promise<{ context: CutOffContext; midPath: readonly MidLeg[] }[]> {
    const [flows, closings] = [await gatherFlows(tx, run.cycleId), await findClosings(tx)];
    const { book } = this.parts.rates.current();
    const open = [...closings].filter(
      ([, { minor, unrealisedUsd }]) => minor !== 0n || unrealisedUsd !== 0n,
    );
    const currencies = new Set<CurrencyCode>([...flows.keys(), ...open.map(([code]) => code)]);
    return [...currencies].sort().map((currency) => {
      const path = pathFor(book, currency, FUNCTIONAL_CURRENCY);
      if (!path.ok) throw new ExplainedError(path.rejection.detail);
      const closing = closings.get(currency);
      const context: CutOffContext = {
        currency,
        opening: closing === undefined ? FLAT : { minor: closing.minor, costUsd: closing.costUsd },
        lastUnrealisedUsd: closing?.unrealisedUsd ?? 0n,
        flows: flows.get(currency) ?? NO_FLOWS,
        mid: path.value.ratio,
      };
      const midPath = path.value.legs.map(({ base, counter, ratio, asOf }) => ({
        base,
        counter,
        rate: ratioText(ratio, MID_PLACES),
        asOf,
      }));
      return { context, midPath };
    });
  }

  private askAll(
    run: FxRun,
    context: CutOffContext,
    midPath: readonly MidLeg[],
    providers: readonly CoverProvider[],
    calendars: CalendarSet,
  ): AskedCurrency {
    const request = coverRequestOf(context);
    const nothing = { context, midPath, notAsked: null, valueDate: null, quotes: [] };
    if (request === null) return nothing;
    const { currency } = context;
    const date = valueDateOf(
      {
        clearingDay: run.clearingDay,
        currencies: [currency, FUNCTIONAL_CURRENCY],
        lag: COVER_LAG,
      },
      calendars,
    );
    if (!date.ok) return { ...nothing, notAsked: date.rejection.detail };
    const { day, calendars: used, estimated } = date.value;
    return {
      context,
      midPath,
      notAsked: null,
      valueDate: { day: isoDate(day), calendars: used, estimated },
      quotes: providers.map((provider) => this.ask(provider, run.cycleId, request)),
    };
  }

  /** @returns false when another process has done the run meanwhile */
  private async commit(
    tx: EntityManager,
    run: FxRun,
    asked: readonly AskedCurrency[],
  ): Promise<boolean> {
    await tx.query(`SELECT pg_advisory_xact_lock(${FX_RUNS_LOCK})`);
    if ((await findNextRun(tx))?.no !== run.no) return false;
    const { nowMs } = await readHubTime(tx);
    const closings = await findClosings(tx);
    const entries: StagedEntry[] = [];
    for (const currency of asked) {
      const { context, midPath } = currency;
      // Runs follow one another under the lock, so what was gathered before it still holds.
      invariant(
        (closings.get(context.currency)?.minor ?? 0n) === context.opening.minor,
        `the position in ${context.currency} moved while providers were asked`,
      );
      const decision = decideCutOff(context, currency.quotes);
      const tradeIds = decision.fills.map(() => this.parts.ids.next('cov_', nowMs));
      const plan: CutOffPlan = {
        context,
        decision,
        midPath,
        ask: decision.request === null ? null : this.askOf(currency, tradeIds, nowMs),
      };
      await commitCutOff(tx, run, plan);
      entries.push(...this.entriesOf(run, context.currency, decision, tradeIds, nowMs));
    }
    await stageEntries(tx, this.parts.book, entries);
    traceEntries('fx cut-off', entries, Date.now());
    await finishRun(tx, run);
    return true;
  }

  private askOf(
    { notAsked, valueDate, quotes }: AskedCurrency,
    tradeIds: CoverAsk['tradeIds'],
    nowMs: number,
  ): CoverAsk {
    const requestId: CoverRequestId = this.parts.ids.next('cvr_', nowMs);
    return { requestId, notAsked, valueDate, quotes, tradeIds };
  }

  private entriesOf(
    run: FxRun,
    currency: CurrencyCode,
    decision: CutOffDecision,
    tradeIds: CoverAsk['tradeIds'],
    nowMs: number,
  ): StagedEntry[] {
    const of = (event: string, kind: EntryKind, lines: readonly JournalLine[]) => ({
      event: `${event}:${kind}`,
      kind,
      lines,
    });
    const occasion = `${run.cycleId}:${currency}`;
    return [
      of(occasion, 'revaluationReversed', decision.reversalLines),
      of(`${occasion}:offset`, 'coverTraded', decision.offsetLines),
      ...decision.fills.map((fill, index) => of(tradeIds[index] ?? '', 'coverTraded', fill.lines)),
      of(occasion, 'positionRevalued', decision.revaluationLines),
    ]
      .filter(({ lines }) => lines.length > 0)
      .map((entry) => ({
        ...entry,
        id: this.parts.ids.next('ent_', nowMs) satisfies EntryId,
        paymentId: null,
        cycleId: settlementPhaseOf(run.cycleId),
        traceId: traceIdOfCycle(run.cycleId),
      }));
  }
}

const NO_FLOWS = {
  boughtMinor: 0n,
  boughtUsd: 0n,
  soldMinor: 0n,
  soldUsd: 0n,
  residueUsd: 0n,
} as const;
