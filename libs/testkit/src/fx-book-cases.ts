import { join } from 'node:path';
import { closeDueCycles, finaliseDueCycles, numberClosedCycles } from '#clearing';
import {
  coverList,
  fxStatement,
  type CoverView,
  type FxStatementView,
} from '#contracts/operator/fx-books';
import type { CoverProvider, CoverQuote, CoverRequest } from '#domain/fx-books/cover-quote';
import type { CycleId } from '#domain/ids';
import { HUB, type AccountRef, type JournalEntry, type JournalLine } from '#domain/journal';
import { parseRatio } from '#domain/rates/ratio';
import type { Outcome } from '#domain/rejection';
import { RateDesk, seedFx } from '#fx';
import { AccountBook, dailyCycleAt, ensureCycles, setHubClock, stageEntries } from '#ledger';
import {
  fxChecks,
  FxDesk,
  readCovers,
  readFxStatement,
  seedCalendars,
  seedCoverProviders,
} from '#settlement';
import { randomIds } from '#platform/id-source';
import { runChecks } from '#platform/invariant-check';
import { projectRoot } from '#platform/project-root';
import { postOutbox } from './cycle-cases.js';
import { openTestDatabase, type TestDatabase } from './database.js';

const HOUR_MS = 3_600_000;

/** A payment as the books see it: the wallet's currency is bought, the acquirer's is sold. */
export interface FxTrade {
  readonly bought?: readonly [currency: string, minor: bigint, usd: bigint];
  readonly sold?: readonly [currency: string, minor: bigint, usd: bigint];
  /** Marks a refund, and what it brought the hub. */
  readonly refund?: bigint;
}

export type Answers = (provider: CoverProvider, request: CoverRequest) => CoverQuote;

/** The named providers quote a price up to a size, the others decline. */
export function firmQuotes(
  prices: Readonly<Record<string, readonly [price: string, max: bigint]>>,
): Answers {
  return ({ id: providerId }) => {
    const own = prices[providerId];
    const price = parseRatio(own?.[0] ?? '');
    return own === undefined || price === undefined
      ? { providerId, answer: 'declined', reason: 'is not available' }
      : { providerId, answer: 'firm', price, minMinor: 1n, maxMinor: own[1] };
  };
}

/** A database whose clearing days are played on a virtual clock, with a desk that covers them. */
export class FxWorld {
  /** What providers say; all decline at first. */
  answers: Answers = firmQuotes({});
  readonly desk: FxDesk;
  readonly book = new AccountBook();
  private numbers = 0;

  private constructor(readonly database: TestDatabase) {
    this.desk = new FxDesk(this.deskParts(), (provider, _occasion, request) =>
      this.answers(provider, request),
    );
  }

  static async open(): Promise<FxWorld> {
    const database = await openTestDatabase();
    const dataDir = join(projectRoot, 'data');
    await database.dataSource.transaction(async (tx) => {
      await seedFx(tx, dataDir);
      await seedCalendars(tx, dataDir, 0);
      await seedCoverProviders(tx, dataDir, 0);
    });
    return new FxWorld(database);
  }

  /** A desk whose providers answer by their seeds, as in the product. */
  simulatedDesk(): FxDesk {
    return new FxDesk(this.deskParts());
  }

  close(): Promise<void> {
    return this.database.close();
  }

  query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query<T[]>(sql, values);
  }

  /** Plays a clearing day to its finality; the hub's clock stands an hour after it then. */
  playDay(isoDay: string, trades: readonly FxTrade[]): Promise<CycleId> {
    return this.playEntries(isoDay, (cycleId) =>
      trades.map((trade): JournalEntry => {
        const number = String(++this.numbers).padStart(26, '0');
        const [subject, kind] =
          trade.refund === undefined
            ? (['pay', 'paymentCleared'] as const)
            : (['ref', 'paymentRefunded'] as const);
        return {
          id: `ent_${number}`,
          kind,
          event: `${subject}_${number}:${kind}`,
          paymentId: `pay_${number}`,
          cycleId,
          lines: linesOf(trade),
        };
      }),
    );
  }

  /** The same with entries of the caller's own making. */
  async playEntries(
    isoDay: string,
    entriesOf: (cycleId: CycleId) => readonly JournalEntry[],
  ): Promise<CycleId> {
    const { dataSource } = this.database;
    const noonMs = Date.parse(`${isoDay}T12:00:00+08:00`);
    await setHubClock(dataSource.manager, noonMs);
    await ensureCycles(dataSource.manager, noonMs, 1);
    const cycle = dailyCycleAt(noonMs);
    const entries = entriesOf(cycle.id).map((entry) => ({ ...entry, traceId: null }));
    await stageEntries(dataSource.manager, this.book, entries);
    await this.post();
    await setHubClock(dataSource.manager, cycle.endsAtMs + HOUR_MS);
    await closeDueCycles(dataSource, 1_000);
    await numberClosedCycles(dataSource);
    const { waiting } = await finaliseDueCycles(dataSource);
    for (const why of waiting.values()) throw new Error(`not final: ${why}`);
    return cycle.id;
  }

  /** Posts what is staged. */
  post(): Promise<unknown> {
    return postOutbox(this.database.dataSource.manager);
  }

  async statement(day?: string): Promise<FxStatementView> {
    return fxStatement.parse(valueOf(await readFxStatement(this.database.dataSource.manager, day)));
  }

  async covers(day?: string): Promise<CoverView[]> {
    const read = valueOf(await readCovers(this.database.dataSource.manager, day));
    return coverList.parse(read).covers;
  }

  async balance(kind: string, currency: string, of: string | null = null): Promise<bigint> {
    const [row] = await this.query<{ minor: string }>(
      `SELECT coalesce(sum(minor), 0) AS minor FROM account_balances
       WHERE kind = $1 AND currency = $2 AND of IS NOT DISTINCT FROM $3`,
      [kind, currency, of],
    );
    return BigInt(row?.minor ?? 0);
  }

  /** Names of the FX checks that fail, each with its first offender. */
  async broken(): Promise<Record<string, string>> {
    const results = await runChecks(this.database.dataSource, fxChecks);
    return Object.fromEntries(
      results
        .filter(({ ok }) => !ok)
        .map(({ name, offenders: [first] }) => [
          name,
          `${first?.offender ?? ''} ${first?.detail ?? ''}`,
        ]),
    );
  }

  private deskParts() {
    const { dataSource } = this.database;
    return { dataSource, book: this.book, ids: randomIds(), rates: new RateDesk() };
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.rejection.detail);
}

function linesOf({ bought, sold, refund = 0n }: FxTrade): JournalLine[] {
  const hub = (kind: AccountRef['kind'], currency: string, of?: string): AccountRef => ({
    owner: HUB,
    kind,
    currency,
    ...(of === undefined ? {} : { of }),
  });
  const lines: JournalLine[] = [];
  let usd = 0n;
  if (bought !== undefined) {
    const [currency, minor, cost] = bought;
    lines.push(
      { account: { owner: 'wal_x', kind: 'walletReceivable', currency }, minor: minor + 10n },
      { account: hub('fxMargin', currency), minor: -10n },
      { account: hub('fxPosition', currency), minor: -minor },
      { account: hub('fxPositionUsd', 'USD', currency), minor: cost },
    );
    usd += cost;
  }
  if (sold !== undefined) {
    const [currency, minor, taken] = sold;
    lines.push(
      { account: { owner: 'acq_x', kind: 'acquirerPayable', currency }, minor: -minor },
      { account: hub('fxPosition', currency), minor },
      { account: hub('fxPositionUsd', 'USD', currency), minor: -taken },
    );
    usd -= taken;
  }
  if (usd - refund !== 0n) {
    lines.push({
      account: { owner: 'acq_usd', kind: 'acquirerPayable', currency: 'USD' },
      minor: -(usd - refund),
    });
  }
  if (refund !== 0n) lines.push({ account: hub('refundFxDifference', 'USD'), minor: -refund });
  return lines;
}
