import { decideQuote } from '#domain/rates/quote';
import { rateBook, usdMids } from '#domain/rates/rate-book';
import { pricePayment, type PaymentPrice } from '#domain/pricing/price-payment';
import { unitOf } from '#simulation/random/xoshiro128';
import { BinDraw, drawnChunk, instantOf, merchantAt } from '#simulation/fast/draw-bin';
import { fastTables } from '#simulation/fast/fast-tables';
import { playFast } from '#simulation/fast/play-fast';
import { OUTCOMES, type SimulatedOutcome } from '#simulation/outcomes';
import { emptyTotals, MONEY_COLUMNS, TOTALS_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
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

function quoteFor(world: World, day: number, from: number, to: number, markupBps: number) {
  const [base, counter] = [world.currencies[from]!, world.currencies[to]!];
  const ratio = world.fx.mids[day]![from * world.currencies.length + to]!;
  const rate = {
    ...{ base, counter, ratio, asOf: '2025-03-03', source: 'test' },
    quality: 'measured' as const,
  };
  const quote = decideQuote(
    {
      book: rateBook(base === counter ? [] : [rate]),
      tier: { id: 'test', markupBps },
      policy: { ttlMs: 60_000, maxAgeDays: 7, today: '2025-03-03' },
    },
    { base, counter },
    0,
    'quo_test',
  );
  if (!quote.ok) throw new Error(quote.rejection.detail);
  return quote.value;
}

interface Purchase {
  readonly flow: number;
  readonly day: number;
  readonly category: number;
  readonly area: number;
  readonly wallet: number;
  readonly merchant: number;
  readonly amount: number;
  readonly instantMs: number;
  readonly accepts: number;
  readonly luck: number;
  readonly outage: number;
}

function* purchasesOf(world: World): Generator<Purchase> {
  const tables = fastTables(world);
  const chunk = drawnChunk();
  for (let flow = 0; flow < world.flows.length; flow++) {
    for (let day = 0; day < world.days; day++) {
      const draw = new BinDraw(tables, RUN, flow, day, true);
      while (draw.next(chunk)) {
        for (let i = 0; i < chunk.count; i++) {
          const kind = chunk.kind[i]!;
          const [category, area] = [Math.floor(kind / 24), chunk.area[i]!];
          yield {
            ...{ flow, day, category, area, wallet: chunk.wallet[i]! },
            merchant: merchantAt(
              world.merchants,
              area * world.categories.length + category,
              chunk.place[i]!,
            ),
            amount: chunk.amountMinor[i]!,
            instantMs: instantOf(tables, flow, day, kind, chunk.moment[i]!),
            accepts: unitOf(chunk.acceptance[i]!),
            luck: unitOf(chunk.conduct[i]!),
            outage: unitOf(chunk.outage[i]!),
          };
        }
      }
    }
  }
}

function priceOf(world: World, purchase: Purchase, acquirer: number): PaymentPrice {
  const flow = world.flows[purchase.flow]!;
  const shop = world.destinations[flow.destination]!.currency;
  const currency = world.currencies[shop]!;
  const usd = usdMids(rateBook([]), { payment: 'USD', payer: 'USD', settlement: 'USD' });
  if (!usd.ok) throw new Error('a dollar is a dollar');
  const [payer, settled] = [
    world.wallets[purchase.wallet]!.currency,
    world.acquirers[acquirer]!.currency,
  ];
  const { interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps } = flow.corridor;
  return pricePayment({
    paymentAmount: { currency, minor: BigInt(purchase.amount) },
    payerQuote: quoteFor(world, purchase.day, shop, payer, world.fx.markupBps[purchase.flow]!),
    settlementQuote: quoteFor(world, purchase.day, shop, settled, 0),
    usd: usd.value,
    ...{ interchangeBps, schemeFeeAcquirerBps, schemeFeeWalletBps, mdrBps: flow.mdrBps },
  });
}

/** The order of `OUTCOMES`, written out again; caps aside. */
function outcomeOf(world: World, p: Purchase): SimulatedOutcome {
  const flow = world.flows[p.flow]!;
  if (p.accepts >= flow.acceptance[p.category]! || p.merchant < 0) return 'notAccepted';
  const acquirer = world.merchants.acquirerOf[p.merchant]!;
  const wallet = world.wallets[p.wallet]!;
  const day = world.firstDay + p.day;
  const isOpen = day >= wallet.fromDay && day < wallet.untilDay;
  if (!isOpen || world.merchants.links[p.wallet * world.acquirers.length + acquirer] === 0) {
    return 'noRoute';
  }
  const spared = world.outages
    .filter((o) => o.wallet === null || o.wallet === p.wallet)
    .filter((o) => o.acquirer === null || o.acquirer === acquirer)
    .filter((o) => o.area === null || o.area === p.area)
    .filter((o) => p.instantMs >= o.fromMs && p.instantMs < o.untilMs)
    .reduce((share, o) => share * (1 - o.share), 1);
  if (p.outage >= spared) return 'outage';
  const { abandoned, insufficientFunds, riskRefused, timedOut } = world.conduct;
  if (p.luck < abandoned) return 'abandoned';
  const minor = BigInt(p.amount);
  if (minor < flow.corridor.minPayment.minor || minor > flow.corridor.maxPayment.minor) {
    return 'outsideCorridorLimits';
  }
  const { payToAmount } = priceOf(world, p, acquirer);
  if (payToAmount.minor > wallet.wallet.perPaymentLimit.minor) return 'abovePayerLimit';
  let left = 1 - abandoned;
  const chances = [
    ['insufficientFunds', insufficientFunds],
    ['riskRefused', riskRefused],
    ['timedOut', timedOut],
  ] as const;
  for (const [name, chance] of chances) {
    left *= 1 - chance;
    if (p.luck < 1 - left) return name;
  }
  return 'paid';
}

function add(column: Float64Array, at: number, value: bigint | number): void {
  column[at] = column[at]! + Number(value);
}

/** Adds one purchase to totals the slow way. */
function count(world: World, totals: Totals, p: Purchase): SimulatedOutcome {
  const outcome = outcomeOf(world, p);
  const at = p.flow * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  add(totals.outcomes, at, 1);
  add(totals.outcomeMinor, at, p.amount);
  if (outcome !== 'paid') return outcome;
  const acquirer = world.merchants.acquirerOf[p.merchant]!;
  const pair = totals.pairs.findIndex((x) => x.wallet === p.wallet && x.acquirer === acquirer);
  const sinceMs = p.instantMs + 8 * 3_600_000 - (world.firstDay - 1) * DAY_MS;
  const [hour, day] = [Math.floor(sinceMs / 3_600_000), Math.floor(sinceMs / DAY_MS)];
  const price = priceOf(world, p, acquirer);
  const { credited, charged } = price.interchange;
  const columns: Record<(typeof MONEY_COLUMNS)[number], bigint> = {
    payments: 1n,
    paymentMinor: BigInt(p.amount),
    payToMinor: price.payToAmount.minor,
    interchangeCreditedMinor: credited.amount.minor,
    schemeFeeWalletMinor: price.schemeFeeWallet.minor,
    fxMarginMinor: price.payer.margin,
    interchangeMarginMinor: credited.margin,
    walletOwesMinor: price.walletOwes.minor,
    settlementMinor: price.settlementAmount.minor,
    interchangeChargedMinor: charged.amount.minor,
    schemeFeeAcquirerMinor: price.schemeFeeAcquirer.minor,
    acquirerReceivesMinor: price.acquirerReceives.minor,
    mdrMinor: price.mdr.minor,
  };
  const row = (day * totals.pairs.length + pair) * MONEY_COLUMNS.length;
  MONEY_COLUMNS.forEach((name, column) => add(totals.money, row + column, columns[name]));
  add(totals.owes, hour * totals.pairs.length + pair, price.walletOwes.minor);
  add(totals.receives, hour * totals.pairs.length + pair, price.acquirerReceives.minor);
  const { abandoned, insufficientFunds, riskRefused, timedOut, refunded } = world.conduct;
  const left = [abandoned, insufficientFunds, riskRefused, timedOut].reduce(
    (rest, chance) => rest * (1 - chance),
    1,
  );
  if (p.luck >= 1 - left * refunded) {
    add(totals.refundedMinor, day * totals.pairs.length + pair, p.amount);
  }
  add(totals.categoryCount, p.flow * world.categories.length + p.category, 1);
  add(totals.categoryMinor, p.flow * world.categories.length + p.category, p.amount);
  add(totals.areaCount, p.area, 1);
  add(totals.areaMinor, p.area, p.amount);
  return outcome;
}

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
])('adds up %s as the rules do purchase by purchase', (_, world) => {
  const [wanted, found] = [emptyTotals(world), emptyTotals(world)];
  const seen = new Set<string>();
  let purchases = 0;
  for (const purchase of purchasesOf(world)) {
    seen.add(count(world, wanted, purchase));
    purchases += 1;
  }
  playFast(world, RUN, found);
  for (const name of TOTALS_COLUMNS) expect([name, found[name]]).toEqual([name, wanted[name]]);
  expect(purchases).toBeGreaterThan(4_000);
  expect(found.outcomes.reduce((sum, n) => sum + n, 0)).toBe(purchases);
  // Every way a purchase can end, caps aside, was among them.
  if (world.outages.length > 0) expect(seen.size).toBe(OUTCOMES.length - 1);
});
