import { addArea } from './acquirer-mix.js';
import { stoppedShare } from './day-hours.js';
import type { FlowParts, WorldParts } from './flow-parts.js';

/** What outages stop of one wallet's purchases, by local hour; undefined where nothing is. */
export interface Stops {
  /** `[hour][acquirer]`: share stopped wherever the shop is. */
  readonly byAcquirer: readonly (Float64Array | undefined)[];
  /** `[hour][category * acquirers + acquirer]`: what of the flow's mix lies in stopped areas. */
  readonly mixLost: readonly (Float64Array | undefined)[];
  /** `[hour][area * acquirers + acquirer]`: share stopped there. */
  readonly byArea: readonly (Float64Array | undefined)[];
}

export const NO_STOPS: Stops = { byAcquirer: [], mixLost: [], byArea: [] };
const HOURS = 24;

/** Outages that overlap are independent of each other: what one lets pass, another may stop. */
export function stopsOn(
  { world, months, shares }: WorldParts,
  flow: FlowParts,
  day: number,
  wallet: number,
): Stops {
  const number = world.firstDay + day;
  const relevant = world.outages.filter(
    (outage) =>
      (outage.wallet === null || outage.wallet === wallet) &&
      (stoppedShare(outage, number, 0, flow.utcOffsetMinutes) > 0 ||
        stoppedShare(outage, number, 23, flow.utcOffsetMinutes) > 0 ||
        anyHour((hour) => stoppedShare(outage, number, hour, flow.utcOffsetMinutes))),
  );
  if (relevant.length === 0) return NO_STOPS;
  const count = world.acquirers.length;
  const byAcquirer: (Float64Array | undefined)[] = [];
  const mixLost: (Float64Array | undefined)[] = [];
  const byArea: (Float64Array | undefined)[] = [];
  const { areaShare } = flow.mixOf(months[day] ?? 0);
  for (let hour = 0; hour < HOURS; hour++) {
    for (const outage of relevant) {
      const stopped = stoppedShare(outage, number, hour, flow.utcOffsetMinutes);
      if (stopped === 0) continue;
      const { area } = outage;
      const column = (area === null ? byAcquirer : byArea) as Float64Array[];
      const stops = (column[hour] ??= new Float64Array(
        area === null ? count : count * world.areas.length,
      ));
      for (let acquirer = 0; acquirer < count; acquirer++) {
        if (outage.acquirer !== null && outage.acquirer !== acquirer) continue;
        const at = area === null ? acquirer : area * count + acquirer;
        stops[at] = 1 - (1 - (stops[at] ?? 0)) * (1 - stopped);
      }
    }
    mixLost[hour] = lostMix(byArea[hour], shares, areaShare, world.categories.length, count);
  }
  return { byAcquirer, mixLost, byArea };
}

function anyHour(share: (hour: number) => number): boolean {
  for (let hour = 1; hour < HOURS - 1; hour++) if (share(hour) > 0) return true;
  return false;
}

function lostMix(
  stopped: Float64Array | undefined,
  shares: Float64Array,
  areaShare: Float64Array,
  categories: number,
  acquirers: number,
): Float64Array | undefined {
  if (stopped === undefined) return undefined;
  const lost = new Float64Array(categories * acquirers);
  for (let area = 0; area < areaShare.length; area++) {
    const share = areaShare[area] ?? 0;
    const there = stopped.subarray(area * acquirers, (area + 1) * acquirers);
    if (share === 0 || there.every((part) => part === 0)) continue;
    const local = new Float64Array(lost.length);
    addArea(local, shares, area * lost.length, share);
    for (let cell = 0; cell < lost.length; cell++) {
      lost[cell] = (lost[cell] ?? 0) + (local[cell] ?? 0) * (there[cell % acquirers] ?? 0);
    }
  }
  return lost;
}
