import { decideObligations } from '#domain/settlement/decide-obligations';
import { isoDate } from '#domain/rates/calendar-day';
import { pricePayment, type PaymentPrice } from '#domain/pricing/price-payment';
import { multiplyRatios, ratio, roundRatio } from '#domain/rates/ratio';
import type { Quote, Ratio } from '#domain/fx';
import { OUTCOME, OUTCOMES } from '#simulation/outcomes';
import { amountAt, quantileTable } from '#simulation/random/quantile-table';
import { MONEY_COLUMNS, emptyTotals, type MoneyColumn, type Totals } from '#simulation/totals';
import type { Flow, World } from '#simulation/world';

/** Numbers evenly between 0 and 1, from a generator that no kernel uses. */
export type Uniform = () => number;

export function uniforms(seed: number): Uniform {
  let state = seed >>> 0;
  return () => {
    // A Weyl sequence, scrambled twice by multiplication.
    state = (state + 0x6d2b_79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (((word ^ (word >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Plays a world in the most obvious way: one purchase after the other in order of time, each
 * drawn by itself, decided by the conditions as they are written down and priced with the rules'
 * own `pricePayment`. Slow, and independent of every kernel it is compared with.
 */
export function playNaively(world: World, uniform: Uniform): Totals {
  const totals = emptyTotals(world);
  const purchases = world.flows.flatMap((flow, index) => drawFlow(world, flow, index, uniform));
  purchases.sort((a, b) => a.atMs - b.atMs);
  const exposure = new Exposures(world);
  const prices = new Map<string, PaymentPrice>();
  for (const purchase of purchases) decide(world, totals, purchase, exposure, prices, uniform);
  return totals;
}

interface Purchase {
  readonly flow: Flow;
  readonly index: number;
  readonly day: number;
  readonly atMs: number;
  readonly category: number;
  readonly area: number;
  readonly wallet: number;
  readonly acquirer: number;
  readonly amount: number;
}

function drawFlow(world: World, flow: Flow, index: number, uniform: Uniform): Purchase[] {
  const purchases: Purchase[] = [];
  const tables = flow.tickets.map(quantileTable);
  const offset = world.destinations[flow.destination]!.utcOffsetMinutes;
  for (let day = 0; day < world.days; day++) {
    const date = world.firstDay + day;
    const month = Number(isoDate(date).slice(5, 7)) - 1;
    const epoch = flow.walletEpochs.filter(({ fromDay }) => fromDay <= date).at(-1)!;
    // Arrivals of a Poisson stream: exponential gaps until the day is over.
    const mean = flow.intended[day]!;
    for (let at = gap(uniform); at < mean; at += gap(uniform)) {
      const slot = pick(flow.hourWeights[flow.dayKinds[day] === 1 ? 1 : 0], uniform);
      const [category, hour] = [Math.floor(slot / 24), slot % 24];
      const area = pick(flow.areaWeights[month]!, uniform);
      purchases.push({
        flow,
        index,
        day,
        atMs: date * DAY_MS + (hour + uniform()) * HOUR_MS - offset * 60_000,
        category,
        area,
        wallet: pick(epoch.weights, uniform),
        acquirer: visit(world, area * world.categories.length + category, uniform),
        amount: amountAt(tables[category]!, Math.floor(uniform() * 4_294_967_296)),
      });
    }
  }
  return purchases;
}

function gap(uniform: Uniform): number {
  return -Math.log(uniform());
}

const sums = new WeakMap<Float64Array, Float64Array>();

function pick(weights: Float64Array, uniform: Uniform): number {
  let cumulative = sums.get(weights);
  if (cumulative === undefined) {
    let sum = 0;
    cumulative = weights.map((weight) => (sum += weight));
    sums.set(weights, cumulative);
  }
  const at = uniform() * cumulative.at(-1)!;
  return cumulative.findIndex((sum) => at < sum);
}

function visit({ merchants }: World, cell: number, uniform: Uniform): number {
  const { cellStart, popularity, acquirerOf } = merchants;
  const at = uniform() * (popularity.length - 1);
  const below = Math.floor(at);
  const [low, high] = [popularity[below]!, popularity[below + 1]!];
  const place = low + (high - low) * (at - below);
  const [start, end] = [cellStart[cell]!, cellStart[cell + 1]!];
  return acquirerOf[start + Math.min(end - start - 1, Math.floor(place * (end - start)))]!;
}

function decide(
  world: World,
  totals: Totals,
  purchase: Purchase,
  exposure: Exposures,
  prices: Map<string, PaymentPrice>,
  uniform: Uniform,
): void {
  const { flow, index, amount, category, wallet, acquirer, area, atMs } = purchase;
  const end = (outcome: number): void => {
    totals.outcomes[index * OUTCOMES.length + outcome]! += 1;
    totals.outcomeMinor[index * OUTCOMES.length + outcome]! += amount;
  };
  const { conduct, merchants, settlement } = world;
  if (uniform() >= flow.acceptance[category]!) {
    end(OUTCOME.notAccepted);
    return;
  }
  if (merchants.links[wallet * world.acquirers.length + acquirer] !== 1) {
    end(OUTCOME.noRoute);
    return;
  }
  for (const outage of world.outages) {
    const struck =
      (outage.wallet ?? wallet) === wallet &&
      (outage.acquirer ?? acquirer) === acquirer &&
      (outage.area ?? area) === area &&
      outage.fromMs <= atMs &&
      atMs < outage.untilMs;
    if (struck && uniform() < outage.share) {
      end(OUTCOME.outage);
      return;
    }
  }
  if (uniform() < conduct.abandoned) {
    end(OUTCOME.abandoned);
    return;
  }
  const { minPayment, maxPayment } = flow.corridor;
  if (amount < Number(minPayment.minor) || amount > Number(maxPayment.minor)) {
    end(OUTCOME.outsideCorridorLimits);
    return;
  }
  const key = [index, purchase.day, wallet, acquirer, amount].join(' ');
  const price = prices.get(key) ?? priceOf(world, purchase);
  prices.set(key, price);
  if (price.payToAmount.minor > world.wallets[wallet]!.wallet.perPaymentLimit.minor) {
    end(OUTCOME.abovePayerLimit);
    return;
  }
  const owes = Number(price.walletOwes.minor);
  if (settlement.capsHold && !exposure.hasRoom(wallet, owes, atMs)) {
    end(OUTCOME.capExceeded);
    return;
  }
  if (uniform() < conduct.insufficientFunds) {
    end(OUTCOME.insufficientFunds);
    return;
  }
  if (uniform() < conduct.riskRefused) {
    end(OUTCOME.riskRefused);
    return;
  }
  if (uniform() < conduct.timedOut) {
    end(OUTCOME.timedOut);
    return;
  }
  end(OUTCOME.paid);
  exposure.add(wallet, owes);
  addPaid(world, totals, purchase, price, uniform() < conduct.refunded);
}

function addPaid(
  world: World,
  totals: Totals,
  { index, category, area, wallet, acquirer, amount, atMs }: Purchase,
  price: PaymentPrice,
  refunded: boolean,
): void {
  const hour = clearingHour(world, atMs);
  const pair = totals.pairs.findIndex((p) => p.wallet === wallet && p.acquirer === acquirer);
  const cell = Math.floor(hour / 24) * totals.pairs.length + pair;
  const money: Record<MoneyColumn, bigint> = {
    payments: 1n,
    paymentMinor: price.paymentAmount.minor,
    payToMinor: price.payToAmount.minor,
    interchangeCreditedMinor: price.interchange.credited.amount.minor,
    schemeFeeWalletMinor: price.schemeFeeWallet.minor,
    fxMarginMinor: price.fxMargin.minor,
    interchangeMarginMinor: price.interchange.credited.margin,
    walletOwesMinor: price.walletOwes.minor,
    settlementMinor: price.settlementAmount.minor,
    interchangeChargedMinor: price.interchange.charged.amount.minor,
    schemeFeeAcquirerMinor: price.schemeFeeAcquirer.minor,
    acquirerReceivesMinor: price.acquirerReceives.minor,
    mdrMinor: price.mdr.minor,
  };
  for (const [column, name] of MONEY_COLUMNS.entries()) {
    totals.money[cell * MONEY_COLUMNS.length + column]! += Number(money[name]);
  }
  totals.owes[hour * totals.pairs.length + pair]! += Number(money.walletOwesMinor);
  totals.receives[hour * totals.pairs.length + pair]! += Number(money.acquirerReceivesMinor);
  totals.categoryCount[index * world.categories.length + category]! += 1;
  totals.categoryMinor[index * world.categories.length + category]! += amount;
  totals.areaCount[area]! += 1;
  totals.areaMinor[area]! += amount;
  if (refunded) totals.refundedMinor[cell]! += amount;
}

/** Counted from 00:00 at UTC+8 of the day before the period. */
function clearingHour(world: World, atMs: number): number {
  return Math.floor((atMs - ((world.firstDay - 1) * DAY_MS - 8 * HOUR_MS)) / HOUR_MS);
}

function priceOf(
  world: World,
  { flow, index, day, wallet, acquirer, amount }: Purchase,
): PaymentPrice {
  const shop = world.destinations[flow.destination]!.currency;
  const mid = (to: number): Ratio => world.fx.mids[day]![shop * world.currencies.length + to]!;
  const quote = (to: number, markupBps: number): Quote => ({
    id: 'quo_naive',
    base: world.currencies[shop]!,
    counter: world.currencies[to]!,
    mid: mid(to),
    markupBps: to === shop ? 0 : markupBps,
    tier: 'test',
    price:
      to === shop
        ? ratio(1n, 1n)
        : roundRatio(
            multiplyRatios(mid(to), ratio(10_000n + BigInt(markupBps), 10_000n)),
            12,
            markupBps > 0 ? 'up' : 'halfEven',
          ),
    path: [],
    issuedAtMs: 0,
    expiresAtMs: 0,
    pinned: false,
  });
  const { corridor } = flow;
  return pricePayment({
    paymentAmount: { currency: world.currencies[shop]!, minor: BigInt(amount) },
    payerQuote: quote(world.wallets[wallet]!.currency, world.fx.markupBps[index]!),
    settlementQuote: quote(world.acquirers[acquirer]!.currency, 0),
    usd: { payment: ratio(1n, 1n), payer: ratio(1n, 1n), settlement: ratio(1n, 1n) },
    interchangeBps: corridor.interchangeBps,
    schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
    schemeFeeWalletBps: corridor.schemeFeeWalletBps,
    mdrBps: flow.mdrBps,
  });
}

/** What wallets owe unsettled, purchase by purchase; settled on value dates at the hour agreed. */
class Exposures {
  private readonly owed: number[];
  private readonly ofDay: Map<number, number>[];
  private readonly settled = new Map<number, number>();
  private now = 0;

  constructor(private readonly world: World) {
    this.owed = world.wallets.map(() => 0);
    this.ofDay = world.wallets.map(() => new Map());
  }

  hasRoom(wallet: number, owes: number, atMs: number): boolean {
    this.now = atMs;
    this.settle(wallet);
    const { capMinor, prefundMinor } = this.world.settlement;
    return this.owed[wallet]! + owes <= capMinor[wallet]! + prefundMinor[wallet]!;
  }

  add(wallet: number, owes: number): void {
    const day = Math.floor((this.now + 8 * HOUR_MS) / DAY_MS);
    this.owed[wallet]! += owes;
    this.ofDay[wallet]!.set(day, (this.ofDay[wallet]!.get(day) ?? 0) + owes);
  }

  private settle(wallet: number): void {
    const today = Math.floor((this.now + 8 * HOUR_MS) / DAY_MS);
    for (const [day, minor] of this.ofDay[wallet]!) {
      if (day >= today || this.settledAtMs(wallet, day) > this.now) continue;
      this.owed[wallet]! -= minor;
      this.ofDay[wallet]!.delete(day);
    }
  }

  private settledAtMs(wallet: number, clearingDay: number): number {
    const { world } = this;
    const key = wallet * 1e6 + clearingDay;
    const known = this.settled.get(key);
    if (known !== undefined) return known;
    const party = world.wallets[wallet]!.wallet;
    const total = {
      participantId: party.id,
      role: 'wallet',
      currency: party.currency,
      minor: 1n,
      exposureMinor: 1n,
      counterCurrency: 'JPY',
    } as const;
    const { terms, calendars, confirmedAtHour } = world.settlement;
    const context = { clearingDay, totals: [total], carried: [], terms, calendars };
    const { valueDate } = decideObligations(context)[0]!;
    const atMs = valueDate!.day * DAY_MS + (confirmedAtHour - 8) * HOUR_MS;
    this.settled.set(key, atMs);
    return atMs;
  }
}
