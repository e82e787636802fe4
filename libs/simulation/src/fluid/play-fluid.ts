import { OUTCOME } from '../outcomes.js';
import { pairsOf } from '../totals.js';
import type { World } from '../world.js';
import { acquirerShares } from './acquirer-mix.js';
import { capRoom } from './cap-room.js';
import {
  addOutcome,
  allOf,
  categoryShare,
  expectDay,
  type CapRoom,
  type Into,
} from './expect-day.js';
import {
  flowParts,
  walletSharesOn,
  worldParts,
  type FlowParts,
  type WorldParts,
} from './flow-parts.js';
import { emptySums, type FluidSums } from './fluid-sums.js';
import { PlacedSums } from './placed-sums.js';

/**
 * What a world comes to on average, without drawing a payment: a year of a whole network in a
 * fraction of a second, for sweeps and for hundreds of drawn assumptions.
 *
 * `totals` are expected values: doubles that are not whole, money too, since half a payment has no
 * minor units; every rounding of the rules is in them, on average. `variances` are those of
 * purchases that come independently of each other (Poisson), of a single replication.
 *
 * Caps are honoured along the expected path of exposure: where chance alone would now and then
 * reach a cap that the expected path does not, this kernel sees nothing declined. A payer's limit
 * of the day is not looked at, only that of one payment.
 */
export function playFluid(world: World): FluidSums {
  const parts = worldParts(world, acquirerShares(world), pairsOf(world));
  const free = playOnce(parts, null);
  if (!world.settlement.capsHold) return free;
  const room = capRoom(world, free.totals);
  return room === null ? free : playOnce(parts, room);
}

function playOnce(parts: WorldParts, room: CapRoom): FluidSums {
  const sums = emptySums(parts.world);
  for (const [index, flow] of parts.world.flows.entries()) {
    playFlow(parts, flowParts(parts, index, flow), room, sums);
  }
  return sums;
}

function playFlow(parts: WorldParts, flow: FlowParts, room: CapRoom, sums: FluidSums): void {
  const { world, months, shares } = parts;
  let placed: PlacedSums | undefined;
  for (let day = 0; day < world.days; day++) {
    const month = months[day] ?? 0;
    if (placed === undefined || month !== months[day - 1]) {
      placed?.spread();
      placed = new PlacedSums(world, shares, flow.mixOf(month), sums);
    }
    playDay(parts, flow, day, room, { sums, placed });
  }
  placed?.spread();
}

function playDay(parts: WorldParts, flow: FlowParts, day: number, room: CapRoom, into: Into): void {
  const intended = flow.flow.intended[day] ?? 0;
  if (intended === 0) return;
  const hourShares = flow.hourShares[flow.flow.dayKinds[day] === 1 ? 1 : 0];
  for (const [category, nodes] of flow.nodes.entries()) {
    const refused = 1 - (flow.flow.acceptance[category] ?? 0);
    const count = intended * categoryShare(hourShares, category) * refused;
    addOutcome(into.sums, flow, OUTCOME.notAccepted, count, allOf(nodes));
  }
  const wallets = walletSharesOn(flow.flow, parts.world.firstDay + day);
  for (let wallet = 0; wallet < wallets.length; wallet++) {
    const share = wallets[wallet] ?? 0;
    if (share === 0) continue;
    expectDay(parts, flow, { day, wallet, intended: intended * share }, room, into);
  }
}
