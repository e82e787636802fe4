import { decideObligations, type CarriedAmount } from '#domain/settlement/decide-obligations';
import { invariant } from '#domain/invariant';
import type { Totals } from '../totals.js';
import type { World } from '../world.js';
import { feeOf } from './price-leg.js';

/**
 * What one wallet owes unsettled, walked through the clearing days. Payments add to it, and only
 * confirmed settlement on the value date takes off, as the hub's own rule dates it. Reservations
 * last seconds and refunds come back later: both are left out here.
 */
export class ExposureWalk {
  /** Minor units of the wallet's currency; compared with cap and prefund together. */
  exposure = 0;
  /** The most that may be owed. */
  readonly room: number;
  /** More than any single payment can hold: what may not fit though all paid ones do. */
  private readonly largest: number;
  private carried: CarriedAmount | undefined;
  /** What is settled on a clearing day to come. */
  private readonly releases = new Map<number, number>();
  private readonly pairs: readonly { readonly index: number; readonly currency: string }[];

  constructor(
    private readonly world: World,
    readonly wallet: number,
    private readonly totals: Totals,
  ) {
    const { settlement, wallets, acquirers, currencies, flows } = world;
    this.room = (settlement.capMinor[wallet] ?? 0) + (settlement.prefundMinor[wallet] ?? 0);
    const party = wallets[wallet];
    invariant(party !== undefined, 'a walk is of one of the wallets');
    const limit = Number(party.wallet.perPaymentLimit.minor);
    this.largest = flows.reduce(
      (most, { corridor }) => Math.max(most, limit + feeOf(limit, corridor.schemeFeeWalletBps)),
      limit,
    );
    this.pairs = totals.pairs.flatMap((pair, index) =>
      pair.wallet === wallet
        ? [{ index, currency: currencies[acquirers[pair.acquirer]?.currency ?? 0] ?? '' }]
        : [],
    );
  }

  /** What is settled on a clearing day, at the design's hour of confirmation. */
  releaseOn(clearingDay: number): number {
    return this.releases.get(clearingDay) ?? 0;
  }

  /**
   * True where a payment of the day might not find room. It may say so too often, never too
   * rarely: what it says no to needs no look at single payments.
   */
  mightBind(clearingDay: number): boolean {
    if (this.pairs.length === 0) return false;
    let exposure = this.exposure;
    for (let hour = 0; hour < 24; hour++) {
      // Later in the hour than any payment before it, so the least is released the latest.
      exposure += this.owedIn(clearingDay * 24 + hour);
      if (exposure + this.largest > this.room) return true;
      if (hour === this.world.settlement.confirmedAtHour) exposure -= this.releaseOn(clearingDay);
    }
    return false;
  }

  private owedIn(hour: number): number {
    let owed = 0;
    for (const { index } of this.pairs) {
      owed += this.totals.owes[hour * this.totals.pairs.length + index] ?? 0;
    }
    return owed;
  }

  /** Ends a day whose payments are final in the totals: nets its cycles and dates what is owed. */
  closeDay(clearingDay: number): void {
    const { world, wallet } = this;
    const { cyclesPerDay } = world.settlement;
    const hours = 24 / cyclesPerDay;
    for (let cycle = 0; cycle < cyclesPerDay; cycle++) {
      this.closeCycle(clearingDay, clearingDay * 24 + cycle * hours, hours);
    }
    // What was added during the day is in the totals; `exposure` follows them day by day.
    let owed = 0;
    for (let hour = 0; hour < 24; hour++) owed += this.owedIn(clearingDay * 24 + hour);
    this.exposure += owed - this.releaseOn(clearingDay);
    this.releases.delete(clearingDay);
    invariant(
      this.exposure >= 0,
      `wallet ${String(wallet)} cannot be released of more than it owes`,
    );
  }

  private closeCycle(clearingDay: number, firstHour: number, hours: number): void {
    const { world, wallet } = this;
    const { settlement } = world;
    const party = world.wallets[wallet]?.wallet;
    invariant(party !== undefined, 'a walk is of one of the wallets');
    const byCurrency = new Map<string, number>();
    const all = this.totals.pairs.length;
    let owed = 0;
    for (const { index, currency } of this.pairs) {
      for (let hour = firstHour; hour < firstHour + hours; hour++) {
        const minor = this.totals.owes[hour * all + index] ?? 0;
        if (minor === 0) continue;
        owed += minor;
        byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor);
      }
    }
    const minor = BigInt(owed);
    const role = 'wallet' as const;
    const { id: participantId, currency } = party;
    const base = { participantId, role, currency, minor, exposureMinor: minor };
    const [obligation] = decideObligations({
      clearingDay: world.firstDay - 1 + clearingDay,
      totals: [{ ...base, counterCurrency: mostOf(byCurrency) }],
      carried: this.carried === undefined ? [] : [this.carried],
      terms: settlement.terms,
      calendars: settlement.calendars,
    });
    invariant(obligation !== undefined, 'one total makes one obligation');
    this.carried = obligation.state === 'carried' ? obligation : undefined;
    if (obligation.valueDate !== null && !this.hasDefaulted(obligation.valueDate.day)) {
      const due = obligation.valueDate.day - (world.firstDay - 1);
      this.releases.set(due, this.releaseOn(due) + Number(obligation.exposureMinor));
    }
  }

  private hasDefaulted(day: number): boolean {
    const id = this.world.wallets[this.wallet]?.wallet.id;
    const { defaults = [] } = this.world;
    return defaults.some((failed) => failed.participant === id && failed.day <= day);
  }
}

/** The currency with the greatest sum, the earlier code of two; null where nothing was owed. */
function mostOf(byCurrency: ReadonlyMap<string, number>): string | null {
  const sorted = [...byCurrency].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return sorted[0]?.[0] ?? null;
}
