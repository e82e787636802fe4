import { MONEY } from '../totals.js';
import type { Flow, World } from '../world.js';
import { COLUMNS, minorMid, type PriceLeg } from './expected-price.js';

/** Purchases are priced anew once a rate has moved this far; in between, money follows the rate. */
const DRIFT = 0.025;

/** The rates of a day that prices are worked out with, for many days around it. */
export interface ReferencePrices {
  /** Counts references of this book, so that what was worked out from one is known again. */
  readonly id: number;
  readonly leg: PriceLeg;
  readonly markupBps: number;
  /** Payer's price of one minor unit, mark-up included: for limits in the wallet's currency. */
  readonly payerPrice: number;
}

/** The reference that holds on a day, and how far the day's own rates are from it. */
export interface DayPrices {
  readonly day: number;
  readonly reference: ReferencePrices;
  /** By money column: what amounts are multiplied with, and what their squares are. */
  readonly scales: Float64Array;
  readonly squares: Float64Array;
}

/**
 * Rates of one flow for one pair of currencies, day after day. Rounding depends on a rate only
 * coarsely, so purchases are priced at a reference day and the sums follow the rate from there,
 * until it has drifted too far.
 */
export class PriceBook {
  private last: DayPrices | undefined;

  constructor(
    private readonly world: World,
    private readonly flow: Flow,
    private readonly markupBps: number,
    private readonly payer: number,
    private readonly settlement: number,
  ) {}

  on(day: number): DayPrices {
    if (this.last?.day === day) return this.last;
    const { world, flow, payer, settlement } = this;
    const shop = world.destinations[flow.destination]?.currency ?? 0;
    const payerMid = minorMid(world, day, shop, payer);
    const settlementMid = minorMid(world, day, shop, settlement);
    let reference = this.last?.reference;
    if (
      reference === undefined ||
      drifted(reference.leg.payerMid, payerMid) ||
      drifted(reference.leg.settlementMid, settlementMid)
    ) {
      const markup = payer === shop ? 1 : 1 + this.markupBps / 10_000;
      reference = {
        id: (reference?.id ?? 0) + 1,
        leg: { payer, settlement, payerMid, settlementMid },
        markupBps: this.markupBps,
        payerPrice: payerMid * markup,
      };
    }
    const { leg } = reference;
    const scales = scalesOf(payerMid / leg.payerMid, settlementMid / leg.settlementMid);
    this.last = { day, reference, scales, squares: scales.map((scale) => scale * scale) };
    return this.last;
  }
}

function drifted(from: number, to: number): boolean {
  return Math.abs(to - from) > DRIFT * from;
}

function scalesOf(payer: number, settlement: number): Float64Array {
  const scales = new Float64Array(COLUMNS).fill(1);
  scales.fill(payer, MONEY.payToMinor, MONEY.walletOwesMinor + 1);
  scales.fill(settlement, MONEY.settlementMinor, MONEY.acquirerReceivesMinor + 1);
  return scales;
}
