import { playFast } from '#simulation/fast/play-fast';
import { OUTCOMES } from '#simulation/outcomes';
import { emptyTotals, TOTALS_COLUMNS } from '#simulation/totals';
import type { World } from '#simulation/world';
import { countPurchase, outcomeBeforeCaps, purchasesOf } from '#testkit/drawn-purchases';
import { smallWorld } from '#testkit/small-world';

/**
 * Goal: what the columns add up to is what deciding and pricing each purchase by the domain's own
 * rules adds up to, to the last minor unit.
 * Method: the same purchases are drawn and then taken one by one in plain code, priced by
 * `pricePayment` on quotes of `decideQuote`, and added to totals of their own; every column of
 * both totals must be equal. The world has an outage, limits that bite, a wallet that joins late,
 * and a destination whose hours do not meet the clearing day's.
 */
const RUN = { seed: 7, replicate: 3 };
const DAY_MS = 86_400_000;

function awkwardWorld(): World {
  const plain = smallWorld({ days: 5 });
  const [first, second, third] = plain.wallets;
  const startMs = plain.firstDay * DAY_MS;
  return {
    ...plain,
    destinations: plain.destinations.map((d) => ({ ...d, utcOffsetMinutes: 570 })),
    wallets: [
      {
        ...first!,
        wallet: { ...first!.wallet, perPaymentLimit: { currency: 'THB', minor: 300_000n } },
      },
      { ...second!, fromDay: plain.firstDay + 2 },
      third!,
    ],
    flows: plain.flows.map((flow) => ({
      ...flow,
      corridor: {
        ...flow.corridor,
        minPayment: { currency: 'JPY', minor: 300n },
        maxPayment: { currency: 'JPY', minor: 60_000n },
      },
    })),
    outages: [
      {
        ...{ wallet: 0, acquirer: null, area: null, share: 0.5 },
        ...{ fromMs: startMs + 3.1 * 3_600_000, untilMs: startMs + DAY_MS },
      },
      {
        ...{ wallet: null, acquirer: 1, area: 0, share: 1 },
        ...{ fromMs: startMs - DAY_MS, untilMs: startMs + 0.5 * DAY_MS },
      },
    ],
    settlement: { ...plain.settlement, capsHold: false },
  };
}

it.each([
  ['the small world', smallWorld({ days: 4 })],
  ['one with everything that can go wrong', awkwardWorld()],
  // Rupiah cross the wire in whole hundreds, and some amounts here come to less than one.
  ['one of rupiah', smallWorld({ days: 5, currencies: ['JPY', 'IDR', 'KRW', 'USD'] })],
])('adds up %s as the rules do purchase by purchase', (_, world) => {
  const [wanted, found] = [emptyTotals(world), emptyTotals(world)];
  const seen = new Set<string>();
  let purchases = 0;
  for (const purchase of purchasesOf(world, RUN)) {
    const outcome = outcomeBeforeCaps(world, purchase);
    countPurchase(world, wanted, purchase, outcome);
    seen.add(outcome);
    purchases += 1;
  }
  playFast(world, RUN, found);
  for (const name of TOTALS_COLUMNS) expect([name, found[name]]).toEqual([name, wanted[name]]);
  expect(purchases).toBeGreaterThan(4_000);
  expect(found.outcomes.reduce((sum, n) => sum + n, 0)).toBe(purchases);
  // Every way a purchase can end, caps aside, was among them.
  if (world.outages.length > 0) expect(seen.size).toBe(OUTCOMES.length - 1);
});
