import { pairsOf } from '../totals.js';
import type { World } from '../world.js';
import { acquirerShares } from './acquirer-mix.js';
import { addDayMoney, addProfile } from './add-day.js';
import { capRoom } from './cap-room.js';
import { dayProfile, type DayProfile, type ProfileTerms } from './day-profile.js';
import {
  flowParts,
  walletSharesOn,
  worldParts,
  type FlowParts,
  type WorldParts,
} from './flow-parts.js';
import { emptySums, type FluidSums } from './fluid-sums.js';
import type { DayPrices } from './price-book.js';
import { NO_STOPS, stopsOn } from './stops.js';

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

/** See `capRoom`. */
type Room = Float64Array | null;

function playOnce(parts: WorldParts, room: Room): FluidSums {
  const sums = emptySums(parts.world);
  for (const [index, flow] of parts.world.flows.entries()) {
    const pass = new FlowPass(parts, flowParts(parts, index, flow), room, sums);
    for (let day = 0; day < parts.world.days; day++) pass.addDay(day);
    pass.finish();
  }
  return sums;
}

interface KnownProfile {
  readonly profile: DayProfile;
  /** Purchases of all days that it stood for. */
  purchases: number;
}

/** Walks one flow through its days, with a profile for each kind of day it meets. */
class FlowPass {
  private readonly known = new Map<string, KnownProfile>();
  private readonly settlements: readonly number[];
  private readonly clearingHours: number;

  constructor(
    private readonly parts: WorldParts,
    private readonly flow: FlowParts,
    private readonly room: Room,
    private readonly sums: FluidSums,
  ) {
    const currencies = flow.acquirers.map(
      (acquirer) => parts.world.acquirers[acquirer]?.currency ?? 0,
    );
    this.settlements = [...new Set(currencies)];
    this.clearingHours = sums.totals.clearingHours;
  }

  addDay(day: number): void {
    const { flow } = this.flow;
    const intended = flow.intended[day] ?? 0;
    if (intended === 0) return;
    const wallets = walletSharesOn(flow, this.parts.world.firstDay + day);
    for (let wallet = 0; wallet < wallets.length; wallet++) {
      const share = wallets[wallet] ?? 0;
      if (share > 0) this.addWallet(day, wallet, intended * share);
    }
  }

  finish(): void {
    for (const { profile, purchases } of this.known.values()) {
      addProfile(this.sums, profile, this.flow.index, purchases);
    }
  }

  private addWallet(day: number, wallet: number, purchases: number): void {
    const { world } = this.parts;
    const payer = world.wallets[wallet]?.currency ?? 0;
    const prices = new Map<number, DayPrices>(
      this.settlements.map((settlement) => [
        settlement,
        this.flow.bookOf(payer, settlement).on(day),
      ]),
    );
    const known = this.profileOn(day, wallet, prices);
    known.purchases += purchases;
    const firstPlace = this.flow.places.first[0] ?? 0;
    const { refunded } = world.conduct;
    addDayMoney(this.sums, known.profile, day, firstPlace, purchases, prices, refunded);
  }

  private profileOn(
    day: number,
    wallet: number,
    prices: ReadonlyMap<number, DayPrices>,
  ): KnownProfile {
    const month = this.parts.months[day] ?? 0;
    const kind = this.flow.flow.dayKinds[day] === 1 ? 1 : 0;
    const stops = stopsOn(this.parts, this.flow, day, wallet);
    const roomOn = this.bindingRoom(day, wallet);
    const references = new Map([...prices].map(([to, { reference }]) => [to, reference]));
    const terms: ProfileTerms = { wallet, month, kind, stops, prices: references, roomOn };
    const isPlain = stops === NO_STOPS && roomOn === null;
    const ids = [...references.values()].map(({ id }) => String(id));
    const key = [wallet, month, kind, ...ids, isPlain ? 'plain' : `on ${String(day)}`].join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const fresh = { profile: dayProfile(this.parts, this.flow, terms), purchases: 0 };
    this.known.set(key, fresh);
    return fresh;
  }

  /** The room of a day in which the wallet's cap stops something, else null. */
  private bindingRoom(day: number, wallet: number): ProfileTerms['roomOn'] {
    const { room, clearingHours } = this;
    if (room === null) return null;
    const from = wallet * clearingHours + (day + 1) * 24 + (this.flow.places.first[0] ?? 0);
    const binds = room.subarray(from, from + 25).some((share) => share < 1);
    return binds ? { day, room, clearingHours } : null;
  }
}
