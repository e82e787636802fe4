import { OUTCOME } from '../outcomes.js';
import type { Totals } from '../totals.js';
import type { World } from '../world.js';
import { CapCandidates } from './cap-candidates.js';
import type { Replication } from './draw-bin.js';
import { ExposureWalk } from './exposure-walk.js';
import type { FastTables } from './fast-tables.js';
import { pricePurchase } from './price-chunk.js';

/**
 * Makes caps hold in totals that were drawn without regard to them. What finds room depends on all
 * that was paid before and what of it is settled, so the clearing days are walked in order. Where
 * a wallet could reach its cap on a day, its payments of the day are drawn again and decided one
 * by one in the order of time; whoever finds no room is taken out of the totals. Days on which
 * nothing can bind cost an addition an hour.
 *
 * @param totals of all days of one replication; changed in place
 */
export function holdCaps(world: World, tables: FastTables, run: Replication, totals: Totals): void {
  if (!world.settlement.capsHold) return;
  const walks = world.wallets.map((_, wallet) => new ExposureWalk(world, wallet, totals));
  const days = totals.clearingHours / 24;
  const candidates = new CapCandidates(tables, run);
  for (let clearingDay = 0; clearingDay < days; clearingDay++) {
    const binding = walks.filter((walk) => walk.mightBind(clearingDay));
    if (binding.length > 0) {
      const flows = flowsOf(world, binding);
      candidates.gather(
        clearingDay,
        binding.map(({ wallet }) => wallet),
        flows,
      );
      for (const walk of binding) decideDay(world, walk, clearingDay, candidates, totals);
    }
    for (const walk of walks) walk.closeDay(clearingDay);
  }
}

function flowsOf(world: World, walks: readonly ExposureWalk[]): number[] {
  const origins = new Set(walks.map(({ wallet }) => world.wallets[wallet]?.origin));
  return world.flows.flatMap(({ origin }, index) => (origins.has(origin) ? [index] : []));
}

const HOUR_MS = 3_600_000;

/** The day's payments of one wallet in the order of time, each against what is left. */
function decideDay(
  world: World,
  walk: ExposureWalk,
  clearingDay: number,
  candidates: CapCandidates,
  totals: Totals,
): void {
  const confirmedMs = world.settlement.confirmedAtHour * HOUR_MS;
  let { exposure } = walk;
  let isReleased = false;
  for (const candidate of candidates.inOrder(walk.wallet)) {
    if (!isReleased && candidate.sinceMidnightMs >= confirmedMs) {
      exposure -= walk.releaseOn(clearingDay);
      isReleased = true;
    }
    const { terms } = candidate.bin;
    const held = pricePurchase(terms, candidate.amount, candidate.pair).walletOwes;
    if (exposure + held > walk.room) candidates.refuse(candidate, totals);
    else if (candidate.outcome === OUTCOME.paid) exposure += held;
  }
}
