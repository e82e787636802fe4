import { MONEY, MONEY_COLUMNS, type Totals } from '../totals.js';
import type { FxAnswer } from './answers.js';
import type { Ground } from './ground.js';
import type { CycleFlows } from './settlement/cycle-flows.js';
import { positionsAt } from './settlement/refund-flows.js';
import { add, sum, type Tally } from './tally.js';
import { clearingDate } from './dates.js';

const DAY_MS = 86_400_000;
/** An option at the money over a short time is worth this times σ√t: 1/√(2π). */
const AT_THE_MONEY = 1 / Math.sqrt(2 * Math.PI);

/**
 * What the hub wins or loses on currencies. Payments put both sides into its positions at one mid;
 * at each cut-off purchases and sales cover each other, and the rest is covered against dollars at
 * the mid of that moment. The result is what the two sides are worth then: no mid of the payment
 * is needed, since they were worth the same at it. Cycles that end within a clearing day are
 * covered at the day's own mid, the last one at the next day's.
 */
export function fxOf(ground: Ground, totals: Totals, flows: CycleFlows, tally: Tally): FxAnswer {
  const { world } = ground;
  const books = new CoverBooks(ground);
  for (let cycle = 0; cycle < flows.cycles; cycle++) {
    takeCycle(ground, totals, flows, cycle, books);
    books.close(cycle, flows.cyclesPerDay);
  }
  const marginUsd = sum(tally.usd.marginNet) - sum(tally.usd.marginReturnedNet);
  const { positionResult, refundResult, coverCost } = books;
  const largest = books.largestCycle;
  return {
    marginUsd,
    positionResultUsd: positionResult,
    refundResultUsd: refundResult,
    coverCostUsd: sum(coverCost),
    netUsd: marginUsd + positionResult + refundResult - sum(coverCost),
    coveredUsd: sum(books.covered),
    largestOpenUsd: books.largest,
    largestOpenAt:
      largest < 0 ? null : clearingDate(ground, Math.floor(largest / flows.cyclesPerDay)),
    rateLock: rateLockOf(ground, totals, sum(tally.usd.value)),
    currencies: world.currencies
      .map((currency, index) => ({
        currency,
        inMinor: books.taken[index] ?? 0,
        outMinor: books.given[index] ?? 0,
        coveredUsd: books.covered[index] ?? 0,
        coverCostUsd: coverCost[index] ?? 0,
      }))
      .filter(({ inMinor, outMinor }) => inMinor !== 0 || outMinor !== 0),
  };
}

/** The hub's positions of one cycle, and what covering them came to. */
class CoverBooks {
  readonly taken: Float64Array;
  readonly given: Float64Array;
  readonly covered: Float64Array;
  readonly coverCost: Float64Array;
  positionResult = 0;
  refundResult = 0;
  largest = 0;
  largestCycle = -1;
  private readonly payments: Float64Array;
  private readonly refunds: Float64Array;

  constructor(private readonly ground: Ground) {
    const zeros = (): Float64Array => new Float64Array(ground.world.currencies.length);
    this.taken = zeros();
    this.given = zeros();
    this.covered = zeros();
    this.coverCost = zeros();
    this.payments = zeros();
    this.refunds = zeros();
  }

  payment(walletCurrency: number, wallet: number, settlement: number, acquirer: number): void {
    add(this.payments, walletCurrency, wallet);
    add(this.payments, settlement, -acquirer);
    add(this.taken, walletCurrency, wallet);
    add(this.given, settlement, acquirer);
  }

  refund(walletCurrency: number, wallet: number, settlement: number, acquirer: number): void {
    add(this.refunds, walletCurrency, -wallet);
    add(this.refunds, settlement, acquirer);
    add(this.taken, walletCurrency, -wallet);
    add(this.given, settlement, -acquirer);
  }

  close(cycle: number, cyclesPerDay: number): void {
    const { world, usd, usdCurrency, clearingDays } = this.ground;
    const clearingDay = Math.floor(cycle / cyclesPerDay);
    const last = cycle % cyclesPerDay === cyclesPerDay - 1;
    const coverDay = last ? Math.min(clearingDay + 1, clearingDays - 1) : clearingDay;
    let open = 0;
    for (let currency = 0; currency < world.currencies.length; currency++) {
      const mid = usd[coverDay * world.currencies.length + currency] ?? 0;
      const [payments, refunds] = [this.payments[currency] ?? 0, this.refunds[currency] ?? 0];
      this.positionResult += payments * mid;
      this.refundResult += refunds * mid;
      if (currency === usdCurrency) continue;
      const worth = Math.abs(payments + refunds) * mid;
      open += worth;
      add(this.covered, currency, worth);
      add(this.coverCost, currency, (worth * world.settlement.coverSpreadBps) / 10_000);
    }
    if (open > this.largest) {
      this.largest = open;
      this.largestCycle = cycle;
    }
    this.payments.fill(0);
    this.refunds.fill(0);
  }
}

/** A day's positions are spread over its cycles as what wallets owe and acquirers are due. */
function takeCycle(
  ground: Ground,
  totals: Totals,
  flows: CycleFlows,
  cycle: number,
  books: CoverBooks,
): void {
  const { pairs } = ground;
  const clearingDay = Math.floor(cycle / flows.cyclesPerDay);
  const refunds = cycle % flows.cyclesPerDay === flows.refundCycle;
  for (let pair = 0; pair < pairs.length; pair++) {
    const day = clearingDay * pairs.length + pair;
    const owes = flows.owes[cycle * pairs.length + pair] ?? 0;
    const [payer, shop] = [ground.walletCurrency[pair] ?? 0, ground.settlementCurrency[pair] ?? 0];
    if (owes !== 0) {
      const { wallet, acquirer } = positionsAt(totals, day);
      const owesOfDay = totals.money[day * MONEY_COLUMNS.length + MONEY.walletOwesMinor] ?? 0;
      // One share for both sides, so that what is worth the same stays so.
      const share = owes / owesOfDay;
      books.payment(payer, wallet * share, shop, acquirer * share);
    }
    const back = refunds ? (flows.refunds.walletPosition[day] ?? 0) : 0;
    if (back !== 0) books.refund(payer, back, shop, flows.refunds.acquirerPosition[day] ?? 0);
  }
}

/**
 * What it means that a price holds for a while. Drift: the rates' own way, if every quote were
 * used at its last moment. Option: what somebody would pay who may wait and choose; by the
 * volatility of the cross rate's daily changes, of both signs.
 */
function rateLockOf(ground: Ground, totals: Totals, valueUsd: number): FxAnswer['rateLock'] {
  const { world, pairs } = ground;
  const { lockMs } = world.fx;
  const [lockDays, count] = [lockMs / DAY_MS, world.currencies.length];
  let [driftUsd, optionUsd] = [0, 0];
  for (let pair = 0; pair < pairs.length; pair++) {
    const [shop, payer] = [ground.shopCurrency[pair] ?? 0, ground.walletCurrency[pair] ?? 0];
    if (shop === payer) continue;
    const crosses = Float64Array.from({ length: ground.clearingDays }, (_, day) => {
      return (ground.usd[day * count + shop] ?? 0) / (ground.usd[day * count + payer] ?? 1);
    });
    const option = AT_THE_MONEY * dailyVolatility(crosses) * Math.sqrt(lockDays);
    for (let day = 0; day < ground.clearingDays; day++) {
      const at = (day * pairs.length + pair) * MONEY_COLUMNS.length + MONEY.payToMinor;
      const payTo = (totals.money[at] ?? 0) * (ground.usd[day * count + payer] ?? 0);
      if (payTo === 0) continue;
      driftUsd += payTo * (crossBefore(crosses, day, lockDays) / (crosses[day] ?? 1) - 1);
      optionUsd += payTo * option;
    }
  }
  return {
    lockMs,
    driftUsd,
    optionUsd,
    optionBps: valueUsd === 0 ? 0 : (optionUsd / valueUsd) * 10_000,
  };
}

/** The rate some days before, on the straight line between the days' own; the first one's before it. */
function crossBefore(crosses: Float64Array, day: number, daysBefore: number): number {
  const at = Math.max(day - daysBefore, 0);
  const [below, above] = [Math.floor(at), Math.min(Math.floor(at) + 1, crosses.length - 1)];
  const [low, high] = [crosses[below] ?? 0, crosses[above] ?? 0];
  return low + (high - low) * (at - below);
}

function dailyVolatility(crosses: Float64Array): number {
  let squares = 0;
  for (let day = 1; day < crosses.length; day++) {
    const change = (crosses[day] ?? 0) / (crosses[day - 1] ?? 1) - 1;
    squares += change * change;
  }
  return Math.sqrt(squares / Math.max(crosses.length - 1, 1));
}
