import { currencyOf, type CurrencyCode } from '#domain/currency';
import type { Quote, Ratio } from '#domain/fx';
import { pricePayment, type PaymentPrice } from '#domain/pricing/price-payment';
import { decideQuote } from '#domain/rates/quote';
import { rateBook } from '#domain/rates/rate-book';
import { ratio } from '#domain/rates/ratio';
import { OUTCOME } from '#simulation/outcomes';
import { emptyTotals, MONEY_COLUMNS, MONEY, type Totals } from '#simulation/totals';
import type { Flow, World } from '#simulation/world';

/** A purchase that the naive kernel drew; a paid one has its price and the pair that met. */
export interface NaivePurchase {
  readonly flow: number;
  readonly category: number;
  readonly area: number;
  readonly outcome: number;
  readonly amountMinor: number;
  /** Clearing hour, as `Totals` counts them. */
  readonly clearingHour: number;
  readonly pair: number;
  readonly price: PaymentPrice | null;
  readonly refunded: boolean;
}

export interface NaivePlay {
  readonly totals: Totals;
  readonly purchases: readonly NaivePurchase[];
}

/**
 * The plainest way to play a world: one purchase after the other, priced by the hub's own
 * `pricePayment`, everything kept. Slow and without caps; what reads totals can be checked against
 * the list they were counted from.
 */
export function playNaively(world: World, seed: number): NaivePlay {
  const totals = emptyTotals(world);
  const draw = drawsOf(seed);
  const quotes = new QuoteShelf(world);
  const purchases: NaivePurchase[] = [];
  world.flows.forEach((flow, index) => {
    for (let day = 0; day < world.days; day++) {
      const intended = Math.round((flow.intended[day] ?? 0) * (0.8 + 0.4 * draw()));
      for (let i = 0; i < intended; i++) {
        const purchase = drawPurchase(world, totals, quotes, { flow, index, day, draw });
        purchases.push(purchase);
        count(totals, world, purchase);
      }
    }
  });
  return { totals, purchases };
}

interface Moment {
  readonly flow: Flow;
  readonly index: number;
  readonly day: number;
  readonly draw: () => number;
}

function drawPurchase(
  world: World,
  totals: Totals,
  quotes: QuoteShelf,
  { flow, index, day, draw }: Moment,
): NaivePurchase {
  const { conduct, merchants, acquirers } = world;
  const slot = pick(flow.hourWeights[flow.dayKinds[day] === 1 ? 1 : 0], draw());
  const [category, localHour] = [Math.floor(slot / 24), slot % 24];
  const area = pick(flow.areaWeights[0] ?? [], draw());
  const wallet = pick(flow.walletEpochs.at(-1)?.weights ?? [], draw());
  const ticket = flow.tickets[category];
  const spread = draw() + draw() + draw() - 1.5;
  const step = ticket?.stepMinor ?? 1;
  const around = (ticket?.medianMinor ?? 1000) * 2 ** (spread * (ticket?.sigma ?? 1));
  const amountMinor = Math.max(step, Math.round(around / step) * step);
  const cell = area * world.categories.length + category;
  const [first, end] = [merchants.cellStart[cell] ?? 0, merchants.cellStart[cell + 1] ?? 0];
  const acquirer = merchants.acquirerOf[first + Math.floor(draw() * (end - first))] ?? 0;
  const offsetHours = (world.destinations[flow.destination]?.utcOffsetMinutes ?? 0) / 60;
  const clearingHour = (day + 1) * 24 + localHour - offsetHours + 8;
  const linked = merchants.links[wallet * acquirers.length + acquirer] === 1;
  const declined = [
    [OUTCOME.notAccepted, 1 - (flow.acceptance[category] ?? 1)],
    [OUTCOME.noRoute, linked ? 0 : 1],
    [OUTCOME.abandoned, conduct.abandoned],
    [OUTCOME.insufficientFunds, conduct.insufficientFunds],
    [OUTCOME.riskRefused, conduct.riskRefused],
    [OUTCOME.timedOut, conduct.timedOut],
  ].find(([, chance = 0]) => draw() < chance);
  const outcome = declined?.[0] ?? OUTCOME.paid;
  const paid = outcome === OUTCOME.paid;
  const pair = totals.pairs.findIndex((p) => p.wallet === wallet && p.acquirer === acquirer);
  return {
    flow: index,
    category,
    area,
    outcome,
    amountMinor,
    clearingHour,
    pair: paid ? pair : -1,
    price: paid ? quotes.price(index, day, wallet, acquirer, amountMinor) : null,
    refunded: paid && draw() < conduct.refunded,
  };
}

function count(totals: Totals, world: World, purchase: NaivePurchase): void {
  const { flow, category, area, outcome, amountMinor, clearingHour, pair, price } = purchase;
  const add = (column: Float64Array, at: number, value: number): void => {
    column[at] = (column[at] ?? 0) + value;
  };
  add(totals.outcomes, flow * OUTCOME_COUNT + outcome, 1);
  add(totals.outcomeMinor, flow * OUTCOME_COUNT + outcome, amountMinor);
  if (price === null) return;
  const day = Math.floor(clearingHour / 24) * totals.pairs.length + pair;
  const money = (column: number, minor: bigint): void => {
    add(totals.money, day * MONEY_COLUMNS.length + column, Number(minor));
  };
  const { credited, charged } = price.interchange;
  money(MONEY.payments, 1n);
  money(MONEY.paymentMinor, price.paymentAmount.minor);
  money(MONEY.payToMinor, price.payToAmount.minor);
  money(MONEY.interchangeCreditedMinor, credited.amount.minor);
  money(MONEY.schemeFeeWalletMinor, price.schemeFeeWallet.minor);
  money(MONEY.fxMarginMinor, price.fxMargin.minor);
  money(MONEY.interchangeMarginMinor, credited.margin);
  money(MONEY.walletOwesMinor, price.walletOwes.minor);
  money(MONEY.settlementMinor, price.settlementAmount.minor);
  money(MONEY.interchangeChargedMinor, charged.amount.minor);
  money(MONEY.schemeFeeAcquirerMinor, price.schemeFeeAcquirer.minor);
  money(MONEY.acquirerReceivesMinor, price.acquirerReceives.minor);
  money(MONEY.mdrMinor, price.mdr.minor);
  const hour = clearingHour * totals.pairs.length + pair;
  add(totals.owes, hour, Number(price.walletOwes.minor));
  add(totals.receives, hour, Number(price.acquirerReceives.minor));
  add(totals.categoryCount, flow * world.categories.length + category, 1);
  add(totals.categoryMinor, flow * world.categories.length + category, amountMinor);
  add(totals.areaCount, area, 1);
  add(totals.areaMinor, area, amountMinor);
  if (purchase.refunded) add(totals.refundedMinor, day, amountMinor);
}

const OUTCOME_COUNT = Object.keys(OUTCOME).length;

/** The quotes of each flow, day and currency, as the hub would lock them. */
class QuoteShelf {
  private readonly quotes = new Map<string, Quote>();

  constructor(private readonly world: World) {}

  price(
    flow: number,
    day: number,
    wallet: number,
    acquirer: number,
    amountMinor: number,
  ): PaymentPrice {
    const { world } = this;
    const { corridor, mdrBps, destination } = world.flows[flow] ?? fail('no such flow');
    const shop = world.destinations[destination]?.currency ?? 0;
    const [payer, settled] = [
      world.wallets[wallet]?.currency ?? 0,
      world.acquirers[acquirer]?.currency ?? 0,
    ];
    const usd = world.currencies.indexOf('USD');
    const one = { numerator: 1n, denominator: 1n };
    const inUsd = (from: number): Ratio => (from === usd ? one : this.mid(day, from, usd));
    return pricePayment({
      paymentAmount: { currency: this.code(shop), minor: BigInt(amountMinor) },
      payerQuote: this.quote(day, shop, payer, world.fx.markupBps[flow] ?? 0),
      settlementQuote: this.quote(day, shop, settled, 0),
      usd: { payment: inUsd(shop), payer: inUsd(payer), settlement: inUsd(settled) },
      interchangeBps: corridor.interchangeBps,
      schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
      schemeFeeWalletBps: corridor.schemeFeeWalletBps,
      mdrBps,
    });
  }

  private quote(day: number, from: number, to: number, markupBps: number): Quote {
    const key = [day, from, to, markupBps].join(' ');
    const known = this.quotes.get(key);
    if (known !== undefined) return known;
    const [base, counter] = [this.code(from), this.code(to)];
    const mids =
      from === to
        ? []
        : [
            {
              base,
              counter,
              ratio: this.mid(day, from, to),
              asOf: '2025-03-03',
              source: 'test',
              quality: 'measured' as const,
            },
          ];
    const policy = { ttlMs: 600_000, maxAgeDays: 10_000, today: '2025-03-03' };
    const tier = { id: 'test', markupBps };
    const context = { book: rateBook(mids), tier, policy };
    const quote = decideQuote(context, { base, counter }, 0, 'quo_naive');
    if (!quote.ok) throw new Error(quote.rejection.detail);
    this.quotes.set(key, quote.value);
    return quote.value;
  }

  private mid(day: number, from: number, to: number): Ratio {
    const mid = this.world.fx.mids[day]?.[from * this.world.currencies.length + to];
    return mid ?? fail(`no mid of ${this.code(from)} in ${this.code(to)}`);
  }

  private code(currency: number): CurrencyCode {
    return currencyOf(this.world.currencies[currency] ?? '').code;
  }
}

/**
 * Mids that move: each currency's worth in dollars times a factor a day, so that results of
 * positions are not zero. `percentByDay` is added to 100 and compounded.
 */
export function movingMids(
  world: World,
  percentByDay: Readonly<Record<CurrencyCode, number>>,
): World['fx'] {
  const count = world.currencies.length;
  const usd = world.currencies.indexOf('USD');
  const first = world.fx.mids[0] ?? [];
  const worth = (currency: number, day: number): Ratio => {
    const base = first[currency * count + usd] ?? { numerator: 1n, denominator: 1n };
    const percent = percentByDay[world.currencies[currency] ?? ''] ?? 0;
    const [up, down] = [
      BigInt(Math.round(10_000 + percent * 100)) ** BigInt(day),
      10_000n ** BigInt(day),
    ];
    return ratio(base.numerator * up, base.denominator * down);
  };
  const mids = Array.from({ length: world.days }, (_, day) =>
    world.currencies.flatMap((_from, from) =>
      world.currencies.map((_to, to) => {
        const [a, b] = [worth(from, day), worth(to, day)];
        return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
      }),
    ),
  );
  return { ...world.fx, mids };
}

/** Park and Miller's generator: enough for cases, and nobody's production code. */
function drawsOf(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function pick(weights: ArrayLike<number>, at: number): number {
  let whole = 0;
  for (let i = 0; i < weights.length; i++) whole += weights[i] ?? 0;
  let left = at * whole;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] ?? 0;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function fail(message: string): never {
  throw new Error(message);
}
