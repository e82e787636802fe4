import { OUTCOME, OUTCOMES } from '../outcomes.js';
import { MONEY } from '../totals.js';
import { clearingHourOf } from './day-hours.js';
import { COLUMNS } from './expected-price.js';
import type { FlowParts, WorldParts } from './flow-parts.js';
import { addSum, amountSums, type AmountSums } from './amount-sums.js';
import { addAt } from './fluid-sums.js';
import { conductChances, passageOf, type Passage } from './passage.js';
import type { ReferencePrices } from './price-book.js';
import { addStoppedPlaces, spreadPlaces } from './profile-places.js';
import type { Stops } from './stops.js';

const HOURS = 24;
/** A local day touches 25 clearing hours where its hours begin at half past, and two clearing days. */
const PLACES = HOURS + 1;
const CLEARING_DAYS = 2;

/** What a profile holds for; days that have all of it in common share one. */
export interface ProfileTerms {
  readonly wallet: number;
  readonly month: number;
  readonly kind: 0 | 1;
  readonly stops: Stops;
  /** By settlement currency. */
  readonly prices: ReadonlyMap<number, ReferencePrices>;
  /** Of the day it is for, where caps bind, see `capRoom`; a profile without is good for any day. */
  readonly roomOn: {
    readonly day: number;
    readonly room: Float64Array;
    readonly clearingHours: number;
  } | null;
}

/** Money between one wallet and one acquirer; squares are what variances are made of. */
export interface PairProfile {
  readonly pair: number;
  readonly settlement: number;
  /** By clearing hour from the day's first, `PLACES` of them. */
  readonly owes: Float64Array;
  readonly owesSquare: Float64Array;
  readonly receives: Float64Array;
  readonly receivesSquare: Float64Array;
  /** `[clearing day from the first * COLUMNS + column]`. */
  readonly money: Float64Array;
  readonly moneySquare: Float64Array;
}

/**
 * What one purchase of a wallet comes to on average, on a day of some kind: a day is this times
 * its purchases, so a month's days cost hardly more than one.
 */
export interface DayProfile {
  readonly pairs: readonly PairProfile[];
  readonly outcomes: AmountSums;
  readonly categories: AmountSums;
  readonly areas: AmountSums;
}

/** Thins one purchase step by step, in the order of the outcomes. */
export function dayProfile(parts: WorldParts, flow: FlowParts, terms: ProfileTerms): DayProfile {
  const { world, pairOf } = parts;
  const { mix } = flow.mixOf(terms.month);
  const passages = new Map(
    [...terms.prices].map(([settlement, prices]) => {
      const key = [terms.wallet, settlement, prices.id].join(' ');
      const passage = flow.passages.get(key) ?? passageOf(world, flow, terms.wallet, prices);
      flow.passages.set(key, passage);
      return [settlement, passage];
    }),
  );
  const pairs: PairProfile[] = [];
  const profile: DayProfile = {
    pairs,
    outcomes: amountSums(OUTCOMES.length),
    categories: amountSums(world.categories.length),
    areas: amountSums(world.areas.length),
  };
  const placed = amountSums(mix.length);
  addRefused(flow, terms, profile);
  for (const acquirer of flow.acquirers) {
    const pair = pairOf[terms.wallet * world.acquirers.length + acquirer] ?? -1;
    const settlement = world.acquirers[acquirer]?.currency ?? 0;
    const passage = passages.get(settlement);
    if (pair < 0 || passage === undefined) {
      addUnrouted(flow, terms, acquirer, world.acquirers.length, mix, profile);
      continue;
    }
    const money = pairProfile(pair, settlement);
    pairs.push(money);
    const byDay = new Float64Array(CLEARING_DAYS);
    const visits = { acquirer, passage, money, mix, placed, byDay };
    for (let category = 0; category < world.categories.length; category++) {
      addVisits(parts, flow, terms, visits, category, profile);
    }
  }
  spreadPlaces(parts, flow, terms.month, placed, profile.areas);
  return profile;
}

function pairProfile(pair: number, settlement: number): PairProfile {
  const hours = (): Float64Array => new Float64Array(PLACES);
  const columns = (): Float64Array => new Float64Array(CLEARING_DAYS * COLUMNS);
  return {
    pair,
    settlement,
    owes: hours(),
    owesSquare: hours(),
    receives: hours(),
    receivesSquare: hours(),
    money: columns(),
    moneySquare: columns(),
  };
}

function addRefused(flow: FlowParts, { kind }: ProfileTerms, { outcomes }: DayProfile): void {
  for (const [category, nodes] of flow.nodes.entries()) {
    const refused = 1 - (flow.flow.acceptance[category] ?? 0);
    const share = flow.categoryShares[kind][category] ?? 0;
    addSum(outcomes, OUTCOME.notAccepted, share * refused, nodes.all);
  }
}

function addUnrouted(
  flow: FlowParts,
  { kind }: ProfileTerms,
  acquirer: number,
  acquirers: number,
  mix: Float64Array,
  { outcomes }: DayProfile,
): void {
  for (const [category, nodes] of flow.nodes.entries()) {
    const there = mix[category * acquirers + acquirer] ?? 0;
    const accepted = flow.flow.acceptance[category] ?? 0;
    const share = flow.categoryShares[kind][category] ?? 0;
    addSum(outcomes, OUTCOME.noRoute, share * accepted * there, nodes.all);
  }
}

interface Visits {
  readonly acquirer: number;
  readonly passage: Passage;
  readonly money: PairProfile;
  readonly mix: Float64Array;
  /** Paid purchases by `category * acquirers + acquirer`, wherever the mix takes them. */
  readonly placed: AmountSums;
  /** Purchases of the category at hand, by clearing day. */
  readonly byDay: Float64Array;
}

/** Of what reaches a linked shop: outage, payer, limits, cap and conduct, then the money. */
function addVisits(
  parts: WorldParts,
  flow: FlowParts,
  terms: ProfileTerms,
  visits: Visits,
  category: number,
  profile: DayProfile,
): void {
  const { world } = parts;
  const { acquirer, passage } = visits;
  const limits = passage.limits[category];
  const cell = category * world.acquirers.length + acquirer;
  const accepted = flow.flow.acceptance[category] ?? 0;
  const reach = accepted * (visits.mix[cell] ?? 0);
  if (reach === 0 || limits === undefined) return;
  const hourShares = flow.hourShares[terms.kind];
  const { stops } = terms;
  const paid = (1 - world.conduct.abandoned) * flow.paidOfAsked;
  let [reached, open, roomy, irregular] = [0, 0, 0, 0];
  for (let hour = 0; hour < HOURS; hour++) {
    const share = hourShares[category * HOURS + hour] ?? 0;
    if (share === 0) continue;
    const lost = stops.mixLost[hour]?.[cell] ?? 0;
    const kept = 1 - (stops.byAcquirer[hour]?.[acquirer] ?? 0);
    const inHour = (reach - accepted * lost) * share * kept;
    const left = addHour(flow, terms, visits, category, hour, inHour * paid) / paid;
    reached += reach * share;
    open += inHour;
    roomy += left;
    const byArea = stops.byArea[hour];
    if (byArea === undefined || inHour === 0) continue;
    irregular += left;
    const everywhere = (left / inHour) * accepted * share * kept * paid;
    addStoppedPlaces(
      parts,
      flow,
      terms.month,
      cell,
      everywhere,
      limits.within,
      byArea,
      profile.areas,
    );
  }
  addMoney(visits, category);
  addSum(visits.placed, cell, (roomy - irregular) * paid, limits.within);
  addSum(profile.categories, category, roomy * paid, limits.within);
  addOutcomes(flow, world.conduct, passage, category, { reached, open, roomy }, profile);
}

/** @returns what of the hour's purchases finds room under the cap */
function addHour(
  { places }: FlowParts,
  { wallet, roomOn }: ProfileTerms,
  { passage, money, byDay }: Visits,
  category: number,
  hour: number,
  inHour: number,
): number {
  const from = places.first[0] ?? 0;
  const owes = category * COLUMNS + MONEY.walletOwesMinor;
  const receives = category * COLUMNS + MONEY.acquirerReceivesMinor;
  let left = 0;
  for (let part = 0; part < (places.later > 0 ? 2 : 1); part++) {
    const place = (places.first[hour] ?? 0) + part;
    const share = part === 1 ? places.later : 1 - places.later;
    const weight = inHour * share * (roomOn === null ? 1 : roomAt(roomOn, wallet, place));
    left += weight;
    addAt(money.owes, place - from, weight * (passage.money[owes] ?? 0));
    addAt(money.owesSquare, place - from, weight * (passage.square[owes] ?? 0));
    addAt(money.receives, place - from, weight * (passage.money[receives] ?? 0));
    addAt(money.receivesSquare, place - from, weight * (passage.square[receives] ?? 0));
    addAt(byDay, Math.floor(place / HOURS) - Math.floor(from / HOURS), weight);
  }
  return left;
}

function roomAt(
  { day, room, clearingHours }: NonNullable<ProfileTerms['roomOn']>,
  wallet: number,
  place: number,
): number {
  return room[wallet * clearingHours + clearingHourOf(day, place)] ?? 1;
}

/** Adds the money of the weights gathered by clearing day, and begins them anew. */
function addMoney({ passage, money, byDay }: Visits, category: number): void {
  for (let day = 0; day < CLEARING_DAYS; day++) {
    const weight = byDay[day] ?? 0;
    if (weight === 0) continue;
    for (let column = 0; column < COLUMNS; column++) {
      const from = category * COLUMNS + column;
      addAt(money.money, day * COLUMNS + column, weight * (passage.money[from] ?? 0));
      addAt(money.moneySquare, day * COLUMNS + column, weight * (passage.square[from] ?? 0));
    }
    byDay[day] = 0;
  }
}

function addOutcomes(
  flow: FlowParts,
  conduct: Parameters<typeof conductChances>[0],
  passage: Passage,
  category: number,
  { reached, open, roomy }: { reached: number; open: number; roomy: number },
  { outcomes }: DayProfile,
): void {
  const nodes = flow.nodes[category];
  const limits = passage.limits[category];
  if (nodes === undefined || limits === undefined) return;
  const { abandoned } = conduct;
  const scanned = open * (1 - abandoned);
  addSum(outcomes, OUTCOME.outage, reached - open, nodes.all);
  addSum(outcomes, OUTCOME.abandoned, open * abandoned, nodes.all);
  addSum(outcomes, OUTCOME.outsideCorridorLimits, scanned, limits.corridor);
  addSum(outcomes, OUTCOME.abovePayerLimit, scanned, limits.payer);
  addSum(outcomes, OUTCOME.capExceeded, (open - roomy) * (1 - abandoned), limits.within);
  for (const { outcome, chance } of conductChances(conduct)) {
    addSum(outcomes, outcome, roomy * (1 - abandoned) * chance, limits.within);
  }
}
