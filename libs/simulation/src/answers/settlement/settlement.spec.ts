import type { CurrencyCode } from '#domain/currency';
import { netFlows, type PairFlow } from '#domain/netting/net-flows';
import {
  decideObligations,
  type CarriedAmount,
  type CycleTotal,
} from '#domain/settlement/decide-obligations';
import { playNaively } from '#testkit/naive-totals';
import { smallWorld } from '#testkit/small-world';
import { emptyTotals } from '../../totals.js';
import type { NettingModel, World } from '../../world.js';
import { answersOf } from '../answers-of.js';
import { groundOf } from '../ground.js';
import { cycleFlowsOf, type CycleFlows } from './cycle-flows.js';
import { liquidityOf } from './liquidity.js';
import { nettingOf } from './netting.js';
import { obligationsOf, type SimulatedObligation } from './obligations.js';

// Goal: settlement in columns is settlement by the hub's own rules.
// Method: one play is cut into cycles of several designs; each cycle's flows go through the hub's
// `netFlows` and `decideObligations`, and both must come to the same minor units.

const quieter = smallWorld().flows.map((flow) => ({
  ...flow,
  intended: flow.intended.map((purchases) => purchases / 3),
}));
const played = playNaively(smallWorld({ flows: quieter }), 11);

function designed(
  cyclesPerDay: number,
  netting: NettingModel = 'multilateral',
  minimumMinor = 0n,
): World {
  const { settlement } = smallWorld();
  const terms = settlement.terms.map((own) => ({ ...own, minimumMinor }));
  return smallWorld({ settlement: { ...settlement, cyclesPerDay, netting, terms } });
}

function flowsOf(world: World): CycleFlows {
  return cycleFlowsOf(groundOf(world), played.totals);
}

/** One cycle as the hub would read it from its payments. */
function pairFlows(world: World, flows: CycleFlows, cycle: number): PairFlow[] {
  const { pairs } = groundOf(world);
  const day = Math.floor(cycle / flows.cyclesPerDay) * pairs.length;
  const refunds = cycle % flows.cyclesPerDay === flows.refundCycle;
  const code = (currency: number): CurrencyCode => world.currencies[currency] ?? '';
  return pairs.flatMap(({ wallet, acquirer }, pair): PairFlow[] => {
    const [payer, shop] = [world.wallets[wallet], world.acquirers[acquirer]];
    if (payer === undefined || shop === undefined) throw new Error('a pair of nobody');
    const cell = cycle * pairs.length + pair;
    const whole = (column: Float64Array, at: number): bigint => BigInt(column[at] ?? 0);
    const back = (column: Float64Array): bigint => (refunds ? whole(column, day + pair) : 0n);
    const owned = { currency: code(payer.currency), counterCurrency: code(shop.currency) };
    const due = { currency: code(shop.currency), counterCurrency: code(payer.currency) };
    const both = [
      {
        participant: payer.wallet.id,
        counterparty: shop.acquirer.id,
        ...owned,
        pays: whole(flows.owes, cell),
        receives: back(flows.refunds.creditMinor),
        items: 1,
      },
      {
        participant: shop.acquirer.id,
        counterparty: payer.wallet.id,
        ...due,
        pays: back(flows.refunds.debitMinor),
        receives: whole(flows.receives, cell),
        items: 1,
      },
    ];
    return both.filter(({ pays, receives }) => pays !== 0n || receives !== 0n);
  });
}

describe.each([1, 2, 24])('%d cycles a day', (cyclesPerDay) => {
  const world = designed(cyclesPerDay);
  const flows = flowsOf(world);

  it('nets as the hub does, every currency with the hub summing to zero', () => {
    const sums = nettingOf(groundOf(world), flows);
    const expected = new Map<string, { gross: bigint; pair: bigint; all: bigint; open: bigint }>();
    for (let cycle = 0; cycle < flows.cycles; cycle++) {
      for (const net of netFlows(pairFlows(world, flows, cycle))) {
        const before = expected.get(net.currency) ?? { gross: 0n, pair: 0n, all: 0n, open: 0n };
        const positions = net.positions.reduce((sum, { minor }) => sum + minor, 0n);
        expect(positions + net.hub).toBe(0n);
        expected.set(net.currency, {
          gross: before.gross + net.gross.minor,
          pair: before.pair + net.bilateral.minor,
          all: before.all + net.multilateral.minor,
          open: before.open + (net.hub < 0n ? -net.hub : net.hub),
        });
      }
    }
    expect([...expected.keys()].sort()).toEqual(['JPY', 'KRW', 'THB', 'USD']);
    for (const [currency, { gross, pair, all, open }] of expected) {
      const index = world.currencies.indexOf(currency);
      expect(BigInt(sums.gross[index] ?? 0)).toBe(gross);
      expect(BigInt(sums.bilateral[index] ?? 0)).toBe(pair);
      expect(BigInt(sums.multilateral[index] ?? 0)).toBe(all);
      expect(BigInt(sums.hubOpen[index] ?? 0)).toBe(open);
    }
  });

  it('takes in and pays out all that payments and refunds move', () => {
    const sums = nettingOf(groundOf(world), flows);
    const owed = played.purchases.reduce(
      (sum, { price }) =>
        sum + (price?.walletOwes.currency === 'KRW' ? price.walletOwes.minor : 0n),
      0n,
    );
    const index = world.currencies.indexOf('KRW');
    expect(BigInt(sums.hubIn[index] ?? 0)).toBe(owed);
    expect(sums.hubOut[index]).toBeGreaterThan(0);
    expect(sums.hubOut[index]).toBeLessThan(Number(owed) / 20);
  });
});

describe.each([
  [1, 0n],
  [1, 4_000_000n],
  [4, 2_000_000n],
] as const)('%d cycles a day with a minimum of %d', (cyclesPerDay, minimumMinor) => {
  it('obliges as the hub does: carried, due on the same value date, or nothing', () => {
    const world = designed(cyclesPerDay, 'multilateral', minimumMinor);
    const flows = flowsOf(world);
    const found: SimulatedObligation[] = [];
    const sums = obligationsOf(groundOf(world), flows, (obligation) => found.push(obligation));
    const states = new Set(found.map(({ state }) => state));
    expect(states.has('due')).toBe(true);
    expect(states.has('carried')).toBe(minimumMinor > 0n);
    let carried: CarriedAmount[] = [];
    let seen = 0;
    for (let cycle = 0; cycle < flows.cycles; cycle++) {
      const clearingDay = Math.floor(cycle / cyclesPerDay);
      const decided = decideObligations({
        clearingDay: world.firstDay - 1 + clearingDay,
        totals: cycleTotals(pairFlows(world, flows, cycle)),
        carried,
        terms: world.settlement.terms,
        calendars: world.settlement.calendars,
      });
      const own = found.filter((obligation) => obligation.cycle === cycle);
      for (const expected of decided) {
        const match = own.find(
          ({ participant }) => flows.participants.ids[participant] === expected.participantId,
        );
        expect(match).toMatchObject({
          state: expected.state,
          minor: Number(expected.minor),
          carriedIn: Number(expected.carriedInMinor),
          valueDate: expected.valueDate?.day ?? -1,
        });
        seen += 1;
      }
      carried = decided
        .filter(({ state }) => state === 'carried')
        .map(({ participantId, role, currency, minor, exposureMinor }) => {
          return { participantId, role, currency, minor, exposureMinor };
        });
    }
    expect(seen).toBeGreaterThan(50);
    expect(found.length).toBe(seen);
    const moved = sums.pays.reduce((a, b) => a + b) + sums.receives.reduce((a, b) => a + b);
    const due = found.filter(({ state }) => state === 'due');
    expect(moved).toBe(due.reduce((sum, { minor }) => sum + Math.abs(minor), 0));
  });
});

function cycleTotals(flows: readonly PairFlow[]): CycleTotal[] {
  const byParticipant = new Map<string, PairFlow[]>();
  for (const flow of flows) {
    byParticipant.set(flow.participant, [...(byParticipant.get(flow.participant) ?? []), flow]);
  }
  return [...byParticipant].map(([participantId, own]) => {
    const minor = own.reduce((sum, { pays, receives }) => sum + pays - receives, 0n);
    const weights = new Map<string, bigint>();
    for (const { counterCurrency, pays, receives } of own) {
      weights.set(counterCurrency, (weights.get(counterCurrency) ?? 0n) + pays + receives);
    }
    const [most] = [...weights].sort(([a, x], [b, y]) =>
      x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1,
    );
    return {
      participantId,
      role: participantId.startsWith('acq') ? 'acquirer' : 'wallet',
      currency: own[0]?.currency ?? '',
      minor,
      exposureMinor: minor,
      counterCurrency: most?.[0] ?? null,
    };
  });
}

describe('liquidity', () => {
  const designs = (['gross', 'bilateral', 'multilateral'] as const).flatMap((netting) =>
    [1, 2, 4, 6, 12, 24].map((cyclesPerDay) => [netting, cyclesPerDay] as const),
  );

  it.each(designs)('%s with %d cycles lies between its bounds', (netting, cyclesPerDay) => {
    const world = designed(cyclesPerDay, netting);
    let days = 0;
    liquidityOf(groundOf(world), flowsOf(world), ({ lower, used, upper }) => {
      expect(lower).toBeLessThanOrEqual(used);
      expect(used).toBeLessThanOrEqual(upper);
      days += 1;
    });
    expect(days).toBeGreaterThan(20);
    const { headlines } = answersOf(world, played.totals);
    expect(headlines.liquidityLowerUsd).toBeLessThanOrEqual(headlines.liquidityUsd);
    expect(headlines.liquidityUsd).toBeLessThanOrEqual(headlines.liquidityUpperUsd);
    if (netting === 'gross') expect(headlines.nettingPercent).toBe(0);
  });

  it('touches the bounds: one multilateral net is the lower, settling at once the upper', () => {
    const once = answersOf(designed(1), played.totals).headlines;
    expect(once.liquidityUsd).toBe(once.liquidityLowerUsd);
    const gross = answersOf(designed(1, 'gross'), played.totals).headlines;
    expect(gross.liquidityUsd).toBe(gross.liquidityUpperUsd);
  });

  it('is small where money comes back, and how small is a matter of when', () => {
    // By hand, on one clearing day: at 9 the hub owes an acquirer 500 US cents; at 15 a wallet
    // that settles in dollars owes the hub 400. At once, the hub needs 500 and the wallet 400;
    // with one net a day the hub needs 100 and the wallet 400; two cycles part them again.
    const [, , kakaopay] = smallWorld().wallets;
    if (kakaopay === undefined) throw new Error('the small world has three wallets');
    const [truemoney, kplus] = smallWorld().wallets;
    const used = (cyclesPerDay: number, netting: NettingModel): readonly number[] => {
      const world = {
        ...designed(cyclesPerDay, netting),
        wallets: [truemoney, kplus, { ...kakaopay, currency: 3 }].flatMap((w) => w ?? []),
      };
      const totals = emptyTotals(world);
      const pair = (wallet: number, acquirer: number): number =>
        totals.pairs.findIndex((p) => p.wallet === wallet && p.acquirer === acquirer);
      totals.receives[(5 * 24 + 9) * totals.pairs.length + pair(0, 1)] = 500;
      totals.owes[(5 * 24 + 15) * totals.pairs.length + pair(2, 0)] = 400;
      const ground = groundOf(world);
      const { lower, used: found, upper } = liquidityOf(ground, cycleFlowsOf(ground, totals));
      return [lower[3] ?? 0, found[3] ?? 0, upper[3] ?? 0];
    };
    expect(used(1, 'multilateral')).toEqual([500, 500, 900]);
    expect(used(2, 'multilateral')).toEqual([500, 900, 900]);
    expect(used(1, 'gross')).toEqual([500, 900, 900]);
  });
});
