import { clearingDayNumber } from '#domain/clearing-day';
import type { ClearingKind, CycleState, CycleWindow } from '#domain/clearing-cycles';
import type { CurrencyCode } from '#domain/currency';
import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import { counterCurrencies } from '#domain/netting/counter-currencies';
import type { PairFlow } from '#domain/netting/net-flows';
import {
  decideObligations,
  type CarriedAmount,
  type CycleTotal,
  type DecidedObligation,
} from '#domain/settlement/decide-obligations';
import type { ObligationRole } from '#domain/settlement/obligation';
import type { HubPremises } from './hub-premises.js';

/** What moved between a wallet and an acquirer within a cycle; debits to the hub positive. */
interface PairSums {
  readonly wallet: string;
  readonly walletCurrency: CurrencyCode;
  readonly acquirer: string;
  readonly acquirerCurrency: CurrencyCode;
  items: number;
  walletThere: bigint;
  walletBack: bigint;
  acquirerThere: bigint;
  acquirerBack: bigint;
  /** What it takes of the wallet's and the acquirer's caps. */
  walletHeld: bigint;
  acquirerHeld: bigint;
}

/** One payment, cancel or refund as it moves the two participants' accounts. */
export interface CycleMove {
  readonly cycleId: CycleId;
  readonly wallet: string;
  readonly walletCurrency: CurrencyCode;
  readonly acquirer: string;
  readonly acquirerCurrency: CurrencyCode;
  /** 1 for a payment or refund, −1 for a cancel. */
  readonly items: 1 | -1;
  readonly way: 'there' | 'back';
  readonly walletMinor: bigint;
  readonly acquirerMinor: bigint;
  readonly walletHeld: bigint;
  readonly acquirerHeld: bigint;
}

export interface HeldCycle {
  readonly id: CycleId;
  readonly kind: ClearingKind;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  state: CycleState;
  members: number;
  readonly pairs: PairSums[];
}

/** Cycles of a hub: what falls into which, what they come to, and what their end leaves to pay. */
export class CycleBook {
  readonly cycles = new Map<CycleId, HeldCycle>();
  private readonly current = new Map<ClearingKind, HeldCycle>();
  private readonly closedUntilMs = new Map<ClearingKind, number>();
  private carried: CarriedAmount[] = [];

  constructor(private readonly premises: Pick<HubPremises, 'windowAt' | 'terms' | 'calendars'>) {}

  /** The earliest cycle of a kind that is open and ends later than the clock. */
  assign(kind: ClearingKind, clearingMs: number): HeldCycle {
    const current = this.current.get(kind);
    const covers =
      current !== undefined &&
      current.state === 'open' &&
      clearingMs >= current.startsAtMs &&
      clearingMs < current.endsAtMs;
    if (covers) return current;
    const atMs = Math.max(clearingMs, this.closedUntilMs.get(kind) ?? clearingMs);
    const cycle = this.findOrOpen(this.premises.windowAt(kind, atMs));
    if (clearingMs >= cycle.startsAtMs) this.current.set(kind, cycle);
    return cycle;
  }

  close(id: CycleId, kind: ClearingKind, endsAtMs: number): void {
    const cycle = this.findOrOpen(this.premises.windowAt(kind, endsAtMs - 1));
    invariant(cycle.id === id && cycle.endsAtMs === endsAtMs, `${id} is the cycle it says`);
    cycle.state = 'closed';
    this.closedUntilMs.set(kind, Math.max(endsAtMs, this.closedUntilMs.get(kind) ?? endsAtMs));
  }

  finalise(id: CycleId): void {
    const cycle = this.cycles.get(id);
    invariant(cycle?.state === 'closed', `${id} is closed before it is final`);
    cycle.state = 'final';
  }

  move(move: CycleMove): void {
    const cycle = this.cycles.get(move.cycleId);
    invariant(cycle !== undefined && cycle.state !== 'final', `${move.cycleId} can be changed`);
    const pair = pairOf(cycle, move);
    if (move.way === 'there') {
      pair.walletThere += move.walletMinor;
      pair.acquirerThere += move.acquirerMinor;
    } else {
      pair.walletBack += move.walletMinor;
      pair.acquirerBack += move.acquirerMinor;
    }
    pair.items += move.items;
    pair.walletHeld += move.walletHeld;
    pair.acquirerHeld += move.acquirerHeld;
  }

  /** What a final cycle leaves to pay. Amounts below a minimum wait for the next one. */
  net(id: CycleId): DecidedObligation[] {
    const cycle = this.cycles.get(id);
    invariant(cycle?.state === 'final', `${id} is final before it is netted`);
    const decided = decideObligations({
      clearingDay: clearingDayNumber(cycle.endsAtMs - 1),
      totals: totalsOf(cycle),
      carried: this.carried,
      terms: this.premises.terms,
      calendars: this.premises.calendars,
    });
    this.carried = decided
      .filter(({ state }) => state === 'carried')
      .map(({ participantId, role, currency, minor, exposureMinor }) => ({
        participantId,
        role,
        currency,
        minor,
        exposureMinor,
      }));
    return decided;
  }

  flowsOf(id: CycleId): PairFlow[] {
    const cycle = this.cycles.get(id);
    return cycle === undefined ? [] : flowsOf(cycle);
  }

  forget(id: CycleId): void {
    this.cycles.delete(id);
  }

  private findOrOpen(window: CycleWindow): HeldCycle {
    const found = this.cycles.get(window.id);
    if (found !== undefined) return found;
    const { id, kind, startsAtMs, endsAtMs } = window;
    const opened: HeldCycle = {
      id,
      kind,
      startsAtMs,
      endsAtMs,
      state: 'open',
      members: 0,
      pairs: [],
    };
    this.cycles.set(id, opened);
    return opened;
  }
}

/** A cycle meets few pairs, so looking through them costs less than making a key. */
function pairOf(cycle: HeldCycle, move: CycleMove): PairSums {
  const { wallet, walletCurrency, acquirer, acquirerCurrency } = move;
  for (const pair of cycle.pairs) {
    if (
      pair.wallet === wallet &&
      pair.acquirer === acquirer &&
      pair.walletCurrency === walletCurrency &&
      pair.acquirerCurrency === acquirerCurrency
    ) {
      return pair;
    }
  }
  const opened: PairSums = {
    wallet,
    walletCurrency,
    acquirer,
    acquirerCurrency,
    items: 0,
    walletThere: 0n,
    walletBack: 0n,
    acquirerThere: 0n,
    acquirerBack: 0n,
    walletHeld: 0n,
    acquirerHeld: 0n,
  };
  cycle.pairs.push(opened);
  return opened;
}

function flowsOf(cycle: HeldCycle): PairFlow[] {
  return cycle.pairs
    .flatMap((pair): PairFlow[] => [
      {
        participant: pair.wallet,
        counterparty: pair.acquirer,
        currency: pair.walletCurrency,
        counterCurrency: pair.acquirerCurrency,
        ...sidesOf(pair.walletThere, pair.walletBack),
        items: pair.items,
      },
      {
        participant: pair.acquirer,
        counterparty: pair.wallet,
        currency: pair.acquirerCurrency,
        counterCurrency: pair.walletCurrency,
        ...sidesOf(pair.acquirerThere, pair.acquirerBack),
        items: pair.items,
      },
    ])
    .filter(({ items, pays, receives }) => items > 0 || pays !== receives);
}

/** Debits go to the hub, credits come from it, whichever way payments or refunds went. */
function sidesOf(there: bigint, back: bigint): { pays: bigint; receives: bigint } {
  const debit = (minor: bigint): bigint => (minor > 0n ? minor : 0n);
  return { pays: debit(there) + debit(back), receives: debit(-there) + debit(-back) };
}

function totalsOf(cycle: HeldCycle): CycleTotal[] {
  const counters = counterCurrencies(flowsOf(cycle));
  const totals = new Map<string, CycleTotal>();
  const add = (
    role: ObligationRole,
    participantId: string,
    currency: CurrencyCode,
    minor: bigint,
    exposureMinor: bigint,
  ): void => {
    const key = `${participantId} ${currency}`;
    const known = totals.get(key);
    totals.set(key, {
      participantId,
      role,
      currency,
      minor: minor + (known?.minor ?? 0n),
      exposureMinor: exposureMinor + (known?.exposureMinor ?? 0n),
      counterCurrency: counters.get(key) ?? null,
    });
  };
  for (const pair of cycle.pairs) {
    const { wallet, walletCurrency, acquirer, acquirerCurrency } = pair;
    add('wallet', wallet, walletCurrency, pair.walletThere + pair.walletBack, pair.walletHeld);
    add(
      'acquirer',
      acquirer,
      acquirerCurrency,
      pair.acquirerThere + pair.acquirerBack,
      pair.acquirerHeld,
    );
  }
  return [...totals.values()];
}
