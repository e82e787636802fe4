import { invariant } from '#domain/invariant';
import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type { World } from '../world.js';
import { BIN, BIN_COLUMNS, binSums, type BinSums } from './bin-sums.js';
import { binTerms, SLOTS, type BinTerms } from './bin-terms.js';
import { chunkVerdict, decideChunk, type ChunkVerdict } from './decide-chunk.js';
import { BinDraw, drawnChunk, type Replication } from './draw-bin.js';
import { tablesOf, type FastTables } from './fast-tables.js';
import { holdCaps } from './hold-caps.js';
import { priceChunk } from './price-chunk.js';

/** Days of the period, from 0; the last one is not included. */
export interface DayRange {
  readonly fromDay: number;
  readonly untilDay: number;
}

/** Told after each bin how many purchases it had; answers whether to go on. */
export type OnBin = (purchases: number) => boolean;

/**
 * Plays worlds purchase by purchase in columns. Holds what is needed for one bin and nothing that
 * grows with purchases.
 */
export class FastKernel {
  private readonly chunk = drawnChunk();
  private readonly verdict: ChunkVerdict = chunkVerdict();
  private readonly sums: BinSums[];

  constructor(private readonly tables: FastTables) {
    const { categories, areas } = tables;
    this.sums = tables.flows.map(({ pairs }) => binSums(pairs.length, categories, areas));
  }

  /**
   * Draws, decides and prices all bins of a range of days, without regard to caps (`holdCaps`
   * does that when all days are there), and adds them to `totals`.
   *
   * @param totals of the whole period; with `hourOffset`, of what `partTotals` makes for the range
   * @returns false when `onBin` ended it: then the totals are of no use
   */
  play(
    run: Replication,
    totals: Totals,
    range: DayRange & { readonly hourOffset?: number },
    onBin?: OnBin,
  ): boolean {
    for (let day = range.fromDay; day < range.untilDay; day++) {
      for (let flow = 0; flow < this.tables.flows.length; flow++) {
        const purchases = this.playBin(run, flow, day, totals, range.hourOffset ?? 0);
        if (onBin?.(purchases) === false) return false;
      }
    }
    return true;
  }

  private playBin(
    run: Replication,
    flow: number,
    day: number,
    totals: Totals,
    hourOffset: number,
  ): number {
    const { tables, chunk, verdict } = this;
    if ((tables.flows[flow]?.intended[day] ?? 0) === 0) return 0;
    const terms = binTerms(tables, flow, day);
    const sums = this.sums[flow];
    invariant(sums !== undefined, 'every flow has its sums');
    const withMoments = terms.lateMinutes > 0 || terms.outages.length > 0;
    const draw = new BinDraw(tables, run, flow, day, withMoments);
    while (draw.next(chunk)) {
      decideChunk(tables, terms, chunk, verdict);
      priceChunk(terms, chunk, verdict, tables.conduct.refunded, sums);
    }
    flushOutcomes(verdict, sums, flow, totals);
    flushPlaces(sums, tables, flow, totals);
    flushMoney(terms, sums, totals, hourOffset);
    return draw.count;
  }
}

function flushOutcomes(
  { counts, minor }: ChunkVerdict,
  { categories }: BinSums,
  flow: number,
  { outcomes, outcomeMinor }: Totals,
): void {
  for (let at = 0; at < categories.length; at += 2) {
    counts[OUTCOME.paid] = (counts[OUTCOME.paid] ?? 0) + (categories[at] ?? 0);
    minor[OUTCOME.paid] = (minor[OUTCOME.paid] ?? 0) + (categories[at + 1] ?? 0);
  }
  const start = flow * OUTCOMES.length;
  for (let outcome = 0; outcome < OUTCOMES.length; outcome++) {
    add(outcomes, start + outcome, counts[outcome] ?? 0);
    add(outcomeMinor, start + outcome, minor[outcome] ?? 0);
  }
  counts.fill(0);
  minor.fill(0);
}

function flushPlaces(
  { categories, areas }: BinSums,
  tables: FastTables,
  flow: number,
  totals: Totals,
): void {
  const start = flow * tables.categories;
  for (let category = 0; category < tables.categories; category++) {
    add(totals.categoryCount, start + category, categories[category * 2] ?? 0);
    add(totals.categoryMinor, start + category, categories[category * 2 + 1] ?? 0);
  }
  for (let area = 0; area < tables.areas; area++) {
    add(totals.areaCount, area, areas[area * 2] ?? 0);
    add(totals.areaMinor, area, areas[area * 2 + 1] ?? 0);
  }
  categories.fill(0);
  areas.fill(0);
}

/** Columns of `MONEY` that a bin's sums hold as they are. */
const PLAIN: readonly (readonly [to: number, from: number])[] = [
  [MONEY.payments, BIN.payments],
  [MONEY.paymentMinor, BIN.payment],
  [MONEY.payToMinor, BIN.payTo],
  [MONEY.interchangeCreditedMinor, BIN.credited],
  [MONEY.schemeFeeWalletMinor, BIN.feeWallet],
  [MONEY.fxMarginMinor, BIN.margin],
  [MONEY.interchangeMarginMinor, BIN.interchangeMargin],
  [MONEY.settlementMinor, BIN.settlement],
  [MONEY.interchangeChargedMinor, BIN.charged],
  [MONEY.schemeFeeAcquirerMinor, BIN.feeAcquirer],
  [MONEY.mdrMinor, BIN.mdr],
];

function flushMoney(
  terms: BinTerms,
  { sums, dues }: BinSums,
  totals: Totals,
  hourOffset: number,
): void {
  const all = totals.pairs.length;
  const firstHour = terms.firstHour - hourOffset;
  const firstDay = Math.floor(firstHour / 24);
  for (let local = 0; local < terms.pairs; local++) {
    const pair = terms.flow.pairs[local] ?? 0;
    for (let part = 0; part < 2; part++) {
      const from = (local * 2 + part) * BIN_COLUMNS;
      // A part of which nothing was paid may lie beyond the last day there is.
      if ((sums[from] ?? 0) === 0) continue;
      const of = (firstDay + part) * all + pair;
      flushPart(sums, from, totals.money, of * MONEY_COLUMNS.length);
      add(totals.refundedMinor, of, sums[from + BIN.refunded] ?? 0);
    }
    for (let slot = 0; slot < SLOTS; slot++) {
      const from = (local * SLOTS + slot) * 2;
      const [owes, receives] = [dues[from] ?? 0, dues[from + 1] ?? 0];
      if (owes === 0 && receives === 0) continue;
      add(totals.owes, (firstHour + slot) * all + pair, owes);
      add(totals.receives, (firstHour + slot) * all + pair, receives);
    }
  }
  sums.fill(0);
  dues.fill(0);
}

function flushPart(sums: Float64Array, from: number, money: Float64Array, to: number): void {
  for (const [column, source] of PLAIN) add(money, to + column, sums[from + source] ?? 0);
  const owes =
    (sums[from + BIN.payTo] ?? 0) -
    (sums[from + BIN.credited] ?? 0) +
    (sums[from + BIN.feeWallet] ?? 0);
  const receives =
    (sums[from + BIN.settlement] ?? 0) -
    (sums[from + BIN.charged] ?? 0) -
    (sums[from + BIN.feeAcquirer] ?? 0);
  add(money, to + MONEY.walletOwesMinor, owes);
  add(money, to + MONEY.acquirerReceivesMinor, receives);
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}

/**
 * Plays one replication of a world, or some days of it, into `totals`. With all days, caps hold as
 * the world says; with fewer they are left to `holdCaps`.
 */
export function playFast(
  world: World,
  run: Replication,
  totals: Totals,
  range: DayRange = { fromDay: 0, untilDay: world.days },
): void {
  const tables = tablesOf(world);
  new FastKernel(tables).play(run, totals, range);
  if (range.fromDay === 0 && range.untilDay === world.days) holdCaps(world, tables, run, totals);
}
