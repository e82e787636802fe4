import { invariant } from '#domain/invariant';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import { binTerms, type BinTerms } from './bin-terms.js';
import { chunkVerdict, decideChunk } from './decide-chunk.js';
import { BinDraw, categoryOf, drawnChunk, momentMs, type Replication } from './draw-bin.js';
import type { FastTables } from './fast-tables.js';
import { pricePurchase } from './price-chunk.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CLEARING_OFFSET_MS = 8 * HOUR_MS;

/** Room for the place in the list beside the millisecond of the day, in one exact double. */
const PLACES = 2 ** 25;

/** One purchase that asked for room under a cap, as it was decided without one. */
export interface CapCandidate {
  readonly bin: Bin;
  readonly kind: number;
  readonly area: number;
  /** Of the flow. */
  readonly pair: number;
  readonly amount: number;
  readonly outcome: number;
  readonly isRefunded: boolean;
  /** Of the clearing day. */
  readonly sinceMidnightMs: number;
}

interface Bin {
  readonly terms: BinTerms;
  readonly flow: number;
  readonly day: number;
}

/** The purchases of one clearing day that asked some wallets for room, drawn again. */
export class CapCandidates {
  private readonly chunk = drawnChunk();
  private readonly verdict = chunkVerdict();
  private readonly byWallet = new Map<number, CandidateColumns>();
  private bins: Bin[] = [];
  private clearingDay = 0;

  constructor(
    private readonly tables: FastTables,
    private readonly run: Replication,
  ) {}

  /** @param clearingDay counted as in totals, from the day before the period */
  gather(clearingDay: number, wallets: readonly number[], flows: readonly number[]): void {
    this.clearingDay = clearingDay;
    this.bins = [];
    this.byWallet.clear();
    for (const wallet of wallets) this.byWallet.set(wallet, new CandidateColumns());
    for (const flow of flows) {
      // A local day lies on at most two clearing days, and begins at most 14 hours away.
      for (let day = clearingDay - 3; day <= clearingDay + 1; day++) {
        if (this.touches(flow, day)) this.draw(flow, day);
      }
    }
  }

  private touches(flow: number, day: number): boolean {
    const { flows, days } = this.tables;
    const found = flows[flow];
    if (found === undefined || day < 0 || day >= days || (found.intended[day] ?? 0) === 0) {
      return false;
    }
    const startMs = (day + 1) * DAY_MS - found.utcOffsetMinutes * 60_000 + CLEARING_OFFSET_MS;
    const midnightMs = this.clearingDay * DAY_MS;
    return startMs < midnightMs + DAY_MS && startMs + DAY_MS > midnightMs;
  }

  private draw(flow: number, day: number): void {
    const { tables, chunk, verdict } = this;
    const terms = binTerms(tables, flow, day);
    const bin = this.bins.push({ terms, flow, day }) - 1;
    const draw = new BinDraw(tables, this.run, flow, day, true);
    const midnightMs = (tables.firstDay - 1 + this.clearingDay) * DAY_MS - CLEARING_OFFSET_MS;
    const dayMs = terms.dayStartMs - midnightMs;
    while (draw.next(chunk)) {
      decideChunk(tables, terms, chunk, verdict);
      let [paid, failed] = [0, 0];
      // Both lists are in the order of the draw, and so is what they are merged into.
      while (paid < verdict.paid || failed < verdict.failed) {
        const nextPaid = paid < verdict.paid ? (verdict.paidAt[paid] ?? 0) : Infinity;
        const nextFailed = failed < verdict.failed ? (verdict.failedAt[failed] ?? 0) : Infinity;
        if (nextPaid < nextFailed) {
          this.keep(bin, nextPaid, verdict.paidPair[paid] ?? 0, OUTCOME.paid, dayMs);
          paid += 1;
        } else {
          const outcome = verdict.failedOutcome[failed] ?? 0;
          this.keep(bin, nextFailed, verdict.failedPair[failed] ?? 0, outcome, dayMs);
          failed += 1;
        }
      }
    }
    verdict.counts.fill(0);
    verdict.minor.fill(0);
  }

  private keep(bin: number, at: number, pair: number, outcome: number, dayMs: number): void {
    const { chunk, tables } = this;
    const columns = this.byWallet.get(chunk.wallet[at] ?? 0);
    if (columns === undefined) return;
    const kind = chunk.kind[at] ?? 0;
    const hour = kind - categoryOf(kind) * 24;
    const sinceMidnightMs = dayMs + hour * HOUR_MS + momentMs(chunk.moment[at] ?? 0);
    if (sinceMidnightMs < 0 || sinceMidnightMs >= DAY_MS) return;
    const isRefunded = (chunk.conduct[at] ?? 0) >= tables.conduct.refunded;
    columns.push(sinceMidnightMs, [
      bin,
      kind,
      chunk.area[at] ?? 0,
      pair,
      chunk.amountMinor[at] ?? 0,
      outcome,
      isRefunded ? 1 : 0,
    ]);
  }

  /** One wallet's, in the order of time; of the same millisecond in that of flow, day and draw. */
  *inOrder(wallet: number): Generator<CapCandidate> {
    const columns = this.byWallet.get(wallet);
    invariant(columns !== undefined, 'purchases of the wallet were gathered');
    for (const key of columns.sortedKeys()) {
      const sinceMidnightMs = Math.floor(key / PLACES);
      const [bin = 0, kind = 0, area = 0, pair = 0, amount = 0, outcome = 0, refunded = 0] =
        columns.row(key - sinceMidnightMs * PLACES);
      const found = this.bins[bin];
      invariant(found !== undefined, 'a purchase belongs to a bin that was drawn');
      const isRefunded = refunded === 1;
      yield { bin: found, kind, area, pair, amount, outcome, isRefunded, sinceMidnightMs };
    }
  }

  /** Takes a purchase that found no room out of the totals. */
  refuse(candidate: CapCandidate, totals: Totals): void {
    const { bin, amount, outcome } = candidate;
    const start = bin.flow * OUTCOMES.length;
    add(totals.outcomes, start + outcome, -1);
    add(totals.outcomeMinor, start + outcome, -amount);
    add(totals.outcomes, start + OUTCOME.capExceeded, 1);
    add(totals.outcomeMinor, start + OUTCOME.capExceeded, amount);
    if (outcome === OUTCOME.paid) takeOut(candidate, this.tables, this.clearingDay, totals);
  }
}

function takeOut(
  { bin, kind, area, pair, amount, isRefunded, sinceMidnightMs }: CapCandidate,
  { categories }: FastTables,
  clearingDay: number,
  totals: Totals,
): void {
  const price = pricePurchase(bin.terms, amount, pair);
  const { length: all } = totals.pairs;
  const global = bin.terms.flow.pairs[pair] ?? 0;
  const row = (clearingDay * all + global) * MONEY_COLUMNS.length;
  const less = (column: number, minor: number): void => add(totals.money, row + column, -minor);
  less(MONEY.payments, 1);
  less(MONEY.paymentMinor, amount);
  less(MONEY.payToMinor, price.payTo);
  less(MONEY.interchangeCreditedMinor, price.credited);
  less(MONEY.schemeFeeWalletMinor, price.feeWallet);
  less(MONEY.fxMarginMinor, price.margin);
  less(MONEY.interchangeMarginMinor, price.interchangeMargin);
  less(MONEY.walletOwesMinor, price.walletOwes);
  less(MONEY.settlementMinor, price.settlement);
  less(MONEY.interchangeChargedMinor, price.charged);
  less(MONEY.schemeFeeAcquirerMinor, price.feeAcquirer);
  less(MONEY.acquirerReceivesMinor, price.acquirerReceives);
  less(MONEY.mdrMinor, price.mdr);
  const hour = clearingDay * 24 + Math.floor(sinceMidnightMs / HOUR_MS);
  add(totals.owes, hour * all + global, -price.walletOwes);
  add(totals.receives, hour * all + global, -price.acquirerReceives);
  if (isRefunded) add(totals.refundedMinor, clearingDay * all + global, -amount);
  const category = bin.flow * categories + categoryOf(kind);
  add(totals.categoryCount, category, -1);
  add(totals.categoryMinor, category, -amount);
  add(totals.areaCount, area, -1);
  add(totals.areaMinor, area, -amount);
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

const ROW = 7;

/** A list of purchases as one growing column, and when they were as another. */
class CandidateColumns {
  private rows = new Float64Array(ROW * 1_024);
  private keys = new Float64Array(1_024);
  private count = 0;

  push(sinceMidnightMs: number, row: readonly number[]): void {
    if (this.count === this.keys.length) {
      this.rows = grown(this.rows);
      this.keys = grown(this.keys);
    }
    invariant(this.count < PLACES, 'a wallet has at most 33 million payments a day');
    this.keys[this.count] = sinceMidnightMs * PLACES + this.count;
    this.rows.set(row, this.count * ROW);
    this.count += 1;
  }

  sortedKeys(): Float64Array {
    return this.keys.slice(0, this.count).sort();
  }

  row(place: number): Float64Array {
    return this.rows.subarray(place * ROW, (place + 1) * ROW);
  }
}

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const room = new Float64Array(column.length * 2);
  room.set(column);
  return room;
}
