import type { Flow, World } from '../world.js';
import { COLUMNS, minorMid, priceNodes, type PriceBelow, type PriceLeg } from './expected-price.js';
import type { TicketNodes } from './ticket-nodes.js';
import { MONEY } from '../totals.js';

/** Nodes are priced anew once a rate has moved this far; in between, money follows the rate. */
const DRIFT = 0.03;

/** A flow's expected prices of one day, by category, and how they follow the day's own rates. */
export interface DayPrices {
  readonly byCategory: readonly PriceBelow[];
  /** What each money column is multiplied with. */
  readonly scale: Float64Array;
  /** Payer's price of one minor unit, mark-up included: for limits in the wallet's currency. */
  readonly payerPrice: number;
}

/**
 * Prices of one flow for one pair of currencies, day after day. Rounding depends on a rate only
 * coarsely, so the nodes are priced at a reference day and the sums follow the rate from there,
 * until it has drifted by three percent.
 */
export class PriceBook {
  private reference: readonly PriceBelow[] = [];
  private leg: PriceLeg | undefined;

  constructor(
    private readonly world: World,
    private readonly flow: Flow,
    private readonly markupBps: number,
    private readonly nodes: readonly TicketNodes[],
    private readonly payer: number,
    private readonly settlement: number,
  ) {}

  on(day: number): DayPrices {
    const { world, flow, payer, settlement } = this;
    const shop = world.destinations[flow.destination]?.currency ?? 0;
    const payerMid = minorMid(world, day, shop, payer);
    const settlementMid = minorMid(world, day, shop, settlement);
    let leg = this.leg;
    if (
      leg === undefined ||
      drifted(leg.payerMid, payerMid) ||
      drifted(leg.settlementMid, settlementMid)
    ) {
      const fresh: PriceLeg = { payer, settlement, payerMid, settlementMid };
      this.reference = this.nodes.map((nodes) =>
        priceNodes(world, flow, this.markupBps, nodes, fresh),
      );
      this.leg = leg = fresh;
    }
    return {
      byCategory: this.reference,
      scale: scaleOf(payerMid / leg.payerMid, settlementMid / leg.settlementMid),
      payerPrice: payer === shop ? 1 : payerMid * (1 + this.markupBps / 10_000),
    };
  }
}

function drifted(from: number, to: number): boolean {
  return Math.abs(to - from) > DRIFT * from;
}

function scaleOf(payer: number, settlement: number): Float64Array {
  const scale = new Float64Array(COLUMNS).fill(1);
  scale.fill(payer, MONEY.payToMinor, MONEY.walletOwesMinor + 1);
  scale.fill(settlement, MONEY.settlementMinor, MONEY.acquirerReceivesMinor + 1);
  return scale;
}
