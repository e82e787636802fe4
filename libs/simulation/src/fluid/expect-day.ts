import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY } from '../totals.js';
import { clearingHourOf } from './day-hours.js';
import { COLUMNS } from './expected-price.js';
import type { FlowParts, WorldParts } from './flow-parts.js';
import { addAt, type FluidSums } from './fluid-sums.js';
import { conductChances, passageOf, type AmountSum, type Passage } from './passage.js';
import type { PlacedSums } from './placed-sums.js';
import { stopsOn, type Stops } from './stops.js';

const HOURS = 24;

/** Share of a wallet's purchases that its cap lets through: `room[wallet * hours + hour]`. */
export type CapRoom = Float64Array | null;

/** One wallet's purchases in one flow on one day: `intended` of them, before anything is decided. */
export interface WalletDay {
  readonly day: number;
  readonly wallet: number;
  readonly intended: number;
}

/** Where expected purchases are added up. */
export interface Into {
  readonly sums: FluidSums;
  readonly placed: PlacedSums;
}

interface Visit extends WalletDay {
  readonly acquirer: number;
  readonly pair: number;
  readonly hourShares: Float64Array;
  readonly mix: Float64Array;
  readonly passage: Passage;
  readonly stops: Stops;
  readonly room: CapRoom;
}

/**
 * Adds one wallet's expected purchases of one day to the sums. Purchases are thinned step by step
 * in the order of the outcomes: each step keeps a share of what the one before left, so expected
 * counts and money follow by multiplication.
 */
export function expectDay(
  parts: WorldParts,
  flow: FlowParts,
  walletDay: WalletDay,
  room: CapRoom,
  into: Into,
): void {
  const { world, pairOf } = parts;
  const { day, wallet } = walletDay;
  const hourShares = flow.hourShares[flow.flow.dayKinds[day] === 1 ? 1 : 0];
  const { mix } = flow.mixOf(parts.months[day] ?? 0);
  const stops = stopsOn(parts, flow, day, wallet);
  const passages = new Map<number, Passage>();
  for (const acquirer of flow.acquirers) {
    const pair = pairOf[wallet * world.acquirers.length + acquirer] ?? -1;
    if (pair < 0) {
      addUnrouted(flow, walletDay, acquirer, world.acquirers.length, hourShares, mix, into.sums);
      continue;
    }
    const settlement = world.acquirers[acquirer]?.currency ?? 0;
    const passage = passages.get(settlement) ?? passageOf(world, flow, wallet, settlement, day);
    passages.set(settlement, passage);
    const visit = { ...walletDay, acquirer, pair, hourShares, mix, passage, stops, room };
    for (let category = 0; category < world.categories.length; category++) {
      addVisits(parts, flow, visit, category, into);
    }
  }
}

function addUnrouted(
  flow: FlowParts,
  { intended }: WalletDay,
  acquirer: number,
  acquirers: number,
  hourShares: Float64Array,
  mix: Float64Array,
  sums: FluidSums,
): void {
  for (const [category, nodes] of flow.nodes.entries()) {
    const there = mix[category * acquirers + acquirer] ?? 0;
    const accepted = flow.flow.acceptance[category] ?? 0;
    const count = intended * categoryShare(hourShares, category) * accepted * there;
    addOutcome(sums, flow, OUTCOME.noRoute, count, allOf(nodes));
  }
}

export function categoryShare(hourShares: Float64Array, category: number): number {
  let share = 0;
  for (let hour = 0; hour < HOURS; hour++) share += hourShares[category * HOURS + hour] ?? 0;
  return share;
}

/** Every amount of a category, whatever it is. */
export function allOf(nodes: FlowParts['nodes'][number]): AmountSum {
  return { share: 1, amount: nodes.mean, square: nodes.squareBelow[nodes.amounts.length] ?? 0 };
}

/** Of what reaches a linked shop: outage, payer, limits, cap and conduct, then the money. */
function addVisits(
  parts: WorldParts,
  flow: FlowParts,
  visit: Visit,
  category: number,
  into: Into,
): void {
  const { world, pairs } = parts;
  const { acquirer, hourShares, stops, day, wallet, room, pair, passage } = visit;
  const { clearingHours } = into.sums.totals;
  const cell = category * world.acquirers.length + acquirer;
  const accepted = visit.intended * (flow.flow.acceptance[category] ?? 0);
  const reach = accepted * (visit.mix[cell] ?? 0);
  if (reach === 0) return;
  const asked = 1 - world.conduct.abandoned;
  const paid = asked * paidShare(world.conduct);
  let [reached, open, roomy, dayWeight, clearingDay] = [0, 0, 0, 0, -1];
  for (let hour = 0; hour < HOURS; hour++) {
    const share = hourShares[category * HOURS + hour] ?? 0;
    if (share === 0) continue;
    const lost = stops.mixLost[hour]?.[cell] ?? 0;
    const kept = 1 - (stops.byAcquirer[hour]?.[acquirer] ?? 0);
    const inHour = (reach - accepted * lost) * share * kept;
    reached += reach * share;
    open += inHour;
    let left = 0;
    for (let part = 0; part < (flow.places.later > 0 ? 2 : 1); part++) {
      const at = clearingHourOf(day, (flow.places.first[hour] ?? 0) + part);
      const weight = inHour * (part === 1 ? flow.places.later : 1 - flow.places.later);
      const free = room === null ? 1 : (room[wallet * clearingHours + at] ?? 1);
      left += weight * free;
      if (Math.floor(at / HOURS) !== clearingDay) {
        addMoney(into.sums, parts, visit, category, clearingDay, dayWeight);
        [clearingDay, dayWeight] = [Math.floor(at / HOURS), 0];
      }
      dayWeight += weight * free * paid;
      addHour(into.sums, passage, category, at * pairs.length + pair, weight * free * paid);
    }
    roomy += left;
    const byArea = stops.byArea[hour];
    if (byArea !== undefined) {
      const through = inHour > 0 ? (left / inHour) * accepted * share * kept * paid : 0;
      into.placed.addIrregular(category, acquirer, through, passage.limits[category], byArea);
      into.placed.addRegular(category, acquirer, -left * paid, passage.limits[category]);
    }
  }
  addMoney(into.sums, parts, visit, category, clearingDay, dayWeight);
  into.placed.addRegular(category, acquirer, roomy * paid, passage.limits[category]);
  addOutcomes(into.sums, flow, world.conduct, passage, category, { reached, open, roomy });
}

function paidShare(conduct: Parameters<typeof conductChances>[0]): number {
  return (1 - conduct.insufficientFunds) * (1 - conduct.riskRefused) * (1 - conduct.timedOut);
}

function addOutcomes(
  sums: FluidSums,
  flow: FlowParts,
  conduct: Parameters<typeof conductChances>[0],
  passage: Passage,
  category: number,
  { reached, open, roomy }: { reached: number; open: number; roomy: number },
): void {
  const nodes = flow.nodes[category];
  const limits = passage.limits[category];
  if (nodes === undefined || limits === undefined) return;
  const all = allOf(nodes);
  const { abandoned } = conduct;
  addOutcome(sums, flow, OUTCOME.outage, reached - open, all);
  addOutcome(sums, flow, OUTCOME.abandoned, open * abandoned, all);
  const scanned = open * (1 - abandoned);
  addOutcome(sums, flow, OUTCOME.outsideCorridorLimits, scanned, limits.corridor);
  addOutcome(sums, flow, OUTCOME.abovePayerLimit, scanned, limits.payer);
  addOutcome(sums, flow, OUTCOME.capExceeded, (open - roomy) * (1 - abandoned), limits.within);
  for (const { outcome, chance } of conductChances(conduct)) {
    addOutcome(sums, flow, outcome, roomy * (1 - abandoned) * chance, limits.within);
  }
  const at = flow.index * flow.nodes.length + category;
  const weight = roomy * (1 - abandoned) * paidShare(conduct);
  const { share, amount, square } = limits.within;
  addAt(sums.totals.categoryCount, at, weight * share);
  addAt(sums.variances.categoryCount, at, weight * share);
  addAt(sums.totals.categoryMinor, at, weight * amount);
  addAt(sums.variances.categoryMinor, at, weight * square);
}

/** @param weight purchases of which the sum's share ends so */
export function addOutcome(
  sums: FluidSums,
  flow: FlowParts,
  outcome: number,
  weight: number,
  { share, amount, square }: AmountSum,
): void {
  const at = flow.index * OUTCOMES.length + outcome;
  addAt(sums.totals.outcomes, at, weight * share);
  addAt(sums.variances.outcomes, at, weight * share);
  addAt(sums.totals.outcomeMinor, at, weight * amount);
  addAt(sums.variances.outcomeMinor, at, weight * square);
}

function addHour(
  { totals, variances }: FluidSums,
  { money, square }: Passage,
  category: number,
  at: number,
  weight: number,
): void {
  const owes = category * COLUMNS + MONEY.walletOwesMinor;
  const receives = category * COLUMNS + MONEY.acquirerReceivesMinor;
  addAt(totals.owes, at, weight * (money[owes] ?? 0));
  addAt(totals.receives, at, weight * (money[receives] ?? 0));
  addAt(variances.owes, at, weight * (square[owes] ?? 0));
  addAt(variances.receives, at, weight * (square[receives] ?? 0));
}

/** @param weight purchases that are paid if their amount is within the limits */
function addMoney(
  { totals, variances }: FluidSums,
  { world, pairs }: WorldParts,
  { pair, passage }: Visit,
  category: number,
  clearingDay: number,
  weight: number,
): void {
  if (weight === 0) return;
  const { money, square } = passage;
  const from = category * COLUMNS;
  const cell = clearingDay * pairs.length + pair;
  for (let column = 0; column < COLUMNS; column++) {
    addAt(totals.money, cell * COLUMNS + column, weight * (money[from + column] ?? 0));
    addAt(variances.money, cell * COLUMNS + column, weight * (square[from + column] ?? 0));
  }
  const refunded = weight * world.conduct.refunded;
  addAt(totals.refundedMinor, cell, refunded * (money[from + MONEY.paymentMinor] ?? 0));
  addAt(variances.refundedMinor, cell, refunded * (square[from + MONEY.paymentMinor] ?? 0));
}
