import { headroomState } from '#domain/liquidity/forecast-need';
import type { Ground } from '../ground.js';
import { add } from '../tally.js';
import type { CycleFlows } from './cycle-flows.js';
import { REFUND_HOUR } from './refund-flows.js';

/** What one wallet owed unsettled through the period; minor units of its currency, and hours. */
export interface WalletExposure {
  readonly peak: number;
  /** Clearing hour of the peak, −1 where nothing was owed. */
  readonly peakHour: number;
  readonly mean: number;
  readonly hoursBeyondPrefund: number;
  readonly hoursBeyondCap: number;
  readonly hoursLow: number;
  readonly hoursCritical: number;
  /** At the end of the last clearing day. */
  readonly open: number;
}

/** A wallet's unsettled debt at its highest on one clearing day. */
export interface ExposureDay {
  readonly clearingDay: number;
  readonly wallet: number;
  readonly peak: number;
  readonly end: number;
}

/** What the hub is confirmed to have been paid: `[clearingDay * wallets + wallet]`, signed. */
export type Releases = Float64Array;

/**
 * Plays each wallet's exposure hour by hour: payments add, refunds take off, and only confirmed
 * settlement on its value date releases, never cut-off or netting. Reservations of payments under
 * way last seconds and are left out.
 */
export function exposuresOf(
  ground: Ground,
  flows: CycleFlows,
  releases: Releases,
  each?: (day: ExposureDay) => void,
): WalletExposure[] {
  return ground.world.wallets.map((_, wallet) => playWallet(ground, flows, releases, wallet, each));
}

function playWallet(
  ground: Ground,
  flows: CycleFlows,
  releases: Releases,
  wallet: number,
  each: ((day: ExposureDay) => void) | undefined,
): WalletExposure {
  const { settlement, wallets } = ground.world;
  const { count } = flows.participants;
  const watch = new HeadroomWatch(
    settlement.capMinor[wallet] ?? 0,
    settlement.prefundMinor[wallet] ?? 0,
  );
  let owed = 0;
  for (let clearingDay = 0; clearingDay < ground.clearingDays; clearingDay++) {
    let peak = 0;
    for (let hour = 0; hour < 24; hour++) {
      const clearingHour = clearingDay * 24 + hour;
      if (hour === settlement.confirmedAtHour) {
        owed -= releases[clearingDay * wallets.length + wallet] ?? 0;
      }
      owed += flows.hours[clearingHour * count + wallet] ?? 0;
      if (hour === REFUND_HOUR) owed -= flows.refundDays[clearingDay * count + wallet] ?? 0;
      if (owed > peak) peak = owed;
      watch.see(clearingHour, owed);
    }
    each?.({ clearingDay, wallet, peak, end: owed });
  }
  return watch.result(owed);
}

/** Counts hours in which a wallet runs out of room. */
class HeadroomWatch {
  private readonly limit: bigint;
  private readonly lowFrom: number;
  private readonly criticalFrom: number;
  private peak = 0;
  private peakHour = -1;
  private total = 0;
  private hours = 0;
  private beyondPrefund = 0;
  private beyondCap = 0;
  private low = 0;
  private critical = 0;

  constructor(
    private readonly capMinor: number,
    private readonly prefundMinor: number,
  ) {
    this.limit = BigInt(Math.floor(capMinor + prefundMinor));
    this.lowFrom = this.firstUse('low');
    this.criticalFrom = this.firstUse('critical');
  }

  see(clearingHour: number, owed: number): void {
    this.hours += 1;
    this.total += owed;
    if (owed > this.peak) {
      this.peak = owed;
      this.peakHour = clearingHour;
    }
    if (this.prefundMinor > 0 && owed > this.prefundMinor) this.beyondPrefund += 1;
    if (this.limit === 0n) return;
    if (owed - this.prefundMinor > this.capMinor) this.beyondCap += 1;
    if (owed >= this.lowFrom) this.low += 1;
    if (owed >= this.criticalFrom) this.critical += 1;
  }

  result(open: number): WalletExposure {
    return {
      peak: this.peak,
      peakHour: this.peakHour,
      mean: this.hours === 0 ? 0 : this.total / this.hours,
      hoursBeyondPrefund: this.beyondPrefund,
      hoursBeyondCap: this.beyondCap,
      hoursLow: this.low,
      hoursCritical: this.critical,
      open,
    };
  }

  /** The least use that the hub's own rule calls low, or critical: found once by halving. */
  private firstUse(state: 'low' | 'critical'): number {
    let [below, from] = [-1n, this.limit];
    while (from - below > 1n) {
      const middle = (below + from) / 2n;
      const found = headroomState(this.limit, middle, null);
      const reached = found === 'critical' || found === state;
      if (reached) from = middle;
      else below = middle;
    }
    return Number(from);
  }
}

/** What value dates release, from the obligations due on each; a defaulter's stop with its day. */
export function releasesOf(
  ground: Ground,
  flows: CycleFlows,
  dueOn: Float64Array,
  stopsOn: (participant: number) => number,
): Releases {
  const { wallets, count } = flows.participants;
  const releases = new Float64Array(ground.clearingDays * wallets);
  for (let wallet = 0; wallet < wallets; wallet++) {
    const stops = stopsOn(wallet) - ground.firstClearingDay;
    for (let day = 0; day < Math.min(ground.clearingDays, stops); day++) {
      add(releases, day * wallets + wallet, dueOn[day * count + wallet] ?? 0);
    }
  }
  return releases;
}
