import { invariant } from '#domain/invariant';
import { binTerms, type BinTerms } from '../fast/bin-terms.js';
import { isOut } from '../fast/decide-chunk.js';
import {
  BinDraw,
  categoryOf,
  CHUNK,
  drawnChunk,
  merchantAt,
  momentMs,
  type Replication,
} from '../fast/draw-bin.js';
import type { FastTables } from '../fast/fast-tables.js';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { PURPOSE, streamKey, type Purpose } from '../random/stream-key.js';
import { Xoshiro128 } from '../random/xoshiro128.js';
import type { Totals } from '../totals.js';

const HOUR_MS = 3_600_000;
/** Places of an order: relative milliseconds above, place in the queue below, exact in a double. */
const PLACES = 16_777_216;

/**
 * Purchases that come to the hub, column by column, from the very draws the fast kernel makes.
 * What ends before the hub hears of it (no shop, no link, an outage, a payer who gives up) is only
 * counted.
 */
export class Arrivals {
  count = 0;
  instantMs = new Float64Array(CHUNK);
  amountMinor = new Float64Array(CHUNK);
  flow = new Uint16Array(CHUNK);
  day = new Uint16Array(CHUNK);
  wallet = new Uint16Array(CHUNK);
  acquirer = new Uint16Array(CHUNK);
  area = new Uint16Array(CHUNK);
  category = new Uint16Array(CHUNK);
  /** 32 bits each: how payer and wallet behave, when the wallet answers, who pays, when it is refunded. */
  conduct = new Uint32Array(CHUNK);
  answer = new Uint32Array(CHUNK);
  payer = new Uint32Array(CHUNK);
  refund = new Uint32Array(CHUNK);
  private readonly chunk = drawnChunk();
  private readonly words = [0, 1, 2].map(() => new Uint32Array(CHUNK));

  constructor(
    private readonly tables: FastTables,
    private readonly run: Replication,
    private readonly totals: Totals,
  ) {}

  /** Adds the purchases of one bin; returns how many were drawn, those that end before included. */
  draw(flow: number, day: number): number {
    const { tables, run, chunk } = this;
    const { intended, code } = tables.flows[flow] ?? { intended: [], code: 0 };
    if ((intended[day] ?? 0) === 0) return 0;
    const terms = binTerms(tables, flow, day);
    const draw = new BinDraw(tables, run, flow, day, true);
    const name = { code, day: tables.firstDay + day };
    const streams = OWN.map(
      (purpose) => new Xoshiro128(streamKey(run.seed, run.replicate, name, purpose)),
    );
    while (draw.next(chunk)) {
      for (const [index, words] of this.words.entries()) streams[index]?.fill(words, chunk.count);
      this.reserve(chunk.count);
      for (let at = 0; at < chunk.count; at++) this.take(terms, flow, day, at);
    }
    return draw.count;
  }

  /**
   * Places of all purchases before an instant, in order of time; of equal times, of drawing.
   * Take them out with `drop` afterwards.
   */
  orderUntil(untilMs: number): Float64Array {
    const { count, instantMs } = this;
    invariant(count < PLACES, 'a day has fewer purchases than an order has places');
    let earliestMs = Infinity;
    for (let at = 0; at < count; at++) earliestMs = Math.min(earliestMs, instantMs[at] ?? 0);
    const keys = new Float64Array(count);
    let length = 0;
    for (let at = 0; at < count; at++) {
      const atMs = instantMs[at] ?? 0;
      if (atMs < untilMs) keys[length++] = (atMs - earliestMs) * PLACES + at;
    }
    const order = keys.subarray(0, length).sort();
    for (let at = 0; at < length; at++) order[at] = (order[at] ?? 0) % PLACES;
    return order;
  }

  /** Forgets all purchases before an instant. */
  drop(untilMs: number): void {
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      if ((this.instantMs[at] ?? 0) < untilMs) continue;
      for (const column of this.columns()) column[kept] = column[at] ?? 0;
      kept += 1;
    }
    this.count = kept;
  }

  private take(terms: BinTerms, flow: number, day: number, at: number): void {
    const { tables, chunk } = this;
    const { merchants, acquirers, categories, conduct } = tables;
    const kind = chunk.kind[at] ?? 0;
    const category = categoryOf(kind);
    const amount = chunk.amountMinor[at] ?? 0;
    const takes = (chunk.acceptance[at] ?? 0) < (terms.flow.acceptance[category] ?? 0);
    const cell = (chunk.area[at] ?? 0) * categories + category;
    const merchant = takes ? merchantAt(merchants, cell, chunk.place[at] ?? 0) : -1;
    if (merchant < 0) {
      this.ended(flow, OUTCOME.notAccepted, amount);
      return;
    }
    const acquirer = merchants.acquirerOf[merchant] ?? 0;
    const wallet = chunk.wallet[at] ?? 0;
    const pair = terms.pairAt[wallet * acquirers + acquirer] ?? -1;
    if (pair < 0) {
      this.ended(flow, OUTCOME.noRoute, amount);
      return;
    }
    if (terms.outages.length > 0 && isOut(tables, terms, chunk, at, pair)) {
      this.ended(flow, OUTCOME.outage, amount);
      return;
    }
    const luck = chunk.conduct[at] ?? 0;
    if (luck < conduct.abandoned) {
      this.ended(flow, OUTCOME.abandoned, amount);
      return;
    }
    const place = this.count;
    this.count += 1;
    const hour = kind - category * 24;
    this.instantMs[place] = terms.dayStartMs + hour * HOUR_MS + momentMs(chunk.moment[at] ?? 0);
    this.amountMinor[place] = amount;
    this.flow[place] = flow;
    this.day[place] = day;
    this.wallet[place] = wallet;
    this.acquirer[place] = acquirer;
    this.area[place] = chunk.area[at] ?? 0;
    this.category[place] = category;
    this.conduct[place] = luck;
    this.answer[place] = this.words[0]?.[at] ?? 0;
    this.payer[place] = this.words[1]?.[at] ?? 0;
    this.refund[place] = this.words[2]?.[at] ?? 0;
  }

  private ended(flow: number, outcome: number, amount: number): void {
    const { outcomes, outcomeMinor } = this.totals;
    const at = flow * OUTCOMES.length + outcome;
    outcomes[at] = (outcomes[at] ?? 0) + 1;
    outcomeMinor[at] = (outcomeMinor[at] ?? 0) + amount;
  }

  private reserve(more: number): void {
    const needed = this.count + more;
    let length = this.instantMs.length;
    if (needed <= length) return;
    while (length < needed) length *= 2;
    const grown = <T extends Float64Array | Uint16Array | Uint32Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.instantMs = grown(this.instantMs, new Float64Array(length));
    this.amountMinor = grown(this.amountMinor, new Float64Array(length));
    for (const name of ['flow', 'day', 'wallet', 'acquirer', 'area', 'category'] as const) {
      this[name] = grown(this[name], new Uint16Array(length));
    }
    for (const name of ['conduct', 'answer', 'payer', 'refund'] as const) {
      this[name] = grown(this[name], new Uint32Array(length));
    }
  }

  private columns(): (Float64Array | Uint16Array | Uint32Array)[] {
    return [
      this.instantMs,
      this.amountMinor,
      this.flow,
      this.day,
      this.wallet,
      this.acquirer,
      this.area,
      this.category,
      this.conduct,
      this.answer,
      this.payer,
      this.refund,
    ];
  }
}

const OWN: readonly Purpose[] = [PURPOSE.answer, PURPOSE.payer, PURPOSE.refund];
