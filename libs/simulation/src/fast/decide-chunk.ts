import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { CHUNK, categoryOf, merchantAt, momentMs, type DrawnChunk } from './draw-bin.js';
import type { BinTerms } from './bin-terms.js';
import type { FastTables } from './fast-tables.js';

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
  /** Scratch: those whose shop takes wallets. */
  readonly accepted: Uint32Array;
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
  };
}

/**
 * Decides a chunk in the order of `OUTCOMES`, all but the wallets' caps: those depend on what
 * happened before, and are looked at afterwards where they could bind (`hold-caps.ts`).
 */
export function decideChunk(
  tables: FastTables,
  terms: BinTerms,
  chunk: DrawnChunk,
  verdict: ChunkVerdict,
): void {
  const shops = acceptedOf(terms.flow.acceptance, chunk, verdict);
  const { merchants, acquirers, categories, conduct: edges } = tables;
  const { acquirerOf } = merchants;
  const { pairAt, walletMost, outages } = terms;
  const { minMinor, maxMinor } = terms.flow;
  const { kind, area, wallet, place, amountMinor, conduct } = chunk;
  const { accepted, counts, minor, paidAt, paidPair } = verdict;
  const { abandoned, timedOut } = edges;
  let paid = 0;
  verdict.failed = 0;
  for (let j = 0; j < shops; j++) {
    const at = accepted[j] ?? 0;
    const cell = (area[at] ?? 0) * categories + categoryOf(kind[at] ?? 0);
    const merchant = merchantAt(merchants, cell, place[at] ?? 0);
    const amount = amountMinor[at] ?? 0;
    const luck = conduct[at] ?? 0;
    const payer = wallet[at] ?? 0;
    let outcome: number = OUTCOME.paid;
    let pair = -1;
    if (merchant < 0) {
      outcome = OUTCOME.notAccepted;
    } else {
      const acquirer = acquirerOf[merchant] ?? 0;
      pair = pairAt[payer * acquirers + acquirer] ?? -1;
      if (pair < 0) outcome = OUTCOME.noRoute;
      else if (outages.length > 0 && isOut(terms, chunk, at, acquirer)) {
        outcome = OUTCOME.outage;
      } else if (luck < abandoned) outcome = OUTCOME.abandoned;
      else if (amount < minMinor || amount > maxMinor) outcome = OUTCOME.outsideCorridorLimits;
      else if (amount > (walletMost[payer] ?? 0)) outcome = OUTCOME.abovePayerLimit;
      else if (luck < timedOut) outcome = failAt(tables, verdict, luck, at, pair);
    }
    if (outcome === OUTCOME.paid) {
      paidAt[paid] = at;
      paidPair[paid] = pair;
      paid += 1;
    } else {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      minor[outcome] = (minor[outcome] ?? 0) + amount;
    }
  }
  verdict.paid = paid;
}

/** Lists the purchases whose shop takes wallets, without a jump that could be guessed wrong. */
function acceptedOf(edges: Float64Array, chunk: DrawnChunk, verdict: ChunkVerdict): number {
  const { kind, acceptance, amountMinor, count } = chunk;
  const { accepted } = verdict;
  let [shops, refusedMinor] = [0, 0];
  for (let i = 0; i < count; i++) {
    const takes = (acceptance[i] ?? 0) < (edges[categoryOf(kind[i] ?? 0)] ?? 0);
    accepted[shops] = i;
    shops += takes ? 1 : 0;
    refusedMinor += takes ? 0 : (amountMinor[i] ?? 0);
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
export function isOut(terms: BinTerms, chunk: DrawnChunk, at: number, acquirer: number): boolean {
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
