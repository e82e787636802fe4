import type { CycleId } from '#domain/ids';
import { seededIds, type IdSource } from '#platform/id-source';
import { listBreaks, loadDetailFile, matchCycle, partnerSets } from '#reconciliation';
import type { DataSource } from 'typeorm';
import { playDay, type BenchDay } from './day.js';
import { disguised, type SentFile } from './disguise.js';
import { seededDraws, type Draws } from './draws.js';
import {
  OTHER_TYPES,
  plantFaults,
  TEN_TYPES,
  type PartnerBook,
  type PlantedType,
} from './plant-faults.js';
import { scoreBreaks, type BenchScore, type NamedBreak } from './score.js';

export interface BenchTerms {
  readonly payments: number;
  readonly perType: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

export interface BenchReport extends BenchScore {
  readonly seed: number;
  readonly payments: number;
  readonly refunds: number;
  readonly participants: number;
  readonly files: number;
  readonly lines: number;
  /** Reading, staging and matching all files, wall clock. */
  readonly matchMs: number;
}

const EARLY_VERSION_PERCENT = 10;
const SENT_TWICE_PERCENT = 10;
const NOW_MS = Date.UTC(2026, 10, 23, 12);

/**
 * Plays a day, has the partners write it down with known faults in it, sends their files in any
 * order through the real reader and matcher, and counts what was found. The database must be empty
 * and the benchmark's own.
 */
export async function runBench(dataSource: DataSource, terms: BenchTerms): Promise<BenchReport> {
  const { seed, tell } = terms;
  const draws = seededDraws(seed);
  const ids = seededIds(seed + 1);
  const day = await dataSource.transaction((tx) => playDay(tx, terms.payments, draws, seed + 2));
  await dataSource.query('ANALYZE');
  tell(`${String(day.payments)} payments and ${String(day.refunds)} refunds cleared`);
  const books = await openBooks(dataSource, day);
  const planted = plantFaults(books, countsOf(terms.perType), {
    nextCycleId: day.nextCycleId,
    failed: day.failed,
    draws,
    ids,
  });
  const files = sendings(books, day, draws);
  tell(`${String(planted.length)} breaks planted, ${String(files.length)} files on their way`);
  const startedAt = performance.now();
  const lines = await loadAll(dataSource, files, ids);
  await matchAll(dataSource, [day.cycleId, day.nextCycleId], ids);
  const matchMs = Math.round(performance.now() - startedAt);
  return {
    seed,
    payments: day.payments,
    refunds: day.refunds,
    participants: books.length,
    files: files.length,
    lines,
    matchMs,
    ...scoreBreaks(planted, await foundBreaks(dataSource)),
  };
}

function countsOf(perType: number): ReadonlyMap<PlantedType, number> {
  return new Map([
    ...TEN_TYPES.map((type) => [type, perType] as const),
    ...OTHER_TYPES.map((type) => [type, Math.ceil(perType / 2)] as const),
  ]);
}

async function openBooks(dataSource: DataSource, day: BenchDay): Promise<PartnerBook[]> {
  const books = new Map<string, PartnerBook>();
  for (const cycleId of [day.cycleId, day.nextCycleId]) {
    await dataSource.transaction(async (tx) => {
      for await (const { participantId, side, currency, lines } of partnerSets(tx, cycleId)) {
        const book = books.get(participantId) ?? {
          participantId,
          side,
          currency,
          today: [],
          tomorrow: [],
        };
        if (cycleId === day.cycleId) book.today = [...lines];
        else book.tomorrow = [...lines];
        books.set(participantId, book);
      }
    });
  }
  return [...books.values()];
}

/** Both days' files in any order; some come twice, and some after a version that lacked lines. */
function sendings(books: readonly PartnerBook[], day: BenchDay, draws: Draws): SentFile[] {
  const final = books.flatMap((book) => [
    ...disguised(book, book.today, day.cycleId, draws),
    ...disguised(book, book.tomorrow, day.nextCycleId, draws),
  ]);
  const early = books
    .filter(() => draws.percent(EARLY_VERSION_PERCENT))
    .flatMap((book) => {
      const incomplete = book.today.filter(() => !draws.percent(10));
      return disguised(book, incomplete, day.cycleId, draws);
    });
  const shuffled = draws.shuffle(final);
  const again = shuffled.filter(() => draws.percent(SENT_TWICE_PERCENT));
  return [...draws.shuffle(early), ...shuffled, ...again];
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += 65_536) {
    yield await Promise.resolve(bytes.subarray(at, at + 65_536));
  }
}

async function loadAll(
  dataSource: DataSource,
  files: readonly SentFile[],
  ids: IdSource,
): Promise<number> {
  let lines = 0;
  for (const { name, text } of files) {
    const terms = { nowMs: NOW_MS, actor: 'bench', ids };
    const outcome = await loadDetailFile(dataSource, name, piecesOf(text), terms);
    if (!outcome.ok) throw new Error(outcome.rejection.detail);
    lines += outcome.value.lines;
  }
  return lines;
}

async function matchAll(
  dataSource: DataSource,
  cycles: readonly CycleId[],
  ids: IdSource,
): Promise<void> {
  const by = { actor: 'bench', reason: 'asked', atMs: NOW_MS };
  for (const cycleId of cycles) {
    await dataSource.transaction((tx) =>
      matchCycle(tx, { cycleId, participantId: null, cause: 'asked', touched: [], by }, ids),
    );
  }
}

const MOST_BREAKS = 100_000;

async function foundBreaks(dataSource: DataSource): Promise<readonly NamedBreak[]> {
  return listBreaks(dataSource.manager, { live: true, limit: MOST_BREAKS });
}
