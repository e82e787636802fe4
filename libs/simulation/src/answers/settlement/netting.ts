import type { Ground } from '../ground.js';
import { add } from '../tally.js';
import type { CycleFlows } from './cycle-flows.js';

/** Sums over all cycles, by index of currency; minor units and transfers. */
export interface NettingSums {
  readonly gross: Float64Array;
  readonly bilateral: Float64Array;
  readonly multilateral: Float64Array;
  readonly bilateralTransfers: Float64Array;
  readonly multilateralTransfers: Float64Array;
  readonly hubIn: Float64Array;
  readonly hubOut: Float64Array;
  /** Sum over cycles of what is left between what the hub takes in and what it pays out. */
  readonly hubOpen: Float64Array;
}

/**
 * The three ways to settle the same flows, by the definitions of the hub's own `netFlows`
 * (#domain/netting/net-flows), summed over every cycle of the design; in columns, because hourly
 * cycles of a year are millions of flows. A test holds the two against each other.
 */
export function nettingOf(ground: Ground, flows: CycleFlows): NettingSums {
  const { world, pairs } = ground;
  const { participants, cycles, cyclesPerDay } = flows;
  const zeros = (): Float64Array => new Float64Array(world.currencies.length);
  const sums: NettingSums = {
    gross: zeros(),
    bilateral: zeros(),
    multilateral: zeros(),
    bilateralTransfers: zeros(),
    multilateralTransfers: zeros(),
    hubIn: zeros(),
    hubOut: zeros(),
    hubOpen: zeros(),
  };
  const [walletOf, acquirerOf] = [pairs.map((p) => p.wallet), pairs.map((p) => p.acquirer)];
  const net = new Float64Array(participants.count);
  const hub = new HubSide(world.currencies.length);
  const leg = (participant: number, currency: number, pays: number, receives: number): void => {
    if (pays === 0 && receives === 0) return;
    add(sums.gross, currency, pays + receives);
    move(sums.bilateral, sums.bilateralTransfers, currency, pays - receives);
    add(net, participant, pays - receives);
    hub.take(currency, pays, receives);
  };
  for (let cycle = 0; cycle < cycles; cycle++) {
    const clearingDay = Math.floor(cycle / cyclesPerDay);
    const refunds = cycle % cyclesPerDay === flows.refundCycle;
    net.fill(0);
    for (let pair = 0; pair < pairs.length; pair++) {
      const cell = cycle * pairs.length + pair;
      const back = clearingDay * pairs.length + pair;
      const credit = refunds ? (flows.refunds.creditMinor[back] ?? 0) : 0;
      const debit = refunds ? (flows.refunds.debitMinor[back] ?? 0) : 0;
      const acquirer = participants.wallets + (acquirerOf[pair] ?? 0);
      leg(walletOf[pair] ?? 0, ground.walletCurrency[pair] ?? 0, flows.owes[cell] ?? 0, credit);
      leg(acquirer, ground.settlementCurrency[pair] ?? 0, debit, flows.receives[cell] ?? 0);
    }
    net.forEach((minor, participant) => {
      const currency = participants.currency[participant] ?? 0;
      move(sums.multilateral, sums.multilateralTransfers, currency, minor);
    });
    hub.close(sums);
  }
  return sums;
}

function move(value: Float64Array, transfers: Float64Array, currency: number, net: number): void {
  if (net === 0) return;
  add(value, currency, Math.abs(net));
  add(transfers, currency, 1);
}

/** What the hub takes in and pays out within one cycle, by currency. */
class HubSide {
  private readonly taken: Float64Array;
  private readonly paid: Float64Array;

  constructor(currencies: number) {
    this.taken = new Float64Array(currencies);
    this.paid = new Float64Array(currencies);
  }

  take(currency: number, pays: number, receives: number): void {
    add(this.taken, currency, pays);
    add(this.paid, currency, receives);
  }

  close({ hubIn, hubOut, hubOpen }: NettingSums): void {
    this.taken.forEach((taken, currency) => {
      const paid = this.paid[currency] ?? 0;
      add(hubIn, currency, taken);
      add(hubOut, currency, paid);
      add(hubOpen, currency, Math.abs(taken - paid));
    });
    this.taken.fill(0);
    this.paid.fill(0);
  }
}
