import type { CurrencyCode } from '#domain/currency';
import { invariant } from '#domain/invariant';
import type { Exposure } from '#domain/payments/check-limits';
import type { ReservationChange } from '#domain/payments/payment';
import { decideRelease } from '#domain/settlement/decide-release';

/** An exposure as the hub holds it; amounts in minor units of its currency. */
export interface HeldExposure extends Exposure {
  readonly participantId: string;
  readonly currency: CurrencyCode;
  cap: bigint;
  prefund: bigint;
  reserved: bigint;
  outstanding: bigint;
  /** What releases could not take off yet, see `decideRelease`. */
  credit: bigint;
  /** What stands on its account in the books, debits positive: it owes the hub. */
  standing: bigint;
}

/** Use of days gone by is never asked for again, save by a cancel of the day before. */
const DAYS_KEPT = 3;

/** The shared counters of a hub: what participants owe, and what payers have used of their day. */
export class ExposureBook {
  private readonly exposures = new Map<string, HeldExposure[]>();
  /** By day, wallet and customer. */
  private readonly usage = new Map<string, Map<string, Map<string, bigint>>>();

  find(participantId: string, currency: CurrencyCode): HeldExposure | undefined {
    return this.exposures.get(participantId)?.find((held) => held.currency === currency);
  }

  /** An account that is not there is opened with a cap of nothing. */
  findOrOpen(participantId: string, currency: CurrencyCode): HeldExposure {
    const found = this.find(participantId, currency);
    if (found !== undefined) return found;
    const opened: HeldExposure = {
      participantId,
      currency,
      cap: 0n,
      prefund: 0n,
      reserved: 0n,
      outstanding: 0n,
      credit: 0n,
      standing: 0n,
    };
    const held = this.exposures.get(participantId);
    if (held === undefined) this.exposures.set(participantId, [opened]);
    else held.push(opened);
    return opened;
  }

  list(): HeldExposure[] {
    return [...this.exposures.values()].flat();
  }

  usedToday(walletId: string, customerId: string, day: string): bigint {
    return this.usage.get(day)?.get(walletId)?.get(customerId) ?? 0n;
  }

  apply(change: ReservationChange | null): void {
    if (change === null) return;
    this.add(change.walletId, change.currency, change.reserved, change.outstanding);
    if (change.used === 0n) return;
    const payers = this.payersOf(change.usageDay, change.walletId);
    payers.set(change.customerId, (payers.get(change.customerId) ?? 0n) + change.used);
  }

  add(participantId: string, currency: CurrencyCode, reserved: bigint, outstanding: bigint): void {
    if (reserved === 0n && outstanding === 0n) return;
    const held = this.find(participantId, currency);
    invariant(held !== undefined, `${participantId} has an exposure account in ${currency}`);
    held.reserved += reserved;
    held.outstanding += outstanding;
    invariant(
      held.reserved >= 0n && held.outstanding >= 0n,
      `the exposure of ${participantId} is never negative`,
    );
  }

  /** @returns what it really fell by */
  release(participantId: string, currency: CurrencyCode, minor: bigint): bigint {
    const held = this.find(participantId, currency);
    if (held === undefined) return 0n;
    const { appliedMinor, after } = decideRelease(held, minor);
    held.outstanding = after.outstanding;
    held.credit = after.credit;
    return appliedMinor;
  }

  private payersOf(day: string, walletId: string): Map<string, bigint> {
    let wallets = this.usage.get(day);
    if (wallets === undefined) {
      wallets = new Map();
      this.usage.set(day, wallets);
      const [oldest] = [...this.usage.keys()].sort();
      if (this.usage.size > DAYS_KEPT && oldest !== undefined) this.usage.delete(oldest);
    }
    let payers = wallets.get(walletId);
    if (payers === undefined) {
      payers = new Map();
      wallets.set(walletId, payers);
    }
    return payers;
  }
}
