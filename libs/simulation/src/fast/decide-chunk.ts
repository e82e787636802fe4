import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { CHUNK, categoryOf, merchantAt, momentMs, type DrawnChunk } from './draw-bin.js';
import type { BinTerms } from './bin-terms.js';
import { MOST_CATEGORIES, type FastTables } from './fast-tables.js';

/**
 * What became of a chunk: those that were paid, and those that payer or wallet failed after the
 * hub had found room for them, each with its place in the chunk and its pair. All others are only
 * counted, in `counts` and `minor` by outcome, which go on from chunk to chunk.
 */
export interface ChunkVerdict {
  paid: number;
  readonly paidAt: Uint32Array;
  readonly paidPair: Uint32Array;
  failed: number;
  readonly failedAt: Uint32Array;
  readonly failedPair: Uint32Array;
  readonly failedOutcome: Uint8Array;
  readonly counts: Float64Array;
  readonly minor: Float64Array;
  /** Scratch: those whose shop takes wallets, their pairs, and those that do not plainly pay. */
  readonly accepted: Uint32Array;
  readonly pairs: Int32Array;
  readonly unpaid: Uint32Array;
  readonly halfEdges: Int32Array;
}

export function chunkVerdict(): ChunkVerdict {
  const places = (): Uint32Array => new Uint32Array(CHUNK + 1);
  return {
    paid: 0,
    paidAt: places(),
    paidPair: places(),
    failed: 0,
    failedAt: places(),
    failedPair: places(),
    failedOutcome: new Uint8Array(CHUNK + 1),
    counts: new Float64Array(OUTCOMES.length),
    minor: new Float64Array(OUTCOMES.length),
    accepted: places(),
    pairs: new Int32Array(CHUNK + 1),
    unpaid: places(),
    halfEdges: new Int32Array(MOST_CATEGORIES),
  };
}

/**
 * Decides a chunk in the order of `OUTCOMES`, all but the wallets' caps: those depend on what
 * happened before, and are looked at afterwards where they could bind (`hold-caps.ts`).
 *
 * Three passes, each over few columns and without jumps that could be guessed wrong: who shops
 * where wallets are taken, at whose merchant, and who pays. What is not paid is told apart by a
 * slower one; on days with an outage that is everything.
 */
export function decideChunk(
  tables: FastTables,
  terms: BinTerms,
  chunk: DrawnChunk,
  verdict: ChunkVerdict,
): void {
  const shops = acceptedOf(terms.flow.acceptance, chunk, verdict);
  findPairs(tables, terms.pairAt, chunk, verdict, shops);
  verdict.failed = 0;
  verdict.paid = 0;
  const rest =
    terms.outages.length > 0
      ? listAll(verdict, shops)
      : listUnpaid(tables, terms, chunk, verdict, shops);
  const { counts, minor, unpaid, pairs, accepted, paidAt, paidPair } = verdict;
  const { amountMinor } = chunk;
  for (let k = 0; k < rest; k++) {
    const j = unpaid[k] ?? 0;
    const at = accepted[j] ?? 0;
    const pair = pairs[j] ?? 0;
    const outcome = outcomeOf(tables, terms, chunk, verdict, at, pair);
    if (outcome === OUTCOME.paid) {
      paidAt[verdict.paid] = at;
      paidPair[verdict.paid] = pair;
      verdict.paid += 1;
    } else {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      minor[outcome] = (minor[outcome] ?? 0) + (amountMinor[at] ?? 0);
    }
  }
}

/** In place of a pair: the cell has no merchant. Any other negative number: not linked. */
const EMPTY_CELL = -2;

/**
 * Finds the merchant of everybody who was accepted, and from it the pair. The millions of merchants
 * lie beyond the caches; in a loop of its own the processor fetches many of them at once.
 */
function findPairs(
  tables: FastTables,
  pairAt: Int32Array,
  chunk: DrawnChunk,
  { accepted, pairs }: ChunkVerdict,
  shops: number,
): void {
  const { merchants, acquirers, categories } = tables;
  const { kind, area, wallet, place } = chunk;
  const { acquirerOf } = merchants;
  for (let j = 0; j < shops; j++) {
    const at = accepted[j] ?? 0;
    const cell = (area[at] ?? 0) * categories + categoryOf(kind[at] ?? 0);
    pairs[j] = merchantAt(merchants, cell, place[at] ?? 0);
  }
  for (let j = 0; j < shops; j++) {
    const merchant = pairs[j] ?? -1;
    const row = (wallet[accepted[j] ?? 0] ?? 0) * acquirers;
    pairs[j] = merchant < 0 ? EMPTY_CELL : (pairAt[row + (acquirerOf[merchant] ?? 0)] ?? -1);
  }
}

function listAll({ unpaid }: ChunkVerdict, shops: number): number {
  for (let j = 0; j < shops; j++) unpaid[j] = j;
  return shops;
}

/** Lists who pays, and who does not or not so plainly; returns how many the latter are. */
function listUnpaid(
  { conduct: edges }: FastTables,
  terms: BinTerms,
  { wallet, amountMinor, conduct }: DrawnChunk,
  verdict: ChunkVerdict,
  shops: number,
): number {
  const { walletMost } = terms;
  const { minMinor, maxMinor } = terms.flow;
  const { accepted, pairs, paidAt, paidPair, unpaid } = verdict;
  const halfEdge = edges.timedOut / 2;
  let [paid, rest] = [0, 0];
  for (let j = 0; j < shops; j++) {
    const at = accepted[j] ?? 0;
    const pair = pairs[j] ?? 0;
    const amount = amountMinor[at] ?? 0;
    let fails = (pair | (((conduct[at] ?? 0) >>> 1) - halfEdge)) >>> 31;
    if (amount < minMinor || amount > maxMinor || amount > (walletMost[wallet[at] ?? 0] ?? 0)) {
      fails = 1;
    }
    paidAt[paid] = at;
    paidPair[paid] = pair;
    paid += 1 - fails;
    unpaid[rest] = j;
    rest += fails;
  }
  verdict.paid = paid;
  return rest;
}

function outcomeOf(
  tables: FastTables,
  terms: BinTerms,
  chunk: DrawnChunk,
  verdict: ChunkVerdict,
  at: number,
  pair: number,
): number {
  if (pair === EMPTY_CELL) return OUTCOME.notAccepted;
  if (pair < 0) return OUTCOME.noRoute;
  if (terms.outages.length > 0 && isOut(tables, terms, chunk, at, pair)) return OUTCOME.outage;
  const luck = chunk.conduct[at] ?? 0;
  if (luck < tables.conduct.abandoned) return OUTCOME.abandoned;
  const amount = chunk.amountMinor[at] ?? 0;
  const { minMinor, maxMinor } = terms.flow;
  if (amount < minMinor || amount > maxMinor) return OUTCOME.outsideCorridorLimits;
  if (amount > (terms.walletMost[chunk.wallet[at] ?? 0] ?? 0)) return OUTCOME.abovePayerLimit;
  return luck < tables.conduct.timedOut ? failAt(tables, verdict, luck, at, pair) : OUTCOME.paid;
}

/**
 * Lists the purchases whose shop takes wallets. Edges are even, so that halves of words compare as
 * words do, and their difference fits 32 bits, the sign of which is the answer.
 */
function acceptedOf(edges: Float64Array, chunk: DrawnChunk, verdict: ChunkVerdict): number {
  const { kind, acceptance, amountMinor, count } = chunk;
  const { accepted, halfEdges } = verdict;
  for (let category = 0; category < edges.length; category++) {
    halfEdges[category] = (edges[category] ?? 0) / 2;
  }
  let [shops, refusedMinor] = [0, 0];
  for (let i = 0; i < count; i++) {
    const half = halfEdges[categoryOf(kind[i] ?? 0)] ?? 0;
    const takes = (((acceptance[i] ?? 0) >>> 1) - half) >>> 31;
    accepted[shops] = i;
    shops += takes;
    refusedMinor += (1 - takes) * (amountMinor[i] ?? 0);
  }
  const { counts, minor } = verdict;
  counts[OUTCOME.notAccepted] = (counts[OUTCOME.notAccepted] ?? 0) + count - shops;
  minor[OUTCOME.notAccepted] = (minor[OUTCOME.notAccepted] ?? 0) + refusedMinor;
  return shops;
}
/** Payer or wallet fails it after room was found under the cap: which way, and on the list. */
function failAt(
  { conduct }: FastTables,
  verdict: ChunkVerdict,
  luck: number,
  at: number,
  pair: number,
): number {
  const outcome =
    luck < conduct.insufficientFunds
      ? OUTCOME.insufficientFunds
      : luck < conduct.riskRefused
        ? OUTCOME.riskRefused
        : OUTCOME.timedOut;
  verdict.failedAt[verdict.failed] = at;
  verdict.failedPair[verdict.failed] = pair;
  verdict.failedOutcome[verdict.failed] = outcome;
  verdict.failed += 1;
  return outcome;
}

const HOUR_MS = 3_600_000;
const WORDS = 4_294_967_296;

/** Whether an outage takes a purchase: of all that strike at its moment, each takes its share. */
export function isOut(
  tables: FastTables,
  terms: BinTerms,
  chunk: DrawnChunk,
  at: number,
  pair: number,
): boolean {
  const { acquirer } = tables.pairs[terms.flow.pairs[pair] ?? 0] ?? { acquirer: 0 };
  const kind = chunk.kind[at] ?? 0;
  const hour = kind - categoryOf(kind) * 24;
  const instantMs = terms.dayStartMs + hour * HOUR_MS + momentMs(chunk.moment[at] ?? 0);
  let spared = 1;
  for (const outage of terms.outages) {
    const strikes =
      instantMs >= outage.fromMs &&
      instantMs < outage.untilMs &&
      (outage.wallet === null || outage.wallet === chunk.wallet[at]) &&
      (outage.acquirer === null || outage.acquirer === acquirer) &&
      (outage.area === null || outage.area === chunk.area[at]);
    if (strikes) spared *= 1 - outage.share;
  }
  return (chunk.outage[at] ?? 0) >= spared * WORDS;
}
