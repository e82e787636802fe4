import type { CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import { invariant } from '#domain/invariant';
import { priceOver } from '#domain/rates/quote';
import { ONE } from '#domain/rates/ratio';
import type { World } from '../world.js';
import { minorLeg, wireLeg, type PriceLeg } from './price-leg.js';

/** How a flow's payments are converted for one wallet or acquirer on one day. */
export interface DayLegs {
  /** What crosses the wire: at the price, in the steps of `amountRounding`. */
  readonly wire: PriceLeg;
  /** At the price, to the minor unit. */
  readonly price: PriceLeg;
  /** At mid, to the minor unit. */
  readonly mid: PriceLeg;
}

/**
 * The conversions of a world. Prices are those that quotes would lock on the day: the mark-up and
 * the twelfth place are applied once a day and not once a payment.
 */
export interface LegBook {
  readonly days: readonly DayLegs[];
  /** `[(flow * wallets + wallet) * days + day]`: index in `days`, −1 where it is never needed. */
  readonly payer: Int32Array;
  /** `[(flow * acquirers + acquirer) * days + day]` alike. */
  readonly settlement: Int32Array;
}

export function legBook(world: World): LegBook {
  const maker = new LegMaker(world);
  const { wallets, acquirers, flows, days } = world;
  const payer = new Int32Array(flows.length * wallets.length * days).fill(-1);
  const settlement = new Int32Array(flows.length * acquirers.length * days).fill(-1);
  for (const [flowIndex, flow] of flows.entries()) {
    const shop = world.destinations[flow.destination]?.currency ?? 0;
    for (const [index, wallet] of wallets.entries()) {
      if (wallet.origin !== flow.origin) continue;
      const markupBps = world.fx.markupBps[flowIndex] ?? 0;
      for (let day = 0; day < days; day++) {
        const at = (flowIndex * wallets.length + index) * days + day;
        payer[at] = maker.legsOf(day, shop, wallet.currency, markupBps);
      }
    }
    for (const [index, acquirer] of acquirers.entries()) {
      if (acquirer.destination !== flow.destination) continue;
      for (let day = 0; day < days; day++) {
        const at = (flowIndex * acquirers.length + index) * days + day;
        settlement[at] = maker.legsOf(day, shop, acquirer.currency, 0);
      }
    }
  }
  return { days: maker.made, payer, settlement };
}

/** Makes each conversion once: days without a new rate share it, and so do flows of one price. */
class LegMaker {
  readonly made: DayLegs[] = [];
  private readonly known = new Map<Ratio, Map<string, number>>();

  constructor(private readonly world: World) {}

  legsOf(day: number, from: number, to: number, markupBps: number): number {
    const { currencies, fx } = this.world;
    const [base, counter] = [currencies[from] ?? '', currencies[to] ?? ''];
    const mid = from === to ? ONE : fx.mids[day]?.[from * currencies.length + to];
    invariant(
      mid !== undefined,
      `the world has no rate ${base}/${counter} on day ${String(day)} of its period`,
    );
    const key = `${base}/${counter}/${String(markupBps)}`;
    const ofMid = this.known.get(mid) ?? new Map<string, number>();
    this.known.set(mid, ofMid);
    const known = ofMid.get(key);
    if (known !== undefined) return known;
    this.made.push(dayLegs(mid, base, counter, markupBps));
    ofMid.set(key, this.made.length - 1);
    return this.made.length - 1;
  }
}

function dayLegs(
  mid: Ratio,
  base: CurrencyCode,
  counter: CurrencyCode,
  markupBps: number,
): DayLegs {
  const price = base === counter ? ONE : priceOver(mid, markupBps);
  return {
    wire: wireLeg(price, base, counter),
    price: minorLeg(price, base, counter),
    mid: minorLeg(mid, base, counter),
  };
}
