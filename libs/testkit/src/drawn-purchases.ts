import type { Quote } from '#domain/fx';
import { decideQuote } from '#domain/rates/quote';
import { rateBook, usdMids } from '#domain/rates/rate-book';
import { pricePayment, type PaymentPrice } from '#domain/pricing/price-payment';
import {
  BinDraw,
  drawnChunk,
  instantOf,
  merchantAt,
  type Replication,
} from '#simulation/fast/draw-bin';
import { fastTables } from '#simulation/fast/fast-tables';
import { OUTCOMES, type SimulatedOutcome } from '#simulation/outcomes';
import { unitOf } from '#simulation/random/xoshiro128';
import { MONEY_COLUMNS, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';

/**
 * The fast kernel's purchases taken one by one in plain code and priced by the domain's own rules:
 * what its columns are held against.
 */
const DAY_MS = 86_400_000;

const quotes = new WeakMap<World, Map<string, Quote>>();

function quoteFor(world: World, day: number, from: number, to: number, markupBps: number): Quote {
  const known = quotes.get(world) ?? new Map<string, Quote>();
  quotes.set(world, known);
  const key = [day, from, to, markupBps].join();
  const found = known.get(key) ?? lockedQuote(world, day, from, to, markupBps);
  known.set(key, found);
  return found;
}

function lockedQuote(
  world: World,
  day: number,
  from: number,
  to: number,
  markupBps: number,
): Quote {
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

export interface DrawnPurchase {
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

export function* purchasesOf(world: World, run: Replication): Generator<DrawnPurchase> {
  const tables = fastTables(world);
  const chunk = drawnChunk();
  for (let flow = 0; flow < world.flows.length; flow++) {
    for (let day = 0; day < world.days; day++) {
      const draw = new BinDraw(tables, run, flow, day, true);
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

export function priceOf(world: World, purchase: DrawnPurchase, acquirer: number): PaymentPrice {
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
export function outcomeBeforeCaps(world: World, p: DrawnPurchase): SimulatedOutcome {
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

/** Adds one purchase to totals, column by column. */
export function countPurchase(
  world: World,
  totals: Totals,
  p: DrawnPurchase,
  outcome: SimulatedOutcome,
): void {
  const at = p.flow * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  add(totals.outcomes, at, 1);
  add(totals.outcomeMinor, at, p.amount);
  if (outcome !== 'paid') return;
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
}
