import type { ObligationRole } from '#domain/settlement/obligation';
import type { Totals } from '../../totals.js';
import type { World } from '../../world.js';
import type { Ground } from '../ground.js';
import { add } from '../tally.js';
import { REFUND_HOUR, refundFlowsOf, type RefundFlows } from './refund-flows.js';

/** Everybody who settles with the hub: the wallets in the world's order, then the acquirers. */
export interface Participants {
  readonly count: number;
  readonly wallets: number;
  readonly ids: readonly string[];
  readonly roles: readonly ObligationRole[];
  /** Indexes of the currencies they settle in. */
  readonly currency: Int32Array;
}

/** What moved between participants and the hub, in the cycles of the design. Minor units. */
export interface CycleFlows {
  readonly participants: Participants;
  readonly cyclesPerDay: number;
  readonly cycles: number;
  readonly hoursPerCycle: number;
  /** `[cycle * pairs + pair]`: what the pair's payments make the wallet owe and the acquirer due. */
  readonly owes: Float64Array;
  readonly receives: Float64Array;
  readonly refunds: RefundFlows;
  /** The cycle of a day that refunds fall into, from 0. */
  readonly refundCycle: number;
  /** `[clearingHour * participants + participant]`: the same by participant, before refunds. */
  readonly hours: Float64Array;
  /** `[clearingDay * participants + participant]`: what refunds give back of it. */
  readonly refundDays: Float64Array;
}

export function participantsOf(world: World): Participants {
  const { wallets, acquirers } = world;
  return {
    count: wallets.length + acquirers.length,
    wallets: wallets.length,
    ids: [...wallets.map(({ wallet }) => wallet.id), ...acquirers.map((a) => a.acquirer.id)],
    roles: [...wallets.map(() => 'wallet' as const), ...acquirers.map(() => 'acquirer' as const)],
    currency: Int32Array.from([...wallets, ...acquirers].map(({ currency }) => currency)),
  };
}

export function cycleFlowsOf(ground: Ground, totals: Totals): CycleFlows {
  const { world, clearingDays } = ground;
  const { cyclesPerDay } = world.settlement;
  const participants = participantsOf(world);
  const refunds = refundFlowsOf(ground, totals);
  return {
    participants,
    cyclesPerDay,
    cycles: clearingDays * cyclesPerDay,
    hoursPerCycle: 24 / cyclesPerDay,
    owes: foldHours(totals.owes, ground.pairs.length, 24 / cyclesPerDay),
    receives: foldHours(totals.receives, ground.pairs.length, 24 / cyclesPerDay),
    refunds,
    refundCycle: Math.floor((REFUND_HOUR * cyclesPerDay) / 24),
    hours: participantHours(ground, totals, participants),
    refundDays: participantRefunds(ground, refunds, participants),
  };
}

/** Hourly cycles are the kernel's own columns, so nothing is copied for them. */
function foldHours(hourly: Float64Array, pairs: number, hoursPerCycle: number): Float64Array {
  if (hoursPerCycle === 1) return hourly;
  const folded = new Float64Array(hourly.length / hoursPerCycle);
  const hours = pairs === 0 ? 0 : hourly.length / pairs;
  for (let hour = 0; hour < hours; hour++) {
    const cycle = Math.floor(hour / hoursPerCycle) * pairs;
    for (let pair = 0; pair < pairs; pair++) {
      folded[cycle + pair] = (folded[cycle + pair] ?? 0) + (hourly[hour * pairs + pair] ?? 0);
    }
  }
  return folded;
}

function participantHours(
  { pairs, clearingDays }: Ground,
  totals: Totals,
  { count, wallets }: Participants,
): Float64Array {
  const hours = new Float64Array(clearingDays * 24 * count);
  const [walletOf, acquirerOf] = [pairs.map((p) => p.wallet), pairs.map((p) => p.acquirer)];
  for (let hour = 0; hour < clearingDays * 24; hour++) {
    for (let pair = 0; pair < pairs.length; pair++) {
      const cell = hour * pairs.length + pair;
      const [owes, receives] = [totals.owes[cell] ?? 0, totals.receives[cell] ?? 0];
      if (owes === 0 && receives === 0) continue;
      add(hours, hour * count + (walletOf[pair] ?? 0), owes);
      add(hours, hour * count + wallets + (acquirerOf[pair] ?? 0), receives);
    }
  }
  return hours;
}

function participantRefunds(
  { pairs, clearingDays }: Ground,
  refunds: RefundFlows,
  { count, wallets }: Participants,
): Float64Array {
  const days = new Float64Array(clearingDays * count);
  for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
    pairs.forEach(({ wallet, acquirer }, pair) => {
      const cell = clearingDay * pairs.length + pair;
      add(days, clearingDay * count + wallet, refunds.creditMinor[cell] ?? 0);
      add(days, clearingDay * count + wallets + acquirer, refunds.debitMinor[cell] ?? 0);
    });
  }
  return days;
}
