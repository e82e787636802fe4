import { checkLimits, type Exposure } from '#domain/payments/check-limits';
import { decideObligations, type CarriedAmount } from '#domain/settlement/decide-obligations';
import { playFast } from '#simulation/fast/play-fast';
import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import { emptyTotals, TOTALS_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import {
  countPurchase,
  outcomeBeforeCaps,
  priceOf,
  purchasesOf,
  type DrawnPurchase,
} from '#testkit/drawn-purchases';
import { smallWorld } from '#testkit/small-world';

/**
 * Goal: caps hold in the fast kernel as if every payment had been decided in the order of time.
 * Method: a naive hub takes all purchases of all days in that order, asks the domain's
 * `checkLimits` about each, and releases by `decideObligations` at the hour of confirmation. Every
 * column must be equal, for caps that bind often, seldom and never, several cycles a day, amounts
 * too small to settle, and a wallet that stops paying.
 */
const RUN = { seed: 19, replicate: 0 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Timed {
  readonly purchase: DrawnPurchase;
  readonly order: number;
}

class NaiveHub {
  private readonly outstanding: bigint[];
  private readonly releases: { wallet: number; atMs: number; minor: bigint }[] = [];
  private readonly carried = new Map<number, CarriedAmount>();
  /** By wallet, then by the currency it was earned in: of the cycle under way. */
  private owed: Map<string, bigint>[];

  constructor(private readonly world: World) {
    this.outstanding = world.wallets.map(() => 0n);
    this.owed = world.wallets.map(() => new Map<string, bigint>());
  }

  /** True when the payment finds room; a paid one takes it. */
  ask(p: DrawnPurchase, isPaid: boolean): boolean {
    const { world } = this;
    while (this.releases[0] !== undefined && this.releases[0].atMs <= p.instantMs) {
      const { wallet, minor } = this.releases.shift()!;
      this.outstanding[wallet]! -= minor;
    }
    const acquirer = world.merchants.acquirerOf[p.merchant]!;
    const price = priceOf(world, p, acquirer);
    const { settlement } = world;
    const exposure: Exposure = {
      reserved: 0n,
      outstanding: this.outstanding[p.wallet]!,
      cap: BigInt(settlement.capMinor[p.wallet]!),
      prefund: BigInt(settlement.prefundMinor[p.wallet]!),
    };
    const { wallet } = world.wallets[p.wallet]!;
    const { corridor } = world.flows[p.flow]!;
    const checked = checkLimits(
      { wallet, corridor, exposure, usedToday: 0n },
      price.paymentAmount,
      price.payToAmount,
      price.walletOwes,
    );
    if (!checked.ok) {
      expect(checked.rejection.code).toBe('NET_DEBIT_CAP_EXCEEDED');
      return false;
    }
    if (isPaid) {
      this.outstanding[p.wallet]! += price.walletOwes.minor;
      const currency = world.currencies[world.acquirers[acquirer]!.currency]!;
      const owed = this.owed[p.wallet]!;
      owed.set(currency, (owed.get(currency) ?? 0n) + price.walletOwes.minor);
    }
    return true;
  }

  closeCycle(clearingDay: number): void {
    const { world } = this;
    world.wallets.forEach(({ wallet }, index) => {
      const owed = [...this.owed[index]!].sort(
        ([a, x], [b, y]) => Number(y - x) || (a < b ? -1 : 1),
      );
      const minor = owed.reduce((sum, [, part]) => sum + part, 0n);
      const carried = this.carried.get(index);
      this.carried.delete(index);
      const [obligation] = decideObligations({
        clearingDay,
        totals: [
          {
            ...{ participantId: wallet.id, role: 'wallet', currency: wallet.currency },
            ...{ minor, exposureMinor: minor, counterCurrency: owed[0]?.[0] ?? null },
          },
        ],
        carried: carried === undefined ? [] : [carried],
        terms: world.settlement.terms,
        calendars: world.settlement.calendars,
      });
      if (obligation?.state === 'carried') this.carried.set(index, obligation);
      const day = obligation?.valueDate?.day;
      const stops = world.defaults?.find(({ participant }) => participant === wallet.id)?.day;
      if (obligation === undefined || day === undefined || day >= (stops ?? Infinity)) return;
      const atMs = day * DAY_MS + (world.settlement.confirmedAtHour - 8) * HOUR_MS;
      this.releases.push({ wallet: index, atMs, minor: obligation.exposureMinor });
    });
    this.releases.sort((a, b) => a.atMs - b.atMs);
    this.owed = world.wallets.map(() => new Map());
  }
}

const ASKS = new Set(['paid', 'insufficientFunds', 'riskRefused', 'timedOut']);

function playNaively(world: World): Totals {
  const totals = emptyTotals(world);
  const timed: Timed[] = [...purchasesOf(world, RUN)].map((purchase, order) => ({
    purchase,
    order,
  }));
  timed.sort((a, b) => a.purchase.instantMs - b.purchase.instantMs || a.order - b.order);
  const hub = new NaiveHub(world);
  const lengthMs = DAY_MS / world.settlement.cyclesPerDay;
  let cycleEndMs = (world.firstDay - 1) * DAY_MS - 8 * HOUR_MS + lengthMs;
  for (const { purchase } of timed) {
    for (; cycleEndMs <= purchase.instantMs; cycleEndMs += lengthMs) {
      hub.closeCycle(Math.floor((cycleEndMs - 1 + 8 * HOUR_MS) / DAY_MS));
    }
    const outcome = outcomeBeforeCaps(world, purchase);
    const hasRoom = !ASKS.has(outcome) || hub.ask(purchase, outcome === 'paid');
    countPurchase(world, totals, purchase, hasRoom ? outcome : 'capExceeded');
  }
  return totals;
}

function worldOf(change: {
  readonly cap: number;
  readonly cyclesPerDay?: number;
  readonly minimum?: bigint;
  readonly utcOffsetMinutes?: number;
  readonly prefund?: number;
  readonly defaults?: World['defaults'];
}): World {
  const plain = smallWorld({ days: 9 });
  const { settlement } = plain;
  return {
    ...plain,
    flows: plain.flows.map((flow) => ({ ...flow, intended: flow.intended.map((n) => n / 5) })),
    destinations: plain.destinations.map((destination) => ({
      ...destination,
      utcOffsetMinutes: change.utcOffsetMinutes ?? destination.utcOffsetMinutes,
    })),
    ...(change.defaults === undefined ? {} : { defaults: change.defaults }),
    settlement: {
      ...settlement,
      capsHold: true,
      cyclesPerDay: change.cyclesPerDay ?? 1,
      terms: settlement.terms.map((terms) => ({ ...terms, minimumMinor: change.minimum ?? 0n })),
      capMinor: Float64Array.of(change.cap, change.cap / 2, change.cap * 60),
      prefundMinor: Float64Array.of(change.prefund ?? 0, 0, 0),
    },
  };
}

/** TrueMoney takes one or two million satang a day here, and settles two business days later. */
it.each([
  ['bind every day', worldOf({ cap: 1_700_000 }), [0.1, 0.8]],
  ['bind before the weekend', worldOf({ cap: 5_000_000 }), [0.001, 0.6]],
  ['never bind', worldOf({ cap: 1e11 }), [0, 0]],
  ['leave no room at all', worldOf({ cap: 0 }), [0.95, 1]],
  [
    'are relieved by a prefund, over four cycles a day of a place west of the clearing day',
    worldOf({ cap: 1_200_000, prefund: 1_000_000, cyclesPerDay: 4, utcOffsetMinutes: 330 }),
    [0.05, 0.8],
  ],
  ['meet amounts too small to settle', worldOf({ cap: 2_000_000, minimum: 900_000n }), [0.05, 0.9]],
  [
    'meet a wallet that stops paying',
    worldOf({ cap: 2_000_000, defaults: [{ participant: 'truemoney', day: 20_153 }] }),
    [0.05, 0.95],
  ],
] as const)('decides as one by one in time where caps %s', (_, world, [least, most]) => {
  const [wanted, found] = [playNaively(world), emptyTotals(world)];
  playFast(world, RUN, found);
  for (const name of TOTALS_COLUMNS) expect([name, found[name]]).toEqual([name, wanted[name]]);
  const ofFlow = (outcome: number): number => found.outcomes[outcome] ?? 0;
  const refused = ofFlow(OUTCOME.capExceeded);
  const share = refused / (refused + ofFlow(OUTCOME.paid));
  expect(share).toBeGreaterThanOrEqual(least);
  expect(share).toBeLessThanOrEqual(most);
  expect(found.outcomes.length).toBe(2 * OUTCOMES.length);
});
