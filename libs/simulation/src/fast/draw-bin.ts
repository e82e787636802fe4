import { invariant } from '#domain/invariant';
import { poissonCount } from '../random/counts.js';
import { searchEdges, STRADDLED, type ShareTable } from '../random/share-table.js';
import { PURPOSE, streamKey, type BinName, type Purpose } from '../random/stream-key.js';
import { Xoshiro128 } from '../random/xoshiro128.js';
import { stepsAt } from '../random/quantile-table.js';
import type { MerchantTable } from '../world.js';
import type { FastTables, FlowTables } from './fast-tables.js';

/** Which play of the dice. */
export interface Replication {
  readonly seed: number;
  readonly replicate: number;
}

/** Purchases drawn at a time: columns of them stay in the processor's caches. */
export const CHUNK = 2_048;

/**
 * A stretch of the purchases of one bin (one flow on one day), column by column; only the first
 * `count` places mean anything. These are the arrivals of every kernel that plays purchases one by
 * one: how they are decided is another matter. In no order of time.
 */
export interface DrawnChunk {
  count: number;
  /** `category * 24 + local hour`. */
  readonly kind: Uint32Array;
  readonly area: Uint32Array;
  readonly wallet: Uint32Array;
  /** Which merchant of the cell, as 32 bits: see `merchantAt`. */
  readonly place: Uint32Array;
  /** Shop's currency. */
  readonly amountMinor: Float64Array;
  /** 32 bits each: whether the shop takes wallets; how payer and wallet behave. */
  readonly acceptance: Uint32Array;
  readonly conduct: Uint32Array;
  /** 32 bits each, filled where asked for: when in the hour; whether an outage strikes. */
  readonly moment: Uint32Array;
  readonly outage: Uint32Array;
}

export function drawnChunk(): DrawnChunk {
  const words = (): Uint32Array => new Uint32Array(CHUNK);
  return {
    count: 0,
    kind: words(),
    area: words(),
    wallet: words(),
    place: words(),
    amountMinor: new Float64Array(CHUNK),
    acceptance: words(),
    conduct: words(),
    moment: words(),
    outage: words(),
  };
}

/** How many purchases a bin has: one draw of its own, whatever happens to them. */
export function countOfBin(
  tables: FastTables,
  run: Replication,
  flow: number,
  day: number,
): number {
  const { code, intended } = flowOf(tables, flow);
  const name = { code, day: tables.firstDay + day };
  const source = new Xoshiro128(streamKey(run.seed, run.replicate, name, PURPOSE.count));
  return poissonCount(intended[day] ?? 0, source.nextFine());
}

function flowOf(tables: FastTables, flow: number): FlowTables {
  const found = tables.flows[flow];
  invariant(found !== undefined, `the world has no flow ${String(flow)}`);
  return found;
}

/**
 * The purchases of one bin, chunk after chunk. Drawn again, a bin gives the same bytes, so none
 * needs to be kept.
 *
 * @param day of the period, from 0
 * @param withMoments also draw when in the hour, and the chance that an outage takes
 */
export class BinDraw {
  readonly count: number;
  private left: number;
  private readonly streams: readonly Xoshiro128[];
  private readonly flow: FlowTables;
  private readonly kinds: ShareTable;
  private readonly areas: ShareTable;
  private readonly wallets: ShareTable;

  constructor(
    private readonly tables: FastTables,
    run: Replication,
    flow: number,
    day: number,
    private readonly withMoments = false,
  ) {
    this.flow = flowOf(tables, flow);
    this.count = countOfBin(tables, run, flow, day);
    this.left = this.count;
    const name: BinName = { code: this.flow.code, day: tables.firstDay + day };
    this.streams = (withMoments ? ALL : USUAL).map(
      (purpose) => new Xoshiro128(streamKey(run.seed, run.replicate, name, purpose)),
    );
    const expected = this.count > 0;
    this.kinds = tableFor(this.flow.kinds[this.flow.dayKinds[day] ?? 0], expected, 'category');
    this.areas = tableFor(this.flow.areas[tables.months[day] ?? 0], expected, 'area');
    const epoch = this.flow.epochs.findLast(({ fromDay }) => fromDay <= day);
    this.wallets = tableFor(epoch?.wallets, expected, 'wallet');
  }

  /** Fills the columns; false when there was nothing left. */
  next(chunk: DrawnChunk): boolean {
    const count = Math.min(this.left, CHUNK);
    if (count === 0) return false;
    this.left -= count;
    chunk.count = count;
    const [kind, area, wallet, place, amount, acceptance, conduct, moment, outage] = this.streams;
    kind?.fill(chunk.kind, count);
    area?.fill(chunk.area, count);
    wallet?.fill(chunk.wallet, count);
    place?.fill(chunk.place, count);
    acceptance?.fill(chunk.acceptance, count);
    conduct?.fill(chunk.conduct, count);
    // The words of amounts lie where outages will: no column of their own stays in the cache.
    amount?.fill(chunk.outage, count);
    pickAll(this.kinds, chunk.kind, count);
    pickAll(this.areas, chunk.area, count);
    pickAll(this.wallets, chunk.wallet, count);
    fillAmounts(this.tables.quantiles, this.flow, chunk);
    if (this.withMoments) {
      moment?.fill(chunk.moment, count);
      outage?.fill(chunk.outage, count);
    }
    return true;
  }
}

const USUAL: readonly Purpose[] = [
  PURPOSE.kind,
  PURPOSE.area,
  PURPOSE.wallet,
  PURPOSE.place,
  PURPOSE.amount,
  PURPOSE.acceptance,
  PURPOSE.conduct,
];
const ALL: readonly Purpose[] = [...USUAL, PURPOSE.moment, PURPOSE.outage];

const NOTHING: ShareTable = { slots: Uint16Array.of(0), shift: 31, edges: Float64Array.of(0) };

function tableFor(table: ShareTable | undefined, expected: boolean, what: string): ShareTable {
  if (!expected) return NOTHING;
  invariant(
    table !== undefined,
    `purchases are expected on a day on which no ${what} weighs anything`,
  );
  return table;
}

/** Draws become outcomes, in place. */
function pickAll({ slots, shift, edges }: ShareTable, words: Uint32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const word = words[i] ?? 0;
    const outcome = slots[word >>> shift] ?? STRADDLED;
    words[i] = outcome === STRADDLED ? searchEdges(edges, word) : outcome;
  }
}

/** Category of a kind below 7,200: a multiplication instead of a division by 24. */
export function categoryOf(kind: number): number {
  return (kind * 2_731) >>> 16;
}

function fillAmounts(quantiles: Float64Array, flow: FlowTables, chunk: DrawnChunk): void {
  const { ticketStart, ticketStep } = flow;
  const { kind, outage: words, amountMinor, count } = chunk;
  for (let i = 0; i < count; i++) {
    const category = categoryOf(kind[i] ?? 0);
    const steps = stepsAt(quantiles, ticketStart[category] ?? 0, words[i] ?? 0);
    amountMinor[i] = Math.floor(steps + 0.5) * (ticketStep[category] ?? 0);
  }
}

const UNIT = 2 ** -32;
const HOUR_MS = 3_600_000;

/**
 * The merchant that a draw means in a cell, −1 where the cell has none. The popularity table has a
 * power of two of intervals, so the upper bits of the draw say which and the rest how far in: whole
 * numbers of 32 bits all the way, which is what this look-up into millions can afford.
 */
export function merchantAt(merchants: MerchantTable, cell: number, word: number): number {
  const { cellStart, popularity } = merchants;
  const start = (cellStart[cell] ?? 0) | 0;
  const size = ((cellStart[cell + 1] ?? 0) | 0) - start;
  if (size === 0) return -1;
  const shift = Math.clz32(popularity.length - 1) + 1;
  const interval = word >>> shift;
  const within = (word & ((1 << shift) - 1)) / (1 << shift);
  const from = popularity[interval] ?? 0;
  const rank = from + ((popularity[interval + 1] ?? 0) - from) * within;
  return start + Math.min((rank * size) | 0, size - 1);
}

/** Milliseconds within the hour. */
export function momentMs(word: number): number {
  return Math.floor(word * UNIT * HOUR_MS);
}

/** When a purchase happens: UTC milliseconds. */
export function instantOf(
  tables: FastTables,
  flow: number,
  day: number,
  kind: number,
  moment: number,
): number {
  const minutes = (tables.firstDay + day) * 1_440 - flowOf(tables, flow).utcOffsetMinutes;
  return minutes * 60_000 + (kind % 24) * HOUR_MS + momentMs(moment);
}
