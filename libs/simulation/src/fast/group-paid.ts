import type { BinSums, Groups } from './bin-sums.js';
import type { BinTerms } from './bin-terms.js';
import type { ChunkVerdict } from './decide-chunk.js';
import { categoryOf, type DrawnChunk } from './draw-bin.js';

const MINUTES = 60 / 4_294_967_296;

/** The clearing hour of a purchase, counted from the bin's first. */
function slotOf(terms: BinTerms, chunk: DrawnChunk, at: number, hour: number): number {
  const { lateMinutes } = terms;
  if (lateMinutes === 0) return hour;
  return hour + Math.floor(((chunk.moment[at] ?? 0) * MINUTES + lateMinutes) / 60);
}

/**
 * Puts the paid purchases of a chunk in order of pair and part of the day: then rates are read and
 * sums written once a group and not once a purchase.
 *
 * @param refunded draws of conduct from here on are refunded later
 */
export function groupPaid(
  terms: BinTerms,
  chunk: DrawnChunk,
  verdict: ChunkVerdict,
  refunded: number,
  into: BinSums,
): void {
  countGroups(terms, chunk, verdict, into);
  sortGroups(chunk, verdict, refunded, into.groups);
}

/** Finds everybody's group and how many each has, and adds up places, which need no price. */
function countGroups(
  terms: BinTerms,
  chunk: DrawnChunk,
  { paid, paidAt, paidPair }: ChunkVerdict,
  { categories, areas, groups }: BinSums,
): void {
  const { lateMinutes, secondPart } = terms;
  const { kind, area, amountMinor } = chunk;
  const { next, key, slot: slots } = groups;
  next.fill(0);
  for (let j = 0; j < paid; j++) {
    const at = paidAt[j] ?? 0;
    const amount = amountMinor[at] ?? 0;
    const kindOf = kind[at] ?? 0;
    const category = categoryOf(kindOf);
    const hour = kindOf - category * 24;
    const slot = lateMinutes === 0 ? hour : slotOf(terms, chunk, at, hour);
    const group = (paidPair[j] ?? 0) * 2 + ((secondPart - 1 - slot) >>> 31);
    key[j] = group;
    slots[j] = slot;
    next[group] = (next[group] ?? 0) + 1;
    add(categories, category * 2, 1);
    add(categories, category * 2 + 1, amount);
    add(areas, (area[at] ?? 0) * 2, 1);
    add(areas, (area[at] ?? 0) * 2 + 1, amount);
  }
}

function sortGroups(
  { amountMinor, conduct }: DrawnChunk,
  { paid, paidAt }: ChunkVerdict,
  refunded: number,
  { next, key, slot, sortedSlot, sortedAmount, sortedRefund }: Groups,
): void {
  let sum = 0;
  for (let group = 0; group < next.length; group++) {
    const size = next[group] ?? 0;
    next[group] = sum;
    sum += size;
  }
  for (let j = 0; j < paid; j++) {
    const at = paidAt[j] ?? 0;
    const group = key[j] ?? 0;
    const to = next[group] ?? 0;
    next[group] = to + 1;
    const amount = amountMinor[at] ?? 0;
    sortedSlot[to] = slot[j] ?? 0;
    sortedAmount[to] = amount;
    sortedRefund[to] = (conduct[at] ?? 0) >= refunded ? amount : 0;
  }
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] ?? 0) + value;
}
